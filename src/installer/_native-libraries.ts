/**
 * Whether a native library looks for others outside of its own wheel (as those of PyTorch look for `nvidia/*`). Such a
 * wheel's folders cannot be linked whole: `$ORIGIN` would then lie in the store, where no other wheel is beside it.
 */

import { posix } from 'node:path';

/** `paths` are the wheel's own; `path` is the library's among them. Understands ELF's `$ORIGIN` and Mach-O's `@loader_path`. */
export function reachesOutside(path: string, contents: Uint8Array, paths: ReadonlySet<string>): boolean {
  if (!LIBRARY.test(path)) return false;
  const bytes = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  const folder = posix.dirname(path);
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      const end = bytes.indexOf(0, at);
      const text = bytes.toString('latin1', at, Math.min(end < 0 ? bytes.length : end, at + LONGEST));
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

/** The same for a library that comes in pieces. A path that a piece ends in may be taken for one outside, never the other way round. */
export function createNativeScan(
  path: string,
  paths: ReadonlySet<string>,
): { add(piece: Uint8Array): void; reachesOutside(): boolean } {
  let tail: Uint8Array = new Uint8Array();
  let outside = false;
  return {
    add(piece) {
      if (outside || !LIBRARY.test(path)) return;
      const seam = Buffer.concat([tail, piece.subarray(0, LONGEST)]);
      outside = reachesOutside(path, seam, paths) || reachesOutside(path, piece, paths);
      tail = Buffer.concat([tail, piece.subarray(-LONGEST)]).subarray(-LONGEST);
    },
    reachesOutside: () => outside,
  };
}

const LIBRARY = /\.(so|dylib)(\.[\d.]+)?$/;
/** The longest list of paths that is read. */
const LONGEST = 4096;
const MARKS = ['$ORIGIN', '@loader_path'];

function hasFolder(paths: ReadonlySet<string>, place: string): boolean {
  const prefix = place === '.' ? '' : `${place.replace(/\/$/, '')}`;
  if (prefix === '' || paths.has(prefix)) return true;
  for (const path of paths) if (path.startsWith(`${prefix}/`)) return true;
  return false;
}
