import { expect, test } from 'bun:test';
import { newTurns, takeTurns } from './turns.ts';

test('every place is given out once', () => {
  const turns = newTurns();
  const [one, other] = [takeTurns(turns, 5), takeTurns(turns, 5)];
  const taken = [one.next().value, other.next().value, other.next().value, ...one];
  expect(taken).toEqual([0, 1, 2, 3, 4]);
  expect([...other]).toEqual([]);
  expect([...takeTurns(newTurns(), 0)]).toEqual([]);
});
