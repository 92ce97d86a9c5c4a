/** Removing files and folders that may already be gone. */

import { chmodSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Removes a file or a symbolic link; true where there was one. Throws for a folder and where it may not. */
export function removeFile(path: string): boolean {
  try {
    if (isFolderLink(path)) rmdirSync(path);
    else unlinkSync(path);
    return true;
  } catch (error) {
    if (missing(error)) return false;
    throw error;
  }
}

/** Removes a file where that can be; says nothing where it cannot. */
export function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {}
}

/** Removes a folder where it is empty; true where it did. */
export function removeEmptyFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Removes a file, or a folder and all in it; nothing happens where there is none. Never follows symbolic links. */
export function removeTree(path: string): void {
  if (process.platform !== 'win32') {
    rmSync(path, { recursive: true, force: true });
    return;
  }
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory() && !found.isSymbolicLink()) {
    for (const name of readdirSync(path)) removeTree(join(path, name));
    rmdirSync(path);
    return;
  }
  try {
    removeFile(path);
  } catch {
    // There, files that are read only cannot be removed: git's are.
    chmodSync(path, 0o666);
    removeFile(path);
  }
}

/** On Windows a link to a folder is removed as a folder is. */
function isFolderLink(path: string): boolean {
  if (process.platform !== 'win32' || lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true)
    return false;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function missing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
