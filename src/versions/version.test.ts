/** Versions: spellings, order, neighbours. */

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ParseError } from '../ground/error.ts';
import {
  firstDevrelease,
  firstPrerelease,
  nextBreaking,
  nextDevrelease,
  nextMajor,
  nextMinor,
  nextPatch,
  nextPostrelease,
  nextPrerelease,
  nextStable,
  stableOf,
  withoutDevrelease,
  withoutLocal,
  withoutPostrelease,
} from './next-version.ts';
import type { Version } from './version.ts';
import { compareVersions, isUnstable, parseVersion, sameVersion, tryParseVersion } from './version.ts';

const SPELLINGS: readonly (readonly [string, string])[] = [
  ['1.0', '1.0'],
  ['1.0.0', '1.0.0'],
  ['0', '0'],
  ['01.002', '1.2'],
  [' v1.0 ', '1.0'],
  ['1.0-beta.2', '1.0b2'],
  ['1.0alpha', '1.0a0'],
  ['1.0_c3', '1.0rc3'],
  ['1.0preview4', '1.0rc4'],
  ['1.0-1', '1.0.post1'],
  ['1.0.rev3', '1.0.post3'],
  ['1.0r', '1.0.post0'],
  ['1.0dev', '1.0.dev0'],
  ['1.0a1.post2.dev3+CPU_1-x', '1.0a1.post2.dev3+cpu.1.x'],
  ['0!1.0', '1.0'],
  ['1!2.0', '1!2.0'],
  ['2013.02.16', '2013.2.16'],
  ['0.0.20200101123456789012345', '0.0.20200101123456789012345'],
  ['1.0RC1', '1.0rc1'],
  ['1.0ALPHA1', '1.0alpha1'],
];

const NO_VERSIONS = ['', ' ', 'a', '1..2', '1.', '.1', '1.0+', '1.0.x', '1.0+a..b', 'v', '1.0 1', '1.0-', '1!', '-1'];

/** PEP 440's own example of an order, with local versions and epochs, ascending. */
const ASCENDING = [
  '0.dev0',
  '0',
  '1.dev0',
  '1.0.dev456',
  '1.0a1',
  '1.0a2.dev456',
  '1.0a12.dev456',
  '1.0a12',
  '1.0b1.dev456',
  '1.0b2',
  '1.0b2.post345.dev456',
  '1.0b2.post345',
  '1.0rc1.dev456',
  '1.0rc1',
  '1.0',
  '1.0+abc.5',
  '1.0+abc.7',
  '1.0+5',
  '1.0+5.a',
  '1.0+5.1',
  '1.0+12',
  '1.0.post456.dev34',
  '1.0.post456',
  '1.0.1',
  '1.0.15',
  '1.1.dev1',
  '1.1',
  '1.9.99999999',
  '1.10',
  '1.200000',
  '1.200000.1',
  '2',
  '2.0.200000',
  '2.0.200001',
  '524287.9',
  '524288',
  '524289.1',
  '20240101',
  '20240102',
  '99999999999999999999',
  '100000000000000000000',
  '1!0.1',
  '1!1',
  '2!0',
];

describe('parseVersion', () => {
  test.each(SPELLINGS)('%p is %p', (text, expected) => {
    expect(parseVersion(text).text).toBe(expected);
  });

  test.each(NO_VERSIONS)('%p is no version', (text) => {
    expect(tryParseVersion(text)).toBeUndefined();
    expect(() => parseVersion(text)).toThrow(ParseError);
  });

  test('tells the parts', () => {
    expect(parseVersion('1!2.3rc4.post5.dev6+ab.7')).toMatchObject({
      epoch: 1,
      release: [2, 3],
      pre: ['rc', 4],
      post: 5,
      dev: 6,
      local: 'ab.7',
    });
    expect(parseVersion('1.2.3')).toMatchObject({ epoch: 0, release: [1, 2, 3] });
  });

  test('gives the same object for the same text', () => {
    expect(parseVersion('7.8.9')).toBe(parseVersion('7.8.9'));
    expect(parseVersion('7.8-beta9')).toBe(parseVersion('7.8b9'));
  });
});

describe('compareVersions', () => {
  test('follows PEP 440', () => {
    for (const [i, a] of ASCENDING.entries()) {
      for (const [j, b] of ASCENDING.entries()) {
        expect([a, b, compareVersions(parseVersion(a), parseVersion(b))]).toEqual([a, b, Math.sign(i - j) as 0]);
      }
    }
  });

  test('trailing zeros do not count', () => {
    for (const [a, b] of [
      ['1', '1.0.0'],
      ['0', '0.0'],
      ['1.0a1', '1a1'],
      ['1!1.0', '1!1'],
      ['1.0+01', '1+1'],
    ] as const) {
      expect(sameVersion(parseVersion(a), parseVersion(b))).toBe(true);
    }
  });

  test('capital letters come first, as in Poetry', () => {
    expect(compareVersions(parseVersion('1.0RC1'), parseVersion('1.0a1'))).toBe(-1);
    expect(sameVersion(parseVersion('1.0RC1'), parseVersion('1.0rc1'))).toBe(false);
  });

  test('agrees with a comparison part by part', () => {
    const part = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constantFrom(9, 10, 131071, 131072, 600000));
    const release = fc.array(part, { minLength: 1, maxLength: 4 });
    const byParts = (a: readonly number[], b: readonly number[]) => {
      for (let i = 0; i < 4; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return Math.sign((a[i] ?? 0) - (b[i] ?? 0));
      return 0;
    };
    fc.assert(
      fc.property(release, release, (a, b) => {
        expect(compareVersions(parseVersion(a.join('.')), parseVersion(b.join('.')))).toBe(byParts(a, b) as 0);
      }),
    );
  });

  test('a version parses from its text and from its spelling', () => {
    const number = fc.integer({ min: 0, max: 12 });
    const text = fc
      .tuple(
        fc.constantFrom('', '1!'),
        fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.')),
        fc.constantFrom('', 'a1', 'b2', 'rc0', 'RC1'),
        fc.constantFrom('', '.post0', '.post3', '.POST3'),
        fc.constantFrom('', '.dev0', '.dev4'),
        fc.constantFrom('', '+cpu', '+1.a'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (written) => {
        const version = parseVersion(written);
        expect(version.spelling).toBe(written);
        expect(version.text).toBe(written.toLowerCase());
        expect(sameVersion(parseVersion(` v${written}`), version)).toBe(true);
      }),
    );
  });
});

describe('neighbours', () => {
  type Step = (version: Version) => Version;
  const cases: readonly (readonly [Step, Readonly<Record<string, string>>])[] = [
    [
      nextMajor,
      { '1.2.3': '2.0.0', '1': '2', '2.0.0a1': '2.0.0', '2.1a1': '3.0', '1.0.post1': '2.0', '1!1.5': '1!2.0' },
    ],
    [nextMinor, { '1.2.3': '1.3.0', '1': '1.1', '1.3.0a1': '1.3.0', '1.3.1a1': '1.4.0', '1.0.post1.dev2': '1.1' }],
    [nextPatch, { '1.2.3': '1.2.4', '1': '1.0.1', '1.2.4a1': '1.2.4', '1.2.3.4': '1.2.4.0', '1.2.3.4a1': '1.2.4.0' }],
    [nextBreaking, { '1.2.3': '2.0.0', '0.1.2': '0.2.0', '0.0.3': '0.0.4', '0.0': '0.1', '0': '1', '1.0rc1': '2.0' }],
    [nextStable, { '1.2': '1.3', '1.2.3.4': '1.2.3.5', '1.2a1': '1.2', '1.2+cpu': '1.3+cpu', '1': '2' }],
    [stableOf, { '1.0': '1.0', '1.0a1': '1.0', '1.0.post1.dev2': '1.0.post1', '1.0a1.post2': '1.0', '1.0+x': '1.0+x' }],
    [nextPrerelease, { '1.0a1': '1.0a2', '1.0': '1.0a0', '1.0a1.dev1': '1.0a1', '1.0rc9': '1.0rc10' }],
    [
      nextPostrelease,
      { '1.0': '1.0.post0', '1.0.post9': '1.0.post10', '1.0.post1.dev3': '1.0.post1', '1.0a1': '1.0a1.post0' },
    ],
    [nextDevrelease, { '1.0.dev1': '1.0.dev2', '1.0': '1.0.dev0', '1.0a1.dev9': '1.0a1.dev10' }],
    [firstPrerelease, { '1.2.post1': '1.2a0' }],
    [
      firstDevrelease,
      { '1.0': '1.0.dev0', '1.0rc1': '1.0rc1.dev0', '1.0+cpu': '1.0.dev0', '1.0.post1': '1.0.post1.dev0' },
    ],
    [withoutLocal, { '1.0+cpu': '1.0', '1.0a1.dev1+x': '1.0a1.dev1', '1.0': '1.0' }],
    [withoutPostrelease, { '1.0.post1': '1.0', '1.0.post1.dev2+x': '1.0+x', '1.0.dev1': '1.0.dev1' }],
    [withoutDevrelease, { '1.0.dev1': '1.0', '1.0a1.dev1+x': '1.0a1+x', '1.0': '1.0' }],
  ];
  for (const [step, expected] of cases) {
    test(step.name, () => {
      const found = Object.keys(expected).map((text) => [text, step(parseVersion(text)).text]);
      expect(Object.fromEntries(found)).toEqual(expected);
    });
  }

  test('the next phase of a pre-release', () => {
    const next = (text: string) => nextPrerelease(parseVersion(text), { nextPhase: true }).text;
    expect(['1.0a1', '1.0b1', '1.0rc1'].map(next)).toEqual(['1.0b0', '1.0rc0', '1.0']);
  });

  test('numbers of any length are exact', () => {
    expect(nextPatch(parseVersion('0.0.20200101123456789012345')).text).toBe('0.0.20200101123456789012346');
  });

  test('unstable are pre-releases and dev-releases', () => {
    expect(['1.0a1', '1.0.dev1', '1.0.post1.dev1'].map((text) => isUnstable(parseVersion(text)))).not.toContain(false);
    expect(['1.0', '1.0.post1', '1.0+x'].map((text) => isUnstable(parseVersion(text)))).not.toContain(true);
  });
});
