/** A zip of one file, as it is: for what stands behind a program. */

import { centralHeader, dosTime, endRecord, localHeader, recordOf } from './_zip-records.ts';
import type { ArchiveEntry } from './entry.ts';

/** Seconds: 1980 began, before which a zip cannot date anything. The same file is the same bytes. */
const FIRST = 315_532_800;

/** The archive. */
export function storedZip(entry: ArchiveEntry): Buffer {
  const { contents } = entry;
  const one = { ...recordOf(entry), method: 0, crc: Bun.hash.crc32(contents), packed: contents.length, offset: 0 };
  const stamp = dosTime(FIRST);
  const file = Buffer.concat([localHeader(one, stamp), one.name, contents]);
  const directory = Buffer.concat([centralHeader(one, stamp), one.name]);
  return Buffer.concat([file, directory, endRecord(1, file.length, directory.length)]);
}
