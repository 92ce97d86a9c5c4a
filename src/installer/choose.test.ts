import { describe, expect, test } from 'bun:test';
import { lockedPackage } from '../../tests/support/locked-package.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { type ChoiceInput, chooseFiles, chooseLockedFile, lockedHashes, type OfferedFile } from './choose.ts';

const TAGS = ['cp311-cp311-manylinux_2_17_x86_64', 'cp311-abi3-linux_x86_64', 'py3-none-any', 'py2-none-any'];
const ranks = new Map(TAGS.map((tag, index) => [tag, index]));

function offered(file: string, more: Partial<OfferedFile> = {}): OfferedFile {
  return { file, url: `https://files.example/${file}`, hashes: { sha256: `hash-of-${file}` }, yanked: false, ...more };
}

function locking(...files: readonly string[]): LockedPackage {
  return lockedPackage('x', '1.0', [], { files: files.map((file) => ({ file, hash: `sha256:hash-of-${file}` })) });
}

function chosen(files: readonly (string | OfferedFile)[], more: Partial<ChoiceInput> = {}): string[] {
  const all = files.map((file) => (typeof file === 'string' ? offered(file) : file));
  const input = {
    package: locking(...all.map(({ file }) => file)),
    ranks,
    policies: { noBinary: [], onlyBinary: [] },
    ...more,
  };
  return chooseFiles(input, all).map(({ file }) => file);
}

const native = 'x-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
const stable = 'x-1.0-cp311-abi3-linux_x86_64.whl';
const pure = 'x-1.0-py3-none-any.whl';
const universal = 'x-1.0-py2.py3-none-any.whl';
const windows = 'x-1.0-cp311-cp311-win_amd64.whl';
const sdist = 'x-1.0.tar.gz';

describe('chooseFiles', () => {
  test('best tag first, source distributions last', () => {
    expect(chosen([sdist, pure, windows, native, stable])).toEqual([native, stable, pure, sdist]);
  });

  test('equal files stay in the order of the index', () => {
    expect(chosen([universal, pure])).toEqual([universal, pure]);
    expect(chosen([pure, universal])).toEqual([pure, universal]);
  });

  test('a build number beats a better tag', () => {
    const built = 'x-1.0-2-py3-none-any.whl';
    expect(chosen([native, built, 'x-1.0-10-py3-none-any.whl'])).toEqual(['x-1.0-10-py3-none-any.whl', built, native]);
  });

  test('what is yanked comes last', () => {
    expect(chosen([offered(native, { yanked: 'broken' }), pure, offered(sdist, { yanked: true })])).toEqual([
      pure,
      native,
      sdist,
    ]);
  });

  test('old kinds of files are left out', () => {
    expect(chosen(['x-1.0-py3.11.egg', 'x-1.0.win32.exe', 'x-1.0.msi', 'x-1.0.src.rpm', pure])).toEqual([pure]);
  });

  test('files with other hashes than the lock are left out', () => {
    expect(
      chosen([offered(native, { hashes: { sha256: 'other' } }), pure], { package: locking(native, pure) }),
    ).toEqual([pure]);
    expect(() => chosen([offered(pure, { hashes: { sha256: 'other' } })], { package: locking(pure) })).toThrow(
      'did not match any known checksums',
    );
  });

  test('files without hashes stay: the download decides', () => {
    expect(chosen([offered(native, { hashes: {} }), pure])).toEqual([native, pure]);
  });

  test('a lock without hashes takes all', () => {
    expect(chosen([pure, native], { package: locking() })).toEqual([native, pure]);
  });

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['all binaries refused', [':all:'], [], [sdist]],
    ['all binaries refused, but this one asked for', [':all:'], ['x'], [native]],
    ['this binary refused', ['X'], [], [sdist]],
    ['another binary refused', ['y'], [], [native, sdist]],
    ['none refused', [':none:'], [], [native, sdist]],
    ['all sources refused', [], [':all:'], [native]],
    ['all sources refused, but this one asked for', ['x'], [':all:'], [sdist]],
    ['this source refused', [], ['x'], [native]],
  ])('%s', (_, noBinary, onlyBinary, expected) => {
    expect(chosen([native, sdist], { policies: { noBinary, onlyBinary } })).toEqual([...expected]);
  });

  test('says why nothing is left', () => {
    expect(() => chosen([windows])).toThrow(
      "Unable to find installation candidates for x (1.0)\n\n  - 1 candidate(s) were identified for the package\n  - 1 wheel(s) were skipped as your project's environment does not support the identified abi tags",
    );
    expect(() => chosen([native], { policies: { noBinary: ['x'], onlyBinary: [] } })).toThrow(
      'skipped due to your installer.no-binary policy',
    );
    expect(() => chosen([sdist], { policies: { noBinary: [], onlyBinary: ['x'] } })).toThrow(
      'skipped due to your installer.only-binary policy',
    );
  });
});

test('chooseLockedFile needs no index', () => {
  const policies = { noBinary: [], onlyBinary: [] };
  expect(chooseLockedFile({ package: locking(sdist, windows, pure, native), ranks, policies })?.file).toBe(native);
  expect(chooseLockedFile({ package: locking(windows), ranks, policies })).toBeUndefined();
  expect(chooseLockedFile({ package: locking(), ranks, policies })).toBeUndefined();
});

test('lockedHashes gives the strongest', () => {
  const files = [
    { file: 'a.whl', hash: 'md5:1' },
    { file: 'a.whl', hash: 'sha512:2' },
    { file: 'a.whl', hash: 'sha256:3' },
    { file: 'b.whl', hash: 'sha256:4' },
  ];
  const locked = lockedPackage('a', '1', [], { files });
  expect(lockedHashes(locked, 'a.whl')).toEqual({ sha512: '2' });
  expect(lockedHashes(locked, 'b.whl')).toEqual({ sha256: '4' });
  expect(lockedHashes(locked, 'c.whl')).toBeUndefined();
});
