/** Locking a project on disk: `lockProject` with the context's index, and the writing of the file. */

import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { sameVersion } from '../versions/version.ts';
import type { Context } from './context.ts';
import { type Locked, lockProject } from './lock.ts';
import { readLockText } from './lock-file.ts';
import { checkWritable, writeProjectFiles } from './project-file.ts';

export interface RelockOptions {
  /** A manifest that is not written yet. */
  readonly manifestText?: string;
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** Forget the present lock. Default: false. */
  readonly regenerate?: boolean;
}

/** `lock`: resolves and writes. */
export async function relock(context: Context, options: RelockOptions): Promise<void> {
  const { lockPath } = await context.project();
  const first = options.regenerate || (await readLockText(lockPath)) === undefined;
  await checkWritable(lockPath);
  if (first) context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
  await writeLock(context, await lockNow(context, options));
}

/** Resolves; writes nothing. */
export async function lockNow(context: Context, options: RelockOptions): Promise<Locked> {
  const { text, lockPath, manifest } = await context.project();
  const { client: index } = await context.index(manifest.sources);
  return lockProject({
    index,
    emit: context.emit,
    tellsAnswers: context.verbosity >= 3,
    readText: (file) => (file === 'poetry.lock' ? readLockText(lockPath) : Promise.resolve(text)),
    ...options,
  });
}

/** Writes the lock file where its content changed, and says so; with it the manifest where that is to change. */
export async function writeLock(context: Context, locked: Locked, manifestText?: string): Promise<void> {
  context.emit({ kind: 'data', name: 'lock', value: { changed: locked.changed, ...changesOf(locked) } });
  const { lockPath, manifestPath } = await context.project();
  // The lock first: a process that is stopped between the two leaves a manifest for which the same command does all of it again.
  await writeProjectFiles([
    ...(locked.changed ? [{ path: lockPath, contents: locked.lockText }] : []),
    ...(manifestText === undefined ? [] : [{ path: manifestPath, contents: manifestText }]),
  ]);
  if (!locked.changed) return;
  context.emit({ kind: 'line', text: '' });
  context.emit({ kind: 'line', text: 'Writing lock file', style: 'info' });
}

/** Versions that came into the lock and that left it, by name. */
function changesOf({ lock, previous }: Locked) {
  const textsOf = (packages: readonly LockedPackage[]) =>
    packages.map(({ prettyName, version }) => ({ name: prettyName, version: version.text }));
  const isIn = (packages: readonly LockedPackage[], one: LockedPackage): boolean =>
    packages.some((other) => other.name === one.name && sameVersion(other.version, one.version));
  const before = previous?.packages ?? [];
  return {
    packages: lock.packages.length,
    added: textsOf(lock.packages.filter((one) => !isIn(before, one))),
    removed: textsOf(before.filter((one) => !isIn(lock.packages, one))),
  };
}
