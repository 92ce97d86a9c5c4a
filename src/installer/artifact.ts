/**
 * From a locked package to a wheel in the store: chosen, downloaded and compared with the lock, or built. Nothing in
 * an environment changes here.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { removeFile, removeTree } from '../files/remove.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { fileNameOf } from '../ground/file-name.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { Depart } from './bytes-on-the-way.ts';
import {
  type BinaryPolicies,
  type ChoiceInput,
  chooseFiles,
  chooseLockedFile,
  HASH_ORDER,
  lockedHashes,
  type OfferedFile,
} from './choose.ts';
import { directUrlText } from './direct-url.ts';
import { invalidWheel } from './invalid-wheel.ts';
import { absolutePath } from './plan.ts';
import { type Unpack, unpackHere, type WheelStore } from './store.ts';
import { isIntact, type StoredWheel, storedRows } from './stored-wheel.ts';

/** A wheel that is ready to be installed. */
export interface Artifact {
  readonly wheel: StoredWheel;
  /** direct_url.json's text, for direct origins. */
  readonly directUrl: string | undefined;
  /** What to tell the user about the file that was chosen. */
  readonly warning?: string | undefined;
}

/** A file that has been downloaded to a place of its own. */
export interface DownloadedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What a wheel is built from. */
export type BuildSource =
  | { readonly kind: 'sdist'; readonly path: string; readonly file: string }
  | { readonly kind: 'directory'; readonly path: string; readonly editable: boolean }
  | { readonly kind: 'git'; readonly editable: boolean };

/** A wheel made by a build. */
export interface BuiltWheel {
  readonly path: string;
  /** A folder to be removed once the wheel has been stored; undefined: the wheel stays where it is. */
  readonly scratch?: string;
  /** For git: where the sources were cloned to. */
  readonly clone?: string;
}

/** What the outside world does for an installation. */
export interface ArtifactPorts {
  readonly store: WheelStore;
  /** All files of a release, from the source that the lock names. `anew`: not from what was asked before. */
  files(locked: LockedPackage, anew?: 'anew'): Promise<readonly OfferedFile[]>;
  /** One file of the lock as its index offers it, where that can be told faster than all files. Default: it cannot. */
  readonly offered?: (locked: LockedPackage, file: string) => Promise<OfferedFile | undefined>;
  /** Downloads a file and compares it with `hashes`, of which the strongest counts. Throws `hash-mismatch`. */
  download(
    file: Pick<OfferedFile, 'url' | 'file' | 'hashes' | 'size'>,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<DownloadedFile>;
  /** A file of the lock from somewhere that need not be asked where it is. Default: nowhere; undefined: it is not there. */
  readonly nearby?:
    | ((
        file: { readonly file: string; readonly sha256: string },
        onProgress: (bytes: number) => void,
        signal: AbortSignal,
      ) => Promise<DownloadedFile | undefined>)
    | undefined;
  /** Builds a wheel. Default: packages that must be built are refused. */
  readonly build?:
    | ((locked: LockedPackage, source: BuildSource, signal: AbortSignal) => Promise<BuiltWheel>)
    | undefined;
  /** The wheel that was built of a source distribution with this SHA-256 before. Default: nothing was. */
  readonly built?: ((locked: LockedPackage, sha256: string) => Promise<BuiltWheel | undefined>) | undefined;
  readonly emit: Emit;
}

export interface ArtifactOptions {
  /** What `likelyFile` says of packages. Default: it is asked. */
  readonly likely?: ReadonlyMap<LockedPackage, LikelyFile | undefined>;
  /** Wheels of the store that have just been looked at and are as they were unpacked. Default: none. */
  readonly intact?: ReadonlyMap<Sha256, StoredWheel>;
  /** How wheels are unpacked. Default: in this thread. */
  readonly unpack?: Unpack;
  /** Asked before each download. Default: all go at once. */
  readonly depart?: Depart;
  readonly ranks: ReadonlyMap<string, number>;
  readonly policies: BinaryPolicies;
  readonly projectDir: string;
  readonly signal: AbortSignal;
}

/** The wheel of a locked package. Throws what the ports throw, `no-file-for-environment`, `hash-not-locked`, `hash-mismatch`. */
export async function prepareArtifact(
  locked: LockedPackage,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<Artifact> {
  const { source } = locked;
  switch (source?.type) {
    case undefined:
    case 'legacy':
      return fromIndex(locked, ports, options);
    case 'url':
      return fromUrl(locked, source.url, ports, options);
    case 'file':
      return fromFile(locked, absolutePath(source.url, options.projectDir), ports, options);
    case 'directory': {
      const folder = absolutePath(source.url, options.projectDir);
      const path = source.subdirectory === undefined ? folder : `${folder}/${source.subdirectory}`;
      const built = await build(locked, { kind: 'directory', path, editable: locked.develop ?? false }, ports, options);
      return { wheel: built.wheel, directUrl: directUrlText(locked, options) };
    }
    case 'git': {
      const built = await build(locked, { kind: 'git', editable: locked.develop ?? false }, ports, options);
      return { wheel: built.wheel, directUrl: directUrlText(locked, { ...options, clone: built.clone }) };
    }
  }
}

async function fromIndex(locked: LockedPackage, ports: ArtifactPorts, options: ArtifactOptions): Promise<Artifact> {
  const choice = { package: locked, ...options };
  const likely = options.likely?.has(locked) === true ? options.likely.get(locked) : likelyFile(locked, options);
  if (likely !== undefined) {
    const wheel =
      (await known(locked, likely.file, likely.sha256, ports, options)) ??
      (await nearby(locked, likely, ports, options)) ??
      (await found(locked, likely, ports, options));
    if (wheel !== undefined) return { wheel, directUrl: undefined };
  }
  const files = await candidates(choice, ports);
  for (const file of files) {
    const hashes =
      locked.files.length === 0 ? file.hashes : (lockedHashes(locked, file.file) ?? namelessHash(locked, file));
    if (hashes === undefined && Object.keys(file.hashes).length === 0) continue;
    if (hashes === undefined) throw notListed(locked, file.file);
    const wheel = await fetched(locked, { ...file, hashes }, ports, options);
    return { wheel, directUrl: undefined, warning: yankedWarning(locked, file) };
  }
  throw notListed(locked, files[0]?.file ?? locked.name);
}

/** A file of the lock. */
export interface LikelyFile {
  readonly file: string;
  readonly sha256: Sha256;
}

/** The file of the lock that is installed where the index offers it; undefined where there is none, or none with an SHA-256. */
export function likelyFile(locked: LockedPackage, options: Omit<ChoiceInput, 'package'>): LikelyFile | undefined {
  const likely = chooseLockedFile({ package: locked, ...options });
  if (likely?.hash.startsWith('sha256:') !== true) return undefined;
  return { file: likely.file, sha256: likely.hash.slice('sha256:'.length) as Sha256 };
}

/** The files that may be installed, best first. A list from before the lock was made may lack them, so it is asked for anew. */
async function candidates(choice: ChoiceInput, ports: ArtifactPorts): Promise<readonly OfferedFile[]> {
  try {
    return chooseFiles(choice, await ports.files(choice.package));
  } catch (error) {
    if (!(error instanceof TercetError) || !/^(no-file-for-environment|hash-not-locked)$/.test(error.code)) throw error;
    return chooseFiles(choice, await ports.files(choice.package, 'anew'));
  }
}

function yankedWarning({ prettyName, version }: LockedPackage, { file, yanked }: OfferedFile): string | undefined {
  if (yanked === false) return undefined;
  const reason = yanked === true || yanked === '' ? '' : ` Reason for being yanked: ${yanked}`;
  return `Warning: The file chosen for install of ${prettyName} ${version.text} (${file}) is yanked.${reason}`;
}

/** Locks of Poetry 0.12 list bare hashes, without files: the offered file's must be one of them. */
function namelessHash(locked: LockedPackage, { hashes }: OfferedFile): Readonly<Record<string, string>> | undefined {
  const bare = new Set(locked.files.filter(({ file, hash }) => hash.endsWith(`:${file}`)).map(({ hash }) => hash));
  const found = Object.entries(hashes).find(([algorithm, digest]) => bare.has(`${algorithm}:${digest}`));
  return found === undefined ? undefined : { [found[0]]: found[1] };
}

async function fromUrl(
  locked: LockedPackage,
  url: string,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<Artifact> {
  const file = fileNameOf(url);
  const hashes = locked.files.length === 0 ? {} : lockedHashes(locked, file);
  if (hashes === undefined) throw notListed(locked, file);
  const wheel = await fetched(locked, { url, file, hashes }, ports, options);
  return { wheel, directUrl: directUrlText(locked, { ...options, hash: hashText(hashes) }) };
}

async function fromFile(
  locked: LockedPackage,
  path: string,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<Artifact> {
  const file = basename(path);
  const hashes = locked.files.length === 0 ? {} : lockedHashes(locked, file);
  if (hashes === undefined) throw notListed(locked, file);
  const [algorithm, expected] = Object.entries(hashes)[0] ?? [];
  let digests: ReadonlyMap<string, string>;
  try {
    digests = fileDigests(path, new Set(['sha256', algorithm ?? 'sha256']));
  } catch (cause) {
    throw new TercetError('file-not-found', `${path}, which the lock names for ${locked.name}, cannot be read`, {
      cause,
    });
  }
  if (algorithm !== undefined && digests.get(algorithm) !== expected) {
    throw new TercetError(
      'hash-mismatch',
      `Hash for ${locked.name} (${locked.version.text}) from archive ${file} not found in known hashes (was: ${algorithm}:${digests.get(algorithm)})`,
      {
        hints: [
          'The file is another than when the project was locked. If that is meant to be so, run `poetry lock --regenerate`.',
        ],
      },
    );
  }
  const sha256 = (digests.get('sha256') ?? '') as Sha256;
  const wheel = file.endsWith('.whl')
    ? (intact(ports.store, sha256, options) ?? (await add(path, file, sha256, ports.store, options)))
    : (await build(locked, { kind: 'sdist', path, file }, ports, options)).wheel;
  return { wheel, directUrl: directUrlText(locked, { ...options, hash: hashText(hashes) }) };
}

/** Downloads a file and stores it, or what is built from it. */
async function fetched(
  locked: LockedPackage,
  file: Pick<OfferedFile, 'url' | 'file' | 'hashes' | 'size' | 'coreMetadata'>,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<StoredWheel> {
  const isWheel = file.file.endsWith('.whl');
  if (file.hashes.sha256 !== undefined) {
    const stored = await known(locked, file.file, file.hashes.sha256, ports, options);
    if (stored !== undefined) return isWheel ? asShown(stored, file, ports.store) : stored;
  }
  const { emit } = ports;
  emit({ kind: 'download-started', file: file.file, project: locked.name, bytes: file.size });
  const onProgress = (bytes: number): void => emit({ kind: 'download-progressed', file: file.file, bytes });
  const end = await options.depart?.(file.size ?? 0);
  const downloaded = await ports.download(file, onProgress, options.signal).finally(end);
  const wheel = await arrived(locked, file.file, downloaded, ports, options);
  return isWheel ? asShown(wheel, file, ports.store) : wheel;
}

/** The same for a file that is near by. Whether it is there turns out when its first bytes arrive, and so it is said then. */
async function nearby(
  locked: LockedPackage,
  file: { readonly file: string; readonly sha256: string },
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<StoredWheel | undefined> {
  const { emit } = ports;
  let isShown = false;
  const onProgress = (bytes: number): void => {
    if (!isShown) emit({ kind: 'download-started', file: file.file, project: locked.name, bytes: undefined });
    isShown = true;
    emit({ kind: 'download-progressed', file: file.file, bytes });
  };
  const downloaded = await ports.nearby?.(file, onProgress, options.signal);
  return downloaded === undefined ? undefined : arrived(locked, file.file, downloaded, ports, options);
}

/** The same for a file that its index tells at once. A yanked one is taken where there is no other, so not here. */
async function found(
  locked: LockedPackage,
  { file, sha256 }: LikelyFile,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<StoredWheel | undefined> {
  const offered = await ports.offered?.(locked, file);
  if (offered?.yanked !== false || offered.hashes.sha256 !== sha256) return undefined;
  return fetched(locked, { ...offered, hashes: { sha256 } }, ports, options);
}

/** A file that has arrived, in the store, or what is built from it. */
async function arrived(
  locked: LockedPackage,
  file: string,
  { path, sha256, bytes }: DownloadedFile,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<StoredWheel> {
  try {
    ports.emit({ kind: 'download-finished', file, bytes });
    if (!file.endsWith('.whl')) return (await build(locked, { kind: 'sdist', path, file }, ports, options)).wheel;
    return await add(path, file, sha256 as Sha256, ports.store, options);
  } finally {
    removeFile(path);
  }
}

/** The wheel, where its METADATA are the ones that the index shows (PEP 658): what was resolved is what gets installed. */
function asShown(
  wheel: StoredWheel,
  { file, coreMetadata }: Pick<OfferedFile, 'file' | 'coreMetadata'>,
  store: WheelStore,
): StoredWheel {
  const shown = typeof coreMetadata === 'object' ? coreMetadata.sha256 : undefined;
  if (shown === undefined || !wheel.info.includes(`${wheel.distInfo}/METADATA`)) return wheel;
  const row = `${wheel.distInfo}/METADATA,sha256=${Buffer.from(shown, 'hex').toString('base64url')},`;
  if (`\n${storedRows(wheel)}`.includes(`\n${row}`)) return wheel;
  store.remove(wheel.sha256);
  throw invalidWheel(file, 'its METADATA is not what the index shows of it');
}

/** The wheel of a file that is here already: the file itself, or what was built of it. */
async function known(
  locked: LockedPackage,
  file: string,
  sha256: string,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<StoredWheel | undefined> {
  if (file.endsWith('.whl')) return intact(ports.store, sha256 as Sha256, options);
  const built = await ports.built?.(locked, sha256);
  return built === undefined ? undefined : storeBuilt(built, ports.store, options);
}

async function build(
  locked: LockedPackage,
  source: BuildSource,
  ports: ArtifactPorts,
  options: ArtifactOptions,
): Promise<{ readonly wheel: StoredWheel; readonly clone: string | undefined }> {
  if (ports.build === undefined) {
    throw new TercetError(
      'build-unavailable',
      `${locked.name} (${locked.version.text}) has no wheel for this environment and would have to be built`,
    );
  }
  const built = await ports.build(locked, source, options.signal);
  return { wheel: await storeBuilt(built, ports.store, options), clone: built.clone };
}

async function storeBuilt(
  { path, scratch }: BuiltWheel,
  store: WheelStore,
  options: ArtifactOptions,
): Promise<StoredWheel> {
  try {
    const sha256 = (fileDigests(path, new Set(['sha256'])).get('sha256') ?? '') as Sha256;
    return intact(store, sha256, options) ?? (await add(path, basename(path), sha256, store, options));
  } finally {
    if (scratch !== undefined) removeTree(scratch);
  }
}

/** The stored wheel, where nobody has written into its files; a damaged one is taken out of the store. */
function intact(store: WheelStore, sha256: Sha256, options: ArtifactOptions): StoredWheel | undefined {
  const stored = options.intact?.get(sha256) ?? store.get(sha256);
  if (stored === undefined || options.intact?.has(sha256) === true || isIntact(stored)) return stored;
  store.remove(sha256);
  return undefined;
}

function add(
  path: string,
  file: string,
  sha256: Sha256,
  store: WheelStore,
  { signal, unpack = unpackHere(signal) }: ArtifactOptions,
): Promise<StoredWheel> {
  return store.add(path, file, sha256, unpack);
}

function notListed(locked: LockedPackage, file: string): TercetError {
  return new TercetError(
    'hash-not-locked',
    `${file} of ${locked.name} (${locked.version.text}) is not listed in the lock file, so its hash cannot be verified`,
    { hints: ['Run `poetry lock` to list the files that the index has now.'], detail: { project: locked.name, file } },
  );
}

function hashText(hashes: Readonly<Record<string, string>>): string | undefined {
  const algorithm = HASH_ORDER.find((name) => hashes[name] !== undefined);
  return algorithm === undefined ? undefined : `${algorithm}:${hashes[algorithm]}`;
}

function fileDigests(path: string, algorithms: ReadonlySet<string>): ReadonlyMap<string, string> {
  const hashers = [...algorithms].map(
    (name) => [name, new Bun.CryptoHasher(name.replace('sha3_', 'sha3-') as Bun.SupportedCryptoAlgorithms)] as const,
  );
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1024 * 1024);
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      for (const [, hasher] of hashers) hasher.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return new Map(hashers.map(([name, hasher]) => [name, hasher.digest('hex')]));
}
