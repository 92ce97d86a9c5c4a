/** What builds leave in the cache: the wheels that were built, and the environments that they were built in. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnusedFor } from '../cache/age.ts';
import { isRunning } from '../files/is-running.ts';
import { namesIn } from '../files/names-in.ts';
import { removeTree } from '../files/remove.ts';

/** A folder for each source and interpreter, with the wheel in it. */
export const BUILT_WHEELS = 'built-wheels-v1';

/** Environments in folders `KEY.PID-…`, and for each that is whole a file `KEY` that names its folder. */
export const BUILD_ENVIRONMENTS = 'build-environments-v1';

/** Removes what nobody has used for so many days, by calling `drop` with each path. */
export function dropUnusedBuilds(cacheDir: string, days: number, drop: (path: string) => void): void {
  const wheels = join(cacheDir, BUILT_WHEELS);
  for (const name of namesIn(wheels)) if (isUnusedFor(days, join(wheels, name))) drop(join(wheels, name));
  const environments = join(cacheDir, BUILD_ENVIRONMENTS);
  for (const name of namesIn(environments)) {
    // Without its key nobody finds an environment that is being removed.
    if (KEY.test(name) && isUnusedFor(days, join(environments, name))) drop(join(environments, name));
  }
  if (existsSync(environments)) sweepEnvironments(environments, drop);
}

/** Removes environments that processes which are gone left unfinished, and those whose key leads to another. */
export function sweepEnvironments(bucket: string, drop: (path: string) => void = removeTree): void {
  const names = readdirSync(bucket);
  for (const name of names) {
    const made = /^([0-9a-f]{32})\.(\d+)-/.exec(name);
    if (made === null || isRunning(Number(made[2]))) continue;
    const [, key = ''] = made;
    const kept = names.includes(key) ? readFileSync(join(bucket, key), 'utf8') : undefined;
    if (kept !== name) drop(join(bucket, name));
  }
}

const KEY = /^[0-9a-f]{32}$/;
