/** Deleting an environment's folder. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../files/remove.ts';

/** Deletes the folder; one that is a mount point (a volume of a container) is emptied instead. */
export function removeEnvironment(path: string): void {
  try {
    removeTree(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EBUSY') throw error;
    for (const name of readdirSync(path)) removeTree(join(path, name));
  }
}
