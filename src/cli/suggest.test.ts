import { expect, test } from 'bun:test';
import { editDistance, similarNames } from './suggest.ts';

test('distance', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('abc', 'abc')).toBe(0);
});

test('near names first, then those that contain it', () => {
  expect(similarNames('instal', ['install', 'python install', 'add', 'self install'])).toEqual([
    'install',
    'self install',
    'python install',
  ]);
  expect(similarNames('foo', ['add', 'install'])).toEqual([]);
});
