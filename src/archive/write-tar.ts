/**
 * Writing `.tar.gz` archives that are the same bytes for the same files: the given order, one time for all, two modes,
 * nobody's names. PAX format (POSIX.1-2001) as Python's `tarfile` writes it: a header of its own only for what ustar cannot hold.
 * https://packaging.python.org/en/latest/specifications/source-distribution-format/
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { type ArchiveEntry, modeOf } from './entry.ts';

export interface TarOptions {
  /** Seconds since 1970 that every entry and the gzip header are dated with. */
  readonly time: number;
}

const BLOCK = 512;
/** Archives are filled up to a multiple of this, in bytes. */
const RECORD = 20 * BLOCK;
const NAME_LENGTH = 100;
/** The first size, or time, that eleven octal digits do not hold. */
const WIDEST = 8 ** 11;

/** Writes the archive to `file`, which must not exist. Rejects with the file system's error, or what the entries throw. */
export async function writeTarGz(file: string, entries: Iterable<ArchiveEntry>, options: TarOptions): Promise<void> {
  const out = createWriteStream(file, { flags: 'wx' });
  await once(out, 'open');
  let crc = 0;
  let size = 0;
  const counted = function* (): Generator<Uint8Array> {
    for (const bytes of tarBlocks(entries, options.time)) {
      crc = crc32(bytes, crc);
      size += bytes.length;
      yield bytes;
    }
  };
  out.write(gzipHeader(options.time));
  await pipeline(counted, createDeflateRaw({ level: 9 }), out, { end: false });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  out.end(trailer);
  await once(out, 'close');
}

/** The archive before it is packed, in pieces. */
export function* tarBlocks(entries: Iterable<ArchiveEntry>, time: number): Generator<Uint8Array> {
  let length = 0;
  const blocks = function* (): Generator<Uint8Array> {
    for (const entry of entries) {
      const { size, pax } = headerParts(entry, time);
      if (pax !== '') {
        const contents = Buffer.from(pax);
        yield header({ name: '././@PaxHeader', mode: 0, size: contents.length, time: 0, type: 'x' });
        yield padded(contents);
      }
      const heldTime = time < WIDEST ? time : 0;
      const heldSize = size < WIDEST ? size : 0;
      yield header({ name: entry.path, mode: modeOf(entry), size: heldSize, time: heldTime, type: '0' });
      if (size > 0) yield padded(entry.contents);
    }
    yield Buffer.alloc(2 * BLOCK);
  };
  for (const bytes of blocks()) {
    length += bytes.length;
    yield bytes;
  }
  if (length % RECORD > 0) yield Buffer.alloc(RECORD - (length % RECORD));
}

function headerParts({ path, contents }: ArchiveEntry, time: number): { readonly size: number; readonly pax: string } {
  const size = contents.length;
  const name = Buffer.from(path);
  const isPlain = name.length <= NAME_LENGTH && name.every((byte) => byte < 0x80);
  const records = [
    isPlain ? '' : paxRecord('path', path),
    size < WIDEST ? '' : paxRecord('size', String(size)),
    time < WIDEST ? '' : paxRecord('mtime', String(time)),
  ];
  return { size, pax: records.join('') };
}

/** `LENGTH key=value\n`, the length counting its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly time: number;
  readonly type: '0' | 'x';
}

function header({ name, mode, size, time, type }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  // What is not ASCII stands in the PAX header; here it becomes a question mark each.
  const plain = Array.from(name, (char) => (char < '\u0080' ? char : '?')).join('');
  block.write(plain.slice(0, NAME_LENGTH), 0, 'latin1');
  block.write(`${octal(mode, 7)}\0`, 100, 'latin1');
  block.write(`${octal(0, 7)}\0`, 108, 'latin1');
  block.write(`${octal(0, 7)}\0`, 116, 'latin1');
  block.write(`${octal(size, 11)}\0`, 124, 'latin1');
  block.write(`${octal(time, 11)}\0`, 136, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0`, 148, 'latin1');
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(contents: Uint8Array): Uint8Array {
  const rest = contents.length % BLOCK;
  return rest === 0 ? contents : Buffer.concat([contents, Buffer.alloc(BLOCK - rest)]);
}

/** Best compression, no name, an unknown system: nothing that tells where it was made. */
function gzipHeader(time: number): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  head.writeUInt32LE(time % 2 ** 32, 4);
  return head;
}
