/** SHA-256 of what is at hand as a whole; what is streamed is hashed while it comes. */

import { readFileSync } from 'node:fs';

/** The SHA-256 of bytes, or of a text in UTF-8: 64 hexadecimal digits. */
export function sha256(contents: string | Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(contents).digest('hex');
}

/** The same of a file. Throws the file system's error. */
export function sha256OfFile(path: string): string {
  return sha256(readFileSync(path));
}
