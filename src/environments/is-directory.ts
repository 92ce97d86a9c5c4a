/** A question to the file system that raises nothing. */

import { statSync } from 'node:fs';

/** True for a folder, also through links; false too where it may not be looked at. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
