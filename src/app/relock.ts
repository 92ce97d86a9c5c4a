/** Locking a project on disk: a lock that was searched for before, else `lockProject`, and the writing of the file. */

import { existsSync, statSync } from 'node:fs';
import type { Event } from '../ground/events.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { isCompiled } from '../process/compiled.ts';
import { tuneForSearch } from '../process/tuned.ts';
import { sameVersion } from '../versions/version.ts';
import type { Context } from './context.ts';
import type { Locked } from './lock.ts';
import { readLockText } from './lock-file.ts';
import { checkWritable, writeProjectFiles } from './project-file.ts';
import {
  type FoundLock,
  keepLock,
  type LockChanges,
  type LockQuestion,
  type PackageDepth,
  recalledLock,
} from './recall.ts';

export interface RelockOptions {
  /** A manifest that is not written yet. */
  readonly manifestText?: string;
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** Releases that are taken where they fit. Default: none. */
  readonly preferred?: readonly LockedPackage[];
  /** Forget the present lock. Default: false. */
  readonly regenerate?: boolean;
}

/** A lock as it is to be written. */
export interface NewLock extends Pick<FoundLock, 'lockText' | 'changed' | 'changes'> {
  lock(): Promise<Lock>;
  /** What was locked before; undefined where nothing was, or where it is to be forgotten. */
  previous(): Promise<Lock | undefined>;
}

/** `lock`: resolves and writes. */
export async function relock(context: Context, options: RelockOptions): Promise<void> {
  const project = await context.unreadProject();
  const first = options.regenerate || !existsSync(project.lockPath);
  // It will be searched: a manifest that is at fault is told of before anything else.
  if (first) await context.index(project.manifest.sources);
  await checkWritable(project.lockPath);
  if (first) context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
  await writeLock(context, await lockNow(context, options));
}

/** Resolves; writes nothing but the cache. */
export async function lockNow(context: Context, options: RelockOptions): Promise<NewLock> {
  const project = await context.unreadProject();
  const { text } = project;
  const previousText = await readLockText(project.lockPath);
  const question = questionOf(context, { text, previousText, options });
  const before = question && (await recalledOf(context, question));
  if (before !== undefined) return recalled(context, before, options.regenerate === true ? undefined : previousText);
  tuneForSearch();
  const { manifest } = project;
  const { client: index, cacheDir } = await context.index(manifest.sources);
  const events: Event[] = [];
  const { lockProject } = await import('./lock.ts');
  const locked = await lockProject({
    index,
    emit(event) {
      if (event.kind === 'warning' || event.kind === 'notice') events.push(event);
      context.emit(event);
    },
    tellsAnswers: context.verbosity >= 3,
    directory: project.directory,
    readText: (file) => Promise.resolve(file === 'poetry.lock' ? previousText : text),
    manifest: options.manifestText === undefined ? manifest : undefined,
    ...options,
  });
  const { lock, previous, lockText, changed } = locked;
  const changes = changesOf(locked);
  const { sources } = manifest;
  if (question !== undefined)
    keepLock(cacheDir, question, { lockText, changed, changes, events, depths: depthsOf(lock), sources }, index);
  return { lockText, changed, changes, lock: async () => lock, previous: async () => previous };
}

/** The lock that was found for the same question before; the manifest need not be read for that. */
async function recalledOf(context: Context, question: LockQuestion): Promise<FoundLock | undefined> {
  return recalledLock(await context.cacheFolder(), question, async (sources) => {
    const { client } = await context.index(sources ?? (await context.unreadProject()).manifest.sources);
    return client;
  });
}

/** What is asked; undefined where it is to be worked out in any case: nothing may be kept, all of it is to be told, or releases are preferred. */
function questionOf(
  { noCache, verbosity, toolVersion }: Context,
  {
    text,
    previousText,
    options,
  }: { readonly text: string; readonly previousText: string | undefined; readonly options: RelockOptions },
): LockQuestion | undefined {
  const program = programPrint(toolVersion);
  const { update, regenerate = false, preferred = [] } = options;
  if (noCache || verbosity >= 3 || program === undefined || preferred.length > 0) return undefined;
  return {
    program,
    manifestText: options.manifestText ?? text,
    previousText,
    regenerate,
    update: update === 'all' ? update : [...(update ?? [])].sort(),
  };
}

/** Which build of the program this is; undefined where it runs from its sources. */
function programPrint(toolVersion: string): string | undefined {
  if (!isCompiled) return undefined;
  const { size, mtimeMs } = statSync(process.execPath);
  return `${toolVersion} ${size} ${mtimeMs}`;
}

function recalled(context: Context, found: FoundLock, previousText: string | undefined): NewLock {
  const { lockText, changed, changes, events, depths } = found;
  context.emit({ kind: 'resolve-started' });
  context.emit({ kind: 'resolve-finished', milliseconds: 0, packages: changes.packages });
  for (const event of events) context.emit(event);
  return {
    lockText,
    changed,
    changes,
    async lock() {
      const { readLock } = await import('../lock/poetry-lock.ts');
      return withDepths(readLock(lockText), depths);
    },
    async previous() {
      const { readMergedLock } = await import('../lock/merge-conflict.ts');
      return previousText === undefined ? undefined : readMergedLock(previousText).lock;
    },
  };
}

function depthsOf({ packages }: Lock): readonly PackageDepth[] {
  return packages.map(({ name, version, depth = 0 }) => [name, version.text, depth]);
}

function withDepths(lock: Lock, depths: readonly PackageDepth[]): Lock {
  const known = new Map(depths.map(([name, version, depth]) => [`${name} ${version}`, depth]));
  return {
    ...lock,
    packages: lock.packages.map((one) => ({ ...one, depth: known.get(`${one.name} ${one.version.text}`) ?? 0 })),
  };
}

/** Writes the lock file where its content changed, and says so; with it the manifest where that is to change. */
export async function writeLock(
  context: Context,
  { lockText, changed, changes }: NewLock,
  manifestText?: string,
): Promise<void> {
  context.emit({ kind: 'data', name: 'lock', value: { changed, ...changes } });
  const { lockPath, manifestPath } = await context.unreadProject();
  // The lock first: a process that is stopped between the two leaves a manifest for which the same command does all of it again.
  await writeProjectFiles([
    ...(changed ? [{ path: lockPath, contents: lockText }] : []),
    ...(manifestText === undefined ? [] : [{ path: manifestPath, contents: manifestText }]),
  ]);
  if (!changed) return;
  context.emit({ kind: 'line', text: '' });
  context.emit({ kind: 'line', text: 'Writing lock file', style: 'info' });
}

/** Versions that came into the lock and that left it, by name. */
function changesOf({ lock, previous }: Locked): LockChanges {
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
