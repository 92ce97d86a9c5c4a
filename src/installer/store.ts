/**
 * The store: each wheel unpacked once, under the SHA-256 of its archive, and linked into environments from there.
 *
 * `wheels-v2/DIGEST/tree/` holds the files at their paths in the archive, `wheel.json` lists them, so that linking walks
 * no folders. An entry is made in a folder of its own and renamed into place: it is there in full or not at all, and
 * of two processes that make the same one, one wins and the other's work is thrown away. Every file has been
 * compared with the wheel's RECORD.
 */

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LARGE_ENTRY, openZip, type ZipArchive } from '../archive/read-zip.ts';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { removeTree } from '../files/remove.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { reachesOutside } from './_native-libraries.ts';
import type { EntryPointScript } from './entry-points.ts';
import { invalidWheel, readWheel, type Scheme, type WheelFile } from './wheel.ts';

/** Changes with the layout. */
export const WHEELS_VERSION = 2;
const WHEELS_BUCKET = `wheels-v${WHEELS_VERSION}`;

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
  /** Rows of RECORD for `plain` and `info`, by path. */
  readonly record: readonly (readonly [path: string, hash: string, size: number])[];
  /** When its list was written, after all its files: milliseconds since 1970. */
  readonly time: number;
  /** A native library looks for others beside the wheel: folders must not be linked whole. */
  readonly reachesOutside: boolean;
}

/**
 * Opens the store below a cache folder; what it lacks is looked for in `behind`, which is only read. Nothing is made until
 * something is added.
 */
export function openStore(cacheDir: string, behind?: WheelStore): WheelStore {
  return new WheelStore(join(cacheDir, WHEELS_BUCKET), behind);
}

export class WheelStore {
  readonly folder: string;
  private readonly behind: WheelStore | undefined;

  constructor(folder: string, behind?: WheelStore) {
    this.folder = folder;
    this.behind = behind;
  }

  /** True where the wheel is in the store. */
  has(sha256: Sha256): boolean {
    return existsSync(join(this.folder, sha256, LIST)) || this.behind?.has(sha256) === true;
  }

  /** The stored wheel; undefined where it is not there or its list cannot be read. */
  get(sha256: Sha256): StoredWheel | undefined {
    return this.own(sha256) ?? this.behind?.get(sha256);
  }

  private own(sha256: Sha256): StoredWheel | undefined {
    const folder = join(this.folder, sha256);
    try {
      const list = JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as Omit<
        StoredWheel,
        'sha256' | 'tree' | 'time'
      >;
      return { ...list, sha256, tree: join(folder, TREE), time: statSync(join(folder, LIST)).mtimeMs };
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * Unpacks the wheel at `path`, whose SHA-256 the caller has computed and whose published name is `file`.
   * Throws `archive-unsafe`, `archive-damaged`, `wheel-invalid` with nothing left behind, or `store-write`.
   */
  async add(path: string, file: string, sha256: Sha256, signal?: AbortSignal): Promise<StoredWheel> {
    using archive = openZip(path, file);
    const contents = readWheel(archive, file);
    const staged = join(this.folder, `.${sha256.slice(0, 16)}-${process.pid}-${uniqueSuffix()}`);
    try {
      mkdirSync(join(staged, TREE), { recursive: true });
      const unpacked = await unpack(archive, contents.files, { tree: join(staged, TREE), signal });
      const list = { ...listOf(contents.files, contents.distInfo, unpacked), file };
      const { distribution, version, distInfo, purelib, scripts } = contents;
      const stored = { distribution, version, distInfo, purelib, scripts, ...list, reachesOutside: unpacked.outside };
      writeFileSync(join(staged, LIST), JSON.stringify(stored));
      this.publish(staged, sha256);
      return this.get(sha256) ?? raise(`${sha256} vanished from ${this.folder}`);
    } catch (error) {
      removeTree(staged);
      throw storeError(error, this.folder);
    }
  }

  /** True where every file of a stored wheel is there and has not been written to since it was unpacked. */
  isIntact(wheel: StoredWheel): boolean {
    const untouched = (path: string): boolean => {
      const found = statSync(`${wheel.tree}/${path}`, { throwIfNoEntry: false });
      return found !== undefined && found.mtimeMs <= wheel.time;
    };
    return (
      wheel.plain.every(untouched) && wheel.info.every(untouched) && wheel.placed.every(({ path }) => untouched(path))
    );
  }

  /** True where every file has the contents that it was unpacked with: all are read. */
  isGenuine(wheel: StoredWheel): boolean {
    const rows = [
      ...wheel.record.map(([path, hash]) => ({ path, hash })),
      ...wheel.placed.map(({ path, hash }) => ({ path, hash })),
    ];
    return rows.every(({ path, hash }) => {
      try {
        const digest = createHash('sha256')
          .update(readFileSync(`${wheel.tree}/${path}`))
          .digest('base64url');
        return `sha256=${digest}` === hash;
      } catch {
        return false;
      }
    });
  }

  /**
   * False where no environment shares a file with the wheel: all its files have one name only, and no environment is noted that links
   * to its folders.
   */
  isInUse(sha256: Sha256): boolean {
    const wheel = this.own(sha256);
    if (wheel === undefined) return false;
    if (existsSync(join(wheel.tree, '..', LINKED))) return true;
    return [...wheel.plain, ...wheel.info].some(
      (path) => (statSync(`${wheel.tree}/${path}`, { throwIfNoEntry: false })?.nlink ?? 1) > 1,
    );
  }

  /** Notes that an environment links to the wheel's folders and files by name. */
  noteLinked(wheel: StoredWheel): void {
    writeFileSync(join(wheel.tree, '..', LINKED), '');
  }

  /** Removes a wheel that turned out to be damaged. */
  remove(sha256: Sha256): void {
    const doomed = join(this.folder, `.gone-${process.pid}-${uniqueSuffix()}`);
    try {
      renameSync(join(this.folder, sha256), doomed);
    } catch {
      return;
    }
    removeTree(doomed);
  }

  private publish(staged: string, sha256: Sha256): void {
    const place = join(this.folder, sha256);
    try {
      renameSync(staged, place);
    } catch (error) {
      if (this.own(sha256) !== undefined) {
        removeTree(staged);
        return;
      }
      if (!existsSync(place)) throw error;
      this.remove(sha256);
      renameSync(staged, place);
    }
  }
}

const LIST = 'wheel.json';
const LINKED = 'linked-by-name';
const TREE = 'tree';

interface Unpacked {
  /** `sha256=…` by the entry's path. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly rewrites: ReadonlySet<string>;
  readonly outside: boolean;
}

interface UnpackOptions {
  readonly tree: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Unpacks in the archive's order, comparing each file with RECORD. Files are written in the background, so that
 * inflating goes on meanwhile and downloads and the display do not stand still.
 */
async function unpack(archive: ZipArchive, files: readonly WheelFile[], options: UnpackOptions): Promise<Unpacked> {
  const hashes = new Map<string, string>();
  const rewrites = new Set<string>();
  const made = new Set<string>();
  const paths = new Set(files.map(({ entry }) => entry.path));
  const writes = new Writes();
  let outside = false;
  try {
    for (const file of files) {
      options.signal?.throwIfAborted();
      const { entry, row } = file;
      const target = `${options.tree}/${entry.path}`;
      const folder = dirname(target);
      if (!made.has(folder)) {
        mkdirSync(folder, { recursive: true });
        made.add(folder);
      }
      const mode = entry.executable || file.scheme === 'scripts' ? 0o777 : 0o666;
      if (entry.size > LARGE_ENTRY) {
        hashes.set(entry.path, await unpackLarge(archive, file, target, mode));
        outside ||= /\.so(\.|$)|\.dylib$/.test(entry.path);
        continue;
      }
      const contents = archive.read(entry);
      const digests = (algorithm: string): string => createHash(algorithm).update(contents).digest('base64url');
      compareDigest(row.hash, digests, archive.name, entry.path);
      const known = row.hash.startsWith('sha256=');
      hashes.set(entry.path, known ? row.hash.replace(/=+$/, '') : `sha256=${digests('sha256')}`);
      if (file.scheme === 'scripts' && startsWithPythonMark(contents)) rewrites.add(entry.path);
      outside ||= reachesOutside(entry.path, contents, paths);
      await writes.add(contents.length, writeFile(target, contents, { mode, flag: 'wx' }));
    }
  } finally {
    await writes.settle();
  }
  writes.check();
  return { hashes, rewrites, outside };
}

/** Writes on their way: at most 16, and 64 MiB. */
class Writes {
  private readonly running = new Set<Promise<void>>();
  private bytes = 0;
  private failure: { readonly error: unknown } | undefined;

  /** Takes one more, and waits while there are too many. Throws the first error of any. */
  async add(bytes: number, write: Promise<void>): Promise<void> {
    this.bytes += bytes;
    const done: Promise<void> = write
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .then(() => {
        this.bytes -= bytes;
        this.running.delete(done);
      });
    this.running.add(done);
    while (this.running.size >= 16 || this.bytes > 64 * 2 ** 20) await Promise.race(this.running);
    this.check();
  }

  async settle(): Promise<void> {
    await Promise.all(this.running);
  }

  check(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}

async function unpackLarge(archive: ZipArchive, file: WheelFile, target: string, mode: number): Promise<string> {
  const algorithm = file.row.hash.slice(0, file.row.hash.indexOf('='));
  const hashes = new Map([...new Set(['sha256', algorithm])].map((name) => [name, createHash(name)]));
  const output = openSync(target, 'wx', mode);
  try {
    for await (const piece of archive.chunks(file.entry)) {
      for (const hash of hashes.values()) hash.update(piece);
      for (let done = 0; done < piece.length; ) done += writeSync(output, piece, done);
    }
  } finally {
    closeSync(output);
  }
  const digests = new Map([...hashes].map(([name, hash]) => [name, hash.digest('base64url')]));
  compareDigest(file.row.hash, (name) => digests.get(name) ?? '', archive.name, file.entry.path);
  return `sha256=${digests.get('sha256') ?? ''}`;
}

/** Throws `wheel-invalid` where RECORD's hash (`ALGORITHM=DIGEST`) is not the file's. */
function compareDigest(expected: string, digest: (algorithm: string) => string, file: string, path: string): void {
  const equals = expected.indexOf('=');
  if (digest(expected.slice(0, equals)) !== expected.slice(equals + 1).replace(/=+$/, '')) {
    throw invalidWheel(file, `${path} is not what its RECORD says`);
  }
}

function listOf(
  files: readonly WheelFile[],
  distInfo: string,
  { hashes, rewrites }: Unpacked,
): Pick<StoredWheel, 'folders' | 'plain' | 'info' | 'placed' | 'record'> {
  const folders = new Set<string>();
  const plain: string[] = [];
  const info: string[] = [];
  const placed: StoredFile[] = [];
  const record: (readonly [string, string, number])[] = [];
  for (const { entry, scheme, target } of files) {
    const hash = hashes.get(entry.path) ?? '';
    if (scheme !== 'root') {
      placed.push({ path: entry.path, scheme, target, size: entry.size, hash, rewrite: rewrites.has(entry.path) });
      continue;
    }
    if (isReplaced(entry.path, distInfo)) continue;
    record.push([entry.path, hash, entry.size]);
    if (entry.path.startsWith(`${distInfo}/`)) {
      info.push(entry.path);
      continue;
    }
    plain.push(entry.path);
    addFolders(folders, entry.path);
  }
  record.sort(([a], [b]) => (a < b ? -1 : 1));
  return { folders: [...folders].sort(), plain, info, placed, record };
}

/** Files of dist-info that the installer writes, whatever the wheel has. */
function isReplaced(path: string, distInfo: string): boolean {
  return path === `${distInfo}/INSTALLER` || path === `${distInfo}/direct_url.json` || path === `${distInfo}/REQUESTED`;
}

function addFolders(folders: Set<string>, path: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

function startsWithPythonMark(contents: Uint8Array): boolean {
  return Buffer.from(contents.buffer, contents.byteOffset, Math.min(8, contents.length)).equals(PYTHON_MARK);
}

const PYTHON_MARK = Buffer.from('#!python');

function storeError(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof TercetError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const what = full ? 'there is no space left' : code;
  return new TercetError('store-write', `The cache ${folder} cannot be written to: ${what}`, {
    hints: [full ? 'Make room on that file system.' : 'Set POETRY_CACHE_DIR to a folder that can be written to.'],
    cause: error,
  });
}

function raise(message: string): never {
  throw new Error(message);
}
