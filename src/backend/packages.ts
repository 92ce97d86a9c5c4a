/** The packages and modules of a project: those that `packages` names, else the one with the project's name. */

import { basename, dirname, join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import type { Manifest, PackageInclude } from '../manifest/manifest.ts';
import { comparePaths, isFile, isFolder, posix, resolved, shortened, suffix } from './_paths.ts';
import { allBelow, globSorted } from './glob.ts';
import { type DistributionFormat, ownModule, packagesOf } from './source.ts';

/** One entry of `packages` with what it stands for. */
export interface FoundPackage {
  readonly written: PackageInclude;
  /** The folder that its paths start from: the project's, or `from` in it. */
  readonly base: string;
  /** Absolute paths of files and folders, sorted. */
  readonly elements: readonly string[];
  readonly kind: 'package' | 'module';
  /** The name by which it is imported. */
  readonly name: string;
}

/** The packages for one format. Throws `root-not-found` for one that is not there or holds no module. */
export function findPackages(
  manifest: Manifest,
  projectDir: string,
  format: DistributionFormat,
): readonly FoundPackage[] {
  const named = packagesOf(manifest, format);
  const packages = named.length > 0 ? named : [foundPackage(manifest, projectDir)];
  return packages.map((written) => elementsOf(written, projectDir));
}

/** The folders, without repetition, that an editable installation puts on Python's path. Throws as `findPackages`. */
export function importFolders(manifest: Manifest, projectDir: string): readonly string[] {
  return [...new Set(findPackages(manifest, projectDir, 'wheel').map(({ base }) => resolved(base)))];
}

function foundPackage(manifest: Manifest, projectDir: string): PackageInclude {
  const name = ownModule(manifest);
  for (const from of [undefined, 'src']) {
    const base = from === undefined ? projectDir : join(projectDir, from);
    const folder = isFolder(join(base, name));
    const module = isFile(join(base, `${name}.py`));
    if (folder && module) {
      throw notFound(`Both ${join(projectDir, name)} and ${join(projectDir, `${name}.py`)} exist`);
    }
    if (!folder && !module) continue;
    const include = folder ? name : `${name}.py`;
    return { include, formats: ['sdist', 'wheel'], ...(from === undefined ? {} : { from }) };
  }
  throw notFound(`No file/folder found for package ${manifest.name}`);
}

function elementsOf(written: PackageInclude, projectDir: string): FoundPackage {
  const base = written.from === undefined ? projectDir : join(projectDir, written.from);
  const found = globSorted(base, written.include);
  const [first] = found;
  if (first === undefined) {
    throw notFound(`${[base, shortened(written.include)].join('/')} does not contain any element`);
  }
  if (found.length === 1 && !isFolder(first)) {
    return { written, base, elements: found, kind: 'module', name: basename(first, suffix(first)) };
  }
  const isOne = found.length === 1;
  const elements = isOne
    ? [...allBelow(first)].map(({ path }) => path).sort((a, b) => comparePaths(posix(a), posix(b)))
    : found;
  const name = basename(isOne ? first : dirname(first));
  if (!isStubs(name, elements) && !elements.some((path) => suffix(path) === '.py')) {
    throw notFound(`${basename(first)} is not a package.`);
  }
  return { written, base, elements, kind: 'package', name };
}

/** A package of stubs only (PEP 561). */
function isStubs(name: string, elements: readonly string[]): boolean {
  return (
    name.endsWith('-stubs') &&
    elements.every((path) => suffix(path) === '.pyi' || basename(path) === 'py.typed' || !isFile(path))
  );
}

/** The message is the reason alone; what to do about it is the command's to say. */
function notFound(why: string): TercetError {
  return new TercetError('root-not-found', why);
}
