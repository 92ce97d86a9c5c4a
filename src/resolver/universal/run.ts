/**
 * One run of the search: PubGrub over the packages of the environments that the run covers.
 * See docs/resolver.md, "Runs".
 */

import { pythonConstraintOf } from '../../markers/marker.ts';
import {
  allowsAll,
  anyVersion,
  difference,
  formatRange,
  intersect,
  isAnyRange,
  isEmptyRange,
} from '../../versions/version-range.ts';
import { Facts, type State } from '../pubgrub/facts.ts';
import { type Incompatibility, incompatibility } from '../pubgrub/incompatibility.ts';
import { PartialSolution } from '../pubgrub/partial-solution.ts';
import { propagate } from '../pubgrub/propagate.ts';
import { type Term, term } from '../pubgrub/term.ts';
import { CandidateCache } from './candidate-cache.ts';
import { Choice } from './choice.ts';
import { type Chosen, complete, type Surroundings } from './completion.ts';
import { type Dependency, transitiveMarker } from './dependency.ts';
import { type Overrides, overridden, type Run, splitByMarkers } from './overrides.ts';
import { bareRelease, dependencyOn, type Package } from './package.ts';
import { Refusals } from './refusals.ts';
import { RequirementFacts } from './requirement-facts.ts';
import type { Asking } from './world.ts';

export type RunResult =
  /** The packages in the order of decision, the project left out. */
  | { readonly kind: 'solved'; readonly packages: readonly Package[]; readonly attempts: number }
  | { readonly kind: 'split'; readonly overrides: readonly Overrides[] }
  | { readonly kind: 'failed'; readonly incompatibility: Incompatibility };

/** Decides packages until everything that is wanted is decided, or cannot be. */
export function* solveRun(surroundings: Surroundings, run: Run): Asking<RunResult> {
  const cache = new CandidateCache(surroundings.world);
  const state: State<Package> = {
    facts: new Facts(),
    solution: new PartialSolution(),
    onLevelDropped: (level) => cache.dropLevel(level),
  };
  const choice = new Choice(surroundings, cache);
  const requirements = new RequirementFacts(surroundings.world);
  const { pack } = surroundings.root;
  const root: Dependency = dependencyOn({ ...pack, python: anyVersion });
  state.facts.add(incompatibility([term(root, false)], { kind: 'root' }));
  cache.keepRoot(root, pack);
  const refusals = new Refusals();
  let next = root.completeName;
  for (;;) {
    const failure = propagate(state, next);
    if (failure !== undefined) {
      const overrides = splitByMarkers(run, failure);
      return overrides === undefined ? { kind: 'failed', incompatibility: failure } : { kind: 'split', overrides };
    }
    surroundings.world.noteRound();
    surroundings.world.decided = Math.max(state.solution.level - 1, 0);
    const dependency = yield* choice.next(state.solution.freshlyWanted(), state.solution.level);
    if (dependency === undefined) return solved(state.solution);
    const chosen = yield* chosenFor(surroundings, cache, dependency, state.solution.level);
    if (chosen === undefined) {
      state.facts.add(incompatibility([term(dependency, true)], { kind: 'no-versions' }));
    } else {
      const completion = yield* complete(surroundings, run, chosen);
      if (completion.kind === 'split') return completion;
      const isSelected = decide({ state, run, requirements }, dependency, completion.chosen);
      refusals.note(isSelected ? undefined : { dependency, pack: completion.chosen.pack, level: state.solution.level });
    }
    next = dependency.completeName;
  }
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

interface Deciding {
  readonly state: State<Package>;
  readonly run: Run;
  readonly requirements: RequirementFacts;
}

/** Adds what is known of a package, and selects it unless that would be a conflict at once; whether it was selected. */
function decide({ state, run, requirements }: Deciding, dependency: Dependency, chosen: Chosen): boolean {
  const exactly = dependencyOn(chosen.pack);
  let isConflict = false;
  for (const fact of incompatibilitiesOf(run, requirements, chosen, term(exactly, true))) {
    state.facts.add(fact);
    isConflict ||= holdsBut(fact, dependency.completeName, state.solution);
  }
  if (!isConflict) state.solution.decide(chosen.pack, exactly);
  return !isConflict;
}

/** True where everything holds that an incompatibility says of other packages. */
function holdsBut(fact: Incompatibility, completeName: string, solution: PartialSolution<Package>): boolean {
  for (const one of fact.terms) {
    if (one.dependency.completeName !== completeName && !solution.satisfies(one)) return false;
  }
  return true;
}

function incompatibilitiesOf(
  run: Run,
  requirements: RequirementFacts,
  chosen: Chosen,
  self: Term,
): readonly Incompatibility[] {
  const { pack } = chosen;
  if (!pack.isRoot && !isUsable(run, chosen)) {
    const { pythonVersions } = pack;
    return [incompatibility([self], { kind: 'python', pythonVersions, projectPython: formatRange(run.python) })];
  }
  const facts: Incompatibility[] = [];
  for (const requirement of overridden(run, pack, pack.requires)) {
    facts.push(requirements.of(self, requirement));
  }
  return facts;
}

/** True where the package's Pythons cover those of the run, or at least those under which it is reached. */
function isUsable(run: Run, { dependency, pack }: Chosen): boolean {
  if (allowsAll(pack.python, run.python)) return true;
  const reached = pythonConstraintOf(transitiveMarker(dependency));
  const common = intersect(pack.python, reached);
  const uncovered = intersect(difference(reached, common), run.python);
  return !(
    isAnyRange(reached) ||
    isEmptyRange(intersect(run.python, dependency.python)) ||
    isEmptyRange(common) ||
    !isEmptyRange(uncovered)
  );
}

function solved(solution: PartialSolution<Package>): RunResult {
  return { kind: 'solved', packages: solution.decisions.filter(({ isRoot }) => !isRoot), attempts: solution.attempts };
}
