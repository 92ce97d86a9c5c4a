/**
 * What packages require, as incompatibilities. A package that is decided again requires the same again: one incompatibility
 * stands for both, where nothing could tell them apart. See docs/resolver.md, "Propagation".
 */

import { isAnyMarker } from '../../markers/marker.ts';
import { type Cause, type Incompatibility, incompatibility } from '../pubgrub/incompatibility.ts';
import { type Term, term } from '../pubgrub/term.ts';
import { type Dependency, sameDependency } from './dependency.ts';

const REQUIREMENT: Cause = { kind: 'requirement' };

/** For one run. */
export class RequirementFacts {
  readonly #known = new Map<Dependency, Incompatibility[]>();

  /** "Whoever selects `self` needs what `requirement` asks for", the same object as before where that is possible. */
  of(self: Term, requirement: Dependency): Incompatibility {
    if (!isLasting(requirement) || self.dependency.source !== undefined) return made(self, requirement);
    const known = this.#known.get(requirement);
    if (known === undefined) {
      const first = made(self, requirement);
      this.#known.set(requirement, [first]);
      return first;
    }
    for (const fact of known) if (isAbout(fact, self.dependency)) return fact;
    const another = made(self, requirement);
    known.push(another);
    return another;
  }
}

function made(self: Term, requirement: Dependency): Incompatibility {
  return incompatibility([self, term(requirement, false)], REQUIREMENT);
}

function isAbout({ terms }: Incompatibility, self: Dependency): boolean {
  const [first] = terms;
  return first !== undefined && sameDependency(first.dependency, self);
}

/**
 * True where what a requirement says of others rests on its range alone. Conditions change while the search runs, and what was
 * said under one of them stays (see term.ts): there each incompatibility has a memory of its own.
 */
function isLasting({ marker, transitive, source }: Dependency): boolean {
  return source === undefined && isAnyMarker(marker) && (transitive === undefined || isAnyMarker(transitive));
}
