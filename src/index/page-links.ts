/** What pages in JSON and in HTML have in common: links to files, and the error for what is no page. */

import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';

/** The error for an address that answers with something else than a simple API. */
export function notAnIndex(url: string, why: string): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('not-an-index', `${shown} does not look like a package index: ${why}`, {
    hints: [
      'The address of a source ends where project names begin, often in `/simple/`. A login page in its place means that credentials are missing.',
    ],
    detail: { url: shown },
  });
}

/** The usual forms need no parser; whoever lists 4,000 files feels it. */
export function absoluteUrl(url: string, base: string): string | undefined {
  if (url.startsWith('https://') || url.startsWith('http://'))
    return url.includes(' ') ? url.replaceAll(' ', '%20') : url;
  const parsed = URL.parse(url, base);
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : undefined;
}

export function isFileName(name: string): boolean {
  return name !== '' && !name.includes('/') && !name.includes('\\');
}
