/**
 * Which environment is a project's: the active one, `.venv`, or the one of the project's name. Starts no Python, except
 * where the version in the name can be told in no other way.
 */

import { join } from 'node:path';
import { namesIn } from '../files/names-in.ts';
import { knownMinor, preferredProgram } from '../python/discover.ts';
import { interpreterFactsSync } from '../python/facts.ts';
import { type Environment, systemEnvironment, virtualEnvironment } from './environment.ts';
import { chosenPython } from './envs-file.ts';
import { isDirectory } from './is-directory.ts';
import { environmentName } from './naming.ts';
import { baseNameOf, discoverOptions, inProjectPath, type ProjectPlace, usesExistingInProject } from './place.ts';

/**
 * The project's environment; undefined when it has none yet. With `virtualenvs.create` off, the interpreter's own.
 * The active environment is answered with even where its folder is gone.
 */
export function findEnvironment(place: ProjectPlace): Environment | undefined {
  const found = locateEnvironment(place);
  switch (found.kind) {
    case 'system':
      return systemInterpreterEnvironment(place);
    case 'none':
      return undefined;
    default:
      return virtualEnvironment(found.path, found.kind, discoverOptions(place));
  }
}

/** Where the environment is: `none` where it would have to be made first, `system` where none is to be made. */
export type Location =
  | { readonly kind: 'venv' | 'active'; readonly path: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'none' };

/** The rule itself (configuration.md section 6). */
export function locateEnvironment(place: ProjectPlace): Location {
  const { configuration } = place;
  const folder = configuration.folder('virtualenvs.path');
  const baseName = baseNameOf(place);
  const chosen = chosenPython(folder, baseName);
  const active = activePrefix(place.env);
  if (active !== undefined && chosen === undefined) return { kind: 'active', path: active };
  if (usesExistingInProject(place)) return { kind: 'venv', path: inProjectPath(place) };
  if (!configuration.get('virtualenvs.create')) return { kind: 'system' };
  const minor = chosen?.minor ?? preferredMinor(place);
  if (minor === undefined) return { kind: 'none' };
  const path = join(folder, environmentName(baseName, minor));
  return isDirectory(path) ? { kind: 'venv', path } : { kind: 'none' };
}

/**
 * The prefix of the environment that is active in the shell: `VIRTUAL_ENV`, or `CONDA_PREFIX` where that is unset.
 * Undefined for an empty one, and whenever conda's `base` is active.
 */
export function activePrefix(env: ProjectPlace['env']): string | undefined {
  const prefix = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  return prefix && env.CONDA_DEFAULT_ENV !== 'base' ? prefix : undefined;
}

/** The folders of all environments of the project, `.venv` first, then by name. */
export function projectEnvironments(place: ProjectPlace): readonly string[] {
  const folder = place.configuration.folder('virtualenvs.path');
  const prefix = `${baseNameOf(place)}-py`;
  const own = namesIn(folder).filter((name) => name.startsWith(prefix));
  const found = own.map((name) => join(folder, name));
  return usesExistingInProject(place) ? [inProjectPath(place), ...found] : found;
}

/** The environment of the interpreter that a project without virtual environment gets; undefined without any Python. */
export function systemInterpreterEnvironment(place: ProjectPlace): Environment | undefined {
  const options = discoverOptions(place);
  const program = preferredProgram(options);
  return program === undefined ? undefined : systemEnvironment(interpreterFactsSync(program, options));
}

function preferredMinor(place: ProjectPlace): string | undefined {
  const options = discoverOptions(place);
  const program = preferredProgram(options);
  if (program === undefined) return undefined;
  const known = knownMinor(program, options);
  if (known !== undefined) return known;
  const [major, minor] = interpreterFactsSync(program, options).versionInfo;
  return `${major}.${minor}`;
}
