/**
 * Folders of records on disk. A bucket is a folder with a format's version in its name, so that two versions of the
 * program never read each other's records. Records are written beside their place and renamed, so that readers see all or nothing,
 * in any number of processes. A cache that cannot be written is no failure: nothing is kept, that is all.
 */

import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { removeIfPossible } from '../files/remove.ts';

/** One kind of record. Keys are relative paths, which whoever asks makes of safe characters only. */
export interface Bucket {
  /** The whole record; undefined where there is none that can be read. */
  read(key: string): Buffer | undefined;
  /** `length` bytes from `offset`; undefined where there are not so many. */
  readPart(key: string, offset: number, length: number): Buffer | undefined;
  /** The first `length` bytes or fewer, valid until the next call. */
  readStart(key: string, length: number): Buffer | undefined;
  /** Adds to a record's end, in one piece; makes it where there is none. */
  append(key: string, contents: string): void;
  /** True where the record is on disk now. */
  write(key: string, contents: Uint8Array | string): boolean;
  /** Overwrites bytes of a record in place; for a few bytes inside one disk block only. */
  patch(key: string, offset: number, bytes: Uint8Array): void;
  /** Keys of a folder of the bucket, without the folder. */
  keys(folder: string): readonly string[];
}

export interface BucketOptions {
  /** The cache's folder. */
  readonly root: string;
  readonly name: string;
  /** The format of the records. */
  readonly version: number;
}

/** The folder of a bucket, whether it is there or not. */
export function bucketFolder({ root, name, version }: BucketOptions): string {
  return join(root, `${name}-v${version}`);
}

/** A bucket on disk. Nothing is made before the first write. */
export function createBucket(options: BucketOptions): Bucket {
  const folder = bucketFolder(options);
  const made = new Set<string>();
  let writable = true;
  let count = 0;
  let scratch = Buffer.alloc(0);
  const pathOf = (key: string): string => `${folder}/${key}`;
  const makeParent = (path: string): void => {
    const parent = dirname(path);
    if (made.has(parent)) return;
    mkdirSync(parent, { recursive: true });
    made.add(parent);
  };
  return {
    read(key) {
      try {
        return readFileSync(pathOf(key));
      } catch {
        return undefined;
      }
    },
    readPart(key, offset, length) {
      return opened(pathOf(key), 'r', (file) => {
        const bytes = Buffer.allocUnsafe(length);
        const read = readSync(file, bytes, 0, length, offset);
        return read === length ? bytes : undefined;
      });
    },
    readStart(key, length) {
      if (scratch.length < length) scratch = Buffer.allocUnsafe(length);
      return opened(pathOf(key), 'r', (file) => scratch.subarray(0, readSync(file, scratch, 0, length, 0)));
    },
    append(key, contents) {
      if (!writable) return;
      const path = pathOf(key);
      try {
        makeParent(path);
        appendFileSync(path, contents);
      } catch {
        writable = false;
      }
    },
    write(key, contents) {
      if (!writable) return false;
      const path = pathOf(key);
      const staged = `${path}.${process.pid}-${count++}.tmp`;
      try {
        makeParent(path);
        writeFileSync(staged, contents);
        renameSync(staged, path);
        return true;
      } catch (error) {
        // A folder that will not take this record will not take the next: no permission, no space, read-only.
        writable = false;
        if ((error as NodeJS.ErrnoException).code !== 'EROFS') removeIfPossible(staged);
        return false;
      }
    },
    patch(key, offset, bytes) {
      if (writable) opened(pathOf(key), 'r+', (file) => writeSync(file, bytes, 0, bytes.length, offset));
    },
    keys(inner) {
      try {
        return readdirSync(pathOf(inner));
      } catch {
        return [];
      }
    },
  };
}

/** A bucket that holds nothing and takes nothing, for `--no-cache`. */
export const noBucket: Bucket = {
  read: () => undefined,
  readPart: () => undefined,
  readStart: () => undefined,
  append: () => undefined,
  write: () => false,
  patch: () => undefined,
  keys: () => [],
};

function opened<T>(path: string, flags: string, use: (file: number) => T): T | undefined {
  let file: number;
  try {
    file = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    return use(file);
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}
