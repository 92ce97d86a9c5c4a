/**
 * The commands that resolve run for some tenths of a second: too short for the runtime's last optimising compiler to pay for
 * itself, long enough for it to take the second processor away, and for the heap to be collected several times. Both can only be
 * told to a process at its start, so such a command replaces itself once (the same pid, 5 ms). For a warm lock of 244 packages
 * that brings a quarter to a third of the time, and costs 100 MiB.
 */

import { isCompiled } from '../process/compiled.ts';

const COMMANDS = new Set(['lock', 'update', 'up', 'add', 'remove', 'import']);

const OPTIONS: Readonly<Record<string, string>> = {
  BUN_JSC_thresholdForOptimizeAfterWarmUp: '3000',
  BUN_JSC_thresholdForFTLOptimizeAfterWarmUp: '2000000',
  // Bytes that are used before anything is collected.
  BUN_JSC_smallHeapSize: '200000000',
  BUN_JSC_largeHeapSize: '400000000',
  // Memory comes in pages of 2 MiB where the system has them: 50,000 page faults fewer.
  MIMALLOC_ALLOW_THP: '1',
};
const MARK = 'TERCET_TUNED';

/** Replaces this process where that makes it faster; returns where it does not, and in the process that has replaced it. */
export function tuneForSolving(argv: readonly string[], argv0: string): void {
  if (process.env[MARK] !== undefined) {
    for (const name of [MARK, ...Object.keys(OPTIONS)]) delete process.env[name];
    return;
  }
  const command = argv.find((word) => !word.startsWith('-')) ?? '';
  if (!isCompiled || process.platform === 'win32' || !COMMANDS.has(command)) return;
  try {
    process.execve?.(process.execPath, [argv0, ...argv], { ...process.env, ...OPTIONS, [MARK]: '1' });
  } catch {
    // It runs as it is.
  }
}
