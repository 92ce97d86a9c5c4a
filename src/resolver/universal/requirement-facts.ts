/**
 * What packages require, as incompatibilities. A package that is decided again requires the same again: one incompatibility
 * stands for both, where nothing could tell them apart. See docs/resolver.md, "Propagation".
 */

import { isAnyMarker } from '../../markers/marker.ts';
import { type Cause, type Incompatibility, incompatibility } from '../pubgrub/incompatibility.ts';
import { type Term, term } from '../pubgrub/term.ts';
import { type Dependency, sameDependency } from './dependency.ts';
import type { World } from './world.ts';

const REQUIREMENT: Cause = { kind: 'requirement' };

/** For one run. */
export class RequirementFacts {
  readonly #world: World;
  readonly #known = new Map<Dependency, Incompatibility[]>();
  /** The packages that were required in a way that needs an incompatibility each time. */
  readonly #single = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** "Whoever selects `self` needs what `requirement` asks for", the same object as before where that is possible. */
  of(self: Term, requirement: Dependency): Incompatibility {
    const { completeName } = requirement;
    if (!isRangeAlone(requirement)) this.#single.add(completeName);
    if (this.#single.has(completeName) || !this.#isOrdinary(self.dependency) || !this.#isOrdinary(requirement)) {
      return made(self, requirement);
    }
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

  /** False where ranges are no sets: with local versions, to exclude one twice is not the same as once (version-range.ts). */
  #isOrdinary({ name, source }: Dependency): boolean {
    return source === undefined && !this.#world.hasLocalVersions(name);
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
 * True where a requirement is its range and nothing else. Conditions change while the search runs, and what was said of a package
 * under one of them stays (term.ts): there each incompatibility has a memory of its own, and all of them are needed.
 */
function isRangeAlone({ marker, transitive, source }: Dependency): boolean {
  return source === undefined && isAnyMarker(marker) && (transitive === undefined || isAnyMarker(transitive));
}
