/**
 * Wheels that were built, kept for the next environment: in a folder named after their source, the settings and constraints of the build, and the
 * interpreter's binary interface. What another machine of the team has built is looked for under the same name.
 */

import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ConfigSettings } from '../builder/hooks.ts';
import { noteUse } from '../cache/age.ts';
import type { Environment } from '../environments/environment.ts';
import { sha256 } from '../files/sha256.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { BuiltWheel } from '../installer/artifact.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import { buildConstraints } from './build-constraints.ts';
import type { Context } from './context.ts';
import { BUILT_WHEELS } from './kept-builds.ts';
import { offerWheel, sharedWheel } from './shared-wheels.ts';

export interface BuiltWheels {
  /** The wheel of a source that has been built before, here or by the team; undefined where there is none. `identity` names the source. */
  find(locked: LockedPackage, identity: string): Promise<BuiltWheel | undefined>;
  /** Moves a wheel to where it is found again, and offers it to the team; its new path. */
  keep(locked: LockedPackage, identity: string, path: string): Promise<string>;
}

export interface BuiltWheelsOptions {
  readonly context: Context;
  readonly cacheDir: string;
  readonly remoteCache: RemoteCache | undefined;
}

/** The wheels for the interpreter of an environment. */
export function builtWheels(
  environment: Environment,
  { context, cacheDir, remoteCache }: BuiltWheelsOptions,
): BuiltWheels {
  /** The folder that keeps what is built of a source. */
  const placeOf = async (locked: LockedPackage, identity: string): Promise<string> => {
    const limits = (await buildConstraints(context, locked.name)).map((one) => [one.name, one.prettyConstraint]);
    const settings = (await buildSettings(context, locked)) ?? null;
    const tag = interpreterTag(await environment.facts());
    return join(cacheDir, BUILT_WHEELS, sha256(JSON.stringify([identity, settings, limits, tag])));
  };
  return {
    async find(locked, identity) {
      const place = await placeOf(locked, identity);
      const path = wheelIn(place) ?? (remoteCache && (await sharedWheel(remoteCache, locked, place)));
      if (path === undefined) return undefined;
      noteUse(dirname(path));
      return { path };
    },
    async keep(locked, identity, path) {
      const place = await placeOf(locked, identity);
      mkdirSync(place, { recursive: true });
      const stored = join(place, basename(path));
      renameSync(path, stored);
      if (remoteCache !== undefined) await offerWheel(remoteCache, stored, place);
      return stored;
    },
  };
}

/** What `installer.build-config-settings` says for a package; undefined where that is nothing. */
export async function buildSettings(context: Context, { name }: LockedPackage): Promise<ConfigSettings | undefined> {
  const value = (await context.configuration()).lookup(['installer', 'build-config-settings', name]);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return undefined;
  return value as ConfigSettings;
}

/** What tells the binary interfaces of two interpreters apart. */
function interpreterTag({ implementation, interpreterVersion, abi, platform }: InterpreterFacts): readonly unknown[] {
  const { soabi, flags, freeThreaded } = abi;
  return [
    implementation,
    interpreterVersion,
    soabi ?? null,
    flags,
    freeThreaded,
    platform.name,
    platform.glibc ?? null,
    platform.musl ?? null,
  ];
}

function wheelIn(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((one) => one.endsWith('.whl'));
  return name === undefined ? undefined : join(folder, name);
}
