/** `install` and `sync`: a fresh lock is installed as it is; without one the project is locked first. */

import { sha256 } from '../files/sha256.ts';
import { TercetError } from '../ground/error.ts';
import type { Event } from '../ground/events.ts';
import type { Forecast } from '../installer/forecast.ts';
import { compileAsUsual } from '../process/compile-late.ts';
import type { Context } from './context.ts';
import { rootBuild, rootLines } from './install.ts';
import { readLockText } from './lock-file.ts';
import { missingPlugins, missingPluginsText } from './plug-ins.ts';
import { type GroupOptions, selectExtras, selectGroups } from './selection.ts';
import type { Standing } from './up-to-date.ts';

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
  /** Compare what is installed with what was locked, file by file. */
  readonly verify: boolean;
}

/** What is known of an install before it is begun. */
export interface Foreknown {
  /** What the files say, where they have been read already. */
  readonly standing: Standing;
  /** Where the environment has just been made: what it will need. */
  readonly forecast: Forecast | undefined;
}

/** Throws `lock-stale` where the lock does not belong to the manifest. */
export async function runInstall(context: Context, options: InstallOptions, foreknown?: Foreknown): Promise<number> {
  const { standing, forecast } = foreknown ?? {};
  const { manifest, lockPath } = await context.project();
  // With -v the environment is named before anything else.
  if (context.verbosity > 0) await context.environment();
  const { groups, warnings } = selectGroups(manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const missing = missingPlugins(manifest);
  if (missing.length > 0) context.emit({ kind: 'warning', text: missingPluginsText(missing) });
  const extras = () => selectExtras(manifest, options.extras, options.allExtras);
  const { installProject, installRootProject } = await import('./install-project.ts');
  const selection = {
    groups: options.onlyRoot ? [] : groups,
    sync: options.sync,
    verify: options.verify,
    dryRun: options.dryRun,
    noDirectory: options.noDirectory,
    compile: options.compile,
  };

  const lockText = standing?.lockText ?? (await readLockText(lockPath));
  let operations = 0;
  if (lockText !== undefined) {
    const { readLock } = await import('../lock/poetry-lock.ts');
    context.emit({ kind: 'line', text: 'Installing dependencies from lock file', style: 'info' });
    const lock = readLock(lockText);
    const { isFresh } = await import('../lock/freshness.ts');
    if (!isFresh(lock, manifest.toml, sha256)) throw stale();
    operations = (await installProject(context, { lock, extras: extras(), forecast, ...selection })).length;
  } else {
    const known = extras();
    compileAsUsual();
    const { lockNow, writeLock } = await import('./relock.ts');
    context.emit({ kind: 'line', text: 'Updating dependencies', style: 'info' });
    const locked = await lockNow(context, {});
    const plan = await installProject(context, {
      lock: await locked.lock(),
      extras: known,
      ...selection,
    });
    operations = plan.length;
    if (!options.dryRun) await writeLock(context, locked);
  }
  const withRoot = !options.noRoot && manifest.packageMode;
  const code = withRoot ? await installRootProject(context, { dryRun: options.dryRun }) : 0;
  if (code === 0 && warnings.length === 0 && !options.dryRun) {
    await note(context, options, { operations, withRoot, lockText, standing });
  }
  return code;
}

interface Done {
  readonly operations: number;
  readonly withRoot: boolean;
  /** Undefined where the lock was made on the way. */
  readonly lockText: string | undefined;
  readonly standing: Standing | undefined;
}

/** Lets the next run of the same see at once that there is nothing to do. */
async function note(context: Context, options: InstallOptions, done: Done): Promise<void> {
  const { operations, withRoot, lockText } = done;
  const environment = await context.environment();
  const { manifest, manifestPath, lockPath, text } = await context.project();
  if (environment.kind === 'system' || text.includes('dev-dependencies')) return;
  // A build script is run each time.
  if (withRoot && rootBuild(manifest) !== undefined) return;
  const [{ noteUpToDate, standingOf }, { paths }] = await Promise.all([import('./up-to-date.ts'), environment.facts()]);
  const events: Event[] = [{ kind: 'line', text: 'Installing dependencies from lock file', style: 'info' }];
  if (operations > 0) {
    events.push({ kind: 'plan', installs: 0, updates: 0, removals: 0, skipped: operations, dryRun: false });
  }
  if (withRoot) events.push(...rootLines(manifest));
  const asked = { manifestPath, lockPath, toolVersion: context.toolVersion, options: { ...options, verify: false } };
  const standing = (lockText === undefined ? undefined : done.standing) ?? standingOf(environment, asked);
  // The files may say something else by now than what was installed.
  const isSame = standing.manifestText === text && (lockText === undefined || standing.lockText === lockText);
  if (isSame)
    await noteUpToDate(environment, standing, [...new Set([paths.purelib, paths.platlib, paths.scripts])], events);
}

function stale(): TercetError {
  return new TercetError(
    'lock-stale',
    'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.',
  );
}
