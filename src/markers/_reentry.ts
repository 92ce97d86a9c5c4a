/**
 * Guards an operation on markers against asking itself: a question that comes up again while it is being worked out is
 * abandoned, and whoever can do without its answer goes on (section "Re-entrancy" of Poetry's `union` and `intersection`).
 */

import { memoTable, pairOf } from './_memo.ts';
import type { Marker } from './_node.ts';

type Operation = (markers: readonly Marker[]) => Marker;

/** Thrown to abandon a question. */
const reentry = new Error('a marker simplifies to itself');
/** How often a question was abandoned so far. */
let abandoned = 0;

/**
 * The operation, abandoned where it runs already with equal markers. Its results are remembered, except those during which
 * something was abandoned: they depend on who asked.
 */
export function withoutReentry(operation: Operation): Operation {
  const running = new Set<number | string>();
  const results = memoTable<number | string, Marker>();
  return (markers) => {
    const a = markers[0];
    const b = markers[1];
    const isPair = markers.length === 2 && a !== undefined && b !== undefined;
    const key = isPair ? pairOf(a.key, b.key) : markers.map((marker) => marker.key).join();
    if (running.has(key)) {
      abandoned += 1;
      throw reentry;
    }
    const written = isPair ? pairOf(a.id, b.id) : markers.map((marker) => marker.id).join();
    const known = results.get(written);
    if (known !== undefined) return known;
    const before = abandoned;
    running.add(key);
    try {
      const result = operation(markers);
      if (abandoned === before) results.set(written, result);
      return result;
    } finally {
      running.delete(key);
    }
  };
}

/** What `work` returns; undefined where it was abandoned. Other errors pass. */
export function unlessReentered(work: () => Marker): Marker | undefined {
  try {
    return work();
  } catch (error) {
    if (error === reentry) return undefined;
    throw error;
  }
}
