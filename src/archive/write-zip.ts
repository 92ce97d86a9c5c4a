/**
 * Writing zip archives that are the same bytes for the same files: the given order, one time for all.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * One entry at a time is in memory. Names beyond ASCII carry the UTF-8 flag, as Python's `zipfile` has it.
 */

import { closeSync, openSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import { TercetError } from '../ground/error.ts';
import { centralHeader, dosTime, endRecord, localHeader, recordOf, type Written } from './_zip-records.ts';
import type { ArchiveEntry } from './entry.ts';
import { writeWhole } from './write-whole.ts';

export interface ZipOptions {
  /** Seconds since 1970 that every entry is dated with (in UTC); whole, even, and not before 1980 in what is written. */
  readonly time: number;
}

const WIDEST = 0xffffffff;
const MOST_ENTRIES = 0xffff;

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
      const one = { ...recordOf(entry), method: 8, crc: crc32(entry.contents), packed: data.length, offset };
      if (offset + data.length > WIDEST || one.size > WIDEST || all.length === MOST_ENTRIES) throw tooLarge(file);
      write(Buffer.concat([localHeader(one, stamp), one.name]));
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

function tooLarge(file: string): TercetError {
  return new TercetError('archive-too-large', `${file} would need Zip64: more than 4 GiB, or more than 65,535 files`);
}
