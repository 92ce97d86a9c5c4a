import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { ParseError } from '../ground/error.ts';
import {
  allowsText,
  formatStringConstraint,
  intersectStrings,
  invertStrings,
  parseStringConstraint,
  uniteStrings,
} from './string-constraint.ts';

test.each([
  ['linux', 'linux'],
  ['== linux', 'linux'],
  ['!=win32', '!=win32'],
  ['*', '*'],
  ['a || b', 'a || b'],
  ['!=a, !=b', '!=a, !=b'],
  [`'arm' in`, `'arm' in`],
  [`"arm" not in`, `'arm' not in`],
  ['a, b', ''],
])('%s is read as %s', (text, expected) => {
  expect(formatStringConstraint(parseStringConstraint(text))).toBe(expected);
});

test('what is no constraint', () => {
  expect(() => parseStringConstraint('')).toThrow(ParseError);
  expect(() => parseStringConstraint('a b', 'extra')).toThrow(ParseError);
  expect(() => parseStringConstraint(`'a' in`, 'extra')).toThrow(ParseError);
});

test.each([
  ['a', 'a', 'a', 'a'],
  ['a', 'b', '', 'a || b'],
  ['a', '!=b', 'a', '!=b'],
  ['!=a', '!=b', '!=a, !=b', '*'],
  ['!=a', 'a', '', '*'],
  ['a || b', 'b || c', 'b', 'a || b || c'],
  ['a || b', '!=a', 'b', '*'],
  ['!=a, !=b', '!=b, !=c', '!=a, !=b, !=c', '!=b'],
  ['!=a, !=b', 'a', '', '!=b'],
  [`'linux' in`, 'linux2', 'linux2', `'linux' in`],
  [`'linux' in`, `'linux' not in`, '', '*'],
])('%s with %s: both %p, either %p', (left, right, both, either) => {
  const [a, b] = [parseStringConstraint(left), parseStringConstraint(right)];
  expect(formatStringConstraint(intersectStrings(a, b))).toBe(both);
  expect(formatStringConstraint(uniteStrings(a, b))).toBe(either);
});

test('an extra may hold several values at once', () => {
  const [a, b, notA] = ['a', 'b', '!=a'].map((text) => parseStringConstraint(text, 'extra'));
  if (a === undefined || b === undefined || notA === undefined) throw new Error('three constraints');
  expect(formatStringConstraint(intersectStrings(a, b))).toBe('a, b');
  expect(formatStringConstraint(intersectStrings(a, notA))).toBe('');
  expect(formatStringConstraint(uniteStrings(a, notA))).toBe('*');
  expect(formatStringConstraint(intersectStrings(notA, b))).toBe('!=a, b');
});

const value = fc.constantFrom('a', 'b', 'c');
const constraint = fc
  .oneof(
    fc.tuple(fc.constantFrom('==', '!='), value).map(([operator, text]) => operator + text),
    fc.uniqueArray(value, { minLength: 2 }).map((values) => values.join(' || ')),
    fc.uniqueArray(value, { minLength: 2 }).map((values) => values.map((text) => `!=${text}`).join(', ')),
  )
  .map((text) => parseStringConstraint(text));

test('both, either and the opposite allow what they should', () => {
  fc.assert(
    fc.property(constraint, constraint, fc.constantFrom('a', 'b', 'c', 'd'), (a, b, text) => {
      expect(allowsText(intersectStrings(a, b), text)).toBe(allowsText(a, text) && allowsText(b, text));
      expect(allowsText(uniteStrings(a, b), text)).toBe(allowsText(a, text) || allowsText(b, text));
      expect(allowsText(invertStrings(a), text)).toBe(!allowsText(a, text));
    }),
  );
});
