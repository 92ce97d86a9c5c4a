/** Puts another executable in the place of the running one: written beside it, tried, renamed. What fails leaves the old one. */

import { chmodSync, copyFileSync, existsSync, lstatSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { atomicWrite, uniqueSuffix } from '../files/atomic-write.ts';
import { removeFile } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import { run } from '../process/spawn.ts';
import type { Receipt } from './installation.ts';

export interface Place {
  readonly program: string;
  /** The folder of the receipt. */
  readonly home: string;
  readonly receipt: Receipt;
}

/** Answers with what the new program says of its version. Throws `update-failed`. */
export async function putInPlace(executable: Uint8Array, { program, home, receipt }: Place): Promise<string> {
  const windows = process.platform === 'win32';
  const staged = join(dirname(program), `.tercet.${process.pid}.${uniqueSuffix()}${windows ? '.exe' : ''}`);
  try {
    writeFileSync(staged, executable, { flag: 'wx' });
    chmodSync(staged, 0o755);
    const { code, stdout, stderr } = await run(staged, ['--version'], { timeout: 60_000 });
    if (code !== 0) throw failed(program, `the new program does not run here: ${(stderr || stdout).trim()}`);
    // A running program cannot be overwritten on Windows, but it can be renamed.
    const old = `${program}.old`;
    if (windows) {
      removeFile(old);
      renameSync(program, old);
    }
    renameSync(staged, program);
    refreshPoetry(program);
    const { version, target, baseUrl } = receipt;
    const text = JSON.stringify({ schema: 1, version, target, base_url: baseUrl });
    atomicWrite(join(home, 'receipt.json'), `${text}\n`);
    return stdout.trim();
  } catch (error) {
    if (error instanceof TercetError) throw error;
    throw failed(program, error instanceof Error ? error.message : String(error), error);
  } finally {
    removeFile(staged);
  }
}

/** `poetry` beside it is a link; where links are not to be had it is a copy, which has to follow. */
function refreshPoetry(program: string): void {
  const poetry = join(dirname(program), process.platform === 'win32' ? 'poetry.exe' : 'poetry');
  if (!existsSync(poetry) || lstatSync(poetry).isSymbolicLink()) return;
  const fresh = `${poetry}.${process.pid}.new`;
  copyFileSync(program, fresh);
  const old = `${poetry}.old`;
  removeFile(old);
  renameSync(poetry, old);
  renameSync(fresh, poetry);
  removeFile(old);
}

function failed(program: string, why: string, cause?: unknown): TercetError {
  return new TercetError('update-failed', `${program} was not updated: ${why}`, {
    hints: ['The old program is still in place.'],
    cause,
  });
}
