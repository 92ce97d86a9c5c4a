/** What `install`, `sync`, `add`, `remove` and `update` do to the environment: `install.ts` with the context's things. */

import type { Environment } from '../environments/environment.ts';
import type { LinkMode } from '../files/link.ts';
import { TercetError } from '../ground/error.ts';
import type { Forecast } from '../installer/forecast.ts';
import type { Plan } from '../installer/plan.ts';
import type { Lock } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ExtraName, type GroupName, MAIN_GROUP } from '../names/name.ts';
import { compileAsUsual } from '../process/compile-late.ts';
import type { Context } from './context.ts';
import { type InstallOutside, type InstallSettings, installLocked, installProjectItself } from './install.ts';

export interface ProjectInstallation {
  readonly lock: Lock;
  /** The lock that was there before it was resolved anew; what only that one has is removed. */
  readonly previous?: Lock;
  /** A manifest that is not written yet. Default: the project's. */
  readonly manifestText?: string;
  /** Default: all that are not optional. */
  readonly groups?: readonly GroupName[];
  readonly extras: readonly ExtraName[];
  readonly sync: boolean;
  /** Default: false. */
  readonly verify?: boolean;
  readonly dryRun: boolean;
  readonly noDirectory?: boolean;
  readonly compile?: boolean;
  /** Where the environment is new: what it will need. */
  readonly forecast?: Forecast | undefined;
}

/** Installs the dependencies; the plan that was carried out. Rejects where an operation failed; those before it are done. */
export async function installProject(context: Context, installation: ProjectInstallation): Promise<Plan> {
  const project = await context.project();
  const manifest = await manifestOf(installation.manifestText, project.manifest);
  const environment = await context.environment();
  const groups = installation.groups ?? defaultGroups(manifest);
  const lock = await withGroups(context, installation.lock, manifest, groups);
  context.emit({ kind: 'line', level: 1, text: '' });
  context.emit({
    kind: 'line',
    level: 1,
    text: 'Finding the necessary packages for the current system',
    style: 'info',
  });
  return installLocked({
    lock,
    manifest,
    projectDir: project.directory,
    environment,
    groups,
    extras: installation.extras,
    sync: installation.sync,
    verify: installation.verify ?? false,
    previous: installation.previous,
    dryRun: installation.dryRun,
    noDirectory: installation.noDirectory ?? false,
    compile: installation.compile ?? false,
    forecast: installation.forecast,
    verbose: context.verbosity > 0,
    settings: await settingsOf(context),
    outside: outsideOf(context, manifest, environment),
  });
}

function outsideOf(context: Context, manifest: Manifest, environment: Environment): InstallOutside {
  const wheels = async () => (await (await context.index(manifest.sources)).builds()).wheels(environment);
  return {
    open: () => context.index(manifest.sources),
    build: async (locked, source, signal) => (await wheels()).build(locked, source, signal),
    built: async (locked, sha256) => (await wheels()).built(locked, sha256),
    emit: context.emit,
    signal: context.signal,
  };
}

const NOT_INSTALLABLE = `\
If you do not want to install the current project use --no-root.
If you want to use Poetry only for dependency management but not for packaging, you can disable package mode by setting \
package-mode = false in your pyproject.toml file.
If you did intend to install the current project, you may need to set \`packages\` in your pyproject.toml file.
`;

/** Installs the project itself, editable; answers with the exit code. */
export async function installRootProject(context: Context, options: { readonly dryRun: boolean }): Promise<number> {
  const { manifest, directory } = await context.project();
  const environment = await context.environment();
  try {
    await installProjectItself({
      manifest,
      projectDir: directory,
      environment,
      dryRun: options.dryRun,
      settings: await settingsOf(context),
      outside: outsideOf(context, manifest, environment),
      runScript: async (script) => (await import('./root-build.ts')).runBuildScript(context, script, environment),
    });
    return 0;
  } catch (error) {
    if (!(error instanceof TercetError) || error.code !== 'root-not-found') throw error;
    const text = `Error: The current project could not be installed: ${error.message}\n${NOT_INSTALLABLE}`;
    context.emit({ kind: 'line', text: '' });
    context.emit({ kind: 'notice', text });
    return 1;
  }
}

async function settingsOf(context: Context): Promise<InstallSettings> {
  const configuration = await context.configuration();
  return {
    cacheDir: await context.cacheFolder(),
    noBinary: configuration.get('installer.no-binary') ?? [],
    onlyBinary: configuration.get('installer.only-binary') ?? [],
    noCache: context.noCache,
    workers: configuration.get('installer.parallel') ? configuration.get('installer.max-workers') : 1,
    linkMode: linkModeOf(context.env.TERCET_LINK_MODE),
  };
}

function linkModeOf(text: string | undefined): LinkMode | undefined {
  switch (text) {
    case undefined:
    case '':
      return undefined;
    case 'clone':
    case 'hardlink':
    case 'copy':
    case 'symlink':
      return text;
    default:
      throw new TercetError('setting-invalid', `TERCET_LINK_MODE is "${text}", not clone, hardlink, copy or symlink`);
  }
}

async function manifestOf(text: string | undefined, present: Manifest): Promise<Manifest> {
  if (text === undefined) return present;
  const { readManifest } = await import('../manifest/read.ts');
  return readManifest(text);
}

function defaultGroups(manifest: Manifest): readonly GroupName[] {
  return [...new Set([MAIN_GROUP, ...manifest.groups.filter((one) => !one.optional).map((one) => one.name)])];
}

/** Locks before 2.1 know neither groups nor markers: they are found out by resolving within the lock, and so they are with `installer.re-resolve`. */
async function withGroups(
  context: Context,
  lock: Lock,
  manifest: Manifest,
  groups: readonly GroupName[],
): Promise<Lock> {
  const { knowsGroups } = await import('../lock/poetry-lock.ts');
  const known = knowsGroups(lock);
  if (known && !(await context.configuration()).get('installer.re-resolve')) return lock;
  const text = 'Cannot install without re-resolving because the lock file is not at least version 2.1';
  if (!known) context.emit({ kind: 'line', level: 1, text, style: 'info' });
  compileAsUsual();
  const [{ resolveForInstallation }, { markers }] = await Promise.all([
    import('./resolve-within.ts'),
    context.environment().then((environment) => environment.facts()),
  ]);
  return resolveForInstallation(lock, manifest, { groups, markers });
}
