/**
 * The search: from a project's requirements to the packages of its lock, for all environments at once. It is a
 * generator that asks questions and never fetches. See docs/resolver.md.
 */

import type { LockedPackage } from '../lock/lock.ts';
import type { ManifestGroup, Source } from '../manifest/manifest.ts';
import { reduceByPython } from '../markers/marker.ts';
import { type ExtraName, type GroupName, MAIN_GROUP, type ProjectName } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { plainRequirement, type Requirement } from '../requirements/requirement.ts';
import type { Version } from '../versions/version.ts';
import { exactly, type VersionRange } from '../versions/version-range.ts';
import { externalIncompatibilities, type Incompatibility } from './pubgrub/incompatibility.ts';
import type { Release, Unavailable } from './question.ts';
import type { Surroundings } from './universal/completion.ts';
import { isCovered, wouldBeSame } from './universal/continuation.ts';
import { requirementOf } from './universal/dependency.ts';
import { type Placed, placed } from './universal/graph-markers.ts';
import { Locked } from './universal/locked.ts';
import { merged, type RunOutcome } from './universal/merge.ts';
import { noOverrides, type Run, runOf } from './universal/overrides.ts';
import type { Package } from './universal/package.ts';
import { rootOf } from './universal/root.ts';
import { rootGroups } from './universal/root-groups.ts';
import { type RunResult, type Stopped, solveRun } from './universal/run.ts';
import { type Gap, gapsIn, isLost, type LockFacts, lockedKey } from './universal/soundness.ts';
import { widened } from './universal/widen.ts';
import { type Asking, World } from './universal/world.ts';

export interface Problem {
  readonly root: {
    /** `non-package-mode` where the project has no name. */
    readonly name: ProjectName;
    readonly version: Version;
    /** The project's Python range verbatim. */
    readonly pythonVersions: string;
    readonly python: VersionRange;
  };
  readonly groups: readonly ManifestGroup[];
  /** The manifest as plain TOML values. */
  readonly toml: Readonly<Record<string, unknown>>;
  /** What the previous lock holds; it is preferred. */
  readonly locked: readonly LockedPackage[];
  /** Projects whose newest release is wanted instead; `all`: every locked one. */
  readonly update: 'all' | ReadonlySet<ProjectName>;
  /** The sources as configured; none: PyPI. */
  readonly sources: readonly Source[];
  /**
   * What is mended of a result that leaves requirements unmet: `lost`, only where the lock has nothing at all that would meet one;
   * `all`, also where markers are to blame. Default: `lost`.
   */
  readonly mend?: 'lost' | 'all';
  /** Begin every run anew, as Poetry does, and never go on where a wider one stopped: the result is the same. Default: false. */
  readonly anew?: boolean;
  /** After how many decisions the search throws `search-too-long`. Default: never. */
  readonly patience?: number;
}

/** Everything that a lock needs. */
export interface Resolution {
  readonly kind: 'resolution';
  readonly packages: readonly LockedPackage[];
  /** Chosen releases that are yanked. */
  readonly yanked: readonly { readonly name: string; readonly version: string; readonly reason: string | undefined }[];
  /** Requirements that the packages leave unmet in some environment. */
  readonly gaps: readonly Gap[];
  /** Those that Poetry's lock would leave unmet, and this one does not. */
  readonly mended: readonly Gap[];
  /** How many runs it took, and how many solutions were begun in the last of them. */
  readonly runs: number;
  readonly attempts: number;
}

/** Why there is no resolution. */
export interface Derivation {
  readonly kind: 'derivation';
  readonly incompatibility: Incompatibility;
  /** The releases seen of the projects that the failure speaks of. */
  readonly releases: ReadonlyMap<ProjectName, readonly Release[]>;
  /** Those of them that no index gave an answer about. */
  readonly unavailable: ReadonlyMap<ProjectName, Unavailable>;
}

/**
 * Searches for a resolution. Throws a TercetError where there is none for reasons other than versions: a release without
 * readable metadata, a direct origin that cannot be had, requirements of one package that contradict each other.
 */
export function* search(problem: Problem): Asking<Resolution | Derivation> {
  const result = yield* searchOnce(problem, new Set());
  if (result.kind === 'derivation') return result.derivation;
  const { resolution, facts } = result;
  const { gaps, packages } = resolution;
  const isMended = problem.mend === 'all' ? gaps.length > 0 : gaps.some((gap) => isLost(gap, packages));
  return isMended ? ((yield* mended(problem, resolution, facts)) ?? resolution) : resolution;
}

/** How often a search is made again to mend a result. */
const MOST_ROUNDS = 4;

/** A resolution without gaps, as near to this one as there is; undefined where none is found. See docs/resolver.md, "Soundness". */
function* mended(problem: Problem, first: Resolution, facts: LockFacts): Asking<Resolution | undefined> {
  const unconditional = new Set<ProjectName>();
  let present = first;
  let presentFacts = facts;
  for (let round = 0; ; round += 1) {
    const { packages, gaps } = widened(present, presentFacts);
    if (gaps.length === 0) return { ...present, packages, gaps, mended: first.gaps };
    // Two versions at once come from putting runs together, which another search would do again.
    if (round === MOST_ROUNDS || present.gaps.every(({ kind }) => kind === 'twice')) return undefined;
    for (const { locked, requirement } of present.gaps) {
      unconditional.add(requirement.name);
      if (locked !== undefined) unconditional.add(locked.name);
    }
    const result = yield* searchOnce(problem, unconditional);
    if (result.kind === 'derivation') return undefined;
    present = result.resolution;
    presentFacts = result.facts;
  }
}

type Found =
  | { readonly kind: 'resolution'; readonly resolution: Resolution; readonly facts: LockFacts }
  | { readonly kind: 'derivation'; readonly derivation: Derivation };

function* searchOnce(problem: Problem, unconditional: ReadonlySet<ProjectName>): Asking<Found> {
  const world = new World(problem.sources, problem.patience);
  const updated = problem.update === 'all' ? new Set(problem.locked.map(({ name }) => name)) : problem.update;
  const locked = new Locked(problem.locked, updated, world);
  const root = rootOf(problem.root, rootGroups(problem.groups, problem.toml));
  yield* announceLocked(problem.locked, updated);
  const counts: Counts = { runs: 0, attempts: 0 };
  const result = yield* solve(
    { world, locked, root, unconditional, anew: problem.anew === true },
    runOf(noOverrides, root.pack.python),
    counts,
  );
  if (result.kind === 'failed') return { kind: 'derivation', derivation: derivation(result.incompatibility, world) };
  const files = yield* world.files(result.packages.map(({ pack }) => pack));
  const facts: LockFacts = {
    python: problem.root.python,
    project: problem.root.name,
    groups: problem.groups,
    declared: new Map(result.packages.map(({ pack }) => [lockedKey(pack), pack.declared])),
  };
  return { kind: 'resolution', resolution: resolution(result.packages, { counts, files, facts }), facts };
}

interface Counts {
  runs: number;
  attempts: number;
}

type Solved =
  | { readonly kind: 'solved'; readonly packages: readonly Placed[] }
  | { readonly kind: 'failed'; readonly incompatibility: Incompatibility };

/** The result for the environments of a run, found in as many narrower runs as are needed. `wider`: what it goes on from. */
function* solve(surroundings: Surroundings, run: Run, counts: Counts, wider?: Stopped): Asking<Solved> {
  const { root } = surroundings;
  const { python } = root.pack;
  let result = yield* solveRun(surroundings, run, wider);
  // What a wider run ruled out it explained by its own Pythons.
  if (wider !== undefined && result.kind === 'failed') result = yield* solveRun(surroundings, run);
  counts.runs += 1;
  if (result.kind === 'failed') return result;
  if (result.kind === 'solved') {
    counts.attempts += result.attempts;
    return { kind: 'solved', packages: placed(root, result.packages) };
  }
  const parts = partsOf(result, python);
  const outcomes: RunOutcome[] = [];
  // Shifted off one by one: what a run stands on is large.
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { run, stopped } = part;
    const goesOn = stopped !== undefined && (yield* wouldBeSame(surroundings, run, stopped.done));
    const found = yield* solve(surroundings, run, counts, goesOn ? stopped : undefined);
    if (found.kind === 'failed') return found;
    outcomes.push({ overrides: run.overrides, packages: found.packages });
  }
  return { kind: 'solved', packages: merged(outcomes, python) };
}

interface Part {
  readonly run: Run;
  /** For the first part that covers all of the run that was split: where that stopped. */
  readonly stopped: Stopped | undefined;
}

function partsOf({ overrides, stopped }: RunResult & { readonly kind: 'split' }, python: VersionRange): Part[] {
  const runs = overrides.map((own) => runOf(own, python));
  const heir = stopped === undefined ? undefined : runs.find((run) => isCovered(run, stopped.done));
  return runs.map((run) => ({ run, stopped: run === heir ? stopped : undefined }));
}

/** Lets the driver fetch everything that is likely to stay as it is. */
function* announceLocked(locked: readonly LockedPackage[], updated: ReadonlySet<ProjectName>): Asking<void> {
  const wishes = locked
    .filter(({ name, source }) => !updated.has(name) && (source === undefined || source.type === 'legacy'))
    .map(lockedWish);
  if (wishes.length > 0) yield { kind: 'prefetch', wishes };
}

function lockedWish({ name, prettyName, version, source }: LockedPackage): Requirement {
  const constraint = exactly(version);
  return {
    ...plainRequirement(prettyName),
    name,
    constraint,
    prettyConstraint: version.text,
    source: source?.reference,
  };
}

function resolution(
  packages: readonly Placed[],
  {
    counts,
    files,
    facts,
  }: { readonly counts: Counts; readonly files: readonly LockedPackage['files'][]; readonly facts: LockFacts },
): Resolution {
  const yanked = packages
    .filter(({ pack }) => pack.yanked)
    .map(({ pack }) => ({ name: pack.prettyName, version: pack.version.text, reason: pack.yankedReason }));
  const locked = packages.map((one, at) => lockedPackage(one, files[at] ?? [], facts.python));
  return { kind: 'resolution', packages: locked, yanked, gaps: gapsIn(locked, facts), mended: [], ...counts };
}

function lockedPackage(
  { pack, depth, groups, markers, optional }: Placed,
  files: LockedPackage['files'],
  python: VersionRange,
): LockedPackage {
  const { source, develop } = pack;
  return {
    name: pack.name,
    prettyName: pack.prettyName,
    version: pack.version,
    description: pack.description,
    optional,
    pythonVersions: pack.pythonVersions,
    groups: [...groups].sort(mainFirst),
    markers: new Map([...markers].map(([group, marker]) => [group, reduceByPython(marker, python)])),
    files,
    requirements: pack.requires.map(requirementOf),
    extras: extrasOfPackage(pack),
    ...(develop === undefined ? {} : { develop }),
    ...(source === undefined ? {} : { source }),
    depth,
  };
}

/** Extras in their order, each with its requirements as texts; by now these hold all that the search changed in them. */
function extrasOfPackage({ requiredByExtra }: Package): ReadonlyMap<ExtraName, readonly string[]> {
  const names = [...requiredByExtra.keys()].sort(byCodePoints);
  return new Map(
    names.map((name) => {
      const members = requiredByExtra.get(name) ?? [];
      return [name, members.map((one) => formatRequirement(requirementOf(one), { extras: false })).sort(byCodePoints)];
    }),
  );
}

function derivation(incompatibility: Incompatibility, world: World): Derivation {
  const releases = new Map<ProjectName, readonly Release[]>();
  const unavailable = new Map<ProjectName, Unavailable>();
  for (const { terms } of externalIncompatibilities(incompatibility)) {
    for (const { dependency } of terms) {
      if (dependency.isRoot) continue;
      releases.set(dependency.name, world.releases(dependency.name));
      const reason = world.unavailable(dependency.name);
      if (reason !== undefined) unavailable.set(dependency.name, reason);
    }
  }
  return { kind: 'derivation', incompatibility, releases, unavailable };
}

function mainFirst(a: GroupName, b: GroupName): number {
  if (a === b) return 0;
  if (a === MAIN_GROUP || b === MAIN_GROUP) return a === MAIN_GROUP ? -1 : 1;
  return a < b ? -1 : 1;
}

function byCodePoints(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
