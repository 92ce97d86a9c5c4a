/**
 * What belongs to an installed distribution, so that it can be taken away: by its RECORD, or by what older tools wrote.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/
 *
 * Lists name files; they are not believed: nothing outside of the environment's own folders is ever removed.
 */

import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { isThere } from '../files/is-there.ts';
import { realPath } from '../files/real-path.ts';
import { removeEmptyFolder } from '../files/remove.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import type { OwnedByOthers } from './owners.ts';
import { parseRecord } from './record.ts';
import type { InstallTarget } from './target.ts';

/** What goes when a distribution goes. Paths are absolute. */
export interface Removal {
  /** Files, symbolic links, and the folder of metadata. */
  readonly paths: readonly string[];
  /** Listed, but outside of the environment: left alone. */
  readonly refused: readonly string[];
  /** Lines to be taken out of files that others use too (`easy-install.pth`). */
  readonly lines: readonly { readonly file: string; readonly line: string }[];
}

/**
 * The removal of the distribution whose metadata stands at `path` (a `.dist-info` or `.egg-info` folder, an `.egg-link`).
 * Files that `owners` gives to others too stay. Throws `uninstall-impossible` where nothing tells which files belong to it.
 */
export function removalOf(path: string, target: InstallTarget, owners?: OwnedByOthers): Removal {
  const inside = insideOf(target);
  const name = basename(path);
  if (name.endsWith('.egg-link')) return eggLinkRemoval(path);
  if (name.endsWith('.dist-info')) return listedRemoval(path, recordedPaths(path), inside, owners?.(path));
  const installed = join(path, 'installed-files.txt');
  if (existsSync(installed)) {
    const listed = readFileSync(installed, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => resolve(path, line));
    return listedRemoval(path, listed, inside);
  }
  if (existsSync(join(path, 'top_level.txt'))) {
    return { paths: [...topLevelPaths(path), path].filter((one) => inside(one) !== undefined), refused: [], lines: [] };
  }
  throw impossible(path, 'no list of its files was kept when it was installed');
}

/** Removes folders that a removal left empty, upward, but never the environment's own. */
export function removeEmptiedFolders(removal: Removal, target: InstallTarget): void {
  const kept = new Set(protectedFolders(target).flatMap((folder) => [folder, realPath(folder)]));
  const roots = rootsOf(target);
  const seen = new Set<string>();
  for (const path of removal.paths) seen.add(dirname(path));
  for (const folder of [...seen].sort((a, b) => b.length - a.length)) {
    for (let at = folder; !kept.has(at) && roots.some((root) => at.startsWith(root)); at = dirname(at)) {
      if (!removeEmptyFolder(at)) break;
    }
  }
}

function impossible(path: string, why: string): TercetError {
  return new TercetError('uninstall-impossible', `Cannot uninstall ${basename(path)}: ${why}`, {
    hints: [`Remove it by hand from ${dirname(path)}, or make the environment anew.`],
    detail: { path },
  });
}

function recordedPaths(distInfo: string): string[] {
  let text: string;
  try {
    text = readFileSync(join(distInfo, 'RECORD'), 'utf8');
  } catch {
    throw impossible(distInfo, 'it has no RECORD');
  }
  const library = dirname(distInfo);
  try {
    return parseRecord(text).map((row) => (isAbsolute(row.path) ? resolve(row.path) : resolve(library, row.path)));
  } catch (error) {
    if (error instanceof ParseError) throw impossible(distInfo, error.message);
    throw error;
  }
}

function topLevelPaths(eggInfo: string): string[] {
  const library = dirname(eggInfo);
  const read = (name: string): string[] =>
    existsSync(join(eggInfo, name))
      ? readFileSync(join(eggInfo, name), 'utf8')
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean)
      : [];
  const namespaces = new Set(read('namespace_packages.txt'));
  return read('top_level.txt')
    .filter((module) => !namespaces.has(module) && /^[\w.]+$/.test(module) && !/^\.+$/.test(module))
    .flatMap((module) => ['', '.py', '.pyc'].map((ending) => join(library, module + ending)))
    .filter((path) => existsSync(path));
}

function listedRemoval(
  metadata: string,
  listed: readonly string[],
  inside: (path: string) => string | undefined,
  isOwned: (path: string) => boolean = () => false,
): Removal {
  const paths = new Set<string>();
  const refused: string[] = [];
  const caches = new Map<string, readonly string[]>();
  for (const path of listed) {
    if (path === metadata || path.startsWith(metadata + sep)) continue;
    const real = inside(path);
    if (real === undefined) {
      if (isThere(path)) refused.push(path);
      continue;
    }
    // A folder may hold what belongs to others; only a link to one is a file of its own.
    if (isFolder(real) || isOwned(real)) continue;
    paths.add(real);
    if (!real.endsWith('.py')) continue;
    for (const cached of cachedBytecode(real, caches)) paths.add(cached);
  }
  return { paths: [...paths, inside(metadata) ?? metadata], refused, lines: [] };
}

/** The bytecode in `__pycache__` of any interpreter for a source file (PEP 3147). */
function cachedBytecode(source: string, caches: Map<string, readonly string[]>): string[] {
  const folder = join(dirname(source), '__pycache__');
  let names = caches.get(folder);
  if (names === undefined) {
    try {
      names = readdirSync(folder);
    } catch {
      names = [];
    }
    caches.set(folder, names);
  }
  const stem = `${basename(source, '.py')}.`;
  return names.filter((name) => name.startsWith(stem) && name.endsWith('.pyc')).map((name) => join(folder, name));
}

function eggLinkRemoval(link: string): Removal {
  const folder = readFileSync(link, 'utf8').split('\n')[0]?.trim() ?? '';
  const shared = join(dirname(link), 'easy-install.pth');
  return { paths: [link], refused: [], lines: existsSync(shared) ? [{ file: shared, line: folder }] : [] };
}

/** Tells the real path (symbolic links of its folder resolved, not its own) of what lies inside the environment. */
function insideOf(target: InstallTarget): (path: string) => string | undefined {
  const roots = rootsOf(target);
  const folders = new Map<string, string>();
  return (path) => {
    const folder = dirname(path);
    let real = folders.get(folder);
    if (real === undefined) {
      real = realPath(folder);
      folders.set(folder, real);
    }
    const place = join(real, basename(path));
    return roots.some((root) => place.startsWith(root)) ? place : undefined;
  };
}

/** The folders that may lose files, each with a separator at its end. */
function rootsOf(target: InstallTarget): string[] {
  return [...new Set([...protectedFolders(target), target.include].map((folder) => realPath(folder) + sep))];
}

function protectedFolders({ prefix, purelib, platlib, scripts, data }: InstallTarget): string[] {
  return [prefix, purelib, platlib, scripts, data, join(prefix, 'include')];
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
