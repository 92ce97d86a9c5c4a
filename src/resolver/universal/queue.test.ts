import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Queue } from './queue.ts';

const entry = fc.record({ urgency: fc.nat(5), rank: fc.nat() });
type Entry = { readonly urgency: number; readonly rank: number };
const isBefore = (a: Entry, b: Entry) => (a.urgency === b.urgency ? a.rank < b.rank : a.urgency < b.urgency);

function emptied(queue: Queue<Entry>): readonly Entry[] {
  const found: Entry[] = [];
  for (let first = queue.first; first !== undefined; first = queue.first) {
    found.push(first);
    queue.removeFirst();
  }
  return found;
}

test('a queue gives what was added in its order, without what was not retained', () => {
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ rank }) => rank }), fc.nat(5), (entries, least) => {
      const queue = new Queue(isBefore);
      for (const one of entries) queue.add(one);
      expect(queue.size).toBe(entries.length);
      queue.retain(({ urgency }) => urgency >= least);
      const kept = entries.filter(({ urgency }) => urgency >= least);
      expect(emptied(queue)).toEqual(kept.sort((a, b) => (isBefore(a, b) ? -1 : 1)));
    }),
  );
});
