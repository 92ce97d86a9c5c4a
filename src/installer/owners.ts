/** Which installed distributions list a file, so that removing one of two owners leaves the file to the other. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { realPath } from '../files/real-path.ts';
import { parseRecord } from './record.ts';
import type { InstallTarget } from './target.ts';

/** For one distribution, by its metadata folder: tells whether others list a file (absolute, real path). */
export type OwnedByOthers = (distInfo: string) => (path: string) => boolean;

/**
 * Looks at the environment as it is when a distribution is asked about; each RECORD is read once, and understood only where it
 * mentions the package that a file is in.
 */
export function createOwners({ purelib, platlib }: InstallTarget): OwnedByOthers {
  const libraries = [...new Set([purelib, platlib].map(realPath))];
  const records = new Map<string, Buffer>();
  const recordOf = (distInfo: string): Buffer => kept(records, distInfo, () => bytesOf(join(distInfo, 'RECORD')));
  const read = new Map<string, ReadonlySet<string>>();
  const filesOf = (distInfo: string): ReadonlySet<string> =>
    kept(read, distInfo, () => new Set(pathsOf(recordOf(distInfo)).map((path) => resolve(distInfo, '..', path))));
  /** What a RECORD that lists the file must mention, however it writes its paths: the package, or the file's name. */
  const mentionOf = (path: string): string => {
    const library = libraries.find((one) => path.startsWith(one + sep));
    return library === undefined ? basename(path) : (path.slice(library.length + 1).split(sep)[0] ?? '');
  };
  return (distInfo) => {
    const own = realPath(distInfo);
    const others = libraries.flatMap(distInfosIn).filter((other) => other !== own);
    const mentioning = new Map<string, readonly string[]>();
    return (path) => {
      const mention = mentionOf(path);
      // Quotes are doubled in a RECORD.
      const suspects = kept(mentioning, mention, () =>
        others.filter((other) => mention.includes('"') || recordOf(other).includes(mention)),
      );
      return suspects.some((other) => filesOf(other).has(path));
    };
  };
}

/** The value at `key`; made where it is missing. */
function kept<T>(values: Map<string, T>, key: string, make: () => T): T {
  let value = values.get(key);
  if (value === undefined) {
    value = make();
    values.set(key, value);
  }
  return value;
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

function bytesOf(record: string): Buffer {
  try {
    return readFileSync(record);
  } catch {
    // A distribution without a list owns nothing that could be told.
    return Buffer.alloc(0);
  }
}

function pathsOf(record: Buffer): readonly string[] {
  try {
    return parseRecord(record.toString()).map(({ path }) => path);
  } catch {
    return [];
  }
}
