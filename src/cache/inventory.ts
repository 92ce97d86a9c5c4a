/** What a cache folder holds: its buckets (`NAME-vN`), how many files and bytes they have, and what nobody needs. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../files/names-in.ts';

/** A number of files and their bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** One folder of the cache. */
export interface BucketFolder {
  /** `wheels` of `wheels-v4`. */
  readonly family: string;
  /** 4 of `wheels-v4`; 0 where the name tells none. */
  readonly version: number;
  readonly path: string;
}

/** The cache's folders, sorted by name; none where there is no cache. */
export function bucketFolders(cacheDir: string): readonly BucketFolder[] {
  return namesIn(cacheDir).flatMap((name) => {
    const path = join(cacheDir, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
    const versioned = /^(.+)-v([1-9][0-9]*)$/.exec(name);
    return [{ family: versioned?.[1] ?? name, version: Number(versioned?.[2] ?? 0), path }];
  });
}

/** All files below a folder. A file with several names counts once. */
export function amountIn(folder: string, seen: Set<bigint> = new Set()): Amount {
  let files = 0;
  let bytes = 0;
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) continue;
    if (found.isDirectory()) {
      const below = amountIn(path, seen);
      files += below.files;
      bytes += below.bytes;
    } else if (!seen.has(found.ino)) {
      seen.add(found.ino);
      files += 1;
      bytes += Number(found.size);
    }
  }
  return { files, bytes };
}
