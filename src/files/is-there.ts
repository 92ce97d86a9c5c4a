/** Looking whether something has a name. */

import { lstatSync } from 'node:fs';

/** True where something stands at the path: a file, a folder, a symbolic link wherever it leads. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
