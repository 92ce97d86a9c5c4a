/** How long something in the cache has not been used: its time of change is moved to its last use, to a day. */

import { statSync, utimesSync } from 'node:fs';

const DAY = 86_400_000;

/** Notes that a file or folder is used. A cache that cannot be written notes nothing. */
export function noteUse(path: string): void {
  const used = usedAt(path);
  const now = Date.now();
  if (used === undefined || now - used < DAY) return;
  try {
    utimesSync(path, now / 1000, now / 1000);
  } catch {
    // It will look older than it is, and be made again.
  }
}

/** Whether nobody has used a file or folder for so many days; false where it is not there. */
export function isUnusedFor(days: number, path: string): boolean {
  const used = usedAt(path);
  return used !== undefined && Date.now() - used > days * DAY;
}

function usedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
