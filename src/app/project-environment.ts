/** The environment of the project that a command works on: ties the project, the settings and the installer's wheels to `environments`. */

import { basename } from 'node:path';
import type { EnsureOptions } from '../environments/ensure.ts';
import type { Environment } from '../environments/environment.ts';
import type { ProjectPlace } from '../environments/place.ts';
import { sha256OfFile } from '../files/sha256.ts';
import type { Sha256 } from '../ground/brand.ts';
import type { InterpreterFacts } from '../python/facts.ts';
import type { Context } from './context.ts';

/** The project as `environments` sees it. */
export async function projectPlace(context: Context): Promise<ProjectPlace> {
  const [{ directory, manifest }, configuration] = await Promise.all([context.project(), context.configuration()]);
  return { directory, name: manifest.name, configuration, env: context.env, cwd: context.cwd };
}

/** The same with what it takes to make an environment. */
export async function ensureOptions(context: Context): Promise<EnsureOptions> {
  const [place, { manifest }, { allows }, { parseVersion }] = await Promise.all([
    projectPlace(context),
    context.project(),
    import('../versions/version-range.ts'),
    import('../versions/version.ts'),
  ]);
  const allowsPython = (version: string): boolean => allows(manifest.python, parseVersion(version));
  return {
    ...place,
    pythonVersions: manifest.pythonVersions,
    allowsPython,
    ...(place.configuration.get('python.auto-install') === true
      ? { installPython: () => installPython(context, allowsPython) }
      : {}),
    emit: context.emit,
    signal: context.signal,
    installPip: (wheel, environment, facts) => installWheelFile(context, wheel, environment, facts),
  };
}

/** Downloads the Python that `.python-version` names, or else the newest one, of those that the project allows. */
async function installPython(context: Context, allowsPython: (version: string) => boolean): Promise<boolean> {
  const [{ findAllowedBuild, installBuild, managedFolder }, { pinnedVersions }] = await Promise.all([
    import('./managed-python.ts'),
    import('../python/pyenv.ts'),
  ]);
  const build = await findAllowedBuild(context, allowsPython, pinnedVersions(context.cwd));
  if (build === undefined) return false;
  context.emit({ kind: 'notice', text: `Downloading and installing ${build.version} (cpython)` });
  await installBuild(context, build, await managedFolder(context));
  return true;
}

/** The project's environment, made or repaired where it has to be. Says which one it is with -v. */
export async function ensureProjectEnvironment(context: Context): Promise<Environment> {
  const [{ ensureEnvironment }, { isVirtual }, options] = await Promise.all([
    import('../environments/ensure.ts'),
    import('../environments/environment.ts'),
    ensureOptions(context),
  ]);
  const environment = await ensureEnvironment(options);
  if (isVirtual(environment)) {
    context.emit({ kind: 'notice', level: 1, text: `Using virtualenv: ${environment.path}` });
  }
  return environment;
}

/** The project's environment as it is; undefined where it has none. */
export async function findProjectEnvironment(context: Context): Promise<Environment | undefined> {
  const [{ findEnvironment }, place] = await Promise.all([import('../environments/find.ts'), projectPlace(context)]);
  return findEnvironment(place);
}

/** Installs a wheel file (one that came with an interpreter, or was just built), through the store as any other wheel. */
export async function installWheelFile(
  context: Context,
  file: string,
  environment: Environment,
  facts: InterpreterFacts,
): Promise<void> {
  const [{ openWorkingStore }, { installWheel }, { targetOf }, { createLinker }, cacheDir] = await Promise.all([
    import('./working-store.ts'),
    import('../installer/install-wheel.ts'),
    import('../installer/target.ts'),
    import('../files/link.ts'),
    context.cacheFolder(),
  ]);
  const { store, close } = openWorkingStore({ cacheDir, noCache: context.noCache, environment });
  try {
    const sha256 = sha256OfFile(file) as Sha256;
    const wheel = store.get(sha256) ?? (await store.add(file, basename(file), sha256));
    installWheel(wheel, await targetOf(environment, facts), { link: createLinker(), installer: 'pip' });
  } finally {
    close();
  }
}
