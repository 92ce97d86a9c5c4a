/**
 * A lock from before 2.1 does not say which groups need its packages and when. `export` finds out as Poetry's plug-in does (its
 * `walker.py`): from the project's requirements down, each time with the newest locked release that fits.
 */

import type { Lock, LockedPackage } from '../../lock/lock.ts';
import {
  anyMarker,
  intersectMarkers,
  isEmptyMarker,
  type Marker,
  markerFromPython,
  markerKey,
  parseMarker,
  unionMarkers,
  withoutExtras,
} from '../../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../../names/name.ts';
import { projectName } from '../../names/name.ts';
import { compareVersions, type Version } from '../../versions/version.ts';
import { allows, allowsAll, formatRange, stretchesOf } from '../../versions/version-range.ts';
import { clone, type Dependency, isDirect, sameDependency, setMarker } from './dependency.ts';
import { dependencyOn, type Package, packageOfLock, withFeatures } from './package.ts';
import { type Root, rootRequirements } from './root.ts';
import { sameSource, sourceKey } from './source.ts';

/** A package that was reached. */
export interface Reached {
  readonly locked: LockedPackage;
  /** The extras that it was reached with: `foo` and `foo[bar]` are reached apart. */
  readonly extras: readonly ExtraName[];
  /** When it is needed, the Pythons of the project and its own included. */
  readonly marker: Marker;
}

/**
 * What these groups and extras need of a lock. Undefined where the walk comes to a requirement that no release in it fits, or only another
 * than the one that was chosen before: Poetry's plug-in fails there.
 */
export function walkLocked(
  lock: Lock,
  root: Root,
  { groups, extras }: { readonly groups: readonly GroupName[]; readonly extras: readonly ExtraName[] },
): readonly Reached[] | undefined {
  const locks = new Map(lock.packages.map((locked) => [packageOfLock(locked), locked] as const));
  const byName = Map.groupBy(locks.keys(), ({ name }) => name);
  for (const packages of byName.values()) packages.sort((a, b) => compareVersions(b.version, a.version));
  const wanted = namesForExtras(lock, extras);
  const python = markerFromPython(root.pack.python);
  const waiting: Dependency[] = [];
  for (const requirement of rootRequirements({
    ...root,
    groups: root.groups.filter(({ name }) => groups.includes(name)),
  })) {
    const first = [...locks.keys()].find((pack) => pack.name === requirement.name && fits(pack, requirement));
    if (first === undefined || (locks.get(first)?.optional && !wanted.has(first.name))) continue;
    waiting.push(marked(requirement, intersectMarkers(requirement.marker, python)));
  }
  const reached = new Map<string, { readonly pack: Package; readonly base: Package; marker: Marker }>();
  const visited = new Set<string>();
  for (let at = 0; at < waiting.length; at++) {
    const requirement = waiting[at] as Dependency;
    const key = `${requirement.completeName} ${sourceKey(requirement.source)} ${formatRange(requirement.constraint)} ${markerKey(requirement.marker)}`;
    if (visited.has(key) || requirement.name === root.pack.name) continue;
    visited.add(key);
    const base = choose(requirement, byName.get(requirement.name) ?? [], (pack) => reached.get(keyOf(pack))?.marker);
    if (base === undefined) return undefined;
    const pack = requirement.extras.length === 0 ? base : withFeatures(base, requirement.extras);
    const marker = intersectMarkers(dependencyOn(pack).marker, requirement.marker);
    for (const require of pack.requires) {
      if (require.optional && !isAskedFor(require, pack)) continue;
      const needed = withoutExtras(intersectMarkers(require.marker, marker));
      if (isEmptyMarker(needed)) continue;
      for (const region of regionsOf(byName.get(require.name) ?? [])) {
        const within = intersectMarkers(region, needed);
        if (!isEmptyMarker(within)) waiting.push(marked(require, within));
      }
    }
    const known = reached.get(keyOf(pack));
    if (known === undefined) reached.set(keyOf(pack), { pack, base, marker });
    else known.marker = unionMarkers(known.marker, marker);
  }
  return [...reached.values()].map(({ pack, base, marker }) => ({
    locked: locks.get(base) as LockedPackage,
    extras: pack.extras,
    marker,
  }));
}

function isAskedFor(requirement: Dependency, { extras, requiredByExtra }: Package): boolean {
  return extras.some((extra) => requiredByExtra.get(extra)?.some((one) => sameDependency(one, requirement)));
}

function marked(requirement: Dependency, marker: Marker): Dependency {
  const copy = clone(requirement);
  setMarker(copy, marker);
  return copy;
}

function keyOf({ completeName, version, source }: Package): string {
  return `${completeName} ${version.text} ${sourceKey(source)}`;
}

function fits(pack: Package, requirement: Dependency): boolean {
  return (
    allows(requirement.constraint, pack.version) &&
    (!isDirect(requirement) || sameSource(requirement.source, pack.source))
  );
}

/** The newest release that fits; one that was chosen before for an environment that this requirement is for must be it. */
function choose(
  requirement: Dependency,
  candidates: readonly Package[],
  decided: (pack: Package) => Marker | undefined,
): Package | undefined {
  const overlapping = candidates.filter((pack) => {
    const marker = decided(pack);
    return marker !== undefined && !isEmptyMarker(intersectMarkers(marker, requirement.marker));
  });
  const compatible = candidates.filter((pack) => allowsAll(pack.python, requirement.python) && fits(pack, requirement));
  if (overlapping.length === 0) return compatible[0];
  return overlapping.length === 1 ? compatible.find((pack) => overlapping.includes(pack)) : undefined;
}

/** The ranges of Pythons that these releases tell apart. */
function regionsOf(packages: readonly Package[]): readonly Marker[] {
  const edges: { readonly version: Version; readonly after: boolean }[] = [];
  for (const { min, includeMin, max, includeMax } of packages.flatMap(({ python }) => stretchesOf(python))) {
    if (min !== undefined) edges.push({ version: min, after: !includeMin });
    if (max !== undefined) edges.push({ version: max, after: includeMax });
  }
  edges.sort((a, b) => compareVersions(a.version, b.version) || Number(a.after) - Number(b.after));
  const apart = edges.filter(
    ({ version, after }, at) =>
      at === 0 || compareVersions(version, edges[at - 1]?.version as Version) !== 0 || after !== edges[at - 1]?.after,
  );
  return [undefined, ...apart].map((low, at) => {
    const high = apart[at];
    const from = low === undefined ? anyMarker : bound(low.after ? '>' : '>=', low.version);
    return high === undefined ? from : intersectMarkers(from, bound(high.after ? '<=' : '<', high.version));
  });
}

function bound(operator: string, version: Version): Marker {
  const name = version.release.length > 2 ? 'python_full_version' : 'python_version';
  return parseMarker(`${name} ${operator} "${version.text}"`);
}

/** What the extras' packages are and require, and what these require. */
function namesForExtras(lock: Lock, extras: readonly ExtraName[]): ReadonlySet<ProjectName> {
  const byName = new Map(lock.packages.map((one) => [one.name, one]));
  const names = new Set<ProjectName>();
  const waiting = extras.flatMap((extra) => (lock.extras.get(extra) ?? []).map(projectName));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const locked = byName.get(name);
    if (locked === undefined || names.has(name)) continue;
    names.add(name);
    waiting.push(...locked.requirements.map((one) => one.name));
  }
  return names;
}
