/**
 * Putting a stored file somewhere else without copying its bytes where the file system allows that.
 *
 * `clone` shares blocks until one side is written to (Btrfs, XFS, APFS); `hardlink` shares the file; `copy` always
 * works; `symlink` points at the original, for environments that are thrown away.
 */

import { constants, copyFileSync, linkSync, statSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs';

export type LinkMode = 'clone' | 'hardlink' | 'copy' | 'symlink';

/** Links one file: `target` must not exist, its folder must. Throws `EEXIST`, or what the file system says. */
export interface Linker {
  (source: string, target: string): void;
  /** How the last file was linked; differs from what was asked for after a fall back. */
  readonly mode: LinkMode;
}

/** Errors after which the next mode is tried: another device, not supported, not permitted, too many links. */
const FALL_BACK = new Set([
  'EXDEV',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EPERM',
  'EMLINK',
  'EINVAL',
  'ENOTTY',
  'EACCES',
  'EISDIR',
]);

/** Orders of modes: what is tried after what. */
const NEXT: Readonly<Record<LinkMode, LinkMode | undefined>> = {
  clone: 'hardlink',
  hardlink: 'copy',
  symlink: 'copy',
  copy: undefined,
};

/**
 * A linker that begins with `mode` and falls back on the way: from clone to hardlink to copy. A fall back for a whole
 * file system is remembered, one for a single file (too many links) is not. Default mode: clone.
 */
export function createLinker(mode: LinkMode = 'clone'): Linker {
  let current = mode;
  const link = (source: string, target: string): void => {
    for (let attempt: LinkMode | undefined = current; attempt !== undefined; attempt = NEXT[attempt]) {
      try {
        place(attempt, source, target);
        return;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        const next = NEXT[attempt];
        if (next === undefined || !FALL_BACK.has(code)) throw error;
        if (code !== 'EMLINK' && attempt === current) current = next;
      }
    }
  };
  return Object.defineProperty(link, 'mode', { get: () => current }) as Linker;
}

function place(mode: LinkMode, source: string, target: string): void {
  switch (mode) {
    case 'clone':
      copyFileSync(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
      keepTimes(source, target);
      return;
    case 'hardlink':
      linkSync(source, target);
      return;
    case 'symlink':
      symlinkSync(source, target);
      return;
    case 'copy':
      try {
        copyFileSync(source, target, constants.COPYFILE_EXCL);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') remove(target);
        throw error;
      }
      keepTimes(source, target);
      return;
  }
}

/** Python compares a source's time with the one in its bytecode, so copies keep it. */
function keepTimes(source: string, target: string): void {
  const { atime, mtime } = statSync(source);
  utimesSync(target, atime, mtime);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {}
}
