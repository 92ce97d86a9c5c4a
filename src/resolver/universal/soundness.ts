/**
 * Whether a lock would install what its packages require: looked at in a grid of environments, group by group.
 * See docs/resolver.md, "Soundness".
 */

import type { LockedPackage } from '../../lock/lock.ts';
import {
  evaluateMarker,
  extrasOf,
  type Marker,
  type MarkerEnvironment,
  markerKey,
  withoutExtras,
} from '../../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../../names/name.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import { parseVersion, sameVersion, type Version } from '../../versions/version.ts';
import { allows, type VersionRange } from '../../versions/version-range.ts';

/** A requirement that nothing in the lock meets in some environment. */
export interface Gap {
  readonly group: GroupName;
  readonly locked: LockedPackage;
  readonly requirement: Requirement;
  /** A package of the lock that would meet it if it were installed there too; undefined where there is none. */
  readonly remedy: LockedPackage | undefined;
}

/** Python's minor versions that an environment may have. */
const MINORS = ['2.7', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];

const PLATFORMS: readonly MarkerEnvironment[] = [
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'x86_64' },
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'aarch64' },
  { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'arm64' },
  { os_name: 'nt', sys_platform: 'win32', platform_system: 'Windows', platform_machine: 'AMD64' },
];

/** Environments as the bits of a number. */
type Worlds = bigint;

/** What a lock is for, and what it does not tell. */
export interface LockFacts {
  /** The project's Pythons. */
  readonly python: VersionRange;
  readonly project: ProjectName;
  /** Requirements that the search left out of packages. */
  readonly dropped: ReadonlyMap<ProjectName, readonly DroppedRequirement[]>;
}

export interface DroppedRequirement {
  readonly by: Version;
  readonly requirement: Requirement;
}

/**
 * All gaps of a lock; none where every package's requirements are met. Left out are requirements on the project itself and on direct
 * origins.
 */
export function gapsIn(packages: readonly LockedPackage[], { python, project, dropped }: LockFacts): readonly Gap[] {
  const extras = [...new Set(packages.flatMap(({ markers }) => [...markers.values()].flatMap(extrasOf)))];
  const grid = new Grid([
    ...environmentsFor(python, []),
    ...(extras.length === 0 ? [] : environmentsFor(python, extras)),
  ]);
  const byName = new Map<ProjectName, LockedPackage[]>();
  for (const locked of packages) {
    const list = byName.get(locked.name);
    if (list === undefined) byName.set(locked.name, [locked]);
    else list.push(locked);
  }
  const groups = new Set(packages.flatMap((locked) => locked.groups));
  return [...groups].flatMap((group) => gapsOfGroup({ group, project, dropped, packages, byName, grid }));
}

interface Scope extends Omit<LockFacts, 'python'> {
  readonly group: GroupName;
  readonly packages: readonly LockedPackage[];
  readonly byName: ReadonlyMap<ProjectName, readonly LockedPackage[]>;
  readonly grid: Grid;
}

function gapsOfGroup({ group, project, dropped, packages, byName, grid }: Scope): readonly Gap[] {
  const selected = new Map(packages.map((locked) => [locked, installedWhere(locked, group, grid)]));
  const open: Step[] = [...selected].map(([locked, where]) => ({ locked, extra: undefined, where }));
  const asked = new Map<string, Worlds>();
  const gaps: Gap[] = [];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const requirement of requirementsOf(step.locked, dropped)) {
      if (!concerns(step, requirement) || requirement.name === project || requirement.name === step.locked.name)
        continue;
      const needed = step.where & grid.worlds(withoutExtras(requirement.marker));
      if (needed === 0n) continue;
      const fitting = (byName.get(requirement.name) ?? []).filter(({ version }) =>
        allows(requirement.constraint, version),
      );
      const unmet = fitting.reduce((left, one) => left & ~(selected.get(one) ?? 0n), needed);
      if (unmet !== 0n) {
        const others = (byName.get(requirement.name) ?? []).filter((one) => ((selected.get(one) ?? 0n) & unmet) !== 0n);
        const remedy = others.length > 0 ? undefined : fitting[0];
        gaps.push({ group, locked: step.locked, requirement, remedy });
      }
      for (const one of fitting) {
        for (const extra of requirement.extras) {
          const key = `${one.name} ${one.version.text} ${extra}`;
          const before = asked.get(key) ?? 0n;
          const where = needed & (selected.get(one) ?? 0n) & ~before;
          if (where === 0n) continue;
          asked.set(key, before | where);
          open.push({ locked: one, extra, where });
        }
      }
    }
  }
  return gaps;
}

function requirementsOf(
  { name, version, requirements }: LockedPackage,
  dropped: LockFacts['dropped'],
): readonly Requirement[] {
  const left = dropped.get(name);
  if (left === undefined) return requirements;
  return [...requirements, ...left.filter(({ by }) => sameVersion(by, version)).map(({ requirement }) => requirement)];
}

/** A package to look at, for itself or for one of its extras, where it is installed. */
interface Step {
  readonly locked: LockedPackage;
  readonly extra: ExtraName | undefined;
  readonly where: Worlds;
}

function concerns({ extra }: Step, { origin, optional, inExtras }: Requirement): boolean {
  if (origin.kind !== 'index') return false;
  return extra === undefined ? !optional && inExtras.length === 0 : inExtras.includes(extra);
}

function installedWhere({ groups, markers }: LockedPackage, group: GroupName, grid: Grid): Worlds {
  if (!groups.includes(group)) return 0n;
  const marker = markers.get(group);
  return marker === undefined ? grid.all : grid.worlds(marker);
}

/** Markers as sets of environments, each evaluated once. */
class Grid {
  readonly all: Worlds;
  readonly #environments: readonly MarkerEnvironment[];
  readonly #known = new Map<number, Worlds>();

  constructor(environments: readonly MarkerEnvironment[]) {
    this.#environments = environments;
    this.all = (1n << BigInt(environments.length)) - 1n;
  }

  worlds(marker: Marker): Worlds {
    const key = markerKey(marker);
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.#computed(marker);
      this.#known.set(key, found);
    }
    return found;
  }

  #computed(marker: Marker): Worlds {
    switch (marker.kind) {
      case 'any':
        return this.all;
      case 'empty':
        return 0n;
      case 'and':
        return marker.markers.reduce((bits, member) => bits & this.worlds(member), this.all);
      case 'or':
        return marker.markers.reduce((bits, member) => bits | this.worlds(member), 0n);
      default: {
        const holds = this.#environments.map((environment) => (evaluateMarker(marker, environment) ? '1' : '0'));
        return BigInt(`0b0${holds.reverse().join('')}`);
      }
    }
  }
}

/** Python's minor versions on common platforms, CPython and PyPy. */
function environmentsFor(python: VersionRange, extra: readonly string[]): readonly MarkerEnvironment[] {
  const versions = MINORS.map((minor) => ({ minor, full: `${minor}.99` })).filter(({ full }) =>
    allows(python, parseVersion(full)),
  );
  return versions.flatMap(({ minor, full }) =>
    PLATFORMS.flatMap((platform) =>
      ['CPython', 'PyPy'].map((implementation) => ({
        ...platform,
        python_version: minor,
        python_full_version: full,
        implementation_version: full,
        platform_python_implementation: implementation,
        implementation_name: implementation.toLowerCase(),
        extra,
      })),
    ),
  );
}
