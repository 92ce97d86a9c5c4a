/** `cache list`, `cache clear`, `cache size`, `cache prune`: what is kept between runs, and how it goes. */

import { lstatSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { amountIn, bucketFolders } from '../cache/inventory.ts';
import { isRunning } from '../files/is-running.ts';
import { namesIn } from '../files/names-in.ts';
import { removeTree } from '../files/remove.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { type CachedSource, cachedRelease, cachedSources, foldersOf, INDEX_BUCKETS } from '../index/cached-sources.ts';
import { FORECAST_BUCKET } from '../installer/forecast.ts';
import { openStore, WHEELS_VERSION } from '../installer/store.ts';
import type { Context } from './context.ts';
import { dropUnusedBuilds } from './kept-builds.ts';
import { RECALL_BUCKET } from './recall.ts';

/** Names of the sources that the cache knows something of. */
export async function listCaches(context: Context): Promise<readonly string[]> {
  const cacheDir = await context.cacheFolder();
  return [...new Set(cachedSources(cacheDir).map(({ name }) => name))];
}

/**
 * Clears a source (`NAME`, with `all`), one release (`NAME:PROJECT:VERSION`), or all there is (`all` alone). Asks first.
 * Throws `cache-clear-all`, `cache-clear-version`, `cache-key-invalid`.
 */
export async function clearCache(context: Context, what: string | undefined, all: boolean): Promise<void> {
  const cacheDir = await context.cacheFolder();
  const [name = '', project, version, ...more] = (what ?? '').split(':');
  if (/[/\\]|^\.\.?$/.test(name)) throw new TercetError('cache-key-invalid', `${name} is not a valid repository cache`);
  if (more.length > 0) throw new TercetError('cache-key-invalid', 'Invalid cache key');
  const sources = cachedSources(cacheDir).filter((one) => one.name.toLowerCase() === name.toLowerCase());
  if (project === undefined) {
    if (!all) {
      throw new TercetError('cache-clear-all', 'Add the --all option if you want to clear all cache entries');
    }
    const folders = name === '' ? clearable(cacheDir) : sources.flatMap((source) => foldersOf(source, cacheDir));
    await clearFolders(context, folders, name);
  } else if (version === undefined) {
    throw new TercetError(
      'cache-clear-version',
      'Only specifying the package name is not yet supported. Add a specific version to clear',
    );
  } else {
    await clearRelease(context, sources, { project, version, cacheDir });
  }
}

async function clearFolders(context: Context, folders: readonly string[], name: string): Promise<void> {
  const files = folders.reduce((sum, folder) => sum + amountIn(folder).files, 0);
  if (files === 0) {
    context.emit({ kind: 'line', text: name === '' ? 'No cache entries' : `No cache entries for ${name}` });
    return;
  }
  if (await isSure(context, `Delete ${files} entries?`)) for (const folder of folders) removeTree(folder);
}

/** Without a person to ask the answer is yes. */
async function isSure(context: Context, question: string): Promise<boolean> {
  return !context.interactive || context.ask.confirm(question, true);
}

async function clearRelease(
  context: Context,
  sources: readonly CachedSource[],
  { project, version, cacheDir }: { readonly project: string; readonly version: string; readonly cacheDir: string },
): Promise<void> {
  const { projectName } = await import('../names/name.ts');
  const shown = `${projectName(project)}:${version}`;
  const store = openStore(cacheDir);
  const found = sources.flatMap((source) => cachedRelease(source, project, version, cacheDir) ?? []);
  // A wheel may be there without its project's page: an installation needs no more of that than one line.
  const stored = sources.length === 0 ? [] : store.wheelsOf(project, version);
  if (found.length === 0 && stored.length === 0) {
    context.emit({ kind: 'line', text: `No cache entries for ${shown}` });
    return;
  }
  if (!(await isSure(context, `Delete cache entry ${shown}`))) return;
  for (const sha256 of stored) store.remove(sha256);
  for (const { paths, hashes } of found) {
    for (const hash of hashes) store.remove(hash as Sha256);
    for (const path of paths) rmSync(path, { force: true });
  }
}

/** What the cache takes, by kind. */
export interface CacheSize {
  readonly folder: string;
  readonly kinds: readonly { readonly name: string; readonly bytes: number; readonly files: number }[];
  readonly bytes: number;
}

/** Looks at every file of the cache. A file with several names in one folder counts once there. */
export async function cacheSize(context: Context): Promise<CacheSize> {
  const folder = await context.cacheFolder();
  const kinds = bucketFolders(folder).map(({ path }) => ({ name: basename(path), ...amountIn(path) }));
  return { folder, kinds, bytes: kinds.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What `prune` removed. */
export interface Pruned {
  readonly wheels: number;
  readonly bytes: number;
}

/** Days after which what was built, and the environments of builds, are removed where nobody has used them. */
const BUILDS_KEPT = 30;

/**
 * Removes what nobody needs: wheels that share no file with an environment any more, what was built and not used for long, folders of
 * older formats, and what stopped runs left. Wheels whose folders environments link to by name (`TERCET_LINK_MODE=symlink`) stay.
 */
export async function pruneCache(context: Context): Promise<Pruned> {
  const cacheDir = await context.cacheFolder();
  let bytes = 0;
  const drop = (path: string): void => {
    bytes += lstatSync(path).isDirectory() ? amountIn(path).bytes : lstatSync(path).size;
    removeTree(path);
  };
  for (const { family, version, path } of bucketFolders(cacheDir)) {
    const current = CURRENT[family];
    if (current !== undefined && version > 0 && version < current) drop(path);
  }
  for (const name of namesIn(cacheDir)) {
    const pid = /^no-cache-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) drop(join(cacheDir, name));
  }
  const downloads = join(cacheDir, 'downloads');
  for (const name of namesIn(downloads)) {
    const pid = /^\.(\d+)-.*\.part$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    bytes += Bun.file(join(downloads, name)).size;
    rmSync(join(downloads, name), { force: true });
  }
  // Before the wheels: such an environment shares files with them.
  dropUnusedBuilds(cacheDir, BUILDS_KEPT, drop);
  const store = openStore(cacheDir);
  let wheels = 0;
  for (const name of namesIn(store.folder)) {
    const path = join(store.folder, name);
    if (name.startsWith('.')) {
      const pid = /-(\d+)-[a-z0-9]+$/.exec(name)?.[1];
      if (pid === undefined || !isRunning(Number(pid))) drop(path);
    } else if (!store.isInUse(name as Sha256)) {
      bytes += amountIn(path).bytes;
      store.remove(name as Sha256);
      wheels += 1;
    }
  }
  return { wheels, bytes };
}

/** The formats that this program reads. */
const CURRENT: Readonly<Record<string, number>> = {
  ...INDEX_BUCKETS,
  wheels: WHEELS_VERSION,
  interpreters: 1,
  [RECALL_BUCKET.name]: RECALL_BUCKET.version,
  [FORECAST_BUCKET.name]: FORECAST_BUCKET.version,
};

/** All of the cache but for locks, which others may hold. */
function clearable(cacheDir: string): readonly string[] {
  return bucketFolders(cacheDir).flatMap(({ family, path }) => (family === 'locks' ? [] : [path]));
}
