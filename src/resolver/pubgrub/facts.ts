/** All incompatibilities known to a search, by the packages they speak of. */

import type { Incompatibility } from './incompatibility.ts';
import type { PartialSolution } from './partial-solution.ts';

/** What one search knows and assumes. */
export interface State<Decided> {
  readonly facts: Facts;
  readonly solution: PartialSolution<Decided>;
  /** Called once for each decision level that is taken back, the highest first. */
  readonly onLevelDropped: (level: number) => void;
}

export class Facts {
  readonly #byName = new Map<string, Incompatibility[]>();
  /** Contradicted incompatibilities, by the decision level they were found at. */
  readonly #contradicted = new Map<number, Incompatibility[]>();

  add(incompatibility: Incompatibility): void {
    for (const { dependency } of incompatibility.terms) {
      const known = this.#byName.get(dependency.completeName);
      if (known === undefined) this.#byName.set(dependency.completeName, [incompatibility]);
      else if (!known.includes(incompatibility)) known.push(incompatibility);
    }
  }

  /** What is known about a package, the newest last. */
  about(completeName: string): readonly Incompatibility[] {
    return this.#byName.get(completeName) ?? [];
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
}
