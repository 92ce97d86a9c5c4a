/**
 * One way through all that is known about a package, the newest first. See docs/resolver.md, "Propagation".
 *
 * An incompatibility that was added several times has several places. What it has to say at an older one it has said at its
 * newest already, unless something was derived in between: only then it is looked at there once more.
 */

import type { Known } from './facts.ts';
import type { Incompatibility } from './incompatibility.ts';

interface Visit {
  readonly place: number;
  readonly incompatibility: Incompatibility;
}

export class Pass {
  readonly #known: Known;
  /** Where in the list the way goes on. */
  #next: number;
  /** The place of what was looked at last. */
  #place = Number.POSITIVE_INFINITY;
  /** Older places that are to be looked at, the newest last. */
  #again: Visit[] | undefined;

  constructor(known: Known) {
    this.#known = known;
    this.#next = known.places.length - 1;
  }

  /** The next incompatibility; undefined at the end. */
  next(): Incompatibility | undefined {
    const { incompatibilities, places } = this.#known;
    for (; this.#next >= 0; this.#next -= 1) {
      const incompatibility = incompatibilities[this.#next];
      const place = places[this.#next];
      if (incompatibility === undefined || place === undefined || incompatibility.place !== place) continue;
      const older = this.#again?.at(-1);
      if (older !== undefined && older.place > place) return this.#visit(older);
      this.#place = place;
      this.#next -= 1;
      return incompatibility;
    }
    const older = this.#again?.at(-1);
    return older === undefined ? undefined : this.#visit(older);
  }

  /** Something was derived about a package: what speaks of it has its say once more, where it has a place ahead. */
  noteDerived(completeName: string): void {
    const { incompatibilities, places } = this.#known;
    const again = this.#again ?? [];
    for (let at = places.length - 1; at > this.#next; at -= 1) {
      const incompatibility = incompatibilities[at];
      if (incompatibility?.earlier === undefined || incompatibility.contradicted) continue;
      if (incompatibility.place !== places[at] || !speaksOf(incompatibility, completeName)) continue;
      const place = greatestBelow(this.#place, incompatibility.earlier);
      if (place === undefined || again.some((visit) => visit.place === place)) continue;
      again.push({ place, incompatibility });
    }
    if (again.length === 0) return;
    this.#again = again.sort((a, b) => a.place - b.place);
  }

  #visit({ place, incompatibility }: Visit): Incompatibility {
    this.#again?.pop();
    this.#place = place;
    return incompatibility;
  }
}

function speaksOf({ terms }: Incompatibility, completeName: string): boolean {
  for (const { dependency } of terms) if (dependency.completeName === completeName) return true;
  return false;
}

/** The greatest of ascending numbers that is below `limit`. */
function greatestBelow(limit: number, ascending: readonly number[]): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return ascending[low - 1];
}
