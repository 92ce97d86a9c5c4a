import { describe, expect, test } from 'bun:test';
import { bumpVersion } from './bump-version.ts';

/** From → patch, minor, major, prepatch, preminor, premajor, prerelease, prerelease with next phase: as Poetry 2.5.1 answers. */
const rows: readonly (readonly string[])[] = [
  ['1.2.3', '1.2.4', '1.3.0', '2.0.0', '1.2.4a0', '1.3.0a0', '2.0.0a0', '1.2.4a0', '1.2.4a0'],
  ['1.2.3+loc', '1.2.4', '1.3.0', '2.0.0', '1.2.4a0', '1.3.0a0', '2.0.0a0', '1.2.4a0', '1.2.4a0'],
  ['1.2.3.post1', '1.2.4', '1.3.0', '2.0.0', '1.2.4a0', '1.3.0a0', '2.0.0a0', '1.2.4a0', '1.2.4a0'],
  ['1.2.3a1', '1.2.3', '1.3.0', '2.0.0', '1.2.3a0', '1.3.0a0', '2.0.0a0', '1.2.3a2', '1.2.3b0'],
  ['1.2.0rc1', '1.2.0', '1.2.0', '2.0.0', '1.2.0a0', '1.2.0a0', '2.0.0a0', '1.2.0rc2', '1.2.0'],
  ['2.0.0b2', '2.0.0', '2.0.0', '2.0.0', '2.0.0a0', '2.0.0a0', '2.0.0a0', '2.0.0b3', '2.0.0rc0'],
  ['1.2', '1.2.1', '1.3', '2.0', '1.2.1a0', '1.3a0', '2.0a0', '1.2.1a0', '1.2.1a0'],
];

const rules = ['patch', 'minor', 'major', 'prepatch', 'preminor', 'premajor', 'prerelease', 'prerelease'];

describe('bumpVersion', () => {
  test.each(rows)('%s', (from, ...to) => {
    const next = rules.map((rule, at) => bumpVersion(from, rule, at === rules.length - 1).text);
    expect(next).toEqual([...to]);
  });

  test('a version itself, and what is none', () => {
    expect(bumpVersion('1.0', '2.0-beta.1', false).text).toBe('2.0b1');
    expect(() => bumpVersion('1.0', 'rubbish', false)).toThrow('rubbish');
    expect(() => bumpVersion('rubbish', 'patch', false)).toThrow("doesn't seem to follow semver");
  });

  test('a development release has a sane successor', () => {
    expect(bumpVersion('1.0.dev3', 'prerelease', false).text).toBe('1.0a0');
    expect(bumpVersion('1.0a2.dev1', 'prerelease', false).text).toBe('1.0a3');
  });
});
