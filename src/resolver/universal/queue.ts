/** A queue of which the first is at hand: a binary heap. */

export class Queue<Entry> {
  readonly #entries: Entry[] = [];
  readonly #isBefore: (a: Entry, b: Entry) => boolean;

  constructor(isBefore: (a: Entry, b: Entry) => boolean) {
    this.#isBefore = isBefore;
  }

  /** The one that is before all others. */
  get first(): Entry | undefined {
    return this.#entries[0];
  }

  get size(): number {
    return this.#entries.length;
  }

  add(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (parent === undefined || !this.#isBefore(entry, parent)) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = entry;
  }

  removeFirst(): void {
    const last = this.#entries.pop();
    if (last === undefined || this.#entries.length === 0) return;
    this.#sink(last, 0);
  }

  /** Leaves out those that are not to be kept. */
  retain(isKept: (entry: Entry) => boolean): void {
    const kept = this.#entries.filter(isKept);
    this.#entries.length = 0;
    for (const entry of kept) this.add(entry);
  }

  #sink(entry: Entry, from: number): void {
    const entries = this.#entries;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      let child = entries[below];
      if (child === undefined) break;
      const other = entries[below + 1];
      if (other !== undefined && this.#isBefore(other, child)) {
        below += 1;
        child = other;
      }
      if (!this.#isBefore(child, entry)) break;
      entries[at] = child;
      at = below;
    }
    entries[at] = entry;
  }
}
