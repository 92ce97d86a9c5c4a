/**
 * Whether a native library looks for others outside of its own wheel (as those of PyTorch look for `nvidia/*`). Such a
 * wheel's folders cannot be linked whole: `$ORIGIN` would then lie in the store, where no other wheel is beside it.
 */

import { posix } from 'node:path';

/** `paths` are the wheel's own; `path` is the library's among them. Understands ELF's `$ORIGIN` and Mach-O's `@loader_path`. */
export function reachesOutside(path: string, contents: Uint8Array, paths: ReadonlySet<string>): boolean {
  if (!/\.(so|dylib)(\.[\d.]+)?$/.test(path)) return false;
  const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  const folder = posix.dirname(path);
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      const end = bytes.indexOf(0, at);
      const text = bytes.toString('latin1', at, Math.min(end < 0 ? bytes.length : end, at + 4096));
      for (const part of text.split(':')) {
        const relative = part.startsWith(mark) ? part.slice(mark.length).replace(/^\//, '') : undefined;
        if (relative?.includes('..') !== true) continue;
        const place = posix.join(folder, relative);
        if (place.startsWith('..') || !hasFolder(paths, place)) return true;
      }
    }
  }
  return false;
}

const MARKS = ['$ORIGIN', '@loader_path'];

function hasFolder(paths: ReadonlySet<string>, place: string): boolean {
  const prefix = place === '.' ? '' : `${place.replace(/\/$/, '')}`;
  if (prefix === '' || paths.has(prefix)) return true;
  for (const path of paths) if (path.startsWith(`${prefix}/`)) return true;
  return false;
}
