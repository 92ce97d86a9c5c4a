/** Membership in PEP 440's specifiers, against what `packaging` answers. */

import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { specifierContains } from './specifier.ts';
import { parseVersion } from './version.ts';

const CASES: readonly (readonly [string, string, boolean | undefined, boolean])[] = [
  ['', '1.0', undefined, true],
  ['', '1.0a1', undefined, true],
  ['', '1.0a1', false, false],
  ['', 'junk', undefined, true],
  ['>=1', 'junk', undefined, false],
  ['===junk', 'JUNK', undefined, true],
  ['===1.0', '1.0.0', undefined, false],
  ['==1.0', '1.0.0', undefined, true],
  ['==1.0', '1.0+a', undefined, true],
  ['==1.0+a', '1.0', undefined, false],
  ['!=1.0', '1.0+a', undefined, false],
  ['<=1.0', '1.0+a', undefined, true],
  ['>1.0', '1.0+a', undefined, false],
  ['>1.0', '1.0.post1', undefined, false],
  ['>1.0', '1.0.1', undefined, true],
  ['>1.0.post1', '1.0.post2.dev1', undefined, true],
  ['>1.0.dev1', '1.0.dev2', undefined, true],
  ['<1.0', '1.0a1', undefined, false],
  ['<1.0rc1', '1.0a1', undefined, true],
  ['<1.0rc1', '1.0a1', false, false],
  ['~=1.4', '1.9', undefined, true],
  ['~=1.4', '2.0.dev0', undefined, false],
  ['~=1.4.5', '1.4.9', undefined, true],
  ['~=1.4.5', '1.5', undefined, false],
  ['==1.*', '1.0.dev0', undefined, true],
  ['!=1.*', '1.5', undefined, false],
  ['>=3.8, <4,', '3.12', undefined, true],
  ['==1.0RC1', '1.0rc1', undefined, true],
];

describe('specifierContains', () => {
  test.each(CASES)('%p, %p, pre-releases %p: %p', (specifiers, version, prereleases, expected) => {
    expect(specifierContains(specifiers, version, prereleases)).toBe(expected);
  });

  test.each(['~=1', '>=1.*', '>1.0+a', 'foo', '==1.0a1.*', '>=', '=1.0', '===a b'])('%p is invalid', (specifiers) => {
    expect(() => specifierContains(specifiers, '1')).toThrow(ParseError);
  });

  test('takes a parsed version', () => {
    expect(specifierContains('>=3.8,<4', parseVersion('3.12.1'))).toBe(true);
    expect(specifierContains('!=3.0.*,!=3.1.*', parseVersion('3.1'))).toBe(false);
  });
});
