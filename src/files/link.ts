/**
 * Putting a stored file somewhere else without copying its bytes where the file system allows that.
 *
 * `clone` shares blocks until one side is written to (Btrfs, XFS, APFS); `hardlink` shares the file; `copy` always
 * works; `symlink` points at whole folders, for environments that are thrown away; what cannot be linked by its folder is then linked
 * by file, hard where that can be, for a new name costs a file system less than a new file.
 */

import { constants, copyFileSync, linkSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { removeIfPossible } from './remove.ts';

export type LinkMode = 'clone' | 'hardlink' | 'copy' | 'symlink';

/** Links one file: `target` must not exist, its folder must. Throws `EEXIST`, or what the file system says. */
export interface Linker {
  (source: string, target: string): void;
  /** How files are linked: what was asked for, else what is left after a fall back. */
  readonly mode: LinkMode;
  /** True where whole folders are to be linked. */
  readonly byFolder: boolean;
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

/** What is tried for a file, in this order. */
const ATTEMPTS: Readonly<Record<LinkMode, readonly LinkMode[]>> = {
  clone: ['clone', 'hardlink', 'copy'],
  hardlink: ['hardlink', 'copy'],
  symlink: ['hardlink', 'symlink', 'copy'],
  copy: ['copy'],
};

/**
 * A linker that begins with `mode` and falls back on the way: from clone to hardlink to copy. A fall back for a whole
 * file system is remembered, one for a single file (too many links) is not. Default mode: clone.
 */
export function createLinker(mode: LinkMode = 'clone'): Linker {
  const attempts = ATTEMPTS[mode];
  let first = 0;
  const link = (source: string, target: string): void => {
    for (let at = first; ; at += 1) {
      try {
        place(attempts[at] ?? 'copy', source, target);
        return;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        if (at + 1 >= attempts.length || !FALL_BACK.has(code)) throw error;
        if (code !== 'EMLINK' && at === first) first += 1;
      }
    }
  };
  return Object.defineProperties(link, {
    mode: { get: () => attempts[first] },
    byFolder: { value: mode === 'symlink' },
  }) as Linker;
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
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') removeIfPossible(target);
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
