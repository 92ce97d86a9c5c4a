/** Where a command's executable stands: the search that a shell and `execvp` make over `PATH`. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Variables } from './variables.ts';

/** How a lookup is made. */
export interface WhichOptions {
  /** Folders before those of `PATH`. Default: none. */
  readonly before?: readonly string[];
  /** What relative commands and relative `PATH` entries are taken from. Default: the process's folder. */
  readonly cwd?: string;
}

/**
 * The file that `command` runs: itself when it holds a slash, else the first executable file of that name
 * in `before` and then in `PATH` (on Windows with the endings of `PATHEXT`). Undefined when there is none.
 */
export function which(command: string, env: Variables, options: WhichOptions = {}): string | undefined {
  for (const file of whichAll(command, env, options)) return file;
  return undefined;
}

/** Every file that `command` could mean, in the order of the search. */
export function* whichAll(command: string, env: Variables, options: WhichOptions = {}): Generator<string> {
  if (command === '') return;
  const cwd = options.cwd ?? process.cwd();
  const endings = executableEndings(command, env);
  if (command.includes('/') || (process.platform === 'win32' && command.includes('\\'))) {
    const file = isAbsolute(command) ? command : resolve(cwd, command);
    for (const ending of endings) if (isExecutable(file + ending)) yield file + ending;
    return;
  }
  for (const folder of searchFolders(env, options)) {
    const base = join(isAbsolute(folder) ? folder : resolve(cwd, folder), command);
    for (const ending of endings) if (isExecutable(base + ending)) yield base + ending;
  }
}

/** The folders a lookup walks through, empty entries left out. */
export function searchFolders(env: Variables, options: WhichOptions = {}): string[] {
  const path = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...(options.before ?? []), ...path];
}

/** True for a regular file (through links) that this user may execute. */
export function isExecutable(file: string): boolean {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
    if (process.platform !== 'win32') accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function executableEndings(command: string, env: Variables): readonly string[] {
  if (process.platform !== 'win32') return [''];
  const endings = (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  const lower = command.toLowerCase();
  return endings.some((ending) => lower.endsWith(ending.toLowerCase())) ? [''] : endings;
}
