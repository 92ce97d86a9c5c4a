/** Folders in which files are to be made. */

import { accessSync, constants, mkdirSync } from 'node:fs';

/** Whether files can be made in the folder, which is made where it is missing. */
export function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
