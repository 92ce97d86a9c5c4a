/** Paths without symbolic links. */

import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The absolute path with its links followed as far as it exists, the rest kept: Python's `os.path.realpath`. Throws nothing. */
export function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = resolve(absolute, '..');
    return parent === absolute ? absolute : join(realPath(parent), absolute.slice(parent.length));
  }
}
