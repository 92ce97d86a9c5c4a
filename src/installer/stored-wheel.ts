/**
 * One wheel of the store: `tree/` holds its files at their paths in the archive, `wheel.json` lists them, so that linking
 * walks no folders, and `record.csv` has their rows of RECORD, in the order of their paths.
 */

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sha256 } from '../ground/brand.ts';
import type { EntryPointScript } from './entry-points.ts';
import type { Scheme } from './wheel.ts';

/** Inside of a wheel's folder: its list, the rows of its RECORD, its files. */
export const LIST = 'wheel.json';
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

export interface StoredWheel {
  readonly sha256: Sha256;
  /** The folder that holds the files. */
  readonly tree: string;
  /** The wheel's file name. */
  readonly file: string;
  readonly distribution: string;
  readonly version: string;
  readonly distInfo: string;
  readonly purelib: boolean;
  /** Folders below the root scheme in an order in which they can be made. Without dist-info's. */
  readonly folders: readonly string[];
  /** Paths of the files that go to the root scheme at the same path, without dist-info's. */
  readonly plain: readonly string[];
  /** Paths of the dist-info folder's files. */
  readonly info: readonly string[];
  /** Files for other schemes. */
  readonly placed: readonly StoredFile[];
  readonly scripts: readonly EntryPointScript[];
  /** When its list was written, after all its files: milliseconds since 1970. */
  readonly time: number;
  /** A native library looks for others beside the wheel: folders must not be linked whole. */
  readonly reachesOutside: boolean;
}

/** What `wheel.json` says of a stored wheel. */
export type WheelList = Omit<StoredWheel, 'sha256' | 'tree' | 'time'>;

/** The wheel in a folder of a store; undefined where it is not there or its list cannot be read. */
export function readStored(folder: string, sha256: Sha256): StoredWheel | undefined {
  try {
    const list = JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as WheelList;
    return { ...list, sha256, tree: join(folder, TREE), time: statSync(join(folder, LIST)).mtimeMs };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** True where every file of a stored wheel is there and has not been written to since it was unpacked. */
export function isIntact({ tree, plain, info, placed, time }: StoredWheel): boolean {
  const untouched = (path: string): boolean => {
    const found = statSync(`${tree}/${path}`, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs <= time;
  };
  return (
    untouched(`../${ROWS}`) &&
    info.every(untouched) &&
    placed.every(({ path }) => untouched(path)) &&
    plain.every(untouched)
  );
}

/** Rows of RECORD for a wheel's `plain` and `info`, sorted by path, as text. */
export function storedRows({ tree }: StoredWheel): string {
  return readFileSync(join(dirname(tree), ROWS), 'utf8');
}
