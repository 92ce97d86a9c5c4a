/** What a folder holds, for those to whom a folder that is not there is an empty one. */

import { readdirSync } from 'node:fs';

/** The names in a folder, sorted; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
