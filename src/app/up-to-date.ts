/**
 * The short way of an `install` that has nothing to do. After a run the environment keeps a note: what was asked for, a
 * digest of the manifest and the lock, and when its folders last changed. While all of that still holds, the
 * next run says what it would say and ends, without reading the lock or listing what is installed.
 *
 * A folder's time changes whenever a distribution is added to it or removed, by whatever tool.
 */

import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import type { Event } from '../ground/events.ts';

const NOTE = '.tercet-up-to-date';
/** Goes up when the note's shape, or what an install does, changes. */
const FORMAT = 1;

/** What an `install` was asked for; each part changes what it would do. */
export interface AskedFor {
  readonly manifestPath: string;
  readonly lockPath: string;
  /** Version of tercet. */
  readonly toolVersion: string;
  /** Groups, extras and flags, as JSON takes them. */
  readonly options: unknown;
}

interface Note {
  readonly key: string;
  /** Folder → when it last changed, in nanoseconds. */
  readonly folders: Readonly<Record<string, string>>;
  readonly events: readonly Event[];
}

/** The events of a run that finds nothing to do, where that is sure to be so; else undefined. */
export function upToDate(environment: Environment, asked: AskedFor): readonly Event[] | undefined {
  try {
    const note: Note = JSON.parse(readFileSync(join(environment.path, NOTE), 'utf8'));
    if (note.key !== keyOf(environment, asked)) return undefined;
    const same = Object.entries(note.folders).every(([folder, time]) => changed(folder) === time);
    return same ? note.events : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Notes that the environment has just been brought to what was asked for.
 *
 * @param folders where distributions and their programs are
 * @param events what a run that finds nothing to do would emit
 */
export async function noteUpToDate(
  environment: Environment,
  asked: AskedFor,
  folders: readonly string[],
  events: readonly Event[],
): Promise<void> {
  const { atomicWrite } = await import('../files/atomic-write.ts');
  try {
    const times = Object.fromEntries(folders.map((folder) => [folder, changed(folder)]));
    const note: Note = { key: keyOf(environment, asked), folders: times, events };
    atomicWrite(join(environment.path, NOTE), JSON.stringify(note));
  } catch {
    // Without a note the next run takes the long way.
    forgetUpToDate(environment);
  }
}

/** Removes the note. */
function forgetUpToDate(environment: Environment): void {
  rmSync(join(environment.path, NOTE), { force: true });
}

function keyOf(environment: Environment, { manifestPath, lockPath, toolVersion, options }: AskedFor): string {
  const digest = new Bun.CryptoHasher('sha256');
  digest.update(JSON.stringify([FORMAT, toolVersion, environment.path, manifestPath, options]));
  for (const path of [manifestPath, lockPath, join(environment.path, 'pyvenv.cfg')]) {
    digest.update(`\0${path}\0`);
    digest.update(readIfThere(path));
  }
  return digest.digest('hex');
}

function readIfThere(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    return new Uint8Array();
  }
}

function changed(folder: string): string {
  return String(lstatSync(folder, { bigint: true }).mtimeNs);
}
