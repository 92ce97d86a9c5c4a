/**
 * Writing zip archives that are the same bytes for the same files: the given order, one time for all, two modes.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * One entry at a time is in memory. Names beyond ASCII carry the UTF-8 flag, as Python's `zipfile` has it.
 */

import { closeSync, openSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import { TercetError } from '../ground/error.ts';
import { CENTRAL, CENTRAL_LENGTH, END, END_LENGTH, LOCAL, LOCAL_LENGTH } from './_zip-format.ts';
import { type ArchiveEntry, modeOf } from './entry.ts';
import { writeWhole } from './write-whole.ts';

export interface ZipOptions {
  /** Seconds since 1970 that every entry is dated with (in UTC); whole, even, and not before 1980 in what is written. */
  readonly time: number;
}

const UNIX = 3;
const REGULAR = 0o100000;
const WIDEST = 0xffffffff;
const MOST_ENTRIES = 0xffff;

interface Written {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly mode: number;
  readonly offset: number;
}

/**
 * Writes the archive to `file`, which must not exist. Throws the file system's error, `archive-too-large` for what needs
 * Zip64 (4 GiB, 65,535 entries), or what the entries throw while they are made; a file that was begun stays.
 */
export function writeZip(file: string, entries: Iterable<ArchiveEntry>, options: ZipOptions): void {
  const stamp = dosTime(options.time);
  const handle = openSync(file, 'wx', 0o666);
  try {
    let offset = 0;
    const write = (bytes: Uint8Array): void => {
      writeWhole(handle, bytes);
      offset += bytes.length;
    };
    const all: Written[] = [];
    for (const entry of entries) {
      const data = deflateRawSync(entry.contents, { level: 6 });
      const name = Buffer.from(entry.path);
      const one: Written = {
        name,
        flags: isAscii(name) ? 0 : 0x800,
        method: 8,
        crc: crc32(entry.contents),
        packed: data.length,
        size: entry.contents.length,
        mode: REGULAR | modeOf(entry),
        offset,
      };
      if (offset + data.length > WIDEST || one.size > WIDEST || all.length === MOST_ENTRIES) throw tooLarge(file);
      write(Buffer.concat([localHeader(one, stamp), name]));
      write(data);
      all.push(one);
    }
    const start = offset;
    for (const one of all) write(Buffer.concat([centralHeader(one, stamp), one.name]));
    if (offset > WIDEST) throw tooLarge(file);
    write(endRecord(all.length, start, offset - start));
  } finally {
    closeSync(handle);
  }
}

/** Time and date of MS-DOS as one number of 32 bits: two seconds' grain, from 1980 on. */
function dosTime(seconds: number): number {
  const date = new Date(seconds * 1000);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function localHeader({ name, flags, method, crc, packed, size }: Written, stamp: number): Buffer {
  const header = Buffer.alloc(LOCAL_LENGTH);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(stamp, 10);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packed, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

function centralHeader(one: Written, stamp: number): Buffer {
  const header = Buffer.alloc(CENTRAL_LENGTH);
  header.writeUInt32LE(CENTRAL, 0);
  header.writeUInt16LE((UNIX << 8) | 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(one.flags, 8);
  header.writeUInt16LE(one.method, 10);
  header.writeUInt32LE(stamp, 12);
  header.writeUInt32LE(one.crc, 16);
  header.writeUInt32LE(one.packed, 20);
  header.writeUInt32LE(one.size, 24);
  header.writeUInt16LE(one.name.length, 28);
  header.writeUInt32LE((one.mode << 16) >>> 0, 38);
  header.writeUInt32LE(one.offset, 42);
  return header;
}

function endRecord(entries: number, offset: number, length: number): Buffer {
  const record = Buffer.alloc(END_LENGTH);
  record.writeUInt32LE(END, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(length, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function isAscii(name: Uint8Array): boolean {
  return name.every((byte) => byte < 0x80);
}

function tooLarge(file: string): TercetError {
  return new TercetError('archive-too-large', `${file} would need Zip64: more than 4 GiB, or more than 65,535 files`);
}
