/**
 * The metadata of one file on an index, by the cheapest way that works: `<url>.metadata` where it is advertised (PEP 658), ranges of the
 * wheel, `<url>.metadata` on the off chance, the whole file. They are not kept here: what a release comes to is (`release-records.ts`).
 *
 * Mirrors serve `.metadata` for some wheels without advertising it. Asking in vain takes as long as reading the wheel's end, which hardly
 * ever is in vain, so the guess comes second; a host that never has any is no longer asked.
 */

import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Bucket } from '../cache/bucket.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { downloadFile } from '../http/download.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import type { Transport } from '../http/transport.ts';
import { fileText, headerText } from '../metadata/core-metadata.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import type { BuildMetadata } from './build-metadata.ts';
import { type IndexFile, isWheel } from './index-file.ts';
import {
  METADATA_READING,
  packMetadata,
  type RawMetadata,
  sdistRawMetadata,
  unpackMetadata,
  wheelRawMetadata,
} from './raw-metadata.ts';
import { readZipEntry, tailLength } from './remote-zip.ts';
import { overlaid, type ProjectFiles, sdistFiles, staticMetadata } from './sdist-metadata.ts';

export interface FileMetadataOptions {
  readonly transport: Transport;
  /** Keeps hashes that had to be worked out. */
  readonly hashes: Bucket;
  readonly emit: Emit;
  /** `solver.lazy-wheel`: read parts of wheels. Default: true. */
  readonly lazyWheel?: boolean;
  /** Default: nothing is built. */
  readonly build?: BuildMetadata | undefined;
  /** Asked for what the index does not serve for itself. Default: nobody. */
  readonly remoteCache?: RemoteCache | undefined;
}

/** Why a file's metadata cannot be had. */
export type NoMetadata = { readonly kind: 'no-metadata'; readonly detail: string } | { readonly kind: 'offline' };

export interface FileMetadata {
  read(project: ProjectName, file: IndexFile): Promise<RawMetadata | NoMetadata>;
  /**
   * The SHA-256 of a file that the index gives no good hash for: downloads it once, and checks the hash that there is. `place` keeps the
   * files of different sources apart.
   */
  sha256(file: IndexFile, place: string): Promise<string>;
}

/** After so many misses without a hit a host is no longer asked for what it does not advertise. */
const MISSES = 6;

/** Bytes of a file, where they begin, and how long the file is. */
interface Part {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly total: number;
}

interface Host {
  served: number;
  missed: number;
  ranges: 'unknown' | 'yes' | 'no';
}

export function createFileMetadata(options: FileMetadataOptions): FileMetadata {
  const { transport, hashes, emit, lazyWheel = true, build, remoteCache } = options;
  const hosts = new Map<string, Host>();
  const hostOf = (url: string): Host => {
    const name = URL.parse(url)?.host ?? url;
    let host = hosts.get(name);
    if (host === undefined) {
      host = { served: 0, missed: 0, ranges: 'unknown' };
      hosts.set(name, host);
    }
    return host;
  };

  const beside = async (project: ProjectName, file: IndexFile): Promise<RawMetadata | undefined> => {
    const host = hostOf(file.url);
    const isAdvertised = file.coreMetadata !== false;
    if (!isAdvertised && host.served === 0 && host.missed >= MISSES) return undefined;
    const { status, body } = await transport.fetch(`${file.url.split('?', 1)[0]}.metadata`);
    const miss = () => {
      if (!isAdvertised) host.missed += 1;
      return undefined;
    };
    if (status !== 200) return miss();
    if (!hasHash(body, file.coreMetadata)) {
      emit({
        kind: 'warning',
        text: `The metadata of ${file.file} do not have the hash that the index gives for them, and are not used.`,
      });
      return undefined;
    }
    const text = headerText(body);
    const metadata = isWheel(file.file) ? wheelRawMetadata(text, 'served') : sdistRawMetadata(text);
    if (metadata === undefined || (!isAdvertised && projectName(metadata.name) !== project)) return miss();
    host.served += 1;
    return metadata;
  };

  const ranged = async (project: ProjectName, file: IndexFile): Promise<RawMetadata | undefined> => {
    const host = hostOf(file.url);
    if (!lazyWheel || host.ranges === 'no') return undefined;
    const tail = await end(file.url, file.size);
    if (tail === undefined) {
      if (host.ranges === 'unknown') host.ranges = 'no';
      return undefined;
    }
    host.ranges = 'yes';
    const read = async (offset: number, length: number): Promise<Uint8Array | undefined> =>
      (await range(file.url, `${offset}-${offset + length - 1}`))?.bytes;
    const contents = await readZipEntry(read, { size: tail.total, tail: tail.bytes }, isMetadataOf(project));
    return contents === undefined ? undefined : wheelRawMetadata(headerText(contents), 'served');
  };

  /** A wheel's last bytes. */
  const end = async (url: string, size: number | undefined): Promise<Part | undefined> => {
    const length = tailLength(size);
    const part = await range(url, size === undefined ? `-${length}` : `${size - length}-${size - 1}`);
    return part !== undefined && part.start + part.bytes.length === part.total ? part : undefined;
  };

  /** A part of a file; undefined where the server does not give parts. */
  const range = async (url: string, bytes: string): Promise<Part | undefined> => {
    const reply = await transport.stream(url, {
      headers: { range: `bytes=${bytes}`, 'accept-encoding': 'identity' },
    });
    const place = /^bytes ([0-9]+)-[0-9]+\/([0-9]+)$/.exec(reply.headers.get('content-range') ?? '');
    if (reply.status !== 206 || place === null || !(bytes.startsWith('-') || bytes.startsWith(`${place[1]}-`))) {
      reply.cancel();
      return undefined;
    }
    const parts: Uint8Array[] = [];
    try {
      for await (const chunk of reply.chunks) parts.push(chunk);
    } catch (error) {
      if (error instanceof TercetError && error.code === 'transfer-lost') return undefined;
      throw error;
    }
    return { bytes: Buffer.concat(parts), start: Number(place[1]), total: Number(place[2]) };
  };

  const whole = async (project: ProjectName, file: IndexFile): Promise<RawMetadata | NoMetadata> => {
    const { path } = await download(file);
    try {
      if (!isWheel(file.file)) return await fromSdist({ path, file: file.file, project }, 'info', build);
      return (await localWheelMetadata(path, project)) ?? noMetadata(`${file.file} has no METADATA that could be read`);
    } finally {
      rmSync(path, { force: true });
    }
  };

  const download = (file: IndexFile) =>
    downloadFile(transport, file.url, { directory: tmpdir(), file: file.file, hashes: file.hashes, size: file.size });

  return {
    async read(project, file) {
      if (transport.offline) return { kind: 'offline' };
      const shared = sharedKey(file);
      let found: RawMetadata | NoMetadata | undefined;
      if (shared !== undefined) {
        const text = await remoteCache?.record('metadata', shared);
        found = text === undefined ? undefined : unpackMetadata(text);
        if (found !== undefined) return found;
      }
      if (file.coreMetadata !== false) found = await beside(project, file);
      if (found === undefined && isWheel(file.file)) {
        found = await ranged(project, file);
        if (found === undefined && file.coreMetadata === false) found = await beside(project, file);
      }
      found ??= await whole(project, file);
      if (shared !== undefined && !('kind' in found)) {
        await remoteCache?.offerRecord('metadata', shared, packMetadata(found));
      }
      return found;
    },
    async sha256(file, place) {
      const key = `${place}/${hashKey(file)}`;
      const kept = hashes.read(key)?.toString('latin1');
      if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return kept;
      const { path, sha256 } = await download(file);
      rmSync(path, { force: true });
      hashes.write(key, sha256);
      return sha256;
    },
  };
}

/** The metadata of a wheel of `project` on disk; undefined where it has none. */
export async function localWheelMetadata(path: string, project: ProjectName): Promise<RawMetadata | undefined> {
  const file = openSync(path, 'r');
  try {
    const size = Bun.file(path).size;
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      readSync(file, bytes, 0, bytes.length, offset);
      return bytes;
    };
    const length = tailLength(size);
    const tail = await read(size - length, length);
    const contents = await readZipEntry(read, { size, tail }, isMetadataOf(project));
    return contents === undefined ? undefined : wheelRawMetadata(fileText(contents), 'at-hand');
  } finally {
    closeSync(file);
  }
}

/** A source distribution on disk; `file` is its published name. */
export interface SdistFile {
  readonly path: string;
  readonly file: string;
  /** Undefined where only the archive can tell. */
  readonly project: ProjectName | undefined;
}

/**
 * The metadata of a source distribution: what it states, else what its build says. `first` as in `staticMetadata`. Throws what `build`
 * throws.
 */
export async function fromSdist(
  sdist: SdistFile,
  first: 'info' | 'folder',
  build: BuildMetadata | undefined,
): Promise<RawMetadata | NoMetadata> {
  const { path, file } = sdist;
  let files: ProjectFiles;
  try {
    files = await sdistFiles(file, path);
  } catch (error) {
    if (error instanceof TercetError) return noMetadata(error.message);
    throw error;
  }
  const stated = staticMetadata(files, first);
  if (stated?.requiresDist !== undefined) return stated;
  const built = await build?.({ kind: 'sdist', ...sdist, version: stated?.version });
  if (built === undefined) return noMetadata(`${file} leaves its requirements to a build, and nothing is built here`);
  return 'kind' in built || stated === undefined ? built : overlaid(stated, built, first);
}

function noMetadata(detail: string): NoMetadata {
  return { kind: 'no-metadata', detail };
}

const METADATA = /^([^/]+)\.dist-info\/METADATA$/;

/** Whether a path in a wheel is its METADATA; other projects' (vendored) are not. */
function isMetadataOf(project: ProjectName): (path: string) => boolean {
  return (path) => {
    const folder = METADATA.exec(path)?.[1];
    return folder !== undefined && projectName(folder.slice(0, Math.max(folder.lastIndexOf('-'), 0))) === project;
  };
}

/** A safe file name for the hash of a file: another hash of it, else its address. */
export function hashKey(file: IndexFile): string {
  const strong = file.hashes.sha256 ?? file.hashes.sha512 ?? file.hashes.sha384;
  if (strong !== undefined && /^[0-9a-f]{64,128}$/.test(strong)) return strong.slice(0, 64);
  const digest = new Bun.CryptoHasher('sha256')
    .update(`${file.url}\n${JSON.stringify(file.hashes)}\n${file.size ?? ''}`)
    .digest('hex');
  return `u${digest}`;
}

/** What a team's metadata of a file are kept under; undefined where the index serves them as fast, or gives no hash. */
function sharedKey({ coreMetadata, hashes: { sha256 } }: IndexFile): string | undefined {
  if (coreMetadata !== false || sha256 === undefined) return undefined;
  return new Bun.CryptoHasher('sha256').update(`${METADATA_READING}\n${sha256}`).digest('hex');
}

function hasHash(body: Uint8Array, advertised: IndexFile['coreMetadata']): boolean {
  if (typeof advertised === 'boolean') return true;
  for (const algorithm of ['sha256', 'sha512', 'sha384', 'sha1', 'md5'] as const) {
    const wanted = advertised[algorithm];
    if (wanted !== undefined)
      return new Bun.CryptoHasher(algorithm).update(body).digest('hex') === wanted.toLowerCase();
  }
  return true;
}
