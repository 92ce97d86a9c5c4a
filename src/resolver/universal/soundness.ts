/**
 * Whether what a lock installs works: looked at in a grid of environments, for selections of the project's groups and extras.
 * See docs/resolver.md, "Soundness".
 */

import type { LockedPackage } from '../../lock/lock.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment, markerKey } from '../../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../../names/name.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import { parseVersion } from '../../versions/version.ts';
import { allows, type VersionRange } from '../../versions/version-range.ts';

/** A requirement that an installation from the lock does not meet in some environment. */
export interface Gap {
  /** Groups that are installed there. */
  readonly groups: readonly GroupName[];
  /** The project's extras that are installed there. */
  readonly extras: readonly ExtraName[];
  /** One such environment. */
  readonly environment: MarkerEnvironment;
  /** What requires it; undefined: the project itself. */
  readonly locked: LockedPackage | undefined;
  readonly requirement: Requirement;
  /** `missing`: nothing of that name is installed; `unfit`: another version; `twice`: more than one version. */
  readonly kind: 'missing' | 'unfit' | 'twice';
}

/** Python's minor versions that an environment may have. */
const MINORS = ['2.7', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15'];
/** The first patch release, and one after all that markers speak of. */
const PATCHES = ['0', '99'];

const PLATFORMS: readonly MarkerEnvironment[] = [
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'x86_64' },
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'aarch64' },
  { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'arm64' },
  { os_name: 'nt', sys_platform: 'win32', platform_system: 'Windows', platform_machine: 'AMD64' },
];

/** What a lock is for. */
export interface LockFacts {
  /** The project's Pythons. */
  readonly python: VersionRange;
  readonly project: ProjectName;
  readonly groups: readonly { readonly name: GroupName; readonly requirements: readonly Requirement[] }[];
  /** What packages require as their metadata say, by `lockedKey`: the search changes what the lock says of it. */
  readonly declared: ReadonlyMap<string, readonly Requirement[]>;
}

/** Tells the packages of one lock apart. */
export function lockedKey({
  name,
  version,
  source,
}: { readonly source?: LockedPackage['source'] | undefined } & Pick<LockedPackage, 'name' | 'version'>): string {
  return `${name} ${version.text} ${source?.url ?? ''}`;
}

/** Whether the lock has nothing at all that would meet the requirement of a gap. */
export function isLost({ requirement }: Gap, packages: readonly LockedPackage[]): boolean {
  return !packages.some((locked) => isMetBy(requirement, locked));
}

/** Whether a package is what a requirement asks for; of direct origins there is only one. */
export function isMetBy({ name, origin, constraint }: Requirement, locked: LockedPackage): boolean {
  return locked.name === name && (origin.kind !== 'index' || allows(constraint, locked.version));
}

/** All gaps of a lock; none where every environment gets what it needs. */
export function gapsIn(packages: readonly LockedPackage[], facts: LockFacts): readonly Gap[] {
  const extras = new Set(facts.groups.flatMap(({ requirements }) => requirements.flatMap(({ inExtras }) => inExtras)));
  const grid = new Grid(environmentsFor(facts.python), selectionsOf([...extras]));
  const byName = Map.groupBy(packages, ({ name }) => name);
  const names = facts.groups.map(({ name }) => name);
  const selections = names.length > 1 ? [...names.map((name) => [name]), names] : [names];
  return selections.flatMap((groups) => gapsOfSelection(groups, { ...facts, packages, byName, grid }));
}

interface Scope extends LockFacts {
  readonly packages: readonly LockedPackage[];
  readonly byName: ReadonlyMap<ProjectName, readonly LockedPackage[]>;
  readonly grid: Grid;
}

/** A package to look at, for itself or for one of its extras, in the environments that need it. */
interface Step {
  readonly locked: LockedPackage | undefined;
  readonly extra: ExtraName | undefined;
  readonly where: Worlds;
}

/** Walks from the project's requirements along all that is needed; what is installed beyond that does not matter. */
function gapsOfSelection(selected: readonly GroupName[], scope: Scope): readonly Gap[] {
  const { byName, grid, project, packages } = scope;
  const installed = new Map(packages.map((locked) => [locked, installedWhere(locked, selected, grid)]));
  const reached = new Map<string, Worlds>();
  const gaps: Gap[] = [];
  const open: Step[] = [];
  const need = (locked: LockedPackage, extra: ExtraName | undefined, where: Worlds): void => {
    const key = `${lockedKey(locked)} ${extra ?? ''}`;
    const before = reached.get(key) ?? 0n;
    const added = where & ~before;
    if (added === 0n) return;
    reached.set(key, before | added);
    open.push({ locked, extra, where: added });
  };
  const note = (
    kind: Gap['kind'],
    where: Worlds,
    locked: LockedPackage | undefined,
    requirement: Requirement,
  ): void => {
    if (where !== 0n) gaps.push({ kind, locked, requirement, groups: selected, ...grid.oneOf(where) });
  };
  const require = (locked: LockedPackage | undefined, requirement: Requirement, needed: Worlds): void => {
    if (needed === 0n || requirement.name === project) return;
    let met = 0n;
    let present = 0n;
    for (const one of byName.get(requirement.name) ?? []) {
      const where = (installed.get(one) ?? 0n) & needed;
      if (where === 0n) continue;
      note('twice', present & where, locked, requirement);
      present |= where;
      if (!isMetBy(requirement, one)) continue;
      met |= where;
      need(one, undefined, where);
      for (const extra of requirement.extras) need(one, extra, where);
    }
    note('missing', needed & ~present, locked, requirement);
    note('unfit', present & ~met, locked, requirement);
  };
  for (const { name, requirements } of scope.groups) {
    if (!selected.includes(name)) continue;
    for (const one of requirements) require(undefined, one, grid.wantedByProject(one));
  }
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { locked, extra, where } = step;
    if (locked === undefined) continue;
    for (const one of scope.declared.get(lockedKey(locked)) ?? []) {
      if (extra === undefined ? one.inExtras.length > 0 : !one.inExtras.includes(extra)) continue;
      require(locked, one, where & grid.worldsFor(one.marker, extra));
    }
  }
  return gaps;
}

function installedWhere({ groups, markers }: LockedPackage, selected: readonly GroupName[], grid: Grid): Worlds {
  let where = 0n;
  for (const group of groups) {
    if (!selected.includes(group)) continue;
    const marker = markers.get(group);
    where |= marker === undefined ? grid.all : grid.worlds(marker);
  }
  return where;
}

/** Environments, each with a selection of the project's extras, as the bits of a number. */
type Worlds = bigint;

/** Markers as sets of worlds, each evaluated once. */
class Grid {
  readonly all: Worlds;
  readonly #environments: readonly MarkerEnvironment[];
  readonly #selections: readonly (readonly ExtraName[])[];
  /** One bit for each selection: multiplied by it, a set of environments becomes one of worlds. */
  readonly #everySelection: Worlds;
  readonly #known = new Map<string, Worlds>();

  constructor(environments: readonly MarkerEnvironment[], selections: readonly (readonly ExtraName[])[]) {
    this.#environments = environments;
    this.#selections = selections;
    this.#everySelection = selections.reduce((bits, _, at) => bits | (1n << BigInt(at * environments.length)), 0n);
    this.all = (1n << BigInt(environments.length * selections.length)) - 1n;
  }

  /** Where a marker of the lock, or of the project, holds. */
  worlds(marker: Marker): Worlds {
    return this.#worlds(marker, 'project');
  }

  /** Where a requirement of the project is asked for; nowhere what is optional and in no extra. */
  wantedByProject({ marker, inExtras, optional }: Requirement): Worlds {
    const where = this.worlds(marker);
    if (inExtras.length === 0) return optional ? 0n : where;
    return where & this.#selected((selection) => inExtras.some((extra) => selection.includes(extra)));
  }

  /** Where a package's marker holds while one of its extras is asked for, or none. */
  worldsFor(marker: Marker, extra: ExtraName | undefined): Worlds {
    return this.#worlds(marker, extra);
  }

  /** The first of some worlds. */
  oneOf(where: Worlds): { readonly environment: MarkerEnvironment; readonly extras: readonly ExtraName[] } {
    let at = 0;
    while (((where >> BigInt(at)) & 1n) === 0n) at += 1;
    const { length } = this.#environments;
    return {
      environment: this.#environments[at % length] ?? {},
      extras: this.#selections[Math.floor(at / length)] ?? [],
    };
  }

  #worlds(marker: Marker, extra: 'project' | ExtraName | undefined): Worlds {
    switch (marker.kind) {
      case 'any':
        return this.all;
      case 'empty':
        return 0n;
      case 'and':
        return marker.markers.reduce((bits, member) => bits & this.#worlds(member, extra), this.all);
      case 'or':
        return marker.markers.reduce((bits, member) => bits | this.#worlds(member, extra), 0n);
      default: {
        const key = `${markerKey(marker)} ${marker.name === 'extra' ? extra : ''}`;
        let found = this.#known.get(key);
        if (found === undefined) {
          found = marker.name === 'extra' ? this.#ofExtra(marker, extra) : this.#ofEnvironment(marker);
          this.#known.set(key, found);
        }
        return found;
      }
    }
  }

  #ofEnvironment(marker: Marker): Worlds {
    const holds = this.#environments.map((environment) => (evaluateMarker(marker, environment) ? '1' : '0'));
    return BigInt(`0b0${holds.reverse().join('')}`) * this.#everySelection;
  }

  #ofExtra(marker: Marker, extra: 'project' | ExtraName | undefined): Worlds {
    if (extra === 'project') return this.#selected((selection) => evaluateMarker(marker, { extra: [...selection] }));
    return evaluateMarker(marker, { extra: extra === undefined ? [] : [extra] }) ? this.all : 0n;
  }

  #selected(test: (selection: readonly ExtraName[]) => boolean): Worlds {
    const { length } = this.#environments;
    const block = (1n << BigInt(length)) - 1n;
    return this.#selections.reduce((bits, one, at) => (test(one) ? bits | (block << BigInt(at * length)) : bits), 0n);
  }
}

/** No extra, each alone, and all together. */
function selectionsOf(extras: readonly ExtraName[]): readonly (readonly ExtraName[])[] {
  if (extras.length === 0) return [[]];
  return [[], ...extras.map((extra) => [extra]), ...(extras.length > 1 ? [extras] : [])];
}

/** Python's versions on common platforms, CPython and PyPy. */
function environmentsFor(python: VersionRange): readonly MarkerEnvironment[] {
  const versions = MINORS.flatMap((minor) => PATCHES.map((patch) => ({ minor, full: `${minor}.${patch}` }))).filter(
    ({ full }) => allows(python, parseVersion(full)),
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
      })),
    ),
  );
}
