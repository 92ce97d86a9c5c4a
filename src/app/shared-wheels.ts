/**
 * Wheels that one machine of a team has built, and the others need not. The wheel is a file like any other, named by its hash; a signed record says which
 * one it is for a source, its settings and an interpreter's binary interface: all that the folder is named after that keeps it here.
 */

import { renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseWheelFilename } from '../distributions/filename.ts';
import { sha256OfFile } from '../files/sha256.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { projectName } from '../names/name.ts';

/** The wheel that another machine has built, put into `place`; its path. Undefined where there is none. */
export async function sharedWheel(
  cache: RemoteCache,
  { name }: LockedPackage,
  place: string,
): Promise<string | undefined> {
  const record = readRecord(await cache.record('built-wheels', basename(place)));
  const distribution = record && parseWheelFilename(record.file)?.distribution;
  if (record === undefined || distribution === undefined || projectName(distribution) !== name) return undefined;
  const fetched = await cache.fetch(record.sha256, { directory: place, file: record.file });
  if (fetched === undefined) return undefined;
  const path = join(place, record.file);
  renameSync(fetched.path, path);
  return path;
}

/** Leaves a built wheel, which is in `place`, for the others. */
export async function offerWheel(cache: RemoteCache, path: string, place: string): Promise<void> {
  const sha256 = sha256OfFile(path);
  await cache.offer(sha256, path);
  await cache.offerRecord('built-wheels', basename(place), JSON.stringify([basename(path), sha256]));
}

function readRecord(text: string | undefined): { readonly file: string; readonly sha256: string } | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [file, sha256] = value as readonly unknown[];
  if (typeof file !== 'string' || typeof sha256 !== 'string' || basename(file) !== file) return undefined;
  return { file, sha256 };
}
