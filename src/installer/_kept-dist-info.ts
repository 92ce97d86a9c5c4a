/**
 * RECORD and INSTALLER of a wheel that are the same in every environment: made by the first installation, kept beside the wheel's
 * files in the store, and linked by those that follow.
 */

import { linkSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Linker } from '../files/link.ts';
import type { StoredWheel } from './stored-wheel.ts';

/** What the two files depend on beside the wheel. */
export interface KeptFor {
  /** INSTALLER's text. */
  readonly installer: string;
  /** Folders that are linked whole, of which RECORD has a row each. */
  readonly wholes: readonly string[];
}

/** Where both are kept; RECORD has INSTALLER's hash, so they go by its text. RECORD is the last that is made. */
function keptFiles({ tree }: StoredWheel, { installer, wholes }: KeptFor): Record<'record' | 'installer', string> {
  const folder = dirname(tree);
  const by = encodeURIComponent(installer);
  const rows = wholes.length === 0 ? '' : `.${Bun.hash(wholes.join('/')).toString(36)}`;
  return { record: `${folder}/RECORD.${by}${rows}`, installer: `${folder}/INSTALLER.${by}${rows}` };
}

/**
 * Links both into the folder `staged`; false where they are not kept, or somebody has written into them since: then neither is
 * kept any longer. Only hard links are worth it.
 */
export function linkKept(wheel: StoredWheel, wanted: KeptFor, staged: string, link: Linker): boolean {
  if (link.mode !== 'hardlink') return false;
  const kept = keptFiles(wheel, wanted);
  const untouched = (path: string): boolean | undefined => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : found.mtimeMs === markOf(wheel) * 1000;
  };
  const isRecord = untouched(kept.record);
  if (isRecord === undefined) return false;
  if (isRecord && untouched(kept.installer) === true) {
    link(kept.installer, `${staged}/INSTALLER`);
    link(kept.record, `${staged}/RECORD`);
    return true;
  }
  for (const path of Object.values(kept)) rmSync(path, { force: true });
  return false;
}

/** The time that both bear, in whole seconds: a clock that ticks would not tell a write that follows at once, this does. */
function markOf({ time }: StoredWheel): number {
  return Math.floor(time / 1000);
}

/** Keeps the two that have been written into the folder `staged`, with a time of the past, so that later writing shows. */
export function keepDistInfo(wheel: StoredWheel, wanted: KeptFor, staged: string, link: Linker): void {
  if (link.mode !== 'hardlink') return;
  const kept = keptFiles(wheel, wanted);
  const seconds = markOf(wheel);
  try {
    for (const name of ['INSTALLER', 'RECORD'] as const) {
      const path = `${staged}/${name}`;
      utimesSync(path, seconds, seconds);
      linkSync(path, name === 'RECORD' ? kept.record : kept.installer);
    }
  } catch {
    // Another process keeps them already, or the store can only be read: the next installation makes its own.
  }
}
