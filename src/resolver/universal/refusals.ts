/**
 * Notices a search that does not get on: `<=2.0` takes in the release `2.0+local`, but as a point on the line of versions it stands
 * behind 2.0, so that ruling it out leaves the range as it was. Poetry never ends there.
 */

import { TercetError } from '../../ground/error.ts';
import { constraintText, type Dependency, sameDependency } from './dependency.ts';
import type { Package } from './package.ts';

/** A release that was chosen for a requirement and could not be selected. */
export interface Refusal {
  readonly dependency: Dependency;
  readonly pack: Package;
  readonly level: number;
}

/** How often a release may be refused in the same situation: once is the rule, and leaves another situation. */
const MOST_REFUSALS = 8;

export class Refusals {
  #last: Refusal | undefined;
  #count = 0;

  /** Notes that a release was refused, or selected (undefined). Throws `contradictory-versions` where it goes round in a circle. */
  note(refusal: Refusal | undefined): void {
    this.#count = refusal !== undefined && this.#isSame(refusal) ? this.#count + 1 : 0;
    this.#last = refusal;
    if (refusal === undefined || this.#count < MOST_REFUSALS) return;
    const { dependency, pack } = refusal;
    const release = `${pack.prettyName} (${pack.version.text})`;
    throw new TercetError(
      'contradictory-versions',
      `${release} cannot be used, and ${constraintText(dependency)} cannot be had without it.`,
      { hints: [`Ask for ${pack.prettyName} by a range that ends before ${pack.version.text}, or begins after it.`] },
    );
  }

  #isSame({ dependency, pack, level }: Refusal): boolean {
    const last = this.#last;
    return (
      last !== undefined &&
      last.level === level &&
      last.pack.version === pack.version &&
      sameDependency(last.dependency, dependency)
    );
  }
}
