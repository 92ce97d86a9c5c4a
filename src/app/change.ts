/**
 * The second half of `add`, `remove` and `update`: resolve, install, and only then write the files. Whatever fails before leaves
 * both files as they were.
 */

import { TercetError } from '../ground/error.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { GroupName, ProjectName } from '../names/name.ts';
import { sameVersion } from '../versions/version.ts';
import type { Context } from './context.ts';
import { checkWritable } from './project-file.ts';
import { lockNow, writeLock } from './relock.ts';

export interface Change {
  /** The new `pyproject.toml`; undefined: it stays. */
  readonly manifestText?: string;
  /** Whose locked version is not kept. Default: nobody's. */
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** Releases that are taken where they fit. Default: none. */
  readonly preferred?: readonly LockedPackage[];
  /** None of these may be missing in the new lock. Default: none. */
  readonly demanded?: readonly LockedPackage[];
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
  /** Groups to install. Default: all that are not optional. */
  readonly groups?: readonly GroupName[];
  /** Remove what is not locked. Default: false. */
  readonly sync?: boolean;
}

/**
 * Locks a changed manifest, installs from that lock, and only then writes both files. Answers with the exit code. Throws `not-writable` before anything
 * else is done, `version-does-not-fit` for a demanded release that was not taken, and what locking and installing throw.
 */
export async function applyChange(context: Context, change: Change): Promise<number> {
  const { manifestPath, lockPath } = await context.project();
  const dryRun = change.dryRun;
  if (!dryRun) await checkWritable(change.manifestText === undefined ? lockPath : manifestPath);
  if (context.verbosity > 0 && !change.lockOnly) await context.environment();
  context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
  const locked = await lockNow(context, {
    ...(change.manifestText === undefined ? {} : { manifestText: change.manifestText }),
    ...(change.update === undefined ? {} : { update: change.update }),
    preferred: [...(change.preferred ?? []), ...(change.demanded ?? [])],
  });
  if (change.demanded !== undefined) checkDemanded((await locked.lock()).packages, change.demanded);
  if (!change.lockOnly) {
    const previous = await locked.previous();
    const { installProject } = await import('./install-project.ts');
    await installProject(context, {
      lock: await locked.lock(),
      ...(previous ? { previous } : {}),
      ...(change.manifestText === undefined ? {} : { manifestText: change.manifestText }),
      ...(change.groups ? { groups: change.groups } : {}),
      extras: [],
      sync: change.sync ?? false,
      dryRun,
    });
  }
  if (dryRun) return 0;
  await writeLock(context, locked, change.manifestText);
  return 0;
}

function checkDemanded(packages: readonly LockedPackage[], demanded: readonly LockedPackage[]): void {
  for (const { name, prettyName, version } of demanded) {
    const taken = packages.filter((one) => one.name === name);
    if (taken.some((one) => sameVersion(one.version, version))) continue;
    const found = taken.map((one) => one.version.text).join(', ');
    throw new TercetError(
      'version-does-not-fit',
      `${prettyName} ${version.text} does not fit what the project requires${found === '' ? '' : `: ${found} would be locked`}.`,
      { hints: [`\`tercet add ${prettyName}@${version.text}\` changes the requirement`] },
    );
  }
}
