/**
 * One run of the search: PubGrub over the packages of the environments that the run covers.
 * See docs/resolver.md, "Runs".
 */

import { anyVersion, formatRange } from '../../versions/version-range.ts';
import { Facts, type State } from '../pubgrub/facts.ts';
import { type Incompatibility, incompatibility } from '../pubgrub/incompatibility.ts';
import { PartialSolution } from '../pubgrub/partial-solution.ts';
import { propagate } from '../pubgrub/propagate.ts';
import { term } from '../pubgrub/term.ts';
import { CandidateCache } from './candidate-cache.ts';
import { Choice } from './choice.ts';
import { type Chosen, complete, type Surroundings } from './completion.ts';
import { type Done, stepOf } from './continuation.ts';
import { type Dependency, transitiveMarker } from './dependency.ts';
import { type Overrides, overridden, type Run, splitByMarkers } from './overrides.ts';
import { bareRelease, dependencyOn, type Package } from './package.ts';
import { Refusals } from './refusals.ts';
import { RequirementFacts } from './requirement-facts.ts';
import { isUsable } from './usable.ts';
import type { Asking } from './world.ts';

export type RunResult =
  /** The packages in the order of decision, the project left out. */
  | { readonly kind: 'solved'; readonly packages: readonly Package[]; readonly attempts: number }
  /** `stopped`: where the run came to its end, if another one can go on there. */
  | { readonly kind: 'split'; readonly overrides: readonly Overrides[]; readonly stopped: Stopped | undefined }
  | { readonly kind: 'failed'; readonly incompatibility: Incompatibility };

/** A run that dealt with more than this is not gone on with: what would have to be kept of it is too much. */
const MOST_STEPS = 3000;

/** A run that met a package whose requirements differ with the environment. */
export interface Stopped {
  readonly done: Done;
  readonly standing: Standing;
}

/** All that a run knows and assumes. */
interface Standing {
  readonly state: State<Package>;
  readonly cache: CandidateCache;
  readonly choice: Choice;
  readonly requirements: RequirementFacts;
  readonly refusals: Refusals;
  /** The requirement that is decided at present. */
  dependency: Dependency;
}

/**
 * Decides packages until everything that is wanted is decided, or cannot be. `stopped`: a wider run, of which everything holds in
 * this one too (continuation.ts); it is used up.
 */
export function* solveRun(surroundings: Surroundings, run: Run, stopped?: Stopped): Asking<RunResult> {
  const standing = stopped?.standing ?? begun(surroundings);
  const steps = [...(stopped?.done.steps ?? [])];
  const { world } = surroundings;
  const { state, cache, choice, refusals } = standing;
  let resumed = stopped?.done.next.chosen;
  for (;;) {
    if (resumed === undefined) {
      const failure = propagate(state, standing.dependency.completeName);
      if (failure !== undefined) {
        const overrides = splitByMarkers(run, failure);
        if (overrides !== undefined) return { kind: 'split', overrides, stopped: undefined };
        return { kind: 'failed', incompatibility: failure };
      }
      world.noteRound();
      world.decided = Math.max(state.solution.level - 1, 0);
      const dependency = yield* choice.next(state.solution.freshlyWanted(), state.solution.level);
      if (dependency === undefined) return solved(state.solution);
      standing.dependency = dependency;
    }
    const { dependency } = standing;
    const chosen: Chosen | undefined =
      resumed ?? (yield* chosenFor(surroundings, cache, dependency, state.solution.level));
    resumed = undefined;
    if (chosen === undefined) {
      state.facts.add(incompatibility([term(dependency, true)], { kind: 'no-versions' }));
      continue;
    }
    const completion = yield* complete(surroundings, run, chosen);
    if (completion.kind === 'split') {
      const next = { chosen, reached: transitiveMarker(chosen.dependency) };
      const stopped = steps.length < MOST_STEPS ? { done: { run, steps, next }, standing } : undefined;
      return { ...completion, stopped };
    }
    const { pack } = completion.chosen;
    const isUsed = pack.isRoot || isUsable(run, completion.chosen);
    if (steps.length < MOST_STEPS) steps.push(stepOf(chosen, pack, isUsed));
    const isSelected = isUsed ? decide(standing, run, pack) : refuse(standing, run, pack);
    refusals.note(isSelected ? undefined : { dependency, pack, level: state.solution.level });
  }
}

function begun(surroundings: Surroundings): Standing {
  const { pack } = surroundings.root;
  const dependency: Dependency = dependencyOn({ ...pack, python: anyVersion });
  const cache = new CandidateCache(surroundings.world);
  const facts = new Facts();
  facts.add(incompatibility([term(dependency, false)], { kind: 'root' }));
  cache.keepRoot(dependency, pack);
  return {
    state: { facts, solution: new PartialSolution(), onLevelDropped: (level) => cache.dropLevel(level) },
    cache,
    choice: new Choice(surroundings, cache),
    requirements: new RequirementFacts(surroundings.world),
    refusals: new Refusals(),
    dependency,
  };
}

/** The locked package, else the best candidate, which learns the condition under which it is reached. */
function* chosenFor(
  { locked, root }: Surroundings,
  cache: CandidateCache,
  dependency: Dependency,
  level: number,
): Asking<Chosen | undefined> {
  if (dependency.isRoot) return { dependency, pack: root.pack };
  const lockedPack = locked.find(dependency);
  if (lockedPack !== undefined) return { dependency, pack: lockedPack };
  const { dependency: found, list } = cache.known(dependency, level) ?? (yield* cache.search(dependency, level));
  const best = list[0];
  if (best === undefined) return undefined;
  found.transitive = transitiveMarker(dependency);
  return { dependency: found, pack: best.pack ?? bareRelease(found.name, best.version) };
}

/** Adds what a package requires, and selects it unless that would be a conflict at once; whether it was selected. */
function decide({ state, requirements, dependency }: Standing, run: Run, pack: Package): boolean {
  const exactly = dependencyOn(pack);
  const self = term(exactly, true);
  let isConflict = false;
  for (const requirement of overridden(run, pack, pack.requires)) {
    const fact = requirements.of(self, requirement);
    state.facts.add(fact);
    isConflict ||= holdsBut(fact, dependency.completeName, state.solution);
  }
  if (!isConflict) state.solution.decide(pack, exactly);
  return !isConflict;
}

/** Rules a package out whose Pythons are not those of the run. */
function refuse({ state }: Standing, run: Run, pack: Package): false {
  const { pythonVersions } = pack;
  const cause = { kind: 'python', pythonVersions, projectPython: formatRange(run.python) } as const;
  state.facts.add(incompatibility([term(dependencyOn(pack), true)], cause));
  return false;
}

/** True where everything holds that an incompatibility says of other packages. */
function holdsBut(fact: Incompatibility, completeName: string, solution: PartialSolution<Package>): boolean {
  for (const one of fact.terms) {
    if (one.dependency.completeName !== completeName && !solution.satisfies(one)) return false;
  }
  return true;
}

function solved(solution: PartialSolution<Package>): RunResult {
  return { kind: 'solved', packages: solution.decisions.filter(({ isRoot }) => !isRoot), attempts: solution.attempts };
}
