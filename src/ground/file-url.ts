/** Addresses of files as Python's `Path.as_uri` writes them: what is no letter, digit or one of `_.-~` is escaped. */

import { percentEncoded } from './percent.ts';

/** @param path absolute, of Unix or of Windows */
export function fileUrl(path: string): string {
  const quoted = path.replaceAll('\\', '/').split('/').map(quote).join('/');
  return `file://${quoted.startsWith('/') ? '' : '/'}${quoted}`;
}

function quote(segment: string): string {
  return /^[A-Za-z]:$/.test(segment) ? segment : percentEncoded(segment);
}
