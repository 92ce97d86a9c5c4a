import { expect, test } from 'bun:test';
import { editDistance, similarNames } from './suggest.ts';

test('distance', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
  expect(editDistance('abc', 'abc')).toBe(0);
  expect(editDistance('shwo', 'show')).toBe(1);
});

test('near names first, then those that contain it', () => {
  expect(similarNames('instal', ['install', 'python install', 'add', 'self install'])).toEqual([
    'install',
    'self install',
    'python install',
  ]);
  expect(similarNames('shwo', ['show', 'add'])).toEqual(['show']);
  expect(similarNames('foo', ['add', 'install'])).toEqual([]);
});
