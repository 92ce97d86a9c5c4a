/** The algebra of ranges: cases as poetry-core answers them, and the laws that hold where no local or post-release is involved. */

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseConstraint, parseMarkerConstraint } from './poetry-constraint.ts';
import { parseVersion } from './version.ts';
import type { VersionRange } from './version-range.ts';
import {
  allows,
  allowsAll,
  allowsAny,
  anyVersion,
  between,
  difference,
  exactly,
  excludesSingleVersion,
  excludesSingleWildcard,
  formatRange,
  hasUpperBound,
  intersect,
  isAnyRange,
  isEmptyRange,
  isSimpleRange,
  noVersion,
  sameRange,
  stretchesOf,
  union,
  unionOf,
} from './version-range.ts';

/** left, right, left ∩ right, left ∪ right, left − right, left ⊇ right, whether they meet. */
const OPERATIONS: readonly (readonly [string, string, string, string, string, boolean, boolean])[] = [
  ['1.0', '1.0+cpu', '1.0+cpu', '1.0', '>=1.0,!=1.0+cpu,<1.0.post0', true, true],
  ['1.0+a', '1.0+b', '<empty>', '1.0+a || 1.0+b', '1.0+a', false, false],
  ['>=1.0+a', '1.0', '>=1.0+a,<1.0.1', '>=1.0', '>=1.0+a', false, true],
  ['<=1.0', '1.0+cpu', '1.0+cpu', '<=1.0', '<1.0+cpu', true, true],
  ['>1.0', '1.0+cpu', '<empty>', '>1.0 || 1.0+cpu', '>1.0', false, false],
  ['>=1,<2', '>=1.5,<3', '>=1.5,<2', '>=1,<3', '>=1,<1.5', false, true],
  ['<1', '>1', '<empty>', '<1 || >1', '<1', false, false],
  ['<=1', '>=1', '1', '*', '<1', false, true],
  ['!=1.5', '>=1,<2', '>=1,!=1.5,<2', '*', '!=1.*', false, true],
  ['^1', '^2', '<empty>', '>=1,<2 || >=2,<3', '>=1,<2', false, false],
  ['^1 || ^3', '>=1.5,<3.5', '>=1.5,<2 || >=3,<3.5', '>=1,<4', '>=1,<1.5 || >=3.5.dev0,<4', false, true],
  ['*', '1', '1', '*', '!=1', true, true],
  ['*', '<1', '<1', '*', '>=1.dev0', true, true],
  ['<1.0+b', '1.0', '<empty>', '<1.0 || 1.0', '<1.0', false, false],
  ['==1.*', '!=1.5', '>=1.dev0,!=1.5,<2', '*', '1.5', false, true],
  ['1', '<1 || >1', '<empty>', '<1 || >=1', '1', false, false],
];

const MEMBERS: readonly (readonly [string, string, boolean])[] = [
  ['1.0', '1.0+cpu', true],
  ['1.0+cpu', '1.0', false],
  ['>1.0', '1.0.post1', false],
  ['>1.0', '1.0+cpu', false],
  ['<=1.0', '1.0+cpu', true],
  ['>1.0.post1', '1.0.post2', true],
  ['<2', '2.0a1', false],
  ['<2', '2.0.dev0', false],
  ['>=1', '1.0rc1', false],
  ['!=1.0', '1.0+cpu', false],
  ['!=1.0', '1.0.1', true],
  ['==1.*', '1.0.dev0', true],
  ['==1.*', '2.0.dev0', false],
  ['^1', '1!1.5', false],
  ['*', '0.dev0', true],
  ['>2,<1', '1.5', false],
  ['<1 || >=2', '1.5', false],
  ['<1 || >=2', '2.0', true],
];

describe('operations', () => {
  test.each(OPERATIONS)('%p and %p', (left, right, common, either, rest, all, any) => {
    const a = parseConstraint(left);
    const b = parseConstraint(right);
    expect(formatRange(intersect(a, b))).toBe(common);
    expect(formatRange(union(a, b))).toBe(either);
    expect(formatRange(difference(a, b))).toBe(rest);
    expect(allowsAll(a, b)).toBe(all);
    expect(allowsAny(a, b)).toBe(any);
  });

  test('nothing and everything', () => {
    const some = parseConstraint('>=1,<2');
    expect(intersect(some, noVersion)).toBe(noVersion);
    expect(union(noVersion, some)).toBe(some);
    expect(union(some, noVersion)).toBe(some);
    expect(difference(some, noVersion)).toBe(some);
    expect(difference(noVersion, some)).toBe(noVersion);
    expect(intersect(anyVersion, some)).toBe(some);
    expect(union(anyVersion, some)).toBe(anyVersion);
    expect(unionOf([])).toBe(noVersion);
    expect(unionOf([some, anyVersion])).toBe(anyVersion);
    expect(isEmptyRange(difference(some, anyVersion))).toBe(true);
  });

  test('an intersection that is one of its sides is that very range', () => {
    const wide = parseConstraint('>=1,<9');
    const narrow = parseConstraint('>=2,<3');
    expect(intersect(wide, narrow)).toBe(narrow);
    expect(intersect(narrow, wide)).toBe(narrow);
  });
});

describe('allows', () => {
  test.each(MEMBERS)('%p, %p: %p', (constraint, version, expected) => {
    expect(allows(parseConstraint(constraint), parseVersion(version))).toBe(expected);
  });
});

describe('questions', () => {
  const v = parseVersion('1.0');

  test('sameRange takes a version for the range from it to itself', () => {
    expect(sameRange(exactly(v), between(v, v, true, true))).toBe(true);
    expect(sameRange(between(v, v, true, true), exactly(v))).toBe(true);
    expect(sameRange(parseConstraint('1.0'), parseConstraint('1.0.0'))).toBe(true);
    expect(sameRange(parseConstraint('!=1.0'), parseConstraint('!=1.0.0'))).toBe(true);
    expect(sameRange(parseConstraint('<2'), parseMarkerConstraint('<2'))).toBe(false);
    expect(sameRange(noVersion, between(v, v, true, false))).toBe(true);
    expect(sameRange(between(v, v, true, false), noVersion)).toBe(false);
  });

  test('emptiness', () => {
    expect(isEmptyRange(between(v, v, true, false))).toBe(true);
    expect(isEmptyRange(between(v, v, true, true))).toBe(false);
    expect(isEmptyRange(anyVersion)).toBe(false);
    expect(isAnyRange(parseConstraint('*'))).toBe(true);
  });

  test('upper bounds', () => {
    const cases = { '*': false, '1': true, '<1': true, '>1': false, '<1 || 2': true, '<1 || >2': false, '>2,<1': true };
    for (const [text, expected] of Object.entries(cases)) expect(hasUpperBound(parseConstraint(text))).toBe(expected);
  });

  test('holes', () => {
    expect(excludesSingleVersion(parseConstraint('!=1.0'))).toBe(true);
    expect(excludesSingleVersion(parseConstraint('!=1.0,!=2.0'))).toBe(false);
    expect(excludesSingleVersion(parseConstraint('!=1.*'))).toBe(false);
    expect(excludesSingleWildcard(parseConstraint('!=1.*'))).toBe(true);
    expect(excludesSingleWildcard(parseConstraint('!=1.0'))).toBe(false);
    expect(['*', '1', '<1', '>1', '!=1', '>2,<1'].map((text) => isSimpleRange(parseConstraint(text)))).not.toContain(
      false,
    );
    expect(['>1,<2', '<1 || >2'].map((text) => isSimpleRange(parseConstraint(text)))).not.toContain(true);
  });
});

// --- laws -----------------------------------------------------------------------------------------

const number = fc.integer({ min: 0, max: 3 });
const released = fc.tuple(number, number).map(([major, minor]) => `${major}.${minor}`);
const version = fc
  .tuple(released, fc.constantFrom('', '', 'a1', 'rc1', '.dev1', 'b2.dev1'))
  .map((parts) => parseVersion(parts.join('')));

const constraint = fc
  .array(
    fc
      .array(fc.tuple(fc.constantFrom('>=', '>', '<', '<=', '==', '!=', '^', '~'), released), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parts) => parts.map((part) => part.join('')).join(',')),
    { minLength: 1, maxLength: 3 },
  )
  .map((alternatives) => alternatives.join(' || '));
const range = constraint.map(parseMarkerConstraint);

const complement = (r: VersionRange) => difference(anyVersion, r);
const within = (r: VersionRange) => (v: string) => allows(r, parseVersion(v));
const holds = (property: fc.IRawProperty<unknown>) => fc.assert(property, { numRuns: 300 });

describe('laws', () => {
  test('membership in the result of an operation is the operation on membership', () => {
    holds(
      fc.property(range, range, version, (a, b, v) => {
        const [inA, inB] = [within(a)(v.text), within(b)(v.text)];
        expect(allows(intersect(a, b), v)).toBe(inA && inB);
        expect(allows(union(a, b), v)).toBe(inA || inB);
        // What Poetry makes of a union less nothing is nothing.
        if (a.kind !== 'union' || !isEmptyRange(b)) expect(allows(difference(a, b), v)).toBe(inA && !inB);
      }),
    );
  });

  test('a range and its complement have nothing in common and everything together', () => {
    holds(
      fc.property(range, (a) => {
        expect(isEmptyRange(intersect(a, complement(a)))).toBe(true);
        expect(isAnyRange(union(a, complement(a)))).toBe(true);
        expect(sameRange(complement(complement(a)), a)).toBe(true);
      }),
    );
  });

  test('De Morgan', () => {
    holds(
      fc.property(range, range, (a, b) => {
        expect(sameRange(complement(union(a, b)), intersect(complement(a), complement(b)))).toBe(true);
        expect(sameRange(complement(intersect(a, b)), union(complement(a), complement(b)))).toBe(true);
      }),
    );
  });

  test('intersection and union are commutative, associative and idempotent', () => {
    holds(
      fc.property(range, range, range, (a, b, c) => {
        for (const operation of [intersect, union]) {
          expect(sameRange(operation(a, b), operation(b, a))).toBe(true);
          expect(sameRange(operation(a, operation(b, c)), operation(operation(a, b), c))).toBe(true);
          expect(sameRange(operation(a, a), a)).toBe(true);
        }
      }),
    );
  });

  test('allows, allowsAll and allowsAny agree with intersect', () => {
    holds(
      fc.property(range, range, version, (a, b, v) => {
        expect(allows(a, v)).toBe(!isEmptyRange(intersect(a, exactly(v))));
        expect(allowsAny(a, b)).toBe(!isEmptyRange(intersect(a, b)));
        expect(allowsAll(a, b)).toBe(sameRange(intersect(a, b), b));
      }),
    );
  });

  test('the text of a range parses to the range', () => {
    holds(
      fc.property(constraint, (text) => {
        const parsed = parseMarkerConstraint(text);
        if (!isEmptyRange(parsed)) expect(sameRange(parseMarkerConstraint(formatRange(parsed)), parsed)).toBe(true);
      }),
    );
  });

  test('the stretches of a range ascend and do not touch', () => {
    holds(
      fc.property(range, range, (a, b) => {
        const stretches = stretchesOf(union(a, b));
        for (const [index, stretch] of stretches.entries()) {
          const next = stretches[index + 1];
          if (next !== undefined) expect(stretchesOf(union(stretch, next)).length).toBe(2);
        }
      }),
    );
  });
});
