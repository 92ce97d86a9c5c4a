/** Locked packages for tests. */

import type { LockedPackage, LockedSource } from '../../src/lock/lock.ts';
import { MAIN_GROUP, projectName } from '../../src/names/name.ts';
import { parseVersion } from '../../src/versions/version.ts';
import type { BuiltDistribution } from './wheel-builder.ts';

/** A package of the main group; `files` are the ones it locks. */
export function lockedPackage(
  name: string,
  version: string,
  files: readonly BuiltDistribution[] = [],
  more: Partial<LockedPackage> = {},
): LockedPackage {
  return {
    name: projectName(name),
    prettyName: name,
    version: parseVersion(version),
    description: '',
    optional: false,
    pythonVersions: '*',
    groups: [MAIN_GROUP],
    markers: new Map(),
    files: files.map(({ file, sha256 }) => ({ file, hash: `sha256:${sha256}` })),
    requirements: [],
    extras: new Map(),
    ...more,
  };
}

/** The same from a direct origin. */
export function lockedFrom(
  source: LockedSource,
  name: string,
  version = '1.0',
  more: Partial<LockedPackage> = {},
): LockedPackage {
  return lockedPackage(name, version, [], { source, ...more });
}
