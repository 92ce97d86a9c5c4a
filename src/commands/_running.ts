/** What `run` and `shell` share: the project's environment, found in the cheapest way that is safe. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/context.ts';
import { type Environment, isSane, isVirtual } from '../environments/environment.ts';
import { findEnvironment } from '../environments/find.ts';
import { callOf, type QuickProject, type QuickScript, quickAllows, quickProject } from './_quick-project.ts';

export interface Running {
  readonly environment: Environment;
  /** The folder of the project. */
  readonly directory: string;
  readonly project: QuickProject;
}

/**
 * The project and its environment, made where it is missing. The file is scanned first; only what a scan cannot tell is
 * read and checked in full. `beforeMaking` is called where the environment is missing or cannot be used, before one is made.
 */
export async function findRunning(
  context: Context,
  scriptName: string | undefined,
  beforeMaking?: () => Promise<void>,
): Promise<Running> {
  const directory = context.projectDirectory() ?? (await context.project()).directory;
  const quick = quickProject(readFileSync(join(directory, 'pyproject.toml'), 'utf8'), scriptName);
  const project = quick ?? (await fullProject(context));
  const configuration = await context.configuration();
  const place = { directory, name: project.name, configuration, env: context.env, cwd: context.cwd };
  const found = findEnvironment(place);
  if (found !== undefined && isVirtual(found) && isSane(found)) {
    const { version } = await found.facts();
    if (quickAllows(project.pythonVersions, version) ?? (await allowsInFull(project.pythonVersions, version))) {
      context.emit({ kind: 'notice', level: 1, text: `Using virtualenv: ${found.path}` });
      return { environment: found, directory, project };
    }
  }
  await beforeMaking?.();
  const { ensureProjectEnvironment } = await import('../app/project-environment.ts');
  return { environment: await ensureProjectEnvironment(context), directory, project };
}

async function fullProject(context: Context): Promise<QuickProject> {
  const [{ manifest }, { tableAt }] = await Promise.all([context.project(), import('../toml/read.ts')]);
  const script = (name: string): QuickScript | undefined => {
    const found = manifest.poetryScripts.get(name);
    if (found === undefined) return undefined;
    return found.kind === 'file' ? { kind: 'file' } : callOf(found.reference);
  };
  const hasOwnSettings = tableAt(manifest.toml, 'tool', 'tercet') !== undefined;
  return { name: manifest.name, pythonVersions: manifest.pythonVersions, script, hasOwnSettings };
}

/** The rule itself, loaded only for ranges that are not plain comparisons. */
async function allowsInFull(range: string, version: string): Promise<boolean> {
  const [{ allows }, { parseVersion }, { parseMarkerConstraint }] = await Promise.all([
    import('../versions/version-range.ts'),
    import('../versions/version.ts'),
    import('../versions/poetry-constraint.ts'),
  ]);
  return allows(parseMarkerConstraint(range === '*' ? '~2.7 || >=3.4' : range), parseVersion(version));
}
