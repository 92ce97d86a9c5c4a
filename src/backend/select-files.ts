/**
 * Which files of a project go into a distribution: its packages, `include`, `exclude`, and what git ignores. The one list that
 * every form is written from.
 */

import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { comparePaths, isFile, isFolder, posix, relativeTo, resolved, suffix } from './_paths.ts';
import { allBelow, globSorted } from './glob.ts';
import type { FoundPackage } from './packages.ts';
import { type BuildSource, type DistributionFormat, excludesOf, includesOf } from './source.ts';

/** A file that is taken, and where it goes. */
export interface SelectedFile {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** In the archive: below its root in a wheel, below the sdist's folder in an sdist. */
  readonly target: string;
}

export interface SelectOptions {
  readonly format: DistributionFormat;
  readonly packages: readonly FoundPackage[];
  /** Paths relative to the project that version control leaves out. */
  readonly ignored: readonly string[];
}

/** The files, each once, in the order in which they are written. Throws `file-outside` for one that is not in the project. */
export function selectFiles(source: BuildSource, options: SelectOptions): readonly SelectedFile[] {
  const { projectDir, manifest } = source;
  const { format } = options;
  const root = resolved(projectDir);
  const includes = includesOf(manifest, format).map(({ path }) => globSorted(projectDir, path));
  const isExcluded = exclusion(source, options.ignored, includes.flat());
  const taken = new Map<string, SelectedFile>();
  const take = (path: string, place: Place): void => {
    if (!taken.has(path)) taken.set(path, { path, target: targetOf(path, place) });
  };
  const takeBelow = (folder: string, place: Place, walked: Set<string>): void => {
    if (walked.has(folder)) return;
    walked.add(folder);
    for (const { path, isLink } of allBelow(folder)) {
      if (isFolder(path)) {
        if (!isLink) walked.add(path);
        continue;
      }
      const real = resolved(path);
      if (!isExcluded(relativeTo(root, real))) take(real, place);
    }
  };
  for (const { written, base, elements } of options.packages) {
    const place =
      format === 'wheel'
        ? { from: written.from === undefined ? root : resolved(base), to: written.to }
        : { from: root };
    const walked = new Set<string>();
    for (const path of elements.filter(isNoCache)) {
      const real = resolved(path);
      if (isFolder(path)) takeBelow(path, place, walked);
      else if (!isExcluded(relativeTo(root, real))) take(real, place);
    }
  }
  for (const elements of includes) {
    const walked = new Set<string>();
    for (const path of elements.filter(isNoCache)) {
      if (isFolder(path)) takeBelow(path, { from: root }, walked);
      else {
        // What a pattern names itself is taken even where something excludes it.
        relativeTo(root, resolved(path));
        take(resolved(path), { from: root });
      }
    }
  }
  return inOrder([...taken.values()]);
}

/** In the order of their own paths, not of those in the archive. */
export function inOrder(files: readonly SelectedFile[]): readonly SelectedFile[] {
  return [...files].sort((a, b) => comparePaths(posix(a.path), posix(b.path)));
}

/** Whether a path relative to the project is left out. */
export type IsExcluded = (path: string) => boolean;

/**
 * What `exclude` and version control leave out, unless `include` names it; never kept is what Python caches.
 *
 * @param included what the patterns of `include` stand for, absolute
 */
export function exclusion(
  { projectDir, manifest }: BuildSource,
  ignored: readonly string[],
  included: readonly string[],
): IsExcluded {
  const excluded = new Set(ignored);
  const filesOf = (paths: readonly string[]): string[] =>
    paths
      .flatMap((path) => (isFolder(path) ? [...allBelow(path)].map((one) => one.path).filter(isFile) : [path]))
      .map((path) => relativeTo(projectDir, path));
  for (const pattern of excludesOf(manifest)) {
    for (const path of filesOf(globSorted(projectDir, pattern))) excluded.add(path);
  }
  for (const path of filesOf(included)) excluded.delete(path);
  return (path) => {
    const parts = path.split('/');
    if (parts.includes('__pycache__') || suffix(path) === '.pyc') return true;
    return parts.some((_, index) => excluded.has(parts.slice(0, index + 1).join('/')));
  };
}

/** The `include` patterns' paths for a format, as `exclusion` wants them. */
export function includedPaths({ projectDir, manifest }: BuildSource, format: DistributionFormat): readonly string[] {
  return includesOf(manifest, format).flatMap(({ path }) => globSorted(projectDir, path));
}

/** Where files of one entry go: the part of their path below `from`, put below `to`. */
interface Place {
  readonly from: string;
  readonly to?: string | undefined;
}

function targetOf(path: string, { from, to }: Place): string {
  const relative = relativeTo(from, path);
  if (to === undefined || to === '') return relative;
  const target = posix(join(to, relative));
  if (target.startsWith('/') || target.split('/').includes('..')) {
    throw new TercetError('file-outside', `\`to = "${to}"\` leads out of the distribution`);
  }
  return target;
}

function isNoCache(path: string): boolean {
  return !posix(path).split('/').includes('__pycache__');
}
