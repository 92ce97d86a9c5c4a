/** `install` and what it shares with `sync`: the lock into the environment, then the project itself. */

import { join } from 'node:path';
import type { Context } from '../app/context.ts';
import type { Foreknown, InstallOptions } from '../app/run-install.ts';
import { type Command, flag, type Input, type Option, values } from '../cli/command.ts';
import type { Forecast } from '../installer/forecast.ts';
import { compileLate } from '../process/compile-late.ts';
import { DRY_RUN, GROUP_OPTIONS, groupOptions } from './_options.ts';

export const INSTALL_OPTIONS: readonly Option[] = [
  { name: 'no-root', description: 'Leave out the project itself.' },
  {
    name: 'no-directory',
    description: 'Leave out dependencies that are folders, but not what they need: for layers of an image.',
  },
  DRY_RUN,
  {
    name: 'extras',
    short: 'E',
    takesValue: true,
    multiple: true,
    description: 'Extras of the project, separated by spaces.',
  },
  { name: 'all-extras', description: 'All extras of the project.' },
  { name: 'all-groups', description: 'All groups, the optional ones too.' },
  { name: 'only-root', description: 'The project itself and nothing else.' },
  { name: 'compile', description: 'Compile the installed files to bytecode.' },
];

export const command: Command = {
  name: 'install',
  description: 'Install what poetry.lock says, and the project.',
  arguments: [],
  options: [
    ...GROUP_OPTIONS,
    { name: 'sync', description: 'Also remove what the lock does not hold (Deprecated: see the command sync).' },
    ...INSTALL_OPTIONS,
  ],
  help: `Without a lock file the dependencies are resolved first, and locked.

  poetry install
  poetry install --no-root        only the dependencies
  poetry install --only main      as in production

A project that is no package says \`package-mode = false\` in [tool.poetry].`,
  async run(context, input) {
    const sync = flag(input, 'sync');
    if (sync) {
      const text = 'The `--sync` option is deprecated and slated for removal, use the `poetry sync` command instead.';
      context.emit({ kind: 'warning', text });
    }
    return installCommand(context, input, sync);
  },
};

/** `install`, or `sync` where `sync` is true. */
export async function installCommand(context: Context, input: Input, sync: boolean): Promise<number> {
  const refusal = refusedCombination(input);
  if (refusal !== undefined) {
    context.emit({ kind: 'notice', text: refusal });
    return 1;
  }
  compileLate();
  const options = optionsOf(input, sync);
  const isPlain = context.verbosity <= 0 && !options.dryRun && !options.compile && !options.verify;
  const found = isPlain ? await saidUpToDate(context, options) : undefined;
  if (found === 'said') return 0;
  using _forecast = found?.forecast;
  const { runInstall } = await import('../app/run-install.ts');
  return await runInstall(context, options, found);
}

/** The short way: says that there is nothing to do where that is sure; else what is known now for the long way. */
async function saidUpToDate(context: Context, options: InstallOptions): Promise<'said' | Foreknown | undefined> {
  const directory = context.projectDirectory();
  if (directory === undefined) return undefined;
  const [{ findRunning }, { standingOf, upToDate }] = await Promise.all([
    import('./_running.ts'),
    import('../app/up-to-date.ts'),
  ]);
  const lockPath = join(directory, 'poetry.lock');
  using begun = new DisposableStack();
  let forecast: Forecast | undefined;
  const { environment } = await findRunning(context, undefined, async () => {
    forecast = begun.use(await forecastOf(context, lockPath));
  });
  const standing = standingOf(environment, {
    manifestPath: join(directory, 'pyproject.toml'),
    lockPath,
    toolVersion: context.toolVersion,
    options,
  });
  const events = upToDate(environment, standing);
  if (events === undefined) {
    // It is the caller's now.
    begun.move();
    return { standing, forecast };
  }
  for (const event of events) context.emit(event);
  return 'said';
}

/**
 * What a new environment of the lock will need; undefined where there is no lock, the cache is not to be used, or hardly anything of it is
 * looked at.
 */
async function forecastOf(context: Context, lockPath: string): Promise<Forecast | undefined> {
  const [{ readLockText }, { openForecast }] = await Promise.all([
    import('../app/lock-file.ts'),
    import('../installer/forecast.ts'),
  ]);
  const isOfUse = !context.noCache && context.env.TERCET_LINK_MODE !== 'symlink';
  const lockText = isOfUse ? await readLockText(lockPath) : undefined;
  return lockText === undefined ? undefined : openForecast(await context.cacheFolder(), lockText);
}

function optionsOf(input: Input, sync: boolean): InstallOptions {
  return {
    groups: {
      ...groupOptions(input),
      defaults: flag(input, 'all-groups') ? 'all' : 'not-optional',
    },
    extras: values(input, 'extras'),
    allExtras: flag(input, 'all-extras'),
    onlyRoot: flag(input, 'only-root'),
    noRoot: flag(input, 'no-root'),
    noDirectory: flag(input, 'no-directory'),
    compile: flag(input, 'compile'),
    dryRun: flag(input, 'dry-run'),
    sync,
    verify: flag(input, 'verify'),
  };
}

function refusedCombination(input: Input): string | undefined {
  const grouped = ['with', 'without', 'only'].some((name) => values(input, name).length > 0);
  if (values(input, 'extras').length > 0 && flag(input, 'all-extras')) {
    return 'You cannot specify explicit `--extras` while installing using `--all-extras`.';
  }
  if (flag(input, 'only-root') && (grouped || flag(input, 'all-groups'))) {
    return 'The `--with`, `--without`, `--only` and `--all-groups` options cannot be used with the `--only-root` option.';
  }
  if (flag(input, 'only-root') && flag(input, 'no-root')) {
    return 'You cannot specify `--no-root` when using `--only-root`.';
  }
  if (grouped && flag(input, 'all-groups')) {
    return 'You cannot specify `--with`, `--without`, or `--only` when using `--all-groups`.';
  }
  return undefined;
}
