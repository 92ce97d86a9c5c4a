/** Files that are there in full or not at all: written beside their place, then renamed into it. */

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './is-running.ts';
import { namesIn } from './names-in.ts';
import { removeIfPossible } from './remove.ts';
import { textIfThere } from './text-if-there.ts';

export interface AtomicWriteOptions {
  /** Permission bits. Default: those of the file that is replaced, else 0o666 without the umask's. */
  readonly mode?: number;
  /** Wait until the contents are on the disk, for what no one can fetch again. Default: true. */
  readonly durable?: boolean;
  /** Make missing folders above it. Default: false. */
  readonly parents?: boolean;
}

/**
 * Replaces the contents of `path`. A reader sees the old or the new contents, and when anything fails (a full disk, a
 * kill) the old ones stay. A symbolic link stays one: its target is replaced. Throws the file system's error.
 */
export function atomicWrite(path: string, contents: string | Uint8Array, options: AtomicWriteOptions = {}): void {
  const staged = stage(path, contents, options);
  commit(staged);
}

/** A file and what it is to hold. */
export interface FileContents {
  readonly path: string;
  readonly contents: string;
}

/**
 * The same for files that belong together: all are written beside their places before the first is put there. When
 * anything fails, all are as they were.
 */
export function atomicWriteAll(files: readonly FileContents[]): void {
  const staged: StagedFile[] = [];
  const done: FileContents[] = [];
  try {
    for (const { path, contents } of files) staged.push(stage(path, contents, {}));
    for (const { path } of files) {
      const old = textIfThere(path);
      const next = staged.shift();
      if (next !== undefined) commit(next);
      if (old !== undefined) done.push({ path, contents: old });
    }
  } catch (error) {
    for (const { path } of staged) removeIfPossible(path);
    for (const { path, contents } of done) atomicWrite(path, contents);
    throw error;
  }
}

/** Contents beside their place. */
interface StagedFile {
  readonly path: string;
  readonly target: string;
}

function stage(path: string, contents: string | Uint8Array, options: AtomicWriteOptions): StagedFile {
  const target = linkTarget(path);
  const folder = dirname(target);
  if (options.parents === true) mkdirSync(folder, { recursive: true });
  const mode = options.mode ?? modeOf(target);
  sweep(folder, basename(target));
  const staged = join(folder, `.${basename(target)}.${process.pid}.${uniqueSuffix()}.tmp`);
  const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
  try {
    const file = openSync(staged, 'wx', mode ?? 0o666);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      if (options.durable !== false) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (mode !== undefined) chmodSync(staged, mode);
    return { path: staged, target };
  } catch (error) {
    removeIfPossible(staged);
    // The error of a write does not say where, and the name of the staged file says nothing.
    throw Object.assign(error as Error, { path: target });
  }
}

/** Removes what processes that are gone were writing in place of the file. */
function sweep(folder: string, file: string): void {
  const start = `.${file}.`;
  for (const name of namesIn(folder)) {
    if (!name.startsWith(start) || !name.endsWith('.tmp')) continue;
    const pid = /^([0-9]+)\.[a-z0-9]+\.tmp$/.exec(name.slice(start.length))?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeIfPossible(join(folder, name));
  }
}

function commit({ path, target }: StagedFile): void {
  try {
    renameSync(path, target);
  } catch (error) {
    removeIfPossible(path);
    throw error;
  }
}

let counter = 0;

/** A suffix that no other call in this process gives, for names of temporary files. */
export function uniqueSuffix(): string {
  counter += 1;
  return `${counter.toString(36)}${Math.floor(Math.random() * 36 ** 6).toString(36)}`;
}

function linkTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o7777;
  } catch {
    return undefined;
  }
}
