/** Writing `pyproject.toml` and `poetry.lock`. */

import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** Writes the whole file or nothing. Throws `not-writable`. */
export async function writeProjectFile(path: string, text: string): Promise<void> {
  await checkWritable(path);
  const { atomicWrite } = await import('../files/atomic-write.ts');
  atomicWrite(path, text);
}

function notWritable(path: string, cause: unknown): TercetError {
  return new TercetError('not-writable', `${path} cannot be written: the file or its folder is read-only.`, { cause });
}
