/** Addresses of files as Python's `Path.as_uri` writes them: what is no letter, digit or one of `_.-~` is escaped. */

import { percentDecoded, percentEncoded } from './percent.ts';

/** @param path absolute, of Unix or of Windows */
export function fileUrl(path: string): string {
  const quoted = path.replaceAll('\\', '/').split('/').map(quote).join('/');
  return `file://${quoted.startsWith('/') ? '' : '/'}${quoted}`;
}

/** The path in a `file:` address, as it stands between host and query: unescaped, and on Windows without the slash before the drive. */
export function pathOfFileUrl(path: string): string {
  return percentDecoded(path).replace(/^\/(?=[A-Za-z]:\/)/, '');
}

function quote(segment: string): string {
  return /^[A-Za-z]:$/.test(segment) ? segment : percentEncoded(segment);
}
