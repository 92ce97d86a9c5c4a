/** Writing to an open file. */

import { writeSync } from 'node:fs';

/** Writes all of the bytes where the file stands; the system may take fewer at a time. Throws the file system's error. */
export function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
