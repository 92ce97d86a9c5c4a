/** Text files whose contents are written again: a byte that is not UTF-8 must not come back as another. */

import { readFileSync } from 'node:fs';
import { TercetError } from '../ground/error.ts';

/**
 * The text of a file in UTF-8, a byte order mark included. Throws the file system's error with the file's path, and
 * `not-utf-8` where a byte is in another encoding.
 */
export function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    // That of a folder does not say where.
    throw Object.assign(error as Error, { path });
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (text.includes(REPLACEMENT)) checkEncoding(path, bytes, text);
  return text;
}

const REPLACEMENT = '\ufffd';

/** The sign may stand in the file itself; then what is decoded are the same bytes. */
function checkEncoding(path: string, bytes: Uint8Array, text: string): void {
  const decoded = new TextEncoder().encode(text);
  const at = decoded.findIndex((byte, index) => byte !== bytes[index]);
  if (at === -1) return;
  const line = decoded.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const what = utf16 ? 'it seems to be UTF-16' : `line ${line} holds the byte 0x${bytes[at]?.toString(16)}`;
  throw new TercetError('not-utf-8', `${path} is not UTF-8: ${what}`, {
    hints: ['Save it as UTF-8 in your editor; nothing was changed.'],
  });
}
