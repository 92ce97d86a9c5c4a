/**
 * The store: each wheel unpacked once, under the SHA-256 of its archive, and linked into environments from there.
 *
 * `wheels-v4/DIGEST/tree/` holds the files at their paths in the archive (`stored-wheel.ts`). An entry is made in a folder of its own and renamed into place: it is there in full
 * or not at all, and of two processes that make the same one, one wins and the other's work is thrown away. Every file
 * has been compared with the wheel's RECORD.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWheelFilename } from '../distributions/filename.ts';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { removeTree } from '../files/remove.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { projectName } from '../names/name.ts';
import { sameVersion, tryParseVersion } from '../versions/version.ts';
import type { UnpackJob } from './_unpack-wheel.ts';
import { parseRecord } from './record.ts';
import { isBrokenEntry, readStored, type StoredWheel, storedRows, TREE, WHEEL } from './stored-wheel.ts';

/** Changes with the layout. */
export const WHEELS_VERSION = 4;
const WHEELS_BUCKET = `wheels-v${WHEELS_VERSION}`;

/** Unpacks a wheel into a folder of the store, as `unpackWheel` does, here or in another thread. */
export type Unpack = (job: UnpackJob) => Promise<void>;

/** In this thread, which has its turns for other things in between. */
export function unpackHere(signal?: AbortSignal): Unpack {
  return async (job) => {
    const [{ unpackWheel }, { Inflater }] = await Promise.all([
      import('./_unpack-wheel.ts'),
      import('../archive/inflate.ts'),
    ]);
    let files = 0;
    await unpackWheel(job, new Inflater(), () => {
      signal?.throwIfAborted();
      files += 1;
      return files % 32 === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
    });
  };
}

/**
 * Opens the store below a cache folder; what it lacks is looked for in `behind`, which is only read. Nothing is made until
 * something is added.
 */
export function openStore(cacheDir: string, behind?: WheelStore): WheelStore {
  return new WheelStore(join(cacheDir, WHEELS_BUCKET), behind);
}

/** Where the store below a cache folder keeps a wheel, or would. */
export function wheelFolder(cacheDir: string, sha256: Sha256): string {
  return join(cacheDir, WHEELS_BUCKET, sha256);
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
    return existsSync(join(this.folder, sha256, WHEEL)) || this.behind?.has(sha256) === true;
  }

  /** The stored wheel; undefined where it is not there or its summary cannot be read. */
  get(sha256: Sha256): StoredWheel | undefined {
    return this.own(sha256) ?? this.behind?.get(sha256);
  }

  private own(sha256: Sha256): StoredWheel | undefined {
    return readStored(join(this.folder, sha256), sha256);
  }

  /**
   * Unpacks the wheel at `path`, whose SHA-256 the caller has computed and whose published name is `file`.
   * Throws `archive-unsafe`, `archive-damaged`, `wheel-invalid` with nothing left behind, or `store-write`.
   */
  async add(path: string, file: string, sha256: Sha256, unpack: Unpack = unpackHere()): Promise<StoredWheel> {
    const staged = join(this.folder, `.${sha256.slice(0, 16)}-${process.pid}-${uniqueSuffix()}`);
    try {
      mkdirSync(join(staged, TREE), { recursive: true });
      await unpack({ path, file, folder: staged });
      this.publish(staged, sha256);
      return this.get(sha256) ?? raise(`${sha256} vanished from ${this.folder}`);
    } catch (error) {
      removeTree(staged);
      throw storeError(error, this.folder);
    }
  }

  /** True where every file has the contents that it was unpacked with: all are read. */
  isGenuine(wheel: StoredWheel): boolean {
    try {
      return [...parseRecord(storedRows(wheel).toString()), ...wheel.placed].every(({ path, hash }) => {
        const digest = new Bun.CryptoHasher('sha256').update(readFileSync(`${wheel.tree}/${path}`)).digest('base64url');
        return `sha256=${digest}` === hash;
      });
    } catch {
      return false;
    }
  }

  /**
   * False where no environment shares a file with the wheel: all its files have one name only, and no environment is noted that links
   * to its folders. An entry whose list of files is gone can be used by nobody.
   */
  isInUse(sha256: Sha256): boolean {
    const wheel = this.own(sha256);
    if (wheel === undefined) return false;
    if (existsSync(join(wheel.tree, '..', LINKED))) return true;
    const isShared = (path: string): boolean =>
      (statSync(`${wheel.tree}/${path}`, { throwIfNoEntry: false })?.nlink ?? 1) > 1;
    try {
      return wheel.info.some(isShared) || wheel.plain.some(isShared);
    } catch (error) {
      if (isBrokenEntry(error)) return false;
      throw error;
    }
  }

  /** Notes that an environment links to the wheel's folders and files by name. */
  noteLinked(wheel: StoredWheel): void {
    writeFileSync(join(wheel.tree, '..', LINKED), '');
  }

  /** The wheels of one release. */
  wheelsOf(project: string, version: string): readonly Sha256[] {
    const wanted = tryParseVersion(version);
    if (wanted === undefined) return [];
    return (existsSync(this.folder) ? readdirSync(this.folder) : []).filter((name): name is Sha256 => {
      const named = parseWheelFilename(this.own(name as Sha256)?.file ?? '');
      return named?.project === projectName(project) && sameVersion(named.version, wanted);
    });
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

const LINKED = 'linked-by-name';

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
