/** Conflict resolution: from a violated incompatibility to its root cause. See docs/resolver.md, "Conflicts". */

import { sameDependency } from '../universal/dependency.ts';
import type { State } from './facts.ts';
import { type Incompatibility, incompatibility, isFailure } from './incompatibility.ts';
import type { Assignment } from './partial-solution.ts';
import { inverse, subtractTerm, type Term } from './term.ts';

/** The level of the project itself. Going back further is possible but makes explanations worse. */
const ROOT_LEVEL = 1;

/**
 * The root cause of a conflict. The partial solution is taken back to where the root cause lets
 * something else be derived; where the root cause is a failure it is left as it is.
 */
export function resolveConflict<Decided>(state: State<Decided>, conflict: Incompatibility): Incompatibility {
  let current = conflict;
  while (!isFailure(current)) {
    const { term, satisfier, difference, previousLevel } = lastStep(state, current);
    const { cause } = satisfier;
    if (previousLevel < satisfier.level || cause === undefined) {
      backjump(state, previousLevel);
      if (current !== conflict) state.facts.add(current);
      return current;
    }
    const terms = current.terms.filter((other) => other !== term);
    for (const other of cause.terms) {
      if (!sameDependency(other.dependency, satisfier.dependency)) terms.push(other);
    }
    if (difference !== undefined) {
      const rest = inverse(difference);
      if (!sameDependency(rest.dependency, satisfier.dependency)) terms.push(rest);
    }
    current = incompatibility(terms, { kind: 'conflict', conflict: current, other: cause });
  }
  return current;
}

interface Step {
  /** The term that became true last. */
  readonly term: Term;
  /** The assignment that made it true. */
  readonly satisfier: Assignment;
  /** What the satisfier allows and the term does not: then an earlier assignment did part of it. */
  readonly difference: Term | undefined;
  /** The level at which, but for the satisfier, all terms were true. */
  readonly previousLevel: number;
}

function lastStep<Decided>({ solution }: State<Decided>, of: Incompatibility): Step {
  let last: { readonly term: Term; readonly satisfier: Assignment } | undefined;
  let difference: Term | undefined;
  let previousLevel = ROOT_LEVEL;
  for (const term of of.terms) {
    const satisfier = solution.satisfier(term);
    if (last === undefined) {
      last = { term, satisfier };
    } else if (last.satisfier.index < satisfier.index) {
      previousLevel = Math.max(previousLevel, last.satisfier.level);
      last = { term, satisfier };
      difference = undefined;
    } else {
      previousLevel = Math.max(previousLevel, satisfier.level);
    }
    if (last.term !== term) continue;
    difference = subtractTerm(last.satisfier, term);
    if (difference !== undefined) {
      previousLevel = Math.max(previousLevel, solution.satisfier(inverse(difference)).level);
    }
  }
  if (last === undefined) throw new Error('an incompatibility without terms has no satisfier');
  return { ...last, difference, previousLevel };
}

function backjump<Decided>({ facts, solution, onLevelDropped }: State<Decided>, level: number): void {
  for (let dropped = solution.level; dropped > level; dropped -= 1) {
    facts.dropLevel(dropped);
    onLevelDropped(dropped);
  }
  solution.backtrack(level);
}
