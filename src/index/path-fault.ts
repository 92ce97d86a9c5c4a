/** Paths in requirements at which there is not what is asked for. */

import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Why a path cannot be what a project is read from, in Poetry's words; undefined where it can.
 *
 * @param kind what was asked for
 * @param path absolute
 */
export function pathFault(kind: 'file' | 'directory', path: string, project: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `Path ${path} for ${project} does not exist`;
  if (kind === 'file')
    return found.isDirectory() ? `${path} for ${project} is a directory, expected a file` : undefined;
  if (!found.isDirectory()) return `${path} for ${project} is a file, expected a directory`;
  const isProject = ['pyproject.toml', 'setup.py', 'setup.cfg'].some((name) => existsSync(join(path, name)));
  return isProject ? undefined : `Directory ${path} for ${project} does not seem to be a Python package`;
}
