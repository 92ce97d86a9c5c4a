/**
 * The records that a zip archive is made of, beside the contents of its files.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

import { CENTRAL, CENTRAL_LENGTH, END, END_LENGTH, LOCAL, LOCAL_LENGTH } from './_zip-format.ts';
import { type ArchiveEntry, modeOf } from './entry.ts';

const UNIX = 3;
const REGULAR = 0o100000;

/** An entry as its records tell of it. */
export interface Written {
  readonly name: Buffer;
  readonly flags: number;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive, and unpacked. */
  readonly packed: number;
  readonly size: number;
  readonly mode: number;
  /** Where its local header stands. */
  readonly offset: number;
}

/** Time and date of MS-DOS as one number of 32 bits: two seconds' grain, from 1980 on. */
export function dosTime(seconds: number): number {
  const date = new Date(seconds * 1000);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

export function localHeader({ name, flags, method, crc, packed, size }: Written, stamp: number): Buffer {
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

export function centralHeader(one: Written, stamp: number): Buffer {
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

export function endRecord(entries: number, offset: number, length: number): Buffer {
  const record = Buffer.alloc(END_LENGTH);
  record.writeUInt32LE(END, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(length, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

/** What an entry's records say of it wherever it stands, and however it is packed. */
export function recordOf(entry: ArchiveEntry): Pick<Written, 'name' | 'flags' | 'size' | 'mode'> {
  const name = Buffer.from(entry.path);
  return { name, flags: nameFlags(name), size: entry.contents.length, mode: zipMode(entry) };
}

/** The flag for names beyond ASCII. */
function nameFlags(name: Uint8Array): number {
  return name.every((byte) => byte < 0x80) ? 0 : 0x800;
}

/** The mode of an entry, with the type of a regular file where that is told. */
function zipMode(entry: Pick<ArchiveEntry, 'executable' | 'special' | 'untyped'>): number {
  return (entry.untyped ? 0 : REGULAR) | modeOf(entry);
}
