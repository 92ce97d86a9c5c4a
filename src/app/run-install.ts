/** `install` and `sync`: a fresh lock is installed as it is; without one the project is locked first. */

import { TercetError } from '../ground/error.ts';
import type { Context } from './context.ts';
import { readLockFile, sha256 } from './lock-file.ts';
import { type GroupOptions, selectExtras, selectGroups } from './selection.ts';

export interface InstallOptions {
  readonly groups: GroupOptions;
  readonly extras: readonly string[];
  readonly allExtras: boolean;
  readonly onlyRoot: boolean;
  readonly noRoot: boolean;
  readonly noDirectory: boolean;
  readonly compile: boolean;
  readonly dryRun: boolean;
  readonly sync: boolean;
}

/** Throws `lock-stale` where the lock does not belong to the manifest. */
export async function runInstall(context: Context, options: InstallOptions): Promise<number> {
  const { manifest, lockPath } = await context.project();
  const { groups, warnings } = selectGroups(manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const extras = () => selectExtras(manifest, options.extras, options.allExtras);
  const { installProject, installRootProject } = await import('./install-project.ts');
  const selection = {
    groups: options.onlyRoot ? [] : groups,
    sync: options.sync,
    dryRun: options.dryRun,
    noDirectory: options.noDirectory,
    compile: options.compile,
  };

  const lock = await readLockFile(lockPath);
  if (lock) {
    context.emit({ kind: 'line', text: 'Installing dependencies from lock file', style: 'info' });
    const { isFresh } = await import('../lock/freshness.ts');
    if (!isFresh(lock, manifest.toml, sha256)) throw stale();
    await installProject(context, { lock, extras: extras(), ...selection });
  } else {
    const known = extras();
    const { lockNow, writeLock } = await import('./relock.ts');
    context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
    const locked = await lockNow(context, {});
    await installProject(context, { lock: locked.lock, resolved: true, extras: known, ...selection });
    if (!options.dryRun) await writeLock(context, locked);
  }
  if (options.noRoot || !manifest.packageMode) return 0;
  return installRootProject(context, { dryRun: options.dryRun });
}

function stale(): TercetError {
  return new TercetError(
    'lock-stale',
    'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.',
  );
}
