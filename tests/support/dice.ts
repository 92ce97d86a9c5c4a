/** Chance that can be had again: the same number, the same throws. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** A number from 0 up to 1 (mulberry32). */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.roll() < probability;
  }

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.roll() * of.length)] as T;
  }

  /** One to `most`, the same more than once perhaps. */
  some<T>(of: readonly T[], most: number): T[] {
    return Array.from({ length: 1 + Math.floor(this.roll() * most) }, () => this.one(of));
  }

  /** One of the first list, seldom of the second, which holds what is wrong. */
  mostly<T>(right: readonly T[], wrong: readonly T[]): T {
    return this.one(this.chance(0.04) ? wrong : right);
  }
}
