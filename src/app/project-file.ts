/** Writing `pyproject.toml` and `poetry.lock`. */

import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileContents } from '../files/atomic-write.ts';
import { TercetError } from '../ground/error.ts';

/** Throws `not-writable`, before any work is done for nothing. */
export async function checkWritable(path: string): Promise<void> {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Writes all of the files in full, or none. Throws `not-writable`, or the file system's error. */
export async function writeProjectFiles(files: readonly FileContents[]): Promise<void> {
  for (const { path } of files) await checkWritable(path);
  const { atomicWriteAll } = await import('../files/atomic-write.ts');
  atomicWriteAll(files);
}

/** The same for one file. */
export function writeProjectFile(path: string, text: string): Promise<void> {
  return writeProjectFiles([{ path, contents: text }]);
}

function notWritable(path: string, cause: unknown): TercetError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const why = isMissing ? `there is no folder ${dirname(path)}` : 'the file or its folder is read-only';
  return new TercetError('not-writable', `${path} cannot be written: ${why}.`, { cause });
}
