/** The locked packages that a report is about: those of the groups asked for. */

import { TercetError } from '../ground/error.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { GroupName, ProjectName } from '../names/name.ts';
import type { Context } from './context.ts';
import { readLockFile } from './lock-file.ts';
import { type GroupOptions, selectGroups } from './selection.ts';

export interface LockedSelection {
  readonly lock: Lock;
  readonly packages: readonly LockedPackage[];
  readonly groups: readonly GroupName[];
  /** What the groups themselves require. */
  readonly direct: ReadonlySet<ProjectName>;
}

/** Throws `lock-missing`, `group-not-found`. A lock that knows no groups is taken whole. */
export async function lockedSelection(context: Context, options: GroupOptions): Promise<LockedSelection> {
  const { lockPath, manifest } = await context.project();
  const lock = await readLockFile(lockPath);
  if (lock === undefined) {
    throw new TercetError('lock-missing', `${lockPath} does not exist.`, { hints: ['`tercet lock` writes it'] });
  }
  const { groups, warnings } = selectGroups(manifest, options);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const wanted = new Set(groups);
  const direct = new Set(
    manifest.groups.filter((one) => wanted.has(one.name)).flatMap((one) => one.requirements.map(({ name }) => name)),
  );
  const packages = lock.packages.filter(
    (one) => one.groups.length === 0 || one.groups.some((group) => wanted.has(group)),
  );
  return { lock, packages, groups, direct };
}
