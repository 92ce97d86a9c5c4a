/** Paths as Python's `pathlib` has them: compared part by part, shown without `.` and double slashes. */

import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { compareCodePoints } from '../ground/code-points.ts';
import { TercetError } from '../ground/error.ts';

/** The order of two paths: of their parts, one after the other. */
export function comparePaths(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareCodePoints(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** The path with `/` between its segments. */
export function posix(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** A relative path without `.` and double slashes; `..` stays, since a link may stand before it. */
export function shortened(path: string): string {
  return posix(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The ending with its dot; none for a name that only begins with one. */
export function suffix(path: string): string {
  const ending = extname(path);
  return ending === '.' ? '' : ending;
}

/** Without symbolic links, as far as the path exists. */
export function resolved(path: string): string {
  try {
    // The system's own: a `..` behind a link is that of where the link leads.
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(resolved(parent), basename(path));
  }
}

/**
 * `path` as it is seen from `folder`, with `/`. Throws `file-outside` where it is not in it.
 *
 * @param path absolute
 */
export function relativeTo(folder: string, path: string): string {
  const base = resolve(folder);
  if (path === base) return '.';
  const prefix = base.endsWith(sep) ? base : base + sep;
  if (path.startsWith(prefix)) return posix(path.slice(prefix.length));
  throw new TercetError('file-outside', `'${path}' is not in the subpath of '${base}'`, {
    hints: ['A distribution holds files of its project only. Is there a symbolic link to somewhere else?'],
  });
}
