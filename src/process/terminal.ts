/**
 * Whether the standard streams are terminals. `process.stdout` and `node:tty` cost milliseconds to load, so a plain
 * `fstat` answers first: a pipe, a file and the null device are none, and only for other devices is the runtime asked.
 */

import { fstatSync } from 'node:fs';

/** The null device's number on Linux, major 1 and minor 3. */
const LINUX_NULL = 0x103;

/** Standard input, output or error. */
export type Descriptor = 0 | 1 | 2;

/** Whether the stream behind a file descriptor is a terminal; a closed one is none. */
export function isTerminal(descriptor: Descriptor): boolean {
  try {
    const { rdev } = fstatSync(descriptor);
    if (process.platform === 'linux' && (rdev === 0 || rdev === LINUX_NULL)) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

/** Columns and rows of the terminal on standard output; undefined where it is none. */
export function terminalSize(): { readonly columns: number; readonly rows: number } | undefined {
  if (!isTerminal(1)) return undefined;
  return { columns: process.stdout.columns, rows: process.stdout.rows };
}
