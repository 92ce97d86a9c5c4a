import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testEnvironment } from '../../tests/support/install-target.ts';
import { buildWheel, type WheelDraft } from '../../tests/support/wheel-builder.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { isIntact, storedRows } from './stored-wheel.ts';

const six: WheelDraft = {
  name: 'six',
  version: '1.16.0',
  files: {
    'six.py': 'x = 1\n',
    'six_more/__init__.py': '',
    'six_more/deep/data.bin': new Uint8Array([0, 1, 2]),
    'six_more/__pycache__/six.cpython-311.pyc': 'bytecode',
    'six-1.16.0.data/scripts/run-six': '#!python\nprint()\n',
    'six-1.16.0.data/scripts/plain.sh': '#!/bin/sh\n',
    'six-1.16.0.data/data/share/doc.txt': 'doc',
  },
  entryPoints: '[console_scripts]\nsix = six:main\n',
};

describe('a stored wheel', () => {
  test('has its files, and a list of them', async () => {
    using environment = testEnvironment();
    const wheel = await environment.stored(buildWheel(six));
    expect(wheel.distribution).toBe('six');
    expect(wheel.distInfo).toBe('six-1.16.0.dist-info');
    expect(wheel.plain).toEqual(['six.py', 'six_more/__init__.py', 'six_more/deep/data.bin']);
    expect(wheel.folders).toEqual(['six_more', 'six_more/deep']);
    expect([wheel.tops, wheel.count, wheel.wholes, wheel.loose]).toEqual([
      ['six.py', 'six_more'],
      3,
      ['six_more'],
      ['six.py'],
    ]);
    expect(wheel.placed.map(({ scheme, target, rewrite }) => [scheme, target, rewrite])).toEqual([
      ['scripts', 'run-six', true],
      ['scripts', 'plain.sh', false],
      ['data', 'share/doc.txt', false],
    ]);
    expect(wheel.scripts).toEqual([{ name: 'six', module: 'six', attribute: 'main', gui: false }]);
    expect(readFileSync(join(wheel.tree, 'six.py'), 'utf8')).toBe('x = 1\n');
    expect(existsSync(join(wheel.tree, 'six_more/__pycache__'))).toBe(false);
    expect(environment.store.get(wheel.sha256)).toEqual(wheel);
    expect(readdirSync(environment.store.folder)).toEqual([wheel.sha256]);
  });

  test('is made once by many at a time', async () => {
    using environment = testEnvironment();
    const wheel = buildWheel(six);
    const path = join(environment.folder, 'six.whl');
    writeFileSync(path, wheel.bytes);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => environment.store.add(path, wheel.file, wheel.sha256 as Sha256)),
    );
    expect(new Set(all.map(({ tree }) => tree)).size).toBe(1);
    expect(readdirSync(environment.store.folder)).toEqual([wheel.sha256]);
  });

  test('replaces a folder without a list', async () => {
    using environment = testEnvironment();
    const wheel = buildWheel(six);
    mkdirSync(join(environment.store.folder, wheel.sha256, 'tree/old'), { recursive: true });
    expect(environment.store.get(wheel.sha256 as Sha256)).toBeUndefined();
    await environment.stored(wheel);
    expect(environment.store.get(wheel.sha256 as Sha256)?.plain).toContain('six.py');
  });

  test('is not intact once a file has been written to or is gone', async () => {
    using environment = testEnvironment();
    const wheel = await environment.stored(buildWheel(six));
    expect(isIntact(wheel)).toBe(true);
    utimesSync(join(wheel.tree, 'six.py'), wheel.time / 1000 + 5, wheel.time / 1000 + 5);
    expect(isIntact(wheel)).toBe(false);
    // Linked by its folders it would show a change made later just as well: only what is linked by itself is looked at.
    expect(isIntact(wheel, true)).toBe(false);
    environment.store.remove(wheel.sha256);
    expect(environment.store.has(wheel.sha256)).toBe(false);
    expect(readdirSync(environment.store.folder)).toEqual([]);
  });

  test.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is garbled', (file: string) => writeFileSync(file, '{')],
  ])('is used by nobody where its list of files %s', async (_, harm) => {
    using environment = testEnvironment();
    const wheel = await environment.stored(buildWheel(six));
    harm(join(wheel.tree, '../files.json'));
    expect(environment.store.isInUse(wheel.sha256)).toBe(false);
  });

  test('is linked by its folders without a look at what is in them', async () => {
    using environment = testEnvironment();
    const wheel = await environment.stored(buildWheel(six));
    rmSync(join(wheel.tree, 'six_more/__init__.py'));
    expect([isIntact(wheel), isIntact(wheel, true)]).toEqual([false, true]);
  });

  test('tells namespaces from the folders that are a wheel\u2019s own', async () => {
    using environment = testEnvironment();
    const files = { 'ns/cloud/a/x.py': '', 'ns/cloud/a/deep/y.py': '', 'ns/b/z.txt': '', 'top/x.py': '', 'one.py': '' };
    const { wholes, loose } = await environment.stored(buildWheel({ name: 'six', files }));
    expect([wholes, loose]).toEqual([['ns/cloud/a', 'ns/b', 'top'], ['one.py']]);
  });

  test.each([
    ['$ORIGIN/../six.libs', false],
    ['$ORIGIN/../../nvidia/cublas/lib', true],
    ['$ORIGIN', false],
    ['@loader_path/../../other', true],
  ])('whose library looks in %s: reaches outside %p', async (path, outside) => {
    using environment = testEnvironment();
    const files = { 'six/_x.so': `\u0000${path}\u0000`, 'six.libs/liba.so': 'ELF' };
    expect((await environment.stored(buildWheel({ name: 'six', files }))).reachesOutside).toBe(outside);
  });

  test('takes hashes stronger than SHA-256', async () => {
    using environment = testEnvironment();
    const digest = (algorithm: string): string =>
      new Bun.CryptoHasher(algorithm as 'sha512').update('x').digest('base64url');
    const record = (text: string): string => text.replace(/^x\.py,[^,]*/m, `x.py,sha512=${digest('sha512')}`);
    const wheel = await environment.stored(buildWheel({ name: 'x', files: { 'x.py': 'x' }, record }));
    expect(storedRows(wheel).toString()).toContain(`x.py,sha256=${digest('sha256')},1\n`);
  });
});

test('the name of a hash may be in capitals', async () => {
  using environment = testEnvironment();
  const record = (text: string): string => text.replaceAll(',sha256=', ',SHA256=');
  const wheel = await environment.stored(buildWheel({ name: 'x', files: { 'x.py': 'x' }, record }));
  expect(storedRows(wheel).toString()).toContain('x.py,sha256=');
});

describe('refused wheels leave nothing behind', () => {
  const info = 'evil-1.0.dist-info';
  test.each<[string, Partial<WheelDraft>, string]>([
    ['a path upward', { unrecorded: [{ path: '../outside', contents: 'x' }] }, 'leaves the archive'],
    ['a symbolic link', { files: { 'evil.py': { contents: '/etc/passwd', mode: 0o120777 } } }, 'is a symbolic link'],
    [
      'a file with another hash than in RECORD',
      { record: (text) => text.replace(/^(evil\.py,sha256=)./m, '$1-') },
      'evil.py is not what its RECORD says',
    ],
    [
      'a file with another size than in RECORD',
      { record: (text) => text.replace(/^(evil\.py,[^,]*),\d+/m, '$1,3') },
      'its RECORD says 3',
    ],
    [
      'a file that RECORD does not list',
      { unrecorded: [{ path: 'evil/more.py', contents: 'x' }] },
      'RECORD does not list evil/more.py',
    ],
    [
      'a file without a hash',
      { record: (text) => text.replace(/^evil\.py,[^,]*/m, 'evil.py,') },
      'has no hash for evil.py',
    ],
    ['a weak hash', { record: (text) => text.replace(/^evil\.py,[^,]*/m, 'evil.py,md5=abc') }, 'weak or unknown hash'],
    ['two hashes for one file', { record: (text) => `${text}evil.py,sha256=other,1\n` }, 'two hashes for evil.py'],
    ['a broken RECORD', { record: () => 'nonsense' }, 'RECORD has a row that is none'],
    ['no RECORD', { entries: (all) => all.filter(({ path }) => !path.endsWith('RECORD')) }, 'has no RECORD'],
    ['no METADATA', { entries: (all) => all.filter(({ path }) => !path.endsWith('METADATA')) }, 'has no METADATA'],
    ['no WHEEL', { entries: (all) => all.filter(({ path }) => !path.endsWith('WHEEL')) }, 'has no WHEEL'],
    ['another name in METADATA', { metadata: 'Name: good\nVersion: 1.0\n\n' }, 'its metadata is that of good'],
    [
      'another version in METADATA',
      { metadata: 'Name: evil\nVersion: 2.0\n\n' },
      'its metadata is that of version 2.0',
    ],
    [
      'a dist-info of another project',
      {
        distribution: 'evil',
        entries: (all) => all.map((one) => ({ ...one, path: one.path.replace(info, 'good-1.0.dist-info') })),
      },
      'does not go with its file name',
    ],
    [
      'two dist-info folders',
      { files: { 'evil.py': '', 'good-1.0.dist-info/METADATA': 'Name: good' } },
      'more than one dist-info',
    ],
    ['a format of the future', { wheel: 'Wheel-Version: 2.0\nRoot-Is-Purelib: true\n' }, 'has the format 2.0'],
    ['an entry point upward', { entryPoints: '[console_scripts]\n../../x = m:f\n' }, 'leaves the scripts folder'],
    [
      'an entry point that is Python',
      { entryPoints: '[console_scripts]\nPython3 = m:f\n' },
      'would replace the Python interpreter',
    ],
    ['an entry point with code', { entryPoints: '[console_scripts]\nx = m:f()\n' }, 'is no "name = module:function"'],
    [
      'a script that is Python',
      { files: { 'evil-1.0.data/scripts/python': '#!/bin/sh' } },
      'would replace the Python interpreter',
    ],
    [
      'data that is Python',
      { files: { 'evil-1.0.data/data/bin/python3.11': '#!/bin/sh' } },
      'would replace the Python interpreter',
    ],
    [
      'data that is the configuration',
      { files: { 'evil-1.0.data/data/pyvenv.cfg': 'home = /' } },
      "would replace the environment's configuration",
    ],
    ['an unknown scheme', { files: { 'evil-1.0.data/stdlib/os.py': '' } }, 'is in no folder that is known'],
    ['a file right in .data', { files: { 'evil-1.0.data/x': '' } }, 'is in no folder that is known'],
  ])('%s', async (_, draft, message) => {
    using environment = testEnvironment();
    let error: unknown;
    try {
      await environment.stored(buildWheel({ name: 'evil', files: { 'evil.py': 'x = 1\n' }, ...draft }));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TercetError);
    expect((error as TercetError).message).toContain(message);
    expect((error as TercetError).message).toContain('evil-1.0-py3-none-any.whl');
    expect(existsSync(environment.store.folder) ? readdirSync(environment.store.folder) : []).toEqual([]);
  });
});
