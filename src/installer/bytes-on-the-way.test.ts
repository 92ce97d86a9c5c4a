import { expect, test } from 'bun:test';
import { createDepartures } from './bytes-on-the-way.ts';

test('bytes go together up to the limit, in order, a large file beside others', async () => {
  const depart = createDepartures(10);
  const gone: number[] = [];
  const ends = new Map<number, () => void>();
  const turns = [4, 6, 20, 1].map(async (bytes) => {
    ends.set(bytes, await depart(bytes));
    gone.push(bytes);
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  await settle();
  expect(gone).toEqual([4, 6]);
  ends.get(4)?.();
  await settle();
  expect(gone).toEqual([4, 6, 20]);
  ends.get(6)?.();
  await Promise.all(turns);
  expect(gone).toEqual([4, 6, 20, 1]);
});
