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
import { textIfThere } from '../files/text-if-there.ts';
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

/** What an `install` stands before: what it was asked for, and the texts that say what that means. */
export interface Standing {
  /** Digest of all of it. */
  readonly key: string;
  readonly manifestText: string | undefined;
  readonly lockText: string | undefined;
}

/** Reads the files; what is installed has to be what they say here. */
export function standingOf(environment: Environment, asked: AskedFor): Standing {
  const { manifestPath, lockPath, toolVersion, options } = asked;
  const paths = [manifestPath, lockPath, join(environment.path, 'pyvenv.cfg')];
  const [manifestText, lockText, configuration] = paths.map(textIfThere);
  const digest = new Bun.CryptoHasher('sha256');
  digest.update(JSON.stringify([FORMAT, toolVersion, environment.path, ...paths, options]));
  for (const text of [manifestText, lockText, configuration]) {
    digest.update(`\0${text?.length}\0`);
    digest.update(text ?? '');
  }
  return { key: digest.digest('hex'), manifestText, lockText };
}

/** The events of a run that finds nothing to do, where that is sure to be so; else undefined. */
export function upToDate(environment: Environment, { key }: Standing): readonly Event[] | undefined {
  try {
    const note: Note = JSON.parse(readFileSync(join(environment.path, NOTE), 'utf8'));
    if (note.key !== key) return undefined;
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
  { key }: Standing,
  folders: readonly string[],
  events: readonly Event[],
): Promise<void> {
  const { atomicWrite } = await import('../files/atomic-write.ts');
  try {
    const times = Object.fromEntries(folders.map((folder) => [folder, changed(folder)]));
    const note: Note = { key, folders: times, events };
    // A note that a crash of the machine takes away is made again.
    atomicWrite(join(environment.path, NOTE), JSON.stringify(note), { durable: false });
  } catch {
    // Without a note the next run takes the long way.
    forgetUpToDate(environment);
  }
}

/** Removes the note. */
function forgetUpToDate(environment: Environment): void {
  rmSync(join(environment.path, NOTE), { force: true });
}

function changed(folder: string): string {
  return String(lstatSync(folder, { bigint: true }).mtimeNs);
}
