/**
 * Dependency groups of a project: what `[project]` and `[dependency-groups]` say (standard requirements), what
 * `[tool.poetry]` says (its own ones, which may add detail to standard ones), and which groups a group includes.
 */

import { anyMarker, intersectMarkers, isEmptyMarker, type Marker, parseMarker, sameMarker } from '../markers/marker.ts';
import { type ExtraName, type GroupName, groupName, MAIN_GROUP, type ProjectName } from '../names/name.ts';
import { formatRequirement, parseRequirement } from '../requirements/pep508.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import { type Origin, type Requirement, withConstraint, withMarker } from '../requirements/requirement.ts';
import { asArray, asString, asStrings, asTable, type TomlTable } from '../toml/read.ts';
import { intersect, isEmptyRange } from '../versions/version-range.ts';
import type { ManifestGroup } from './manifest.ts';
import { ManifestError } from './manifest-error.ts';
import { type OwnExtras, spelledOut } from './own-extras.ts';

/** A requirement of `[tool.poetry]`; `develop` also where it has no origin to hold it. */
interface PoetryRequirement {
  readonly requirement: Requirement;
  readonly develop: boolean;
}

/** A group while it is put together. */
export interface GroupDraft {
  readonly name: GroupName;
  readonly written: string;
  readonly optional: boolean;
  /** One half of the dependencies is declared dynamic and comes from `[tool.poetry]`. */
  readonly mixedDynamic: boolean;
  readonly standard: Requirement[];
  readonly poetry: PoetryRequirement[];
  readonly includes: GroupDraft[];
}

/** Groups by name in the order in which they came up. */
export type GroupDrafts = Map<GroupName, GroupDraft>;

/** No file that means well comes near this many requirements; includes can multiply them without bound. */
const MOST_REQUIREMENTS = 100_000;

/** The group of this name, made where it is missing. */
export function draftOf(
  groups: GroupDrafts,
  written: string,
  options: { readonly optional?: boolean; readonly mixedDynamic?: boolean } = {},
): GroupDraft {
  const name = groupName(written);
  const known = groups.get(name);
  if (known !== undefined) return known;
  const { optional = false, mixedDynamic = false } = options;
  const made: GroupDraft = { name, written, optional, mixedDynamic, standard: [], poetry: [], includes: [] };
  groups.set(name, made);
  return made;
}

/**
 * Adds a table of dependencies of `[tool.poetry]` to a group.
 *
 * @param onPython told each constraint given for `python`, which is no dependency, when its turn comes: of several faults in a table
 *   the first is reported
 */
export function addPoetryTable(group: GroupDraft, table: TomlTable, onPython?: (written: string) => void): void {
  for (const [name, written] of Object.entries(table)) {
    for (const wish of Array.isArray(written) ? written : [written]) {
      const value = asString(wish) ?? asTable(wish);
      if (name.toLowerCase() === 'python') {
        if (typeof value === 'string') onPython?.(value);
      } else if (value !== undefined) {
        group.poetry.push({
          requirement: requirementFromTable(name, value, { groups: [group.name] }),
          develop: asTable(wish)?.develop === true,
        });
      }
    }
  }
}

/** Adds `[dependency-groups]` and `[tool.poetry.group]`, then what they include. */
export function addGroups(groups: GroupDrafts, standard: TomlTable, poetry: TomlTable): void {
  const optional = new Map<GroupName, boolean>();
  for (const [written, config] of Object.entries(poetry)) {
    optional.set(groupName(written), asTable(config)?.optional === true);
  }
  const includes: { readonly written: string; readonly names: readonly string[] }[] = [];
  for (const [written, items] of Object.entries(standard)) {
    const group = draftOf(groups, written, { optional: optional.get(groupName(written)) ?? false });
    for (const text of asStrings(items)) group.standard.push(parseRequirement(text, { groups: [group.name] }));
    const names = asArray(items).flatMap((item) => asString(asTable(item)?.['include-group']) ?? []);
    includes.push({ written, names });
  }
  for (const [written, config] of Object.entries(poetry)) {
    const table = asTable(config) ?? {};
    const group = draftOf(groups, written, { optional: table.optional === true });
    addPoetryTable(group, asTable(table.dependencies) ?? {});
    includes.push({ written, names: asStrings(table['include-groups']) });
  }
  for (const { written, names } of includes) include(groups, written, names);
}

function include(groups: GroupDrafts, written: string, names: readonly string[]): void {
  const group = draftOf(groups, written);
  for (const name of names) {
    const included = groups.get(groupName(name));
    if (included === undefined) {
      throw new ManifestError(`Group '${written}' includes group '${name}' which is not defined.`);
    }
    if (group.includes.includes(included)) {
      throw new ManifestError(`Dependency group ${included.written} is already included`);
    }
    group.includes.push(included);
  }
}

/**
 * The groups as they are locked. Their requirements are put together when they are first looked at: contradictions
 * between `[project]` and `[tool.poetry]` matter to those alone who lock or install.
 */
export function lockingGroups(
  groups: GroupDrafts,
  project: ProjectName | undefined,
  extras: ReadonlyMap<ExtraName, unknown>,
): ManifestGroup[] {
  const main = groups.get(MAIN_GROUP);
  const own: OwnExtras = {
    project,
    membersOf(extra) {
      if (main === undefined || !extras.has(extra)) return undefined;
      return lockingRequirements(main, { left: MOST_REQUIREMENTS }).filter(({ inExtras }) => inExtras.includes(extra));
    },
  };
  return [...groups.values()].map((group) => {
    let requirements: readonly Requirement[] | undefined;
    return {
      name: group.name,
      optional: group.optional,
      get requirements() {
        requirements ??= spelledOut(lockingRequirements(group, { left: MOST_REQUIREMENTS }), own);
        return requirements;
      },
      get declared() {
        return plainRequirements(group, { left: MOST_REQUIREMENTS });
      },
      get written() {
        return [...group.standard, ...group.poetry.map(({ requirement }) => requirement)];
      },
    };
  });
}

interface Budget {
  left: number;
}

/** Own requirements, with the detail that `[tool.poetry]` adds, then those of the included groups. */
function lockingRequirements(group: GroupDraft, budget: Budget): Requirement[] {
  const included = includedRequirements(group, lockingRequirements, budget);
  if (group.poetry.length === 0) return [...group.standard, ...included];
  if (group.standard.length === 0) return [...group.poetry.map(({ requirement }) => requirement), ...included];
  return [
    ...plainRequirements(group, budget).flatMap((requirement) => enrichments(requirement, group.poetry)),
    ...included,
  ];
}

/** The requirements as metadata has them: without detail, but with the half that `[project]` declares dynamic. */
function plainRequirements(group: GroupDraft, budget: Budget): Requirement[] {
  const poetry = group.poetry.map(({ requirement }) => requirement);
  const own = group.standard.length === 0 ? poetry : [...group.standard];
  if (group.standard.length > 0 && group.mixedDynamic) {
    const given = group.standard.every(({ optional }) => optional)
      ? false
      : group.standard.every(({ optional }) => !optional)
        ? true
        : undefined;
    own.push(...poetry.filter(({ optional }) => optional === given));
  }
  return [...own, ...includedRequirements(group, plainRequirements, budget)];
}

function includedRequirements(
  group: GroupDraft,
  requirementsOf: (group: GroupDraft, budget: Budget) => Requirement[],
  budget: Budget,
): Requirement[] {
  return group.includes.flatMap((included) => {
    const requirements = requirementsOf(included, budget);
    budget.left -= requirements.length + 1;
    if (budget.left < 0) throw new ManifestError('The dependency groups include each other too often.');
    return requirements.map((requirement) => ({ ...requirement, groups: [group.name] }));
  });
}

/** The requirement once for each entry of `[tool.poetry]` that adds to it; itself where none does. */
function enrichments(requirement: Requirement, poetry: readonly PoetryRequirement[]): Requirement[] {
  const condition = withExtrasCondition(requirement);
  const enriched = poetry.flatMap((entry) => {
    if (entry.requirement.name !== requirement.name) return [];
    const marker = intersectMarkers(condition, entry.requirement.marker);
    if (isEmptyMarker(marker)) return [];
    return [enrich(requirement, entry, sameMarker(marker, condition) ? requirement.marker : marker)];
  });
  return enriched.length === 0 ? [requirement] : enriched;
}

function withExtrasCondition({ marker, inExtras }: Requirement): Marker {
  if (inExtras.length === 0) return marker;
  return intersectMarkers(marker, parseMarker(inExtras.map((extra) => `extra == "${extra}"`).join(' or ')));
}

function enrich(
  standard: Requirement,
  { requirement: poetry, develop }: PoetryRequirement,
  marker: Marker,
): Requirement {
  if (
    standard.origin.kind !== 'index' &&
    poetry.origin.kind !== 'index' &&
    !sameOrigin(standard.origin, poetry.origin)
  ) {
    throw new ManifestError(
      `Cannot enrich dependency with different sources: ${unconditional(standard)} and ${unconditional(poetry)}`,
    );
  }
  const constraint = intersect(standard.constraint, poetry.constraint);
  if (isEmptyRange(constraint)) {
    throw new ManifestError(
      `Cannot enrich dependency with incompatible constraints: ${unconditional(standard)} and ${unconditional(poetry)}`,
    );
  }
  const base =
    standard.origin.kind === 'index'
      ? { ...poetry, extras: standard.extras, optional: standard.optional, inExtras: standard.inExtras }
      : { ...standard, origin: withDevelop(standard.origin, develop) };
  return withMarker(withConstraint(base, constraint), marker);
}

function withDevelop(origin: Origin, develop: boolean): Origin {
  return origin.kind === 'directory' || origin.kind === 'git' ? { ...origin, develop } : origin;
}

function sameOrigin(a: Origin, b: Origin): boolean {
  const [left, right] = [withDevelop(a, false), withDevelop(b, false)];
  return JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
}

function unconditional(requirement: Requirement): string {
  return formatRequirement({ ...requirement, marker: anyMarker, inExtras: [] });
}
