/** All incompatibilities known to a search, by the packages they speak of. See docs/resolver.md, "Propagation". */

import type { Incompatibility } from './incompatibility.ts';
import type { PartialSolution } from './partial-solution.ts';
import { Pass } from './pass.ts';

/** What one search knows and assumes. */
export interface State<Decided> {
  readonly facts: Facts;
  readonly solution: PartialSolution<Decided>;
  /** Called once for each decision level that is taken back, the highest first. */
  readonly onLevelDropped: (level: number) => void;
}

/** What is known about one package, the newest last. What was added again stands here several times; only its newest place counts. */
export interface Known {
  readonly incompatibilities: Incompatibility[];
  /** The place that each had when it was added. */
  readonly places: number[];
  /** How many of them have a newer place. */
  outdated: number;
}

/** So many outdated entries are not worth tidying up. */
const FEW_OUTDATED = 32;

export class Facts {
  readonly #byName = new Map<string, Known>();
  /** Contradicted incompatibilities, by the decision level they were found at. */
  readonly #contradicted = new Map<number, Incompatibility[]>();
  #added = 0;

  /** Makes an incompatibility the newest. It may be known already, and keeps its earlier places then. */
  add(incompatibility: Incompatibility): void {
    const { place } = incompatibility;
    if (place !== undefined) {
      if (incompatibility.earlier === undefined) incompatibility.earlier = [place];
      else incompatibility.earlier.push(place);
    }
    this.#added += 1;
    incompatibility.place = this.#added;
    incompatibility.contradicted = false;
    for (const { dependency } of incompatibility.terms) {
      const known = this.#known(dependency.completeName);
      known.incompatibilities.push(incompatibility);
      known.places.push(this.#added);
      if (place === undefined) continue;
      known.outdated += 1;
      if (known.outdated > FEW_OUTDATED && 2 * known.outdated > known.places.length) tidy(known);
    }
  }

  /** Goes through what is known about a package. */
  about(completeName: string): Pass {
    return new Pass(this.#known(completeName));
  }

  /** Notes that an incompatibility has nothing more to teach until `level` is taken back. */
  contradict(incompatibility: Incompatibility, level: number): void {
    incompatibility.contradicted = true;
    const list = this.#contradicted.get(level);
    if (list === undefined) this.#contradicted.set(level, [incompatibility]);
    else list.push(incompatibility);
  }

  /** Forgets what was contradicted at a level. */
  dropLevel(level: number): void {
    const list = this.#contradicted.get(level);
    if (list === undefined) return;
    for (const incompatibility of list) incompatibility.contradicted = false;
    this.#contradicted.delete(level);
  }

  #known(completeName: string): Known {
    let known = this.#byName.get(completeName);
    if (known === undefined) {
      known = { incompatibilities: [], places: [], outdated: 0 };
      this.#byName.set(completeName, known);
    }
    return known;
  }
}

/** Leaves out the entries that have a newer place. */
function tidy(known: Known): void {
  const { incompatibilities, places } = known;
  let kept = 0;
  for (const [at, incompatibility] of incompatibilities.entries()) {
    const place = places[at];
    if (place === undefined || incompatibility.place !== place) continue;
    incompatibilities[kept] = incompatibility;
    places[kept] = place;
    kept += 1;
  }
  incompatibilities.length = kept;
  places.length = kept;
  known.outdated = 0;
}
