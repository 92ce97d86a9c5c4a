/**
 * The project itself as a package. Its requirements are cells that runs share and change, except those that are put
 * together each time they are asked for, from the present state of others: what a group includes from another, and
 * requirements of `[project]` to which `[tool.poetry]` adds detail.
 */

import { TercetError } from '../../ground/error.ts';
import {
  anyMarker,
  intersectMarkers,
  isEmptyMarker,
  type Marker,
  parseMarker,
  sameMarker,
} from '../../markers/marker.ts';
import type { GroupName, ProjectName } from '../../names/name.ts';
import { formatRequirement } from '../../requirements/pep508.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import type { Version } from '../../versions/version.ts';
import { intersect, isEmptyRange, type VersionRange } from '../../versions/version-range.ts';
import { clone, type Dependency, dependencyOf, isDirect, requirementOf, setMarker } from './dependency.ts';
import type { Package } from './package.ts';

/** A dependency group of the project. */
export interface RootGroup {
  readonly name: GroupName;
  readonly own: readonly RootRequirement[];
  /** Groups whose requirements are this group's too. */
  readonly includes: readonly GroupName[];
}

export interface RootRequirement {
  readonly requirement: Requirement;
  /** `composed`: with detail of `[tool.poetry]`; a fresh copy each time. `own`: a cell. */
  readonly kind: 'own' | 'composed';
  /**
   * Entries of `[tool.poetry]` for the same project that add nothing to an `own` requirement as it is written, because their
   * markers exclude each other. Once the search has changed its marker they may.
   */
  readonly details: readonly Requirement[];
}

/** What a project is called and which Pythons it is for. */
export interface RootFacts {
  readonly name: ProjectName;
  readonly version: Version;
  readonly pythonVersions: string;
  readonly python: VersionRange;
}

export interface Root {
  readonly pack: Package;
  readonly groups: readonly GroupCells[];
}

interface GroupCells {
  readonly name: GroupName;
  /** Each gives a requirement in its present state; with details it may be several. */
  readonly own: readonly (() => readonly Dependency[])[];
  readonly includes: readonly GroupName[];
}

export function rootOf(facts: RootFacts, groups: readonly RootGroup[]): Root {
  return {
    groups: groups.map(({ name, own, includes }) => ({ name, includes, own: own.map(cell) })),
    pack: {
      name: facts.name,
      prettyName: facts.name,
      completeName: facts.name,
      version: facts.version,
      extras: [],
      source: undefined,
      requires: [],
      declared: [],
      requiredByExtra: new Map(),
      pythonVersions: facts.pythonVersions,
      python: facts.python,
      description: '',
      files: [],
      listedAt: undefined,
      develop: undefined,
      yanked: false,
      yankedReason: undefined,
      isRoot: true,
      base: '',
    },
  };
}

/** All requirements of the project, group by group, in their present state. */
export function rootRequirements(root: Root): Dependency[] {
  return root.groups.flatMap((group) => requirementsOfGroup(root, group));
}

function requirementsOfGroup(root: Root, { name, own, includes }: GroupCells): Dependency[] {
  const found = own.flatMap((get) => get());
  for (const included of includes) {
    const group = root.groups.find((candidate) => candidate.name === included);
    if (group === undefined) continue;
    for (const dependency of requirementsOfGroup(root, group)) found.push({ ...dependency, groups: [name] });
  }
  return found;
}

function cell({ requirement, kind, details }: RootRequirement): () => readonly Dependency[] {
  if (kind === 'composed') return () => [dependencyOf(requirement, '')];
  const dependency = dependencyOf(requirement, '');
  if (details.length === 0) return () => [dependency];
  return () => {
    const found = details.flatMap((detail) => detailed(dependency, detail) ?? []);
    return found.length === 0 ? [dependency] : found;
  };
}

/** A copy of the requirement with what an entry of `[tool.poetry]` adds; undefined where their markers exclude each other. */
function detailed(standard: Dependency, detail: Requirement): Dependency | undefined {
  const condition = withOwnExtras(standard);
  const marker = intersectMarkers(condition, detail.marker);
  if (isEmptyMarker(marker)) return undefined;
  const constraint = intersect(standard.constraint, detail.constraint);
  if (isEmptyRange(constraint)) {
    const texts = [requirementOf(standard), detail].map((one) =>
      formatRequirement({ ...one, marker: anyMarker, inExtras: [] }),
    );
    throw new TercetError(
      'manifest-invalid',
      `Cannot enrich dependency with incompatible constraints: ${texts.join(' and ')}`,
    );
  }
  const { extras, optional, inExtras } = standard;
  const copy = isDirect(standard) ? clone(standard) : dependencyOf({ ...detail, extras, optional, inExtras }, '');
  copy.constraint = constraint;
  copy.written = undefined;
  setMarker(copy, sameMarker(marker, condition) ? standard.marker : marker);
  return copy;
}

function withOwnExtras({ marker, inExtras }: Dependency): Marker {
  if (inExtras.length === 0) return marker;
  return intersectMarkers(marker, parseMarker(inExtras.map((extra) => `extra == "${extra}"`).join(' or ')));
}
