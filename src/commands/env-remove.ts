/** `env remove`: deletes environments of the project. */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Context } from '../app/context.ts';
import { argumentList, type Command, flag } from '../cli/command.ts';
import { forgetPython } from '../environments/envs-file.ts';
import { projectEnvironments } from '../environments/find.ts';
import { isDirectory } from '../environments/is-directory.ts';
import { environmentName } from '../environments/naming.ts';
import { baseNameOf, discoverOptions, inProjectPath, type ProjectPlace } from '../environments/place.ts';
import { removeEnvironment } from '../environments/remove.ts';
import { TercetError } from '../ground/error.ts';
import { interpreterByName } from '../python/discover.ts';

export const command: Command = {
  name: 'env remove',
  description: 'Remove virtual environments associated with the project.',
  arguments: [
    {
      name: 'python',
      description:
        'The python executables associated with, or names of the virtual environments which are to be removed.',
      required: false,
      multiple: true,
    },
  ],
  options: [{ name: 'all', description: 'Remove all managed virtual environments associated with the project.' }],
  run: (context, input) =>
    envRemoveCommand({ pythons: argumentList(input, 'python'), all: flag(input, 'all') }, context),
};

export interface EnvRemoveOptions {
  /** Versions, names, paths of Pythons, or names of environments. */
  readonly pythons: readonly string[];
  readonly all: boolean;
}

/** Throws `environment-foreign` for another project's environment and `environment-not-found`. */
export async function envRemoveCommand({ pythons, all }: EnvRemoveOptions, context: Context): Promise<number> {
  const { projectPlace } = await import('../app/project-environment.ts');
  const place = await projectPlace(context);
  const inProject = place.configuration.get('virtualenvs.in-project') === true;
  const line = (text: string) => context.emit({ kind: 'line', text });
  if (pythons.length === 0 && !all && !inProject) line('No virtualenv provided.');

  const folder = place.configuration.folder('virtualenvs.path');
  const baseName = baseNameOf(place);
  for (const python of pythons) {
    const path = await chosenEnvironment(place, python);
    const minor = basename(path).startsWith(`${baseName}-py`) ? basename(path).slice(baseName.length + 3) : undefined;
    if (minor !== undefined) await forgetPython(folder, baseName, minor);
    removeEnvironment(path);
    line(`Deleted virtualenv: ${path}`);
  }
  if (all || inProject) {
    for (const path of projectEnvironments(place)) {
      if (inProject && path !== inProjectPath(place)) continue;
      removeEnvironment(path);
      line(`Deleted virtualenv: ${path}`);
    }
    if (all) await forgetPython(folder, baseName);
  }
  return 0;
}

/** The environment's folder that the user means. */
async function chosenEnvironment(place: ProjectPlace, python: string): Promise<string> {
  const folder = place.configuration.folder('virtualenvs.path');
  const baseName = baseNameOf(place);
  const own = projectEnvironments(place);

  // 1. An environment by its name.
  const named = own.find((path) => basename(path) === python);
  if (named !== undefined) return named;
  if (python.startsWith(baseName)) throw absent(python);
  if (/-.*-py\d/.test(python) && !python.includes('/') && isDirectory(join(folder, python))) throw foreign(python);

  // 2. The Python of an environment by its path.
  if (python.includes('/') && existsSync(python)) {
    const root = dirname(dirname(python));
    const mine = own.find((path) => path === root);
    if (mine !== undefined) return mine;
    if (existsSync(join(root, 'pyvenv.cfg'))) throw foreign(basename(root));
  }

  // 3. A version, said or asked.
  const minor = /^(?:python)?(\d+\.\d+)(?:\.\d+)?$/.exec(python)?.[1] ?? (await minorOf(place, python));
  const path = join(folder, environmentName(baseName, minor));
  if (!isDirectory(path)) throw absent(basename(path));
  return path;
}

async function minorOf(place: ProjectPlace, python: string): Promise<string> {
  const interpreter = await interpreterByName(discoverOptions(place), python);
  if (interpreter === undefined) {
    throw new TercetError('python-not-found', `Could not find the python executable ${python}`);
  }
  const [major, minor] = interpreter.facts.versionInfo;
  return `${major}.${minor}`;
}

function absent(name: string): TercetError {
  return new TercetError('environment-not-found', `Environment "${name}" does not exist.`);
}

function foreign(name: string): TercetError {
  return new TercetError('environment-foreign', `Env ${name} doesn't belong to this project.`);
}
