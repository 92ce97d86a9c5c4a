/**
 * One wheel of the store: `tree/` holds its files at their paths in the archive, `wheel.json` says what it is, `files.json` lists its
 * files, so that linking walks no folders, and `record.csv` has their rows of RECORD, in the order of their paths.
 */

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sha256 } from '../ground/brand.ts';
import type { EntryPointScript } from './entry-points.ts';
import type { Scheme } from './wheel.ts';

/** Inside of a wheel's folder: what it is (written last), the list of its files, the rows of its RECORD, its files. */
export const WHEEL = 'wheel.json';
export const FILES = 'files.json';
export const ROWS = 'record.csv';
export const TREE = 'tree';

/** One file of a stored wheel: path below `tree`, place, size in bytes, `sha256=…`. */
export interface StoredFile {
  readonly path: string;
  readonly scheme: Scheme;
  /** Path below the scheme's folder. */
  readonly target: string;
  readonly size: number;
  readonly hash: string;
  /** Its first line is `#!python`, to be replaced by the environment's interpreter. */
  readonly rewrite: boolean;
}

/** What `wheel.json` says: all that has to be known of a wheel before its files are linked one by one. */
export interface WheelSummary {
  /** The wheel's file name. */
  readonly file: string;
  readonly distribution: string;
  readonly version: string;
  readonly distInfo: string;
  readonly purelib: boolean;
  /** The first names of the paths of the files that go to the root scheme, without dist-info's. */
  readonly tops: readonly string[];
  /** How many files these are. */
  readonly count: number;
  /** Folders that may be linked whole: those nearest to the top that have files of their own. */
  readonly wholes: readonly string[];
  /** Paths of the files that are in none of these. */
  readonly loose: readonly string[];
  /** Paths of the dist-info folder's files. */
  readonly info: readonly string[];
  /** Files for other schemes. */
  readonly placed: readonly StoredFile[];
  readonly scripts: readonly EntryPointScript[];
  /** A native library looks for others beside the wheel: folders must not be linked whole. */
  readonly reachesOutside: boolean;
}

/** What `files.json` says. */
export interface WheelFiles {
  /** Folders below the root scheme in an order in which they can be made. Without dist-info's. */
  readonly folders: readonly string[];
  /** Paths of the files that go to the root scheme at the same path, without dist-info's. */
  readonly plain: readonly string[];
}

/** Its files are read from the disk when they are first asked for. */
export interface StoredWheel extends WheelSummary, WheelFiles {
  readonly sha256: Sha256;
  /** The folder that holds the files. */
  readonly tree: string;
  /** When its summary was written, after all else: milliseconds since 1970. */
  readonly time: number;
}

/** The wheel in a folder of a store; undefined where it is not there or its summary cannot be read. */
export function readStored(folder: string, sha256: Sha256): StoredWheel | undefined {
  let files: WheelFiles | undefined;
  const filesOf = (): WheelFiles => {
    files ??= JSON.parse(readFileSync(join(folder, FILES), 'utf8')) as WheelFiles;
    return files;
  };
  try {
    const summary = JSON.parse(readFileSync(join(folder, WHEEL), 'utf8')) as WheelSummary;
    return {
      ...summary,
      sha256,
      tree: join(folder, TREE),
      time: statSync(join(folder, WHEEL)).mtimeMs,
      get folders() {
        return filesOf().folders;
      },
      get plain() {
        return filesOf().plain;
      },
    };
  } catch (error) {
    if (isBrokenEntry(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file of an entry (its lists are read when they are first asked for) is gone or garbled. */
export function isBrokenEntry(error: unknown): boolean {
  return error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/**
 * True where every file of a stored wheel is there and has not been written to since it was unpacked. Where it is linked `byFolder`, what
 * is in these folders is not looked at: whatever is written into them later shows in the environment too.
 */
export function isIntact(wheel: StoredWheel, byFolder = false): boolean {
  const { tree, info, placed, time } = wheel;
  const untouched = (path: string): boolean => {
    const found = statSync(`${tree}/${path}`, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs <= time;
  };
  return (
    untouched(`../${ROWS}`) &&
    untouched(`../${FILES}`) &&
    info.every(untouched) &&
    placed.every(({ path }) => untouched(path)) &&
    (byFolder && !wheel.reachesOutside ? wheel.loose : wheel.plain).every(untouched)
  );
}

/** Rows of RECORD for a wheel's `plain` and `info`, sorted by path, in UTF-8. */
export function storedRows({ tree }: StoredWheel): Buffer {
  return readFileSync(join(dirname(tree), ROWS));
}
