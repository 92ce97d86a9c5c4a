/** Which packages of a lock an environment needs, without resolving anything. */

import type { MarkerEnvironment } from '../markers/marker.ts';
import type { ExtraName, GroupName } from '../names/name.ts';
import { isNeeded } from './_read-package.ts';
import type { Lock, LockedPackage } from './lock.ts';

/** What is asked for. */
export interface LockSelection {
  readonly groups: readonly GroupName[];
  readonly extras: readonly ExtraName[];
}

/**
 * The packages that belong to one of the groups, and whose marker for one of these groups holds in `env` with the
 * extras asked for. In the lock's order. Meant for locks from 2.1 on; older ones know no groups and give nothing.
 */
export function selectPackages(
  lock: Pick<Lock, 'packages'>,
  selection: LockSelection,
  env: MarkerEnvironment,
): LockedPackage[] {
  const wanted = new Set(selection.groups);
  const environment: MarkerEnvironment = { ...env, extra: selection.extras };
  return lock.packages.filter((locked) =>
    locked.groups.some((group) => wanted.has(group) && isNeeded(locked, group, environment)),
  );
}
