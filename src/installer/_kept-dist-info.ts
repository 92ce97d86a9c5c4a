/**
 * RECORD and INSTALLER of a wheel that are the same in every environment: made by the first installation, kept beside the wheel's
 * files in the store, and linked by those that follow. Where scripts are made for an environment RECORD has their rows, and is its own.
 */

import { linkSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Linker } from '../files/link.ts';
import type { StoredWheel } from './stored-wheel.ts';

/** What RECORD depends on beside the wheel. */
export interface KeptFor {
  /** INSTALLER's text. */
  readonly installer: string;
  /** Folders that are linked whole, of which RECORD has a row each. */
  readonly wholes: readonly string[];
}

/**
 * Links both into the folder `staged`; false where they are not kept, or somebody has written into them since: then neither is
 * kept any longer. Only hard links are worth it.
 */
export function linkRecord(wheel: StoredWheel, wanted: KeptFor, staged: string, link: Linker): boolean {
  if (link.mode !== 'hardlink') return false;
  const kept = keptRecord(wheel, wanted);
  const isRecord = isUntouched(kept, wheel);
  if (isRecord === undefined) return false;
  if (isRecord && linkInstaller(wheel, wanted.installer, staged, link)) {
    link(kept, `${staged}/RECORD`);
    return true;
  }
  rmSync(kept, { force: true });
  return false;
}

/** Keeps the RECORD that has been written into the folder `staged`. */
export function keepRecord(wheel: StoredWheel, wanted: KeptFor, staged: string, link: Linker): void {
  keep(`${staged}/RECORD`, keptRecord(wheel, wanted), wheel, link);
}

/** Links INSTALLER into the folder `staged`; false where it is not kept, or somebody has written into it since. */
export function linkInstaller(wheel: StoredWheel, installer: string, staged: string, link: Linker): boolean {
  if (link.mode !== 'hardlink') return false;
  const kept = keptInstaller(wheel, installer);
  const isInstaller = isUntouched(kept, wheel);
  if (isInstaller === true) link(kept, `${staged}/INSTALLER`);
  else if (isInstaller === false) rmSync(kept, { force: true });
  return isInstaller === true;
}

/** Keeps the INSTALLER that has been written into the folder `staged`. */
export function keepInstaller(wheel: StoredWheel, installer: string, staged: string, link: Linker): void {
  keep(`${staged}/INSTALLER`, keptInstaller(wheel, installer), wheel, link);
}

function keptInstaller({ tree }: StoredWheel, installer: string): string {
  return `${dirname(tree)}/INSTALLER.${encodeURIComponent(installer)}`;
}

/** RECORD has INSTALLER's hash, so it goes by its text. */
function keptRecord({ tree }: StoredWheel, { installer, wholes }: KeptFor): string {
  const rows = wholes.length === 0 ? '' : `.${Bun.hash(wholes.join('/')).toString(36)}`;
  return `${dirname(tree)}/RECORD.${encodeURIComponent(installer)}${rows}`;
}

/** Undefined where it is not there. */
function isUntouched(kept: string, wheel: StoredWheel): boolean | undefined {
  const found = statSync(kept, { throwIfNoEntry: false });
  return found === undefined ? undefined : found.mtimeMs === markOf(wheel) * 1000;
}

/** With a time of the past, so that later writing shows. */
function keep(path: string, kept: string, wheel: StoredWheel, link: Linker): void {
  if (link.mode !== 'hardlink') return;
  const seconds = markOf(wheel);
  try {
    utimesSync(path, seconds, seconds);
    linkSync(path, kept);
  } catch {
    // Another process keeps it already, or the store can only be read: the next installation makes its own.
  }
}

/** The time that both bear, in whole seconds: a clock that ticks would not tell a write that follows at once, this does. */
function markOf({ time }: StoredWheel): number {
  return Math.floor(time / 1000);
}
