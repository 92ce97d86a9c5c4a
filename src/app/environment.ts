/** The project's environment, found or made. */

import type { EnsureOptions } from '../environments/ensure.ts';
import type { Environment } from '../environments/environment.ts';
import type { ProjectPlace } from '../environments/place.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { allows } from '../versions/version-range.ts';
import { tryParseVersion } from '../versions/version.ts';
import type { Context, Project } from './context.ts';

/** The project as its environments see it. */
export async function projectPlace(context: Context, project?: Project): Promise<ProjectPlace> {
  const { directory, manifest } = project ?? (await context.project());
  return {
    directory,
    name: manifest.name,
    configuration: await context.configuration(),
    env: context.env,
    cwd: context.cwd,
  };
}

/** What `ensureEnvironment` and `useInterpreter` need. */
export async function ensureOptions(context: Context, project?: Project): Promise<EnsureOptions> {
  const { manifest } = project ?? (await context.project());
  const { installBundledWheel } = await import('./install-bundled.ts');
  return {
    ...(await projectPlace(context, project)),
    pythonVersions: manifest.pythonVersions,
    allowsPython: (version) => allowsPython(manifest, version),
    emit: context.emit,
    installPip: installBundledWheel,
  };
}

/**
 * The project's environment, made where there is none, repaired where its interpreter is gone. Throws `python-not-found`,
 * `python-not-allowed`, `environment-broken`.
 */
export async function openEnvironment(context: Context): Promise<Environment> {
  const [{ ensureEnvironment }, options] = await Promise.all([
    import('../environments/ensure.ts'),
    ensureOptions(context),
  ]);
  const environment = await ensureEnvironment(options);
  if (environment.kind !== 'system') {
    context.emit({ kind: 'notice', level: 1, text: `Using virtualenv: ${environment.path}` });
  }
  return environment;
}

function allowsPython({ python }: Manifest, version: string): boolean {
  const parsed = tryParseVersion(version);
  return parsed === undefined || allows(python, parsed);
}
