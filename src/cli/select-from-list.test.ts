import { expect, test } from 'bun:test';
import { noColours } from '../render/style.ts';
import { listLines, pressed } from './select-from-list.ts';

const none = { selected: new Set<number>(), at: 0 };

test('keys move in a circle, and switch one or all', () => {
  expect(pressed(none, { name: 'up' }, 3).at).toBe(2);
  expect(pressed({ ...none, at: 2 }, { name: 'down' }, 3).at).toBe(0);
  expect([...pressed({ ...none, at: 1 }, { name: 'space' }, 3).selected]).toEqual([1]);
  expect([...pressed({ selected: new Set([1]), at: 1 }, { name: 'space' }, 3).selected]).toEqual([]);
  expect([...pressed({ selected: new Set([1]), at: 1 }, { name: 'a' }, 3).selected]).toEqual([0, 1, 2]);
  expect([...pressed({ selected: new Set([0, 1, 2]), at: 1 }, { name: 'a' }, 3).selected]).toEqual([]);
  expect(pressed(none, { name: 'x' }, 3)).toEqual(none);
});

test('a list that is longer than the window follows the current line', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const at = (line: number): readonly string[] => listLines(items, { selected: new Set([1]), at: line }, 3, noColours);
  expect(at(0)).toEqual(['> [ ] a', '  [x] b', '  [ ] c']);
  expect(at(2)).toEqual(['  [x] b', '> [ ] c', '  [ ] d']);
  expect(at(4)).toEqual(['  [ ] c', '  [ ] d', '> [ ] e']);
});
