/**
 * One process at a time makes a project's environment. The lock lies in tercet's cache, since the environment's own folder is
 * deleted and made meanwhile.
 */

import { join } from 'node:path';
import { type HeldLock, lockFile } from '../files/lock-file.ts';
import { sha256 } from '../files/sha256.ts';
import type { Emit } from '../ground/events.ts';
import { activePrefix } from './find.ts';
import { cacheDirOf, type ProjectPlace } from './place.ts';

export interface MakingOptions extends ProjectPlace {
  readonly emit: Emit;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Waits until no other process makes the environment of this project (or the active one). Where the cache cannot be
 * written there is no lock, and nothing is waited for.
 */
export async function holdMaking(options: MakingOptions): Promise<HeldLock | undefined> {
  const what = activePrefix(options.env) ?? options.directory;
  const digest = sha256(what).slice(0, 16);
  const cacheDir = cacheDirOf(options);
  if (cacheDir === null) return undefined;
  const path = join(cacheDir, 'locks', `environment-${digest}`);
  const { signal, emit } = options;
  try {
    return await lockFile(path, {
      signal,
      onWait: () => emit({ kind: 'notice', text: `Waiting for another process that makes the environment of ${what}` }),
    });
  } catch (error) {
    if (isUnwritable(error)) return undefined;
    throw error;
  }
}

function isUnwritable(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC', 'EEXIST'].includes(code);
}
