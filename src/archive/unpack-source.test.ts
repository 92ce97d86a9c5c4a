import { afterAll, describe, expect, test } from 'bun:test';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type TarEntryDraft, writeTar } from '../../tests/support/tar-writer.ts';
import { writeZip } from '../../tests/support/zip-writer.ts';
import { TercetError } from '../ground/error.ts';
import { runSync } from '../process/spawn.ts';
import { which } from '../process/which.ts';
import { unpackSource } from './unpack-source.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-unpack-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Unpacks into a new folder; the project's folder relative to it, or the error's code and message. */
async function unpacked(bytes: Uint8Array, file = 'demo-1.0.tar.gz') {
  const folder = mkdtempSync(join(root, 'into-'));
  const archive = join(root, 'archive');
  writeFileSync(archive, bytes);
  try {
    return { folder, project: (await unpackSource(archive, file, folder)).slice(folder.length + 1) };
  } catch (error) {
    if (!(error instanceof TercetError)) throw error;
    return { folder, code: error.code, message: error.message };
  }
}

const tarred = (entries: readonly TarEntryDraft[]) => unpacked(gzipSync(writeTar(entries)));
const own: TarEntryDraft = { path: 'demo-1.0/setup.py', contents: 'setup()' };

/** A PAX header for the next entry. */
function pax(key: string, value: string): TarEntryDraft {
  const body = ` ${key}=${value}\n`;
  const digits = String(Buffer.byteLength(body) + 2).length;
  const length = Buffer.byteLength(body) + digits;
  return { path: 'pax', type: 'x', contents: `${length}${body}` };
}

describe('what is honest', () => {
  test('files, folders, rights, links', async () => {
    const found = await tarred([
      { path: './demo-1.0/', type: '5' },
      own,
      { path: 'demo-1.0/run.sh', contents: '#!/bin/sh', mode: 0o755 },
      { path: 'demo-1.0/sub/link', type: '2', linkTarget: '../setup.py' },
      { path: 'demo-1.0/same', type: '1', linkTarget: 'demo-1.0/setup.py' },
      { path: 'demo-1.0/empty/', type: '5' },
      own,
    ]);
    expect(found.project).toBe('demo-1.0');
    const at = join(found.folder, 'demo-1.0');
    expect(readdirSync(at).sort()).toEqual(['empty', 'run.sh', 'same', 'setup.py', 'sub']);
    expect(readFileSync(join(at, 'same'), 'utf8')).toBe('setup()');
    expect(readlinkSync(join(at, 'sub/link'))).toBe('../setup.py');
    expect(lstatSync(join(at, 'run.sh')).mode & 0o100).toBe(0o100);
    expect(lstatSync(join(at, 'setup.py')).mode & 0o100).toBe(0);
  });

  test('long names (PAX and GNU)', async () => {
    const long = `demo-1.0/${'d'.repeat(50)}/${'n'.repeat(60)}.py`;
    const gnu = `demo-1.0/${'g'.repeat(120)}.py`;
    const found = await tarred([
      pax('path', long),
      { path: 'short', contents: 'pax' },
      { path: '././@LongLink', type: 'L', contents: `${gnu}\0` },
      { path: gnu.slice(0, 99), contents: 'gnu' },
    ]);
    expect(readFileSync(join(found.folder, long), 'utf8')).toBe('pax');
    expect(readFileSync(join(found.folder, gnu), 'utf8')).toBe('gnu');
  });

  test('two folders at the top: the one that has the archive’s name', async () => {
    expect((await tarred([own, { path: 'other/x' }])).project).toBe('demo-1.0');
    expect((await tarred([{ path: 'a/x' }, { path: 'b/x' }])).project).toBe('');
  });

  test('a zip file', async () => {
    const bytes = writeZip([{ path: 'demo-1.0/run', contents: 'x', mode: 0o100755 }]);
    const found = await unpacked(bytes, 'demo-1.0.zip');
    expect(found.project).toBe('demo-1.0');
    expect(lstatSync(join(found.folder, 'demo-1.0/run')).mode & 0o100).toBe(0o100);
  });

  for (const [packing, program] of [
    ['bz2', 'bzip2'],
    ['xz', 'xz'],
  ] as const) {
    test.skipIf(which(program, process.env) === undefined)(`a tar.${packing}`, async () => {
      const plain = join(root, `plain.${packing}.tar`);
      writeFileSync(plain, writeTar([own, { path: 'demo-1.0/large', contents: 'x'.repeat(1_200_000) }]));
      expect(runSync(program, ['-kf', plain]).code).toBe(0);
      const found = await unpacked(readFileSync(`${plain}.${packing}`), `demo-1.0.tar.${packing}`);
      expect(readFileSync(join(found.folder, 'demo-1.0/large')).length).toBe(1_200_000);
    });
  }
});

describe('what is refused, before anything is written', () => {
  const link = (path: string, linkTarget: string): TarEntryDraft => ({ path, type: '2', linkTarget });
  test.each([
    ['an absolute path', [{ path: '/tmp/evil' }], 'is absolute'],
    ['a path upward', [{ path: 'demo-1.0/../../evil' }], 'leaves the archive'],
    ['a path upward in a PAX header', [pax('path', '../evil'), { path: 'x' }], 'leaves the archive'],
    ['an absolute link', [link('demo-1.0/l', '/etc/passwd')], 'leaves the archive'],
    ['a link upward', [link('demo-1.0/l', '../../x')], 'leaves the archive'],
    ['an absolute link in a PAX header', [pax('linkpath', '/etc'), link('l', 'ok')], 'leaves the archive'],
    ['a link upward through a link', [link('a/b/up', '../..'), link('out', 'a/b/up/../etc')], 'leaves the archive'],
    ['a file behind a link', [link('demo-1.0/l', '.'), { path: 'demo-1.0/l/x' }], 'stands below a link'],
    ['a file below a file', [{ path: 'a' }, { path: 'a/b' }], 'stands below a file'],
    ['a link in place of a folder with files', [{ path: 'a/b' }, link('a', 'c')], 'stands below a link'],
    ['a hard link to a file outside', [{ path: 'l', type: '1', linkTarget: '/etc/passwd' }], 'does not have'],
    ['a hard link to a link', [link('l', 'x'), { path: 'h', type: '1', linkTarget: 'l' }], 'does not have'],
    ['a device', [{ path: 'null', type: '3' }], 'neither'],
    ['a pipe', [{ path: 'pipe', type: '6' }], 'neither'],
    [
      'a file twice with other contents',
      [
        { path: 'a', contents: '1' },
        { path: 'a', contents: '2' },
      ],
      'stands twice',
    ],
    ['a file and a folder', [{ path: 'a' }, { path: 'a/', type: '5' }], 'stands twice'],
    ['a control character', [{ path: 'a\u001b[2J' }], 'has a control character'],
  ] as readonly [string, readonly TarEntryDraft[], string][])('%s', async (_, entries, why) => {
    const found = await tarred([own, ...entries]);
    expect(found.code).toBe('archive-unsafe');
    expect(found.message).toContain(why);
    expect(readdirSync(found.folder)).toEqual([]);
    expect(existsSync('/tmp/evil')).toBe(false);
  });

  test('damage: cut off, no archive, a wrong sum, an unknown packing', async () => {
    const whole = writeTar([own]);
    const wrong = Buffer.from(whole);
    wrong[0] = 0x7a;
    const cases: readonly [Uint8Array, string][] = [
      [gzipSync(whole.subarray(0, 515)), 'demo-1.0.tar.gz'],
      [gzipSync(whole).subarray(0, 60), 'demo-1.0.tar.gz'],
      [gzipSync(wrong), 'demo-1.0.tar.gz'],
      [gzipSync('text, not an archive'), 'demo-1.0.tar.gz'],
      [Buffer.from('BZh9nonsense'), 'demo-1.0.tar.bz2'],
      [Buffer.from('nonsense'), 'demo-1.0.tar.xz'],
      [whole, 'demo-1.0.rar'],
    ];
    for (const [bytes, file] of cases) {
      const found = await unpacked(bytes, file);
      expect(found.code).toBe('archive-damaged');
      expect(readdirSync(found.folder)).toEqual([]);
    }
  });

  test('a bomb', async () => {
    const found = await unpacked(
      gzipSync(writeTar([own, { path: 'demo-1.0/zeros', contents: Buffer.alloc(160 * 2 ** 20) }])),
    );
    expect(found).toMatchObject({ code: 'archive-damaged', message: expect.stringContaining('unpacks to more than') });
    expect(readdirSync(found.folder)).toEqual([]);
  });
});
