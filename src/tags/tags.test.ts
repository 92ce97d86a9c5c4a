/** Tags, against what `packaging` 26 lists for the same facts. */

import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { cpythonAbis, genericAbis } from './abis.ts';
import { platformTags } from './platforms.ts';
import { bestRank, compatibleTags, cpythonTags, parseTag, supportedTags, tagRanks } from './tags.ts';

describe('parseTag', () => {
  test('expands a compressed tag set', () => {
    expect(parseTag('py2.py3-none-any')).toEqual(['py2-none-any', 'py3-none-any']);
    expect(parseTag('CP39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64')).toEqual([
      'cp39-abi3-manylinux_2_17_x86_64',
      'cp39-abi3-manylinux2014_x86_64',
    ]);
  });

  test.each(['', 'py3', 'py3-none', 'py3-none-any-x', 'py3..py2-none-any', '3-none-any', 'py3-none-'])(
    '%p is no tag',
    (text) => {
      expect(() => parseTag(text)).toThrow(ParseError);
    },
  );
});

describe('cpythonTags', () => {
  test('the ABI, the stable ABI, none, and the stable ABI of older versions', () => {
    expect(cpythonTags([3, 4], ['cp34m'], ['win32'])).toEqual([
      'cp34-cp34m-win32',
      'cp34-abi3-win32',
      'cp34-none-win32',
      'cp33-abi3-win32',
      'cp32-abi3-win32',
    ]);
  });

  test('Python 2.7 has no stable ABI', () => {
    expect(cpythonTags([2, 7], ['cp27mu'], ['win32'])).toEqual(['cp27-cp27mu-win32', 'cp27-none-win32']);
  });

  test('a free-threaded build has the stable ABI for free-threaded builds', () => {
    const tags = cpythonTags([3, 14], ['cp314t'], ['win_amd64']);
    expect(tags.slice(0, 4)).toEqual([
      'cp314-cp314t-win_amd64',
      'cp314-abi3t-win_amd64',
      'cp314-none-win_amd64',
      'cp313-abi3t-win_amd64',
    ]);
    expect(tags.some((tag) => tag.includes('-abi3-'))).toBe(false);
  });
});

describe('compatibleTags', () => {
  test('this version, the major version, older ones; platforms first', () => {
    expect(compatibleTags([2, 1], 'cp21', ['p'])).toEqual([
      'py21-none-p',
      'py2-none-p',
      'py20-none-p',
      'cp21-none-any',
      'py21-none-any',
      'py2-none-any',
      'py20-none-any',
    ]);
  });
});

describe('supportedTags', () => {
  test('PyPy', () => {
    const tags = supportedTags({
      implementation: 'pypy',
      version: [3, 10],
      abis: genericAbis('.pypy310-pp73-x86_64-linux-gnu.so'),
      platforms: ['linux_x86_64'],
    });
    expect(tags.slice(0, 4)).toEqual([
      'pp310-pypy310_pp73-linux_x86_64',
      'pp310-none-linux_x86_64',
      'py310-none-linux_x86_64',
      'py3-none-linux_x86_64',
    ]);
    expect(tags).toContain('pp3-none-any');
  });

  test('an interpreter without abbreviation', () => {
    const [first, ...others] = supportedTags({
      implementation: 'graalpy',
      version: [3, 11],
      abis: genericAbis('.graalpy242-311-native-x86_64-linux.so'),
      platforms: ['linux_x86_64'],
    });
    expect(first).toBe('graalpy311-graalpy242_311_native-linux_x86_64');
    expect(others).toContain('py3-none-any');
  });

  test('CPython 3.12 on Linux with glibc 2.36 has 987 tags', () => {
    const tags = supportedTags({
      implementation: 'cpython',
      version: [3, 12],
      abis: cpythonAbis({ version: [3, 12] }),
      platforms: platformTags({ platform: 'linux-x86_64', glibc: [2, 36] }),
    });
    expect(tags.length).toBe(987);
    expect(tags.slice(0, 2)).toEqual(['cp312-cp312-linux_x86_64', 'cp312-cp312-manylinux_2_36_x86_64']);
    expect(tags.at(-1)).toBe('py30-none-any');
    const ranks = tagRanks(tags);
    expect(ranks.size).toBe(987);
    expect(bestRank(['py3-none-any', 'cp312-cp312-linux_x86_64'], ranks)).toBe(0);
    expect(bestRank(['cp311-cp311-linux_x86_64'], ranks)).toBeUndefined();
  });
});

describe('cpythonAbis', () => {
  test.each([
    [{ version: [2, 7] }, ['cp27mu']],
    [{ version: [2, 7], wideUnicode: false }, ['cp27m']],
    [{ version: [3, 2], debug: true }, ['cp32dmu']],
    [{ version: [3, 7] }, ['cp37m']],
    [{ version: [3, 6], pymalloc: false }, ['cp36']],
    [{ version: [3, 8] }, ['cp38']],
    [{ version: [3, 8], debug: true }, ['cp38d', 'cp38']],
    [{ version: [3, 12], freeThreaded: true }, ['cp312']],
    [{ version: [3, 13], freeThreaded: true }, ['cp313t']],
    [{ version: [3, 13], freeThreaded: true, debug: true }, ['cp313td', 'cp313t']],
  ] as const)('%j: %j', (build, expected) => {
    expect(cpythonAbis(build)).toEqual([...expected]);
  });
});

describe('genericAbis', () => {
  test.each([
    ['.pypy39-pp73-x86_64-linux-gnu.so', undefined, ['pypy39_pp73']],
    [undefined, 'pypy-73', ['pypy_73']],
    ['.graalpy-38-native-x86_64-darwin.dylib', undefined, ['graalpy_38_native']],
    ['.cpython-310-darwin.so', undefined, ['cp310']],
    ['.cp310-win_amd64.pyd', undefined, ['cp310']],
    ['.pyd', undefined, []],
    [undefined, undefined, []],
  ] as const)('%p, %p: %j', (suffix, soabi, expected) => {
    expect(genericAbis(suffix, soabi)).toEqual([...expected]);
  });
});

describe('platformTags', () => {
  test('glibc, down to the oldest that the machine had', () => {
    expect(platformTags({ platform: 'linux-aarch64', glibc: [2, 18] })).toEqual([
      'linux_aarch64',
      'manylinux_2_18_aarch64',
      'manylinux_2_17_aarch64',
      'manylinux2014_aarch64',
    ]);
    const tags = platformTags({ platform: 'linux-x86_64', glibc: [2, 12] });
    expect(tags.slice(0, 3)).toEqual(['linux_x86_64', 'manylinux_2_12_x86_64', 'manylinux2010_x86_64']);
    expect(tags.slice(-2)).toEqual(['manylinux_2_5_x86_64', 'manylinux1_x86_64']);
  });

  test('musl', () => {
    expect(platformTags({ platform: 'linux-x86_64', musl: [1, 2] })).toEqual([
      'linux_x86_64',
      'musllinux_1_2_x86_64',
      'musllinux_1_1_x86_64',
      'musllinux_1_0_x86_64',
    ]);
  });

  test('a 32-bit interpreter on a 64-bit kernel', () => {
    expect(platformTags({ platform: 'linux-x86_64', is32Bit: true })).toEqual(['linux_i686']);
    expect(platformTags({ platform: 'linux-aarch64', is32Bit: true, glibc: [2, 17] })).toEqual([
      'linux_armv8l',
      'linux_armv7l',
      'manylinux_2_17_armv8l',
      'manylinux2014_armv8l',
      'manylinux_2_17_armv7l',
      'manylinux2014_armv7l',
    ]);
  });

  test('a machine that manylinux does not know', () => {
    expect(platformTags({ platform: 'linux-mips64', glibc: [2, 36] })).toEqual(['linux_mips64']);
  });

  test('macOS on ARM', () => {
    const tags = platformTags({ platform: 'macosx-11.0-arm64', macos: [12, 3], machine: 'arm64' });
    expect(tags.slice(0, 5)).toEqual([
      'macosx_12_0_arm64',
      'macosx_12_0_universal2',
      'macosx_11_0_arm64',
      'macosx_11_0_universal2',
      'macosx_10_16_universal2',
    ]);
    expect(tags.at(-1)).toBe('macosx_10_4_universal2');
  });

  test('macOS on Intel', () => {
    const tags = platformTags({ platform: 'macosx-10.9-x86_64', macos: [10, 15], machine: 'x86_64' });
    expect(tags.slice(0, 6)).toEqual(
      ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'].map((f) => `macosx_10_15_${f}`),
    );
    expect(tags.length).toBe(6 * 12);
  });

  test('others as they call themselves', () => {
    expect(platformTags({ platform: 'win-amd64' })).toEqual(['win_amd64']);
    expect(platformTags({ platform: 'win32' })).toEqual(['win32']);
    expect(platformTags({ platform: 'freebsd-13.2-release-amd64' })).toEqual(['freebsd_13_2_release_amd64']);
  });
});
