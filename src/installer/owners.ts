/** Which installed distributions list a file, so that removing one of two owners leaves the file to the other. */

import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseRecord } from './record.ts';
import type { InstallTarget } from './target.ts';

/** For one distribution, by its metadata folder: tells whether others list a file (absolute, real path). */
export type OwnedByOthers = (distInfo: string) => (path: string) => boolean;

/** Looks at the environment as it is when a distribution is asked about; each RECORD is read once. */
export function createOwners({ purelib, platlib }: InstallTarget): OwnedByOthers {
  const libraries = [...new Set([purelib, platlib].map(realPath))];
  const read = new Map<string, ReadonlySet<string>>();
  const filesOf = (distInfo: string): ReadonlySet<string> => {
    let files = read.get(distInfo);
    if (files === undefined) {
      files = new Set(rowsOf(join(distInfo, 'RECORD')).map((path) => resolve(distInfo, '..', path)));
      read.set(distInfo, files);
    }
    return files;
  };
  return (distInfo) => {
    const own = realPath(distInfo);
    const others = libraries.flatMap(distInfosIn).filter((other) => other !== own);
    return (path) => others.some((other) => filesOf(other).has(path));
  };
}

function distInfosIn(library: string): readonly string[] {
  try {
    return readdirSync(library)
      .filter((name) => name.endsWith('.dist-info') && !name.startsWith('~'))
      .map((name) => join(library, name));
  } catch {
    return [];
  }
}

function rowsOf(record: string): readonly string[] {
  try {
    return parseRecord(readFileSync(record, 'utf8')).map(({ path }) => path);
  } catch {
    // A distribution without a list owns nothing that could be told.
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
