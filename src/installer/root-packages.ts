/** The folders that an editable installation of a project puts on Python's path: those its packages are in. */

import { existsSync, globSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { Manifest, PackageInclude } from '../manifest/manifest.ts';

/**
 * Absolute folders without repetition, in the order of `packages`. Throws `root-not-found` where a package that is named (or the one
 * with the project's name) is not there.
 */
export function importFolders(manifest: Manifest, projectDir: string): readonly string[] {
  const packages = manifest.packages ?? [foundPackage(manifest, projectDir)];
  return [...new Set(packages.map((one) => importFolder(one, projectDir)))];
}

/** The name of the project's `.pth` file without its ending, and of the package looked for. */
export function moduleName(manifest: Manifest): string {
  return (manifest.name ?? '').replaceAll('-', '_');
}

function foundPackage(manifest: Manifest, projectDir: string): PackageInclude {
  const name = moduleName(manifest);
  for (const from of [undefined, 'src']) {
    const base = from === undefined ? projectDir : join(projectDir, from);
    const folder = isFolder(join(base, name));
    const module = isFile(join(base, `${name}.py`));
    if (folder && module) throw notFound(`Both ${join(base, name)} and ${join(base, `${name}.py`)} exist`);
    if (!folder && !module) continue;
    return {
      include: folder ? name : `${name}.py`,
      formats: ['sdist', 'wheel'],
      ...(from === undefined ? {} : { from }),
    };
  }
  throw notFound(`No file/folder found for package ${manifest.name}`);
}

function importFolder({ include, from }: PackageInclude, projectDir: string): string {
  const base = from === undefined ? projectDir : join(projectDir, from);
  const matches = /[*?[]/.test(include)
    ? globSync(include, { cwd: base }).map((path) => join(base, path))
    : [join(base, include)].filter((path) => existsSync(path));
  const [first] = matches;
  if (first === undefined) throw notFound(`${join(base, include)} does not contain any element`);
  if (!isFile(first) && !hasModules(matches, include)) throw notFound(`${include} is not a package.`);
  return realpathSync(base);
}

/** True where there is a source file, or stubs in a package of stubs (PEP 561). */
function hasModules(matches: readonly string[], include: string): boolean {
  const [first = ''] = matches;
  if (existsSync(join(first, '__init__.py'))) return true;
  const elements = matches.length === 1 ? globSync('**/*', { cwd: first }) : matches;
  return elements.some((path) => path.endsWith('.py') || (path.endsWith('.pyi') && /-stubs\/?$/.test(include)));
}

/** The message is the reason alone; what to do about it is the command's to say. */
function notFound(why: string): TercetError {
  return new TercetError('root-not-found', why);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
