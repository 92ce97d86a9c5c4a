/**
 * A lock in which git left two sides of a merge. Nobody can merge those by hand: both are read, and what both lock is preferred when the
 * project is locked anew.
 */

import { TercetError } from '../ground/error.ts';
import type { Lock, LockedPackage } from './lock.ts';
import { readLock } from './poetry-lock.ts';

/** The two files that a text with conflict marks (also those of `diff3`) was made of; undefined where there are no marks. */
export function conflictSides(text: string): readonly [ours: string, theirs: string] | undefined {
  if (!/^<<<<<<< /m.test(text)) return undefined;
  const ours: string[] = [];
  const theirs: string[] = [];
  let side: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  for (const line of text.split('\n')) {
    const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r]|$)/.exec(line)?.[0][0];
    if (side === 'both' && mark === '<') side = 'ours';
    else if (side === 'ours' && mark === '|') side = 'base';
    else if ((side === 'ours' || side === 'base') && mark === '=') side = 'theirs';
    else if (side === 'theirs' && mark === '>') side = 'both';
    else {
      if (side === 'both' || side === 'ours') ours.push(line);
      if (side === 'both' || side === 'theirs') theirs.push(line);
    }
  }
  return [ours.join('\n'), theirs.join('\n')];
}

/**
 * Reads a lock, also one with conflict marks: then with the packages of both sides (or of the one that can be read), and without content
 * hash, for it belongs to neither manifest. Throws as `readLock` does.
 */
export function readMergedLock(text: string): { readonly lock: Lock; readonly isConflicted: boolean } {
  const sides = conflictSides(text);
  if (sides === undefined) return { lock: readLock(text), isConflicted: false };
  const read = sides.flatMap((side) => tryRead(side) ?? []);
  const [first, second] = read;
  if (first === undefined) return { lock: readLock(text), isConflicted: true };
  const packages = [...first.packages];
  for (const other of second?.packages ?? []) {
    if (!packages.some((one) => isSame(one, other))) packages.push(other);
  }
  return { lock: { ...first, contentHash: undefined, packages }, isConflicted: true };
}

function tryRead(text: string): Lock | undefined {
  try {
    return readLock(text);
  } catch (error) {
    if (error instanceof TercetError) return undefined;
    throw error;
  }
}

function isSame(a: LockedPackage, b: LockedPackage): boolean {
  return (
    a.name === b.name && a.version.text === b.version.text && JSON.stringify(a.source) === JSON.stringify(b.source)
  );
}
