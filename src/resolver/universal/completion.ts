/**
 * Completing a package: from the candidate that was chosen to the requirements that hold for it in this run.
 * See docs/resolver.md, "Completion".
 */

import { TercetError } from '../../ground/error.ts';
import {
  anyMarker,
  excludeEachOther,
  intersectMarkers,
  isAnyMarker,
  isEmptyMarker,
  parseMarker,
  withoutExtras,
} from '../../markers/marker.ts';
import type { ExtraName, ProjectName } from '../../names/name.ts';
import { allowsAny, intersect, isAnyRange, isEmptyRange } from '../../versions/version-range.ts';
import type { Unavailable } from '../question.ts';
import { clone, type Dependency, isDirect, samePackage, setMarker, transitiveMarker } from './dependency.ts';
import { withExclusiveMarkers } from './duplicates.ts';
import type { Locked } from './locked.ts';
import { type Overrides, overridden, overrideKey, type Run, withOverride } from './overrides.ts';
import { dependencyOn, type Package, withFeatures, withRequires } from './package.ts';
import { type Root, rootRequirements } from './root.ts';
import { isDirectOrigin } from './source.ts';
import { type Asking, isMissing, type World } from './world.ts';

/** What completing draws on; the same for all runs of a search. */
export interface Surroundings {
  readonly world: World;
  readonly locked: Locked;
  readonly root: Root;
  /**
   * Projects whose packages are completed as if they were reached always: nothing that they require is left out because of the
   * condition known at that moment. None, as in Poetry, unless a lock is to be mended (mend.ts).
   */
  readonly unconditional: ReadonlySet<ProjectName>;
  /** Every run is begun anew. */
  readonly anew: boolean;
}

/** A package chosen for a requirement. */
export interface Chosen {
  readonly dependency: Dependency;
  readonly pack: Package;
}

export type Completion =
  | { readonly kind: 'completed'; readonly chosen: Chosen }
  /** The requirements differ with the environment: one run for each is needed. */
  | { readonly kind: 'split'; readonly overrides: readonly Overrides[] };

/** The chosen package with exactly the requirements that hold in this run. */
export function* complete(surroundings: Surroundings, run: Run, chosen: Chosen): Asking<Completion> {
  const { locked } = surroundings;
  const described = describedAtHand(surroundings, chosen) ?? (yield* describe(surroundings, chosen));
  const { pack, requires, extras, leading } = requirementsOf(surroundings, chosen, described);
  const relevant = [...leading];
  for (const dependency of requires) {
    if (!isRelevant(dependency, { run, pack, extras })) continue;
    relevant.push(pack.isRoot ? withOwnExtras(dependency) : dependency);
  }
  for (const dependency of relevant) if (isDirect(dependency)) yield* resolveDirectOrigin(surroundings, dependency);
  const unique = withoutDuplicates(run, pack, extras.found, overridden(run, pack, relevant));
  if (unique.kind === 'split') return unique;
  const isUnconditional = surroundings.unconditional.has(pack.name);
  const needed = unique.dependencies.filter((one) => isUnconditional || isNeeded(chosen.dependency, one));
  if (pack.isRoot) locked.noteSources(needed);
  const requirements = pack.isRoot ? byGroup(needed) : needed;
  return {
    kind: 'completed',
    chosen: { dependency: chosen.dependency, pack: withRequires(pack, requirements) },
  };
}

/** The extras asked for with those they include, and the projects that they add. */
interface Extras {
  readonly found: ReadonlySet<ExtraName>;
  readonly projects: ReadonlySet<ProjectName>;
}

interface Described {
  readonly pack: Package;
  readonly requires: readonly Dependency[];
  readonly extras: Extras;
  /** The requirement of `foo[x]` for `foo`. */
  readonly leading: readonly Dependency[];
}

function requirementsOf(
  { root, unconditional }: Surroundings,
  { dependency, pack }: Chosen,
  described: Package,
): Described {
  if (pack.isRoot) return describedRoot(root, dependency);
  if (dependency.extras.length === 0)
    return { pack: described, requires: described.requires, extras: noExtras, leading: [] };
  const requires = [...described.requires];
  const extras = expandedExtras(described, dependency, isDirectOrigin(pack.source) ? requires : undefined);
  const base = dependencyOn(withFeatures(described, []));
  setMarker(base, unconditional.has(pack.name) ? anyMarker : dependency.marker);
  base.sourceName = dependency.sourceName;
  return { pack: withFeatures(described, dependency.extras), requires, extras, leading: [base] };
}

/** The project, also where something requires it with extras. */
function describedRoot(root: Root, { extras, marker }: Dependency): Described {
  const requires = rootRequirements(root);
  if (extras.length === 0) return { pack: root.pack, requires, extras: noExtras, leading: [] };
  const base = dependencyOn(root.pack);
  setMarker(base, marker);
  return { pack: withFeatures(root.pack, extras), requires, extras: noExtras, leading: [base] };
}

const noExtras: Extras = { found: new Set(), projects: new Set() };

/** The package with its requirements, where the world need not be asked; else undefined. */
function describedAtHand({ world }: Surroundings, { dependency, pack }: Chosen): Package | undefined {
  if (pack.isRoot || isDirectOrigin(pack.source)) return pack;
  const known = world.currentAtHand(pack, dependency.sourceName);
  return known === undefined || isMissing(known) ? undefined : known;
}

function* describe({ world }: Surroundings, { dependency, pack }: Chosen): Asking<Package> {
  const release = yield* world.current(pack, dependency.sourceName);
  if (isMissing(release)) throw releaseMissing(pack, release.reason);
  return release;
}

function releaseMissing(pack: Package, reason: Unavailable): TercetError {
  const message = `Package ${pack.prettyName} (${pack.version.text}) not found.`;
  switch (reason.kind) {
    case 'not-found':
      return new TercetError('package-not-found', message, { detail: { name: pack.name } });
    case 'offline':
      return new TercetError('package-not-found', message, {
        hints: [
          'The network is switched off and the cache does not know this release. Run again without `--offline` (or TERCET_OFFLINE).',
        ],
      });
    case 'no-metadata':
      return new TercetError(
        'metadata-unavailable',
        `Unable to determine what ${pack.prettyName} (${pack.version.text}) requires: ${reason.detail}.`,
      );
  }
}

/**
 * The extras that `dependency` asks for, with those they include by naming their own project. A direct origin
 * taken from a lock lists only requirements of extras in use then, so `requires` gets the others.
 */
function expandedExtras(pack: Package, dependency: Dependency, requires: Dependency[] | undefined): Extras {
  const listed = new Set(requires?.flatMap(({ inExtras }) => inExtras) ?? []);
  const found = new Set<ExtraName>();
  const projects = new Set<ProjectName>();
  const open = [...dependency.extras];
  for (let extra = open.pop(); extra !== undefined; extra = open.pop()) {
    if (found.has(extra)) continue;
    found.add(extra);
    for (const member of pack.requiredByExtra.get(extra) ?? []) {
      if (member.name === dependency.name) {
        open.push(...member.extras);
      } else {
        projects.add(member.name);
        if (requires !== undefined && !listed.has(extra)) requires.push(member);
      }
    }
  }
  return { found, projects };
}

function isRelevant(
  dependency: Dependency,
  { run, pack, extras }: { readonly run: Run; readonly pack: Package; readonly extras: Extras },
): boolean {
  if (!pack.isRoot && !isAskedFor(dependency, extras)) return false;
  return isWithin(run, dependency);
}

/** True where a requirement speaks of environments that the run covers. */
export function isWithin(run: Run, { python, marker }: Dependency): boolean {
  return allowsAny(run.python, python) && !excludeEachOther(run.marker, marker);
}

/** False where only extras need the requirement, and none of these is asked for. */
function isAskedFor({ name, optional, inExtras }: Dependency, { found, projects }: Extras): boolean {
  if (optional && !projects.has(name)) return false;
  if (inExtras.length === 0) return true;
  for (const extra of inExtras) if (found.has(extra)) return true;
  return false;
}

/** A project's own extras are part of its markers: so `extra == "a"` and `extra != "a"` exclude each other. */
function withOwnExtras(dependency: Dependency): Dependency {
  if (dependency.inExtras.length === 0) return dependency;
  const copy = clone(dependency);
  const text = dependency.inExtras.map((extra) => `extra == "${extra}"`).join(' or ');
  setMarker(copy, intersectMarkers(dependency.marker, parseMarker(text)));
  return copy;
}

/** A direct origin learns its version, unless the lock has the very same. */
function* resolveDirectOrigin({ world, locked }: Surroundings, dependency: Dependency): Asking<void> {
  const known = locked.find(dependency);
  if (known === undefined || !samePackage(known, dependency)) yield* world.direct(dependency);
}

type Unique =
  | { readonly kind: 'unique'; readonly dependencies: readonly Dependency[] }
  | { readonly kind: 'split'; readonly overrides: readonly Overrides[] };

function withoutDuplicates(
  run: Run,
  pack: Package,
  found: ReadonlySet<ExtraName>,
  dependencies: readonly Dependency[],
): Unique {
  if (areDistinct(dependencies)) return { kind: 'unique', dependencies };
  const kept: Dependency[] = [];
  for (const same of groupedBy(dependencies, nameOf)) {
    const only = same[0];
    if (same.length === 1 && only !== undefined) {
      kept.push(only);
      continue;
    }
    const { exclusive, rest } = resolvedDuplicates(run, pack, found, same);
    if (rest !== undefined) {
      kept.push(...rest);
      continue;
    }
    const [first] = exclusive;
    if (exclusive.length === 1 && first !== undefined) {
      kept.push(first);
      continue;
    }
    const possible = exclusive.filter(({ marker }) => !isEmptyMarker(intersectMarkers(run.marker, marker)));
    if (possible.length > 1) return { kind: 'split', overrides: splitBy(run, pack, possible) };
    const [last] = possible;
    if (last !== undefined && !isEmptyRange(last.constraint)) kept.push(last);
  }
  return { kind: 'unique', dependencies: kept };
}

function splitBy(run: Run, pack: Package, alternatives: readonly Dependency[]): readonly Overrides[] {
  return alternatives.map((one) => withOverride(run.overrides, overrideKey(pack), one));
}

function areDistinct(dependencies: readonly Dependency[]): boolean {
  const names = new Set<ProjectName>();
  for (const { name } of dependencies) names.add(name);
  return names.size === dependencies.length;
}

function nameOf({ name }: Dependency): ProjectName {
  return name;
}

/** Either alternatives that exclude each other, or, where extras differ too much for that, `rest` to be kept as it is. */
function resolvedDuplicates(
  run: Run,
  pack: Package,
  found: ReadonlySet<ExtraName>,
  same: readonly Dependency[],
): { readonly exclusive: readonly Dependency[]; readonly rest: readonly Dependency[] | undefined } {
  const byExtras = groupedBy(same, ({ completeName }) => completeName);
  if (byExtras.length === 1) {
    const extras = pack.isRoot ? undefined : found;
    return { exclusive: withExclusiveMarkers(same, { run, pack, extras, coverLeftover: true }), rest: undefined };
  }
  const resolved = byExtras.map((group) =>
    group.length === 1 ? group : withExclusiveMarkers(group, { run, pack, extras: undefined, coverLeftover: false }),
  );
  const all = resolved.flat();
  const areExclusive =
    resolved.every(({ length }) => length === 1) &&
    all.every((one, index) =>
      all.slice(index + 1).every((other) => isEmptyMarker(intersectMarkers(one.marker, other.marker))),
    );
  return areExclusive ? { exclusive: all, rest: undefined } : { exclusive: [], rest: all };
}

/**
 * False where the condition under which the package is reached rules a requirement out. Else the requirement
 * is told that condition, in place.
 */
function isNeeded(parent: Dependency, dependency: Dependency): boolean {
  const reached = withoutExtras(transitiveMarker(parent));
  if (!isAnyMarker(reached)) {
    const both = intersectMarkers(reached, withoutExtras(dependency.marker));
    if (isEmptyMarker(both)) return false;
    dependency.transitive = both;
  }
  return isAnyRange(parent.python) || !isEmptyRange(intersect(dependency.python, parent.python));
}

/** A project's requirements group by group, the groups in order of first appearance. */
function byGroup(dependencies: readonly Dependency[]): Dependency[] {
  const groups = new Map<string, Dependency[]>();
  for (const dependency of dependencies) {
    for (const group of dependency.groups) {
      const list = groups.get(group);
      if (list === undefined) groups.set(group, [dependency]);
      else list.push(dependency);
    }
  }
  return [...groups.values()].flat();
}

function groupedBy<Member>(members: readonly Member[], keyOf: (member: Member) => string): readonly Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = keyOf(member);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [member]);
    else list.push(member);
  }
  return [...groups.values()];
}
