/**
 * Globs as `pathlib.Path.glob` understands them, since what a distribution holds depends on it: `*`, `?` and `[…]` match
 * names that begin with a dot too, `**` stands for folders at any depth and does not go through symbolic links.
 */

import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { comparePaths, isFolder, posix } from './_paths.ts';

/**
 * What lies below `folder` and matches, sorted, as paths that begin with `folder`. A pattern that ends with a slash matches
 * folders only. Throws `glob-invalid` in Python's words.
 */
export function globSorted(folder: string, pattern: string): readonly string[] {
  const parts = partsOf(pattern);
  let found: Iterable<string> = [folder];
  parts.forEach((part, index) => {
    found = matches(found, part, index + 1 < parts.length);
  });
  const paths = new Set(found);
  const onlyFolders = pattern.endsWith('/');
  return [...paths].filter((path) => !onlyFolders || isFolder(path)).sort((a, b) => comparePaths(posix(a), posix(b)));
}

/** All files and folders below a folder, at any depth. Folders that are symbolic links are listed, not entered. */
export function* allBelow(folder: string): Generator<{ readonly path: string; readonly isLink: boolean }> {
  for (const entry of entriesOf(folder)) {
    const path = below(folder, entry.name);
    yield { path, isLink: entry.isSymbolicLink() };
    if (entry.isDirectory()) yield* allBelow(path);
  }
}

/** The path of a name in a folder. A `..` before it stays: it may stand behind a link, and `exclude` takes paths as they are written. */
function below(folder: string, name: string): string {
  return `${folder}${sep}${name}`;
}

function partsOf(pattern: string): readonly string[] {
  if (pattern.startsWith('/')) throw invalid('Non-relative patterns are unsupported');
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) throw invalid(`Unacceptable pattern: '${pattern}'`);
  for (const part of parts) {
    if (part !== '**' && part.includes('**')) {
      throw invalid("Invalid pattern: '**' can only be an entire path component");
    }
  }
  return parts;
}

function invalid(message: string): TercetError {
  return new TercetError('glob-invalid', message);
}

function* matches(folders: Iterable<string>, part: string, isInner: boolean): Generator<string> {
  if (part === '**') {
    const seen = new Set<string>();
    for (const folder of folders) yield* foldersFrom(folder, seen);
  } else if (/[*?[]/.test(part)) {
    const expression = nameExpression(part);
    for (const folder of folders) {
      for (const { name } of entriesOf(folder)) {
        if (!expression.test(name)) continue;
        const path = below(folder, name);
        if (!isInner || isFolder(path)) yield path;
      }
    }
  } else {
    for (const folder of folders) {
      const path = below(folder, part);
      if (isInner ? isFolder(path) : existsSync(path)) yield path;
    }
  }
}

function* foldersFrom(folder: string, seen: Set<string>): Generator<string> {
  if (seen.has(folder) || !isFolder(folder)) return;
  seen.add(folder);
  yield folder;
  for (const entry of entriesOf(folder)) {
    if (entry.isDirectory()) yield* foldersFrom(below(folder, entry.name), seen);
  }
}

/** What may not be read is passed over. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'ENOTDIR' || code === 'ENOENT') return [];
    throw error;
  }
}

/** `fnmatch`: a class that is not closed stands for itself. */
function nameExpression(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (char === '[') {
      const end = classEnd(pattern, at);
      if (end < 0) source += '\\[';
      else {
        source += classSource(pattern.slice(at + 1, end));
        at = end;
      }
    } else source += char.replace(/[\\^$.|+(){}\]/]/, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, `u${process.platform === 'win32' ? 'i' : ''}`);
  } catch {
    // A range from back to front: nothing is in it.
    return /^(?!)/;
  }
}

function classEnd(pattern: string, open: number): number {
  let from = open + 1;
  if (pattern.charAt(from) === '!') from++;
  if (pattern.charAt(from) === ']') from++;
  return pattern.indexOf(']', from);
}

function classSource(inner: string): string {
  const negated = inner.startsWith('!');
  const chars = (negated ? inner.slice(1) : inner).replace(/[\\\][^]/g, '\\$&');
  return `[${negated ? '^' : ''}${chars}]`;
}
