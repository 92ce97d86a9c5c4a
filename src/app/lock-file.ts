/** `poetry.lock` on disk. */

import { readText } from '../files/read-text.ts';
import type { Lock } from '../lock/lock.ts';

/** The file's text; undefined where there is none. */
export async function readLockText(path: string): Promise<string | undefined> {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The lock; undefined where there is none. Throws as `readLock` does. */
export async function readLockFile(path: string): Promise<Lock | undefined> {
  const [{ readLock }, text] = await Promise.all([import('../lock/poetry-lock.ts'), readLockText(path)]);
  return text === undefined ? undefined : readLock(text);
}

/** The same, also with git conflict marks in it: then what both sides lock. */
export async function readMergedLockFile(path: string): Promise<Lock | undefined> {
  const [{ readMergedLock }, text] = await Promise.all([import('../lock/merge-conflict.ts'), readLockText(path)]);
  return text === undefined ? undefined : readMergedLock(text).lock;
}
