/** The journals of an environment's folders, held open by one thread. Usually both folders are one. */

import { type HeldJournal, holdJournal } from './step.ts';

export interface Journals {
  /** The folder's journal; undefined for a folder that none is held for. */
  of(sitePackages: string): HeldJournal | undefined;
  release(): void;
}

/** Opens the journal of each of the folders, once. */
export function holdJournals(folders: readonly string[]): Journals {
  const held = new Map<string, HeldJournal>();
  const release = (): void => {
    for (const journal of held.values()) journal.release();
  };
  try {
    for (const folder of new Set(folders)) held.set(folder, holdJournal(folder));
  } catch (error) {
    release();
    throw error;
  }
  return { of: (folder) => held.get(folder), release };
}
