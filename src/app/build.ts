/** `build`: distributions of the project, by the native backend where it is the one that the project asks for. */

import { realpathSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { DistributionFormat } from '../backend/source.ts';
import { removeTree } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import type { Context, Project } from './context.ts';

export interface BuildRequest {
  readonly formats: readonly DistributionFormat[];
  /** Where the files go; relative to the project. */
  readonly output: string;
  /** Remove that folder first. */
  readonly clean: boolean;
  /** Passed to the build backend. */
  readonly configSettings: ReadonlyMap<string, string>;
}

/** Builds, and answers with the exit code. */
export async function build(context: Context, request: BuildRequest): Promise<number> {
  const project = await context.project();
  const { manifest, directory } = project;
  if (!manifest.packageMode) {
    context.emit({ kind: 'notice', text: 'Building a package is not possible in non-package mode.' });
    return 1;
  }
  context.emit({ kind: 'line', text: `Building ${manifest.prettyName} (${manifest.version})` });
  const target = resolve(directory, request.output);
  if (request.clean) clean(directory, target);
  const { buildRoute } = await import('./build-route.ts');
  const route = await buildRoute(manifest);
  if (route === 'native' && manifest.buildSystem?.backend === undefined) {
    context.emit({ kind: 'warning', text: NO_BACKEND });
  }
  for (const format of request.formats) {
    context.emit({ kind: 'line', text: `Building ${format}` });
    if (route === 'native') await buildNatively(context, project, { ...request, format, target });
    else await buildIsolated(context, project, { ...request, format, target });
  }
  return 0;
}

const NO_BACKEND = `\
WARNING: No build backend defined. Please define one in the pyproject.toml.
Falling back to using the built-in \`poetry-core\` version.
In a future release Poetry will fallback to \`setuptools\` as defined by PEP 517.
More details can be found at https://python-poetry.org/docs/libraries/#packaging`;

interface OneBuild {
  readonly format: DistributionFormat;
  /** Absolute. */
  readonly target: string;
  readonly configSettings: ReadonlyMap<string, string>;
}

async function buildNatively(context: Context, project: Project, one: OneBuild): Promise<void> {
  const [{ buildDistribution }, { buildSource }] = await Promise.all([
    import('../backend/build.ts'),
    import('../backend/source.ts'),
  ]);
  const source = buildSource(project.manifest, project.directory, one.configSettings.get('local-version'));
  const name = await buildDistribution(source, one.format, {
    target: one.target,
    env: context.env,
    started: () => context.emit({ kind: 'line', text: `  - Building ${one.format}`, style: 'info' }),
    warn: (text) => context.emit({ kind: 'warning', text }),
  });
  context.emit({ kind: 'line', text: `  - Built ${name}` });
}

/** The folder goes with all that is in it; not when the project itself is in it. */
function clean(directory: string, target: string): void {
  const inside = relative(real(target), real(directory));
  if (inside === '' || (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside))) {
    throw new TercetError('clean-refused', `${target} holds the project itself, so it is not removed`, {
      hints: ['Give `--output` a folder of its own, or leave out `--clean`.'],
    });
  }
  removeTree(target);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** By the project's own backend, in an environment that has what it requires. What it prints is shown with -v. */
async function buildIsolated(context: Context, { manifest, directory }: Project, one: OneBuild): Promise<void> {
  const { builds } = await context.index(manifest.sources);
  const [{ own }, { versioningBuildSystem }] = await Promise.all([builds(), import('./build-route.ts')]);
  const system = versioningBuildSystem(manifest);
  const file = await own(
    {
      label: `${manifest.prettyName} (${manifest.version})`,
      name: manifest.name ?? '',
      tree: directory,
      system,
      kind: one.format,
      settings: Object.fromEntries(one.configSettings),
    },
    one.target,
  );
  // Only now it is known which version that is.
  if (system !== undefined) context.emit({ kind: 'line', text: `  - Built ${basename(file)}` });
}
