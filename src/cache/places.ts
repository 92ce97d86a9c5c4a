/** Where the cache is. */

import { join } from 'node:path';

export interface CachePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Poetry's `cache-dir` in force, which knows `POETRY_CACHE_DIR` and the platform's folder. */
  readonly poetryCacheDir: string;
}

/** `TERCET_CACHE_DIR`, else a folder of our own in Poetry's cache folder. */
export function cacheDirectory({ env, poetryCacheDir }: CachePlace): string {
  const own = env.TERCET_CACHE_DIR;
  return own !== undefined && own !== '' ? own : join(poetryCacheDir, 'tercet');
}
