/** Zip and tar archives: what is written is read back, and is the same bytes whenever it is written. */

import { afterAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ArchiveEntry } from './entry.ts';
import { openZip } from './read-zip.ts';
import { tarBlocks, writeTarGz } from './write-tar.ts';
import { writeZip } from './write-zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'archives-'));
afterAll(() => rmSync(folder, { recursive: true }));

const entries: readonly ArchiveEntry[] = [
  { path: 'b/empty', contents: new Uint8Array(), executable: false },
  { path: 'a.sh', contents: Buffer.from('#!/bin/sh\n'.repeat(100)), executable: true },
  { path: 'ü/日本.txt', contents: Buffer.from('text'), executable: false },
  { path: `${'long/'.repeat(30)}x`, contents: Buffer.from('deep'), executable: false },
];

describe('zip', () => {
  test('order, modes, contents', () => {
    const file = join(folder, 'a.whl');
    writeZip(file, entries, { time: 1451606400 });
    using zip = openZip(file);
    expect(zip.entries.map(({ path, executable }) => ({ path, executable }))).toEqual(
      entries.map(({ path, executable }) => ({ path, executable })),
    );
    for (const [index, entry] of zip.entries.entries()) {
      expect(Buffer.from(zip.read(entry))).toEqual(Buffer.from(entries[index]?.contents ?? []));
    }
  });

  test('the mode has a type, unless the entry leaves it out, and keeps special bits', () => {
    const file = join(folder, 'modes.whl');
    const empty = { contents: new Uint8Array(), executable: false };
    const drafts = [
      { ...empty, path: 'a' },
      { ...empty, path: 'b', executable: true, special: 0o4000 },
      { ...empty, path: 'c', untyped: true },
    ];
    writeZip(file, drafts, { time: 1451606400 });
    const bytes = readFileSync(file);
    const modes: string[] = [];
    for (let at = bytes.indexOf('PK\u0001\u0002'); at >= 0; at = bytes.indexOf('PK\u0001\u0002', at + 1)) {
      modes.push((bytes.readUInt32LE(at + 38) >>> 16).toString(8));
    }
    expect(modes).toEqual(['100644', '104755', '644']);
  });

  test('the date as MS-DOS has it', () => {
    const file = join(folder, 'dated.whl');
    writeZip(file, entries.slice(0, 1), { time: Date.UTC(2023, 10, 14, 22, 13, 21) / 1000 });
    const stamp = readFileSync(file).readUInt32LE(10);
    expect(stamp >>> 25).toBe(2023 - 1980);
    expect((stamp >>> 21) & 15).toBe(11);
    expect((stamp >>> 16) & 31).toBe(14);
    expect((stamp >>> 11) & 31).toBe(22);
    expect((stamp >>> 5) & 63).toBe(13);
    expect((stamp & 31) * 2).toBe(20);
  });

  test('does not replace a file', () => {
    const file = join(folder, 'b.whl');
    writeZip(file, [], { time: 1451606400 });
    expect(() => writeZip(file, [], { time: 1451606400 })).toThrow('EEXIST');
  });
});

describe('tar', () => {
  test('unpacked, it is byte for byte what Python 3.11 writes', () => {
    // tarfile.TarFile(mode='w', format=PAX_FORMAT) with uid, gid 0, no names, mtime 0, and these entries.
    const bytes = Buffer.concat([...tarBlocks(entries, 0)]);
    expect(bytes.length % 10240).toBe(0);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '44d152fc985dfda51980597ef92db48af56f4d123e4087a77151d07a5f527405',
    );
  });

  test('gzip around it, without a name and with the given time', async () => {
    const file = join(folder, 'a.tar.gz');
    await writeTarGz(file, entries, { time: 1700000001 });
    const packed = readFileSync(file);
    expect([...packed.subarray(0, 4)]).toEqual([0x1f, 0x8b, 8, 0]);
    expect(packed.readUInt32LE(4)).toBe(1700000001);
    expect(gunzipSync(packed)).toEqual(Buffer.concat([...tarBlocks(entries, 1700000001)]));
  });

  test('what fails while it is written is said', async () => {
    const file = join(folder, 'c.tar.gz');
    const broken = function* (): Generator<ArchiveEntry> {
      yield* entries;
      throw new Error('gone');
    };
    await expect(writeTarGz(file, broken(), { time: 0 })).rejects.toThrow('gone');
    await expect(writeTarGz(join(folder, 'none/x.tar.gz'), [], { time: 0 })).rejects.toThrow('ENOENT');
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
