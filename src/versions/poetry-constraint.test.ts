/** Poetry's constraint language, against what poetry-core answers. */

import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { parseConstraint, parseMarkerConstraint, parseReleaseConstraint } from './poetry-constraint.ts';
import { parseVersion } from './version.ts';
import { allows, formatRange } from './version-range.ts';

const NORMAL: readonly (readonly [string, string])[] = [
  ['*', '*'],
  ['x', '*'],
  ['v1.2.*', '==1.2.*'],
  ['^1.2.3', '>=1.2.3,<2.0.0'],
  ['^1.2', '>=1.2,<2.0'],
  ['^1', '>=1,<2'],
  ['^0', '>=0,<1'],
  ['^0.0', '>=0.0,<0.1'],
  ['^0.1.2', '>=0.1.2,<0.2.0'],
  ['^0.0.3', '>=0.0.3,<0.0.4'],
  ['^1.2.3.4', '>=1.2.3.4,<2.0.0.0'],
  ['^1.0a1', '>=1.0a1,<2.0'],
  ['^1!2.0', '>=1!2.0,<1!3.0'],
  ['~1', '>=1,<2'],
  ['~1.2', '>=1.2,<1.3'],
  ['~1.2.3', '>=1.2.3,<1.3.0'],
  ['~1.2rc1', '>=1.2rc1,<1.3'],
  ['~=1.4.5', '>=1.4.5,<1.5.0'],
  ['~=1.4', '>=1.4,<2.0'],
  ['~=1', '>=1,<2'],
  ['~=1.4.post3', '>=1.4.post3,<2.0'],
  ['~=0.0.0.5', '>=0.0.0.5,<0.0.1.0'],
  ['==1.0', '1.0'],
  ['=1.0', '1.0'],
  ['1.0', '1.0'],
  ['<>1.0', '1.0'],
  ['==1.*', '==1.*'],
  ['!=1.*', '!=1.*'],
  ['1.2.*', '==1.2.*'],
  ['==1.0.post1.*', '==1.0.post1.*'],
  ['==1.0a1.*', '>=1.0a1.dev0,<1.0a2.dev0'],
  ['==1.0.dev1.*', '>=1.0.dev0,<1.0.dev2'],
  ['>=1.0.*', '>=1.0'],
  ['<2.*', '<2'],
  ['<2', '<2'],
  ['<=2', '<=2'],
  ['<2rc1', '<2rc1'],
  ['>1', '>1'],
  ['>=1,<2', '>=1,<2'],
  ['>=1 <2', '>=1,<2'],
  ['>=1, <2,', '>=1,<2'],
  ['>= 1 , < 2', '>=1,<2'],
  ['1||2', '1 || 2'],
  ['1 | 2', '1 || 2'],
  ['1 || 2 || 3', '1 || 2 || 3'],
  ['>=1||<1', '<1 || >=1'],
  ['!=1.5,>=1', '>=1,!=1.5'],
  ['>=1.0.0,<2.0.0,!=1.5', '>=1.0.0,!=1.5,<2.0.0'],
  ['>=2.7,!=3.0.*,!=3.1.*', '>=2.7,<3.0 || >=3.2.dev0'],
  ['!=1,!=2', '!=1,!=2'],
  ['>=1,<=1', '1'],
  ['>2,<1', '<empty>'],
  ['dev', '0.0.dev0'],
  ['==1!2.*', '==2.*'],
  ['<0', '<0'],
  ['==0.*', '==0.*'],
  ['==0.*,!=0', '>=0.dev0,!=0,<1'],
  ['>=1.0.dev0,<2.0.dev0', '==1.*'],
  ['1.0-beta.2', '1.0b2'],
  ['^1.0RC1', '>=1.0rc1,<2.0'],
  ['1.0+CPU', '1.0+cpu'],
  ['^1.0,^2.0', '<empty>'],
  ['==1.2.3.*', '==1.2.3.*'],
  ['!=1.2.3.4.*', '!=1.2.3.4.*'],
  ['>=3.6,<4.0 || >=4.1', '>=3.6,<4.0 || >=4.1'],
  ['>=1||!=2', '*'],
  ['!=2.0||!=2.0.1', '*'],
];

const MARKER: readonly (readonly [string, string])[] = [
  ['==1.*', '>=1,<2'],
  ['!=1.*', '<1 || >=2'],
  ['<2', '<2'],
  ['^1.2', '>=1.2,<2.0'],
  ['~3.8', '>=3.8,<3.9'],
  ['>=1||<1', '*'],
  ['!=2', '!=2'],
  ['<2 || !=2.0.1 >2.0 || ^0.2.3.dev1', '!=2,!=2.0.1'],
  ['3.8.*', '>=3.8,<3.9'],
  ['>=2.7,!=3.0.*,!=3.1.*', '>=2.7,<3.0 || >=3.2'],
];

const INVALID: readonly string[] = ['1.x', '', 'a', '1..2', '>=', '1.0 - 2.0'];

describe('parseConstraint', () => {
  test.each(NORMAL)('%p is %p', (text, expected) => {
    expect(formatRange(parseConstraint(text))).toBe(expected);
  });

  test.each(INVALID)('%p is no constraint', (text) => {
    expect(() => parseConstraint(text)).toThrow(ParseError);
    expect(() => parseMarkerConstraint(text)).toThrow(ParseError);
  });

  test('an exclusive bound leaves out the pre-releases of its version', () => {
    const range = parseConstraint('<2.0');
    expect(allows(range, parseVersion('2.0rc1'))).toBe(false);
    expect(allows(range, parseVersion('1.9rc1'))).toBe(true);
    expect(allows(parseMarkerConstraint('<2.0'), parseVersion('2.0rc1'))).toBe(true);
  });

  test('the same text gives the same range', () => {
    expect(parseConstraint('>=1.0,<7')).toBe(parseConstraint('>=1.0,<7'));
  });
});

describe('parseMarkerConstraint', () => {
  test.each(MARKER)('%p is %p', (text, expected) => {
    expect(formatRange(parseMarkerConstraint(text))).toBe(expected);
  });
});

describe('parseReleaseConstraint', () => {
  const cases = [
    ['>=6.1', '>=6.1'],
    ['>=5.10.0-8-amd64', '>=5.10.0+8-amd64'],
    ['5.15.0-91-generic', '5.15.0+91-generic'],
    ['!=4.4.0-x', '!=4.4.0+x'],
    ['<6.1.0+13', '<6.1.0+13'],
  ] as const;
  test.each(cases)('%p is %p', (text, expected) => {
    expect(formatRange(parseReleaseConstraint(text))).toBe(expected);
  });

  test('a release with a build is above the release', () => {
    const kernel = parseReleaseConstraint('5.10.0-8-amd64');
    expect(kernel.kind).toBe('version');
    if (kernel.kind !== 'version') return;
    expect(allows(parseReleaseConstraint('>5.9'), kernel.version)).toBe(true);
    expect(allows(parseReleaseConstraint('<5.10.0-8-amd64'), kernel.version)).toBe(false);
    expect(allows(parseReleaseConstraint('5.10.0'), kernel.version)).toBe(true);
  });
});
