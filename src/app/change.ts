/**
 * The second half of `add`, `remove` and `update`: resolve, install, and only then write the files. Whatever fails before leaves
 * both files as they were.
 */

import { TercetError } from '../ground/error.ts';
import type { GroupName, ProjectName } from '../names/name.ts';
import type { Context } from './context.ts';
import { lockNow, writeLock } from './relock.ts';

export interface Change {
  /** The new `pyproject.toml`; undefined: it stays. */
  readonly manifestText?: string;
  /** Whose locked version is not kept. Default: nobody's. */
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
  /** Groups to install. Default: all that are not optional. */
  readonly groups?: readonly GroupName[];
  /** Remove what is not locked. Default: false. */
  readonly sync?: boolean;
}

export async function applyChange(context: Context, change: Change): Promise<number> {
  const { manifestPath } = await context.project();
  const dryRun = change.dryRun;
  if (change.manifestText !== undefined && !dryRun) await checkWritable(manifestPath);
  context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
  const locked = await lockNow(context, {
    ...(change.manifestText === undefined ? {} : { manifestText: change.manifestText }),
    ...(change.update === undefined ? {} : { update: change.update }),
  });
  if (!change.lockOnly) {
    const { installProject } = await import('./install-project.ts');
    await installProject(context, {
      lock: locked.lock,
      ...(locked.previous ? { previous: locked.previous } : {}),
      ...(change.manifestText === undefined ? {} : { manifestText: change.manifestText }),
      ...(change.groups ? { groups: change.groups } : {}),
      extras: [],
      sync: change.sync ?? false,
      dryRun,
    });
  }
  if (dryRun) return 0;
  if (change.manifestText !== undefined) {
    const { atomicWrite } = await import('../files/atomic-write.ts');
    atomicWrite(manifestPath, change.manifestText);
  }
  await writeLock(context, locked);
  return 0;
}

/** Throws `not-writable` before any work is done for nothing. */
export async function checkWritable(path: string): Promise<void> {
  const { accessSync, constants, existsSync } = await import('node:fs');
  const { dirname } = await import('node:path');
  try {
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.W_OK);
  } catch (error) {
    throw new TercetError('not-writable', `${path} cannot be written: the file or its folder is read-only.`, { cause: error });
  }
}
