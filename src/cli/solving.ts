/** Which command lines search, and so are begun in a process that is made for it (`process/tuned.ts`). */

import { isTuned, tune, tuneLater } from '../process/tuned.ts';

const COMMANDS = new Set(['lock', 'update', 'up', 'add', 'remove', 'import']);

/** Replaces this process where that makes it faster; returns where it does not, and in the process that has replaced it. */
export async function tuneForSolving(argv: readonly string[], argv0: string): Promise<void> {
  if (isTuned()) return;
  const command = argv.find((word) => !word.startsWith('-')) ?? '';
  if (!COMMANDS.has(command)) return;
  if (command === 'lock' && argv.length === 1 && (await isLockedHere())) tuneLater(argv, argv0);
  else tune(argv, argv0);
}

/** True where the project of this folder was locked after its manifest was changed: most likely there is nothing to search for. */
async function isLockedHere(): Promise<boolean> {
  // Not above: `--version` loads this file too.
  const { statSync } = await import('node:fs');
  try {
    return statSync('poetry.lock').mtimeMs >= statSync('pyproject.toml').mtimeMs;
  } catch {
    return false;
  }
}
