/** A question to the file system that raises nothing. */

import { statSync } from 'node:fs';

/** True for a folder, also through links. */
export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
