/** A project as its environments see it. */

import { join } from 'node:path';
import { cacheDirectory } from '../cache/places.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Variables } from '../process/variables.ts';
import type { DiscoverOptions } from '../python/discover.ts';
import { isDirectory } from './is-directory.ts';
import { environmentBaseName } from './naming.ts';

/** What decides which environment is a project's. */
export interface ProjectPlace {
  /** The folder of `pyproject.toml`, absolute. */
  readonly directory: string;
  /** The project's name in normalised form; undefined where it has none. */
  readonly name: string | undefined;
  readonly configuration: Configuration;
  readonly env: Variables;
  /** The working folder: pyenv's `.python-version` is looked for from here. */
  readonly cwd: string;
  /** The folder of tercet's cache; `null` for none. Default: as the settings have it. */
  readonly cacheDir?: string | null;
}

/** The project's environment folder of its own. */
export function inProjectPath(place: ProjectPlace): string {
  return join(place.directory, '.venv');
}

/** Whether an environment that exists in the project is used. */
export function usesExistingInProject(place: ProjectPlace): boolean {
  return place.configuration.get('virtualenvs.in-project') !== false && isDirectory(inProjectPath(place));
}

/** Whether a new environment goes into the project. */
export function createsInProject(place: ProjectPlace): boolean {
  return place.configuration.get('virtualenvs.in-project') ?? isDirectory(inProjectPath(place));
}

/** The name of the project's environments without `-pyX.Y`. */
export function baseNameOf(place: ProjectPlace): string {
  return environmentBaseName(place.name, place.directory);
}

/** The folder of tercet's cache; `null` for none. */
export function cacheDirOf({ cacheDir, env, configuration }: ProjectPlace): string | null {
  return cacheDir === undefined ? cacheDirectory({ env, poetryCacheDir: configuration.folder('cache-dir') }) : cacheDir;
}

/** How interpreters are looked for on behalf of this project. */
export function discoverOptions(place: ProjectPlace): DiscoverOptions {
  return {
    env: place.env,
    cwd: place.cwd,
    managedDir: place.configuration.folder('python.installation-dir'),
    usePoetryPython: place.configuration.get('virtualenvs.use-poetry-python'),
    cacheDir: cacheDirOf(place),
  };
}
