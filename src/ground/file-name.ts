/** The name that an address gives a file. */

import { percentDecoded } from './percent.ts';

/** The last part of the address's path, without its escapes. What is no address is taken for a path. */
export function fileNameOf(url: string): string {
  const path = URL.parse(url)?.pathname ?? url;
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? path;
  return percentDecoded(last);
}
