/** Removing files and folders that may already be gone. */

import { rmdirSync, rmSync, unlinkSync } from 'node:fs';

/** Removes a file or a symbolic link; true where there was one. Throws for a folder and where it may not. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
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

/** Removes a folder and all in it; nothing happens where there is none. Never follows symbolic links. */
export function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function missing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
