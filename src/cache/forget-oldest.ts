/** Records that are kept for the few that were used last. */

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Removes all but the `most` files of the folder that were made or used last. */
export function forgetOldest(folder: string, most: number): void {
  try {
    const paths = readdirSync(folder).map((name) => join(folder, name));
    if (paths.length <= most) return;
    const byUse = paths.map((path) => ({ path, time: statSync(path).mtimeMs })).sort((a, b) => b.time - a.time);
    for (const { path } of byUse.slice(most)) rmSync(path, { force: true });
  } catch {
    // Another process does the same, or nothing may be written here.
  }
}
