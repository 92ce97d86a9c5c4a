/** Unit propagation: derives whatever follows from a new assignment. See docs/resolver.md, "Propagation". */

import { resolveConflict } from './conflict.ts';
import type { State } from './facts.ts';
import { type Incompatibility, isFailure } from './incompatibility.ts';
import type { Term } from './term.ts';

/**
 * Derives everything that follows from what is known about `completeName`. Conflicts are resolved on the way;
 * returned is the incompatibility that no solution can avoid, or undefined where the search can go on.
 */
export function propagate<Decided>(state: State<Decided>, completeName: string): Incompatibility | undefined {
  const changed = new Set([completeName]);
  for (const name of changed) {
    changed.delete(name);
    const pass = state.facts.about(name);
    // The newest first: what conflicts taught is more general than the facts it was learnt from.
    for (let incompatibility = pass.next(); incompatibility !== undefined; incompatibility = pass.next()) {
      if (incompatibility.contradicted) continue;
      const result = propagateOne(state, incompatibility);
      if (result === 'conflict') {
        const rootCause = resolveConflict(state, incompatibility);
        if (isFailure(rootCause)) return rootCause;
        changed.clear();
        const derived = propagateOne(state, rootCause);
        if (derived === undefined || derived === 'conflict') throw new Error('a root cause must teach something');
        changed.add(derived.name);
        break;
      }
      if (result === undefined) continue;
      changed.add(result.name);
      pass.noteDerived(result.name);
    }
  }
  return undefined;
}

/** The package about which something was derived; `conflict` where all terms hold; undefined where nothing follows. */
function propagateOne<Decided>(
  state: State<Decided>,
  incompatibility: Incompatibility,
): { readonly name: string } | 'conflict' | undefined {
  const { facts, solution } = state;
  let open: Term | undefined;
  for (const term of incompatibility.terms) {
    const relation = solution.relation(term);
    if (relation === 'disjoint') {
      facts.contradict(incompatibility, solution.level);
      return undefined;
    }
    if (relation === 'overlapping') {
      if (open !== undefined) return undefined;
      open = term;
    }
  }
  if (open === undefined) return 'conflict';
  facts.contradict(incompatibility, solution.level);
  solution.derive(open.dependency, !open.positive, incompatibility);
  return { name: open.dependency.completeName };
}
