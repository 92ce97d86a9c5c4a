/**
 * Locks that were searched for before. A search is a function of the project's files and of what the index says; so a lock that was
 * found is kept in the cache with the question and with a print of every page that was read for it. Where the same is asked again
 * and the pages say the same, the answer is the same, and nothing is searched. Locks that rest on more than pages (paths, git,
 * a build that failed, `solver.min-release-age`) are not kept.
 */

import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { bucketFolder, createBucket } from '../cache/bucket.ts';
import { forgetOldest } from '../cache/forget-oldest.ts';
import { sha256 } from '../files/sha256.ts';
import type { Event } from '../ground/events.ts';
import { withoutCredentials } from '../ground/redact.ts';
import type { ConsultedPage } from '../index/consulted-pages.ts';
import type { Source } from '../manifest/manifest.ts';

/** What a lock follows from, but for the index. */
export interface LockQuestion {
  /** Which program asks: another build may find something else. */
  readonly program: string;
  readonly manifestText: string;
  readonly previousText: string | undefined;
  readonly regenerate: boolean;
  /** Sorted names, or `all`; empty: nothing is to be renewed. */
  readonly update: 'all' | readonly string[];
}

/** A lock that was found. */
export interface FoundLock {
  readonly lockText: string;
  /** False where the file said the same already. */
  readonly changed: boolean;
  /** What `--json` tells of it. */
  readonly changes: LockChanges;
  /** Warnings and notices that came up. */
  readonly events: readonly Event[];
  /** How deep each package lies, which the lock's text does not say. */
  readonly depths: readonly PackageDepth[];
}

export type PackageDepth = readonly [name: string, version: string, depth: number];

export interface LockChanges {
  /** How many packages the lock holds. */
  readonly packages: number;
  readonly added: readonly NamedVersion[];
  readonly removed: readonly NamedVersion[];
}

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** What tells whether the index has changed its mind. */
export interface Pages {
  consulted(): readonly ConsultedPage[] | undefined;
  areUnchanged(pages: readonly ConsultedPage[]): Promise<boolean>;
}

/** The bucket of such locks, and its format. */
export const RECALL_BUCKET = { name: 'resolutions', version: 3 } as const;
/** So many are kept. */
const MOST_KEPT = 16;

interface Kept extends Omit<FoundLock, 'lockText'> {
  /** The manifest's sources, so that it need not be read; undefined where their addresses are not for the cache: they hold logins. */
  readonly sources: readonly Source[] | undefined;
  readonly pages: readonly (readonly [source: string, project: string, print: string])[];
  /** SHA-256 of the lock's text, which follows. */
  readonly digest: string;
}

/**
 * The lock found for the same question, where every page it came from says the same; pages that are old are asked about. `open` gives
 * the pages of the manifest's sources; undefined: it has to look what these are.
 */
export async function recalledLock(
  cacheDir: string,
  question: LockQuestion,
  open: (sources: readonly Source[] | undefined) => Promise<Pages>,
): Promise<FoundLock | undefined> {
  const kept = readKept(cacheDir, keyOf(question));
  if (kept === undefined) return undefined;
  const consulted = kept.pages.map(([source, project, print]) => ({ source, project, print }) as ConsultedPage);
  const pages = await open(kept.sources);
  return (await pages.areUnchanged(consulted)) ? kept : undefined;
}

/** Keeps a lock that was found just now, where it follows from pages alone. */
export function keepLock(
  cacheDir: string,
  question: LockQuestion,
  found: FoundLock & { readonly sources: readonly Source[] },
  pages: Pages,
): void {
  const consulted = pages.consulted();
  if (consulted === undefined) return;
  const { lockText, sources, ...rest } = found;
  const kept: Kept = {
    ...rest,
    sources: sources.some(hasLogin) ? undefined : sources,
    pages: consulted.map(({ source, project, print }) => [source, project, print]),
    digest: sha256(lockText),
  };
  createBucket({ root: cacheDir, ...RECALL_BUCKET }).write(keyOf(question), `${JSON.stringify(kept)}\n${lockText}`);
  forgetOldest(folderOf(cacheDir), MOST_KEPT);
}

function hasLogin({ url }: Source): boolean {
  return url !== undefined && withoutCredentials(url) !== url;
}

function readKept(cacheDir: string, key: string): (Kept & FoundLock) | undefined {
  const text = createBucket({ root: cacheDir, ...RECALL_BUCKET })
    .read(key)
    ?.toString('utf8');
  const end = text?.indexOf('\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  try {
    const kept: Kept = JSON.parse(text.slice(0, end));
    const lockText = text.slice(end + 1);
    if (kept.digest !== sha256(lockText)) return undefined;
    const now = new Date();
    utimesSync(join(folderOf(cacheDir), key), now, now);
    return { ...kept, lockText };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

function folderOf(cacheDir: string): string {
  return bucketFolder({ root: cacheDir, ...RECALL_BUCKET });
}

function keyOf({ program, manifestText, previousText, regenerate, update }: LockQuestion): string {
  return sha256(JSON.stringify([program, manifestText, previousText ?? null, regenerate, update]));
}
