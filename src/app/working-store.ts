/**
 * The store that an installation works with: the cache's, or, without a cache or with one that cannot be written, a store
 * of its own inside the environment, from where hard links reach and which is thrown away in the end.
 */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../environments/environment.ts';
import { isWritable } from '../files/is-writable.ts';
import { namesIn } from '../files/names-in.ts';
import { removeTree } from '../files/remove.ts';
import { openStore, type WheelStore } from '../installer/store.ts';

export interface WorkingStoreOptions {
  readonly cacheDir: string;
  /** Neither read nor write the cache. Default: false. */
  readonly noCache?: boolean;
  readonly environment: Pick<Environment, 'path' | 'kind'>;
}

export interface WorkingStore {
  readonly store: WheelStore;
  /** The folder for files on their way. */
  readonly downloads: string;
  /** Whether all of it goes when it is closed: nothing may be linked to by name. */
  readonly isScratch: boolean;
  close(): void;
}

/** Opens the store; call it with the environment's lock held, since what stopped runs left of theirs is removed. */
export function openWorkingStore({ cacheDir, noCache, environment }: WorkingStoreOptions): WorkingStore {
  for (const name of namesIn(environment.path)) if (SCRATCH.test(name)) removeTree(join(environment.path, name));
  if (noCache !== true && isWritable(cacheDir)) {
    return { store: openStore(cacheDir), downloads: join(cacheDir, 'downloads'), isScratch: false, close: () => {} };
  }
  const scratch =
    environment.kind === 'system'
      ? mkdtempSync(join(tmpdir(), 'tercet-'))
      : join(environment.path, `.tercet-scratch-${process.pid}`);
  return {
    store: openStore(scratch, noCache === true ? undefined : openStore(cacheDir)),
    downloads: join(scratch, 'downloads'),
    isScratch: true,
    close: () => removeTree(scratch),
  };
}

const SCRATCH = /^\.tercet-scratch-\d+$/;
