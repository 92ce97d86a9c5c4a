/** Looking for a few files in an archive that comes in pieces. */

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../tests/support/tar-writer.ts';
import { openTar } from './decompress.ts';
import { readTarFiles } from './read-tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const long = `demo-1.0/${'deep/'.repeat(40)}setup.cfg`;
const archive = writeTar([
  { path: 'demo-1.0/PKG-INFO', contents: 'Metadata-Version: 2.1\nName: demo\n' },
  { path: 'demo-1.0/data.bin', contents: 'x'.repeat(70_000) },
  { path: 'demo-1.0/empty/setup.cfg', contents: '' },
  { path: '././@LongLink', type: 'L', contents: `${long}\0` },
  { path: long.slice(0, 100), contents: '[metadata]\n' },
  { path: 'demo-1.0/setup.py', contents: 'from setuptools import setup\n'.repeat(40) },
]);

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The pieces of a file with these bytes. */
async function packed(bytes: Uint8Array): Promise<AsyncIterable<Uint8Array>> {
  const path = join(folder, 'demo-1.0.tar.gz');
  writeFileSync(path, bytes);
  return (await openTar(path, 'demo-1.0.tar.gz'))();
}

/** Path → length of what is found. */
async function lengths(pieces: AsyncIterable<Uint8Array>): Promise<Record<string, number>> {
  const found = await readTarFiles(pieces, 'demo-1.0.tar.gz', (path) => !path.endsWith('.bin'));
  return Object.fromEntries([...found].map(([path, contents]) => [path, contents.length]));
}

const expected = {
  'demo-1.0/PKG-INFO': 33,
  'demo-1.0/empty/setup.cfg': 0,
  [long]: 11,
  'demo-1.0/setup.py': 29 * 40,
};

describe('files of an archive in pieces', () => {
  test.each([1, 7, 511, 512, 513, 4096, 1 << 20])('of %d bytes', async (size) => {
    expect(await lengths(inPieces(archive, size))).toEqual(expected);
  });

  test('of a gzip file', async () => {
    expect(await lengths(await packed(gzipSync(archive)))).toEqual(expected);
  });

  test('the pieces are given up once the archive has ended, and when it is damaged', async () => {
    let closed = 0;
    async function* endless(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      try {
        yield bytes;
        for (;;) yield new Uint8Array(512).fill(1);
      } finally {
        closed += 1;
      }
    }
    expect(await lengths(endless(archive))).toEqual(expected);
    await expect(lengths(endless(archive.subarray(0, 1024)))).rejects.toThrow('a header is damaged');
    expect(closed).toBe(2);
  });

  test('an archive that ends early, in a header that is none, or before it began, is damaged', async () => {
    for (const end of [530, 1024 + 600, 40_000])
      await expect(lengths(inPieces(archive.subarray(0, end), 512))).rejects.toThrow('it ends early');
    await expect(lengths(inPieces(new Uint8Array(1024).fill(65), 100))).rejects.toThrow('it is no tar archive');
    await expect(lengths(inPieces(new Uint8Array(), 100))).rejects.toThrow('it is no tar archive');
    const half = gzipSync(archive);
    await expect(lengths(await packed(half.subarray(0, half.length / 2)))).rejects.toThrow(
      'demo-1.0.tar.gz cannot be read',
    );
  });
});
