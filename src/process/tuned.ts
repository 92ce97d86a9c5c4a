/**
 * Searching takes some tenths of a second: too short for the runtime's last optimising compiler to pay for itself, long enough for it
 * to take the second processor away, and for the heap to be collected several times. Both can only be told to a process at its start,
 * so a process that is going to search replaces itself once (the same pid, 5 ms). For a warm lock of 244 packages that brings a
 * quarter to a third of the time, and costs 100 MiB.
 */

import { isCompiled } from './compiled.ts';

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

let due: (() => void) | undefined;

/** True in the process that has replaced another one. Those that it starts do not inherit its options. */
export function isTuned(): boolean {
  if (process.env[MARK] === undefined) return false;
  for (const name of [MARK, ...Object.keys(OPTIONS)]) delete process.env[name];
  return true;
}

/** Begins the command line anew in a process that is made for searching; returns where that cannot be. Nothing may have been printed. */
export function tune(argv: readonly string[], argv0: string): void {
  if (!isCompiled || process.platform === 'win32') return;
  try {
    process.execve?.(process.execPath, [argv0, ...argv], { ...process.env, ...OPTIONS, [MARK]: '1' });
  } catch {
    // It runs as it is.
  }
}

/** The same, put off until `tuneForSearch`: for a command line that may be answered without a search. */
export function tuneLater(argv: readonly string[], argv0: string): void {
  due = () => tune(argv, argv0);
}

/** To be called when something is printed: from then on the process stays, or it would be printed twice. */
export function stayAsItIs(): void {
  due = undefined;
}

/** To be called before a search, while nothing has been changed but the cache: does what was put off. */
export function tuneForSearch(): void {
  due?.();
}
