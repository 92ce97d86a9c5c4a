/** Small files that need not be there, and are not written again from what was read: for those see `read-text.ts`. */

import { readFileSync } from 'node:fs';

/** The text of a file in UTF-8; undefined where it cannot be read. */
export function textIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
