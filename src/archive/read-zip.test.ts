import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { writeZip, type ZipDraftOptions, type ZipEntryDraft } from '../../tests/support/zip-writer.ts';
import { TercetError } from '../ground/error.ts';
import { openZip, zipFromBytes } from './read-zip.ts';

/** Opens the archive and reads all of it. */
function readAll(drafts: readonly ZipEntryDraft[], options?: ZipDraftOptions): Record<string, string> {
  const archive = zipFromBytes('x.whl', writeZip(drafts, options));
  return Object.fromEntries(archive.entries.map((entry) => [entry.path, Buffer.from(archive.read(entry)).toString()]));
}

function refusal(drafts: readonly ZipEntryDraft[], options?: ZipDraftOptions): string {
  try {
    readAll(drafts, options);
  } catch (error) {
    expect(error).toBeInstanceOf(TercetError);
    return (error as TercetError).message;
  }
  return 'taken';
}

function unicodePathExtra(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  const extra = Buffer.alloc(9 + bytes.length);
  extra.writeUInt16LE(0x7075, 0);
  extra.writeUInt16LE(5 + bytes.length, 2);
  extra[4] = 1;
  bytes.copy(extra, 9);
  return extra;
}

const file = (path: string, contents = 'text', more: Partial<ZipEntryDraft> = {}): ZipEntryDraft => ({
  path,
  contents,
  ...more,
});

describe('honest archives', () => {
  test('contents, sizes and rights', () => {
    const drafts = [
      file('a/b.py', 'x = 1\n'.repeat(100)),
      file('a/empty.py', ''),
      file('a/stored.bin', 'stored', { deflate: false }),
      file('bin/run', '#!/bin/sh\n', { mode: 0o100755 }),
      file('bin/typeless', '', { mode: 0o755 }),
      file('bin/foreign', '', { mode: 0o100755, madeBy: 0 }),
      file('a/', '', { mode: 0o040755, deflate: false }),
      file('streamed.txt', 'sizes come later', { descriptor: true }),
      file('last.txt', 'end'),
    ];
    const archive = zipFromBytes('x.whl', writeZip(drafts, { comment: Buffer.from('a comment') }));
    expect(archive.entries.map(({ path, size, executable }) => [path, size, executable])).toEqual([
      ['a/b.py', 600, false],
      ['a/empty.py', 0, false],
      ['a/stored.bin', 6, false],
      ['bin/run', 10, true],
      ['bin/typeless', 0, false],
      ['bin/foreign', 0, true],
      ['streamed.txt', 16, false],
      ['last.txt', 3, false],
    ]);
    expect(readAll(drafts)['a/b.py']).toBe('x = 1\n'.repeat(100));
    expect(readAll(drafts)['streamed.txt']).toBe('sizes come later');
  });

  test('an archive without entries', () => expect(readAll([])).toEqual({}));

  test('the same contents twice count once', () => expect(readAll([file('a'), file('a')])).toEqual({ a: 'text' }));

  test('names without the UTF-8 flag are code page 437', () => {
    const archive = zipFromBytes('x.whl', writeZip([file('abc.txt', 'x', { flags: 0 })]));
    expect(archive.entries[0]?.path).toBe('abc.txt');
  });

  test('from a file, in pieces', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tercet-zip-'));
    try {
      const contents = Buffer.alloc(3_000_000, 'tercet ');
      const path = join(folder, 'x.whl');
      writeFileSync(
        path,
        writeZip([file('a', 'first'), { path: 'big', contents }, { path: 'flat', contents, deflate: false }]),
      );
      using archive = openZip(path);
      for (const entry of archive.entries.slice(1)) {
        const pieces: Uint8Array[] = [];
        for (const piece of archive.chunks(entry)) pieces.push(Buffer.from(piece));
        expect(Buffer.concat(pieces).equals(contents)).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('any files survive', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 6 });
    fc.assert(
      fc.property(
        names,
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        fc.boolean(),
        (paths, contents, deflate, descriptor) => {
          const archive = zipFromBytes(
            'x.whl',
            writeZip(paths.map((path) => ({ path, contents, deflate, descriptor }))),
          );
          expect(archive.entries.map(({ path }) => path)).toEqual(paths);
          for (const entry of archive.entries)
            expect(Buffer.from(archive.read(entry)).equals(Buffer.from(contents))).toBe(true);
        },
      ),
    );
  });
});

describe('hostile archives', () => {
  const zeros = Buffer.alloc(200_000_000);
  test.each<[string, readonly ZipEntryDraft[], ZipDraftOptions, string]>([
    ['a path upward', [file('ok'), file('../evil')], {}, 'leaves the archive'],
    ['an absolute path', [file('/etc/x')], {}, 'is absolute'],
    ['a drive', [file('C:/x')], {}, 'names a drive'],
    ['a backslash', [file('a\\..\\b')], {}, 'has a backslash'],
    ['a folder upward', [file('../d/', '', { deflate: false })], {}, 'leaves the archive'],
    ['a symbolic link', [file('link', '/etc/passwd', { mode: 0o120777 })], {}, 'is a symbolic link'],
    ['a device', [file('dev', '', { mode: 0o020666 })], {}, 'is no regular file'],
    ['the same path with other contents', [file('a', 'one'), file('a', 'two')], {}, 'stands in it twice'],
    ['a file where a folder is needed', [file('a', 'one'), file('a/b', 'two')], {}, 'is a file and a folder at once'],
    [
      'a file and a folder of one name',
      [file('a', 'one'), file('a/', '', { deflate: false })],
      {},
      'is a file and a folder at once',
    ],
    [
      'another name in the local header',
      [file('a', 'x', { localPath: 'b' })],
      {},
      'has another name in its local header',
    ],
    [
      'an entry that is not listed',
      [file('a'), file('hidden', 'x', { hidden: true }), file('b')],
      {},
      'is missing in the central directory',
    ],
    [
      'an unlisted entry at the end',
      [file('a'), file('hidden', 'x', { hidden: true })],
      {},
      'is missing in the central directory',
    ],
    [
      'a declared size that is too small',
      [file('a', 'long enough text', { declaredSize: 3 })],
      {},
      'is not the 3 bytes it declares',
    ],
    [
      'a declared size that is too large',
      [file('a', 'short', { declaredSize: 3000 })],
      {},
      'is not the 3000 bytes it declares',
    ],
    ['sizes that differ between headers', [file('a', 'text', { localSize: 5 })], {}, 'has contradictory sizes'],
    [
      'a stored entry of two sizes',
      [file('a', 'text', { deflate: false, declaredSize: 9 })],
      {},
      'has contradictory sizes',
    ],
    ['a wrong checksum', [file('a', 'text', { crc32: 1 })], {}, 'does not match its checksum'],
    [
      'data that is no deflate stream',
      [file('a', 'text', { packed: Buffer.from([255, 255, 255]) })],
      {},
      'is not the 4 bytes it declares',
    ],
    ['bzip2', [file('a', 'text', { method: 12 })], {}, 'is packed by method 12'],
    ['encryption', [file('a', 'text', { flags: 0x801 })], {}, 'is encrypted'],
    ['a second name', [file('a', 'text', { extra: unicodePathExtra('../b') })], {}, 'has a second name'],
    ['bytes behind the end', [file('a')], { suffix: Buffer.from('more') }, 'something follows its end record'],
    ['an archive behind the archive', [file('a')], { suffix: writeZip([file('b')]) }, 'central directory is not where'],
    ['an archive in the comment', [file('a')], { comment: writeZip([file('b')]) }, 'central directory is not where'],
    [
      'an archive before the archive',
      [file('b')],
      { prefix: writeZip([file('a')]) },
      'is missing in the central directory',
    ],
    [
      'fewer entries than listed',
      [file('a'), file('b')],
      { declaredEntries: 1 },
      'lists more than its end record says',
    ],
    ['more entries than listed', [file('a')], { declaredEntries: 2 }, 'central directory ends early'],
    ['a bomb that is honest', [{ path: 'bomb', contents: zeros }], {}, 'unpacks to 200000000 bytes'],
    [
      'a bomb that lies',
      [{ path: 'bomb', contents: 'x', packed: deflateRawSync(zeros), declaredSize: 1000, localSize: 1000 }],
      {},
      'is not the 1000 bytes it declares',
    ],
  ])('%s', (_, drafts, options, message) => {
    expect(refusal(drafts, options)).toContain(message);
  });

  test('overlapping entries', () => {
    const bytes = Buffer.from(writeZip([file('a', 'same', { deflate: false }), file('b', 'same', { deflate: false })]));
    const second = bytes.lastIndexOf('PK\u0001\u0002');
    bytes.writeUInt32LE(0, second + 42);
    expect(() => zipFromBytes('x.whl', bytes)).toThrow(/overlaps another|missing in the central/);
  });

  test('any truncation and any flipped byte is an error or harmless', () => {
    const bytes = Buffer.from(writeZip([file('a/b', 'text '.repeat(50)), file('c', 'x', { deflate: false })]));
    const outcome = (changed: Uint8Array): string => {
      try {
        const archive = zipFromBytes('x.whl', changed);
        return JSON.stringify(
          archive.entries.map((entry) => [entry.path, Buffer.from(archive.read(entry)).toString()]),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(TercetError);
        return 'refused';
      }
    };
    const honest = outcome(bytes);
    for (let length = 0; length < bytes.length; length++) expect(outcome(bytes.subarray(0, length))).toBe('refused');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 0x41;
      expect(['refused', honest]).toContain(outcome(changed));
    }
  });
});
