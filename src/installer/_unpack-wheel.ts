/**
 * Unpacking a wheel into a folder of the store: every file compared with RECORD on its way to the disk, and in the end the two
 * lists that the store keeps of it. Runs in a lane's thread where there is one, so files are written at once.
 */

import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Inflater } from '../archive/inflate.ts';
import { LARGE_ENTRY, openZip, type ZipArchive } from '../archive/read-zip.ts';
import { writeWhole } from '../archive/write-whole.ts';
import { createNativeScan, reachesOutside } from './_native-libraries.ts';
import { invalidWheel } from './invalid-wheel.ts';
import { type RecordEntry, recordRow, sortedRows } from './record.ts';
import { FILES, ROWS, type StoredFile, TREE, WHEEL, type WheelFiles, type WheelSummary } from './stored-wheel.ts';
import { readWheel, type WheelFile } from './wheel.ts';
import { folderOf, topOf } from './wheel-paths.ts';

export interface UnpackJob {
  /** The archive. */
  readonly path: string;
  /** Its published name. */
  readonly file: string;
  /** An empty folder. */
  readonly folder: string;
}

/**
 * Unpacks; `pause` is awaited between files, and may throw. Throws `archive-unsafe`, `archive-damaged`, `wheel-invalid`, or the file
 * system's error, with a part of the files in the folder.
 */
export async function unpackWheel(
  { path, file, folder }: UnpackJob,
  inflater: Inflater,
  pause: () => void | Promise<void>,
): Promise<void> {
  using archive = openZip(path, file, {}, inflater);
  const { files, ...contents } = readWheel(archive, file);
  const unpacked = await unpackFiles(archive, files, join(folder, TREE), pause);
  const { plain, info, placed, rows } = listsOf(files, contents.distInfo, unpacked);
  const folders = foldersOf(plain);
  const wholes = new Set(foldersWithFiles(plain));
  const summary: WheelSummary = {
    file,
    ...contents,
    tops: [...new Set(plain.map(topOf))],
    count: plain.length,
    wholes: [...wholes],
    loose: plain.filter((path) => !isBelow(wholes, path)),
    info,
    placed,
    reachesOutside: unpacked.outside,
  };
  writeFileSync(join(folder, ROWS), rows);
  writeFileSync(join(folder, FILES), JSON.stringify({ folders, plain } satisfies WheelFiles));
  writeFileSync(join(folder, WHEEL), JSON.stringify(summary));
}

interface Unpacked {
  /** `sha256=…` by the entry's path. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly rewrites: ReadonlySet<string>;
  readonly outside: boolean;
}

/** In the archive's order. */
async function unpackFiles(
  archive: ZipArchive,
  files: readonly WheelFile[],
  tree: string,
  pause: () => void | Promise<void>,
): Promise<Unpacked> {
  const hashes = new Map<string, string>();
  const rewrites = new Set<string>();
  const made = new Set<string>();
  const paths = new Set(files.map(({ entry }) => entry.path));
  let outside = false;
  for (const file of files) {
    const waited = pause();
    if (waited !== undefined) await waited;
    const { entry, row, scheme } = file;
    const target = `${tree}/${entry.path}`;
    const folder = dirname(target);
    if (!made.has(folder)) {
      mkdirSync(folder, { recursive: true });
      made.add(folder);
    }
    const output = openSync(target, 'wx', entry.executable || scheme === 'scripts' ? 0o777 : 0o666);
    try {
      if (entry.size > LARGE_ENTRY) {
        const large = writeLarge(archive, file, output, paths);
        hashes.set(entry.path, large.hash);
        outside ||= large.outside;
        continue;
      }
      const contents = archive.read(entry);
      hashes.set(
        entry.path,
        checkedHash(row.hash, (algorithm) => digest(algorithm, contents), archive.name, entry.path),
      );
      writeWhole(output, contents);
      if (scheme === 'scripts' && startsWithPythonMark(contents)) rewrites.add(entry.path);
      outside ||= reachesOutside(entry.path, contents, paths);
    } finally {
      closeSync(output);
    }
  }
  return { hashes, rewrites, outside };
}

function writeLarge(
  archive: ZipArchive,
  { entry, row }: WheelFile,
  output: number,
  paths: ReadonlySet<string>,
): { readonly hash: string; readonly outside: boolean } {
  const algorithm = row.hash.slice(0, row.hash.indexOf('='));
  const hashers = new Map([...new Set(['sha256', algorithm])].map((name) => [name, hasher(name)]));
  const scan = createNativeScan(entry.path, paths);
  for (const piece of archive.chunks(entry)) {
    for (const one of hashers.values()) one.update(piece);
    scan.add(piece);
    writeWhole(output, piece);
  }
  const digests = new Map([...hashers].map(([name, one]) => [name, one.digest('base64url')]));
  return {
    hash: checkedHash(row.hash, (name) => digests.get(name) ?? '', archive.name, entry.path),
    outside: scan.reachesOutside(),
  };
}

function hasher(algorithm: string): Bun.CryptoHasher {
  return new Bun.CryptoHasher(algorithm as Bun.SupportedCryptoAlgorithms);
}

function digest(algorithm: string, contents: Uint8Array): string {
  return hasher(algorithm).update(contents).digest('base64url');
}

/** `sha256=…` of a file whose hash in RECORD is `expected` (`ALGORITHM=DIGEST`). Throws `wheel-invalid` where it has another. */
function checkedHash(expected: string, digestBy: (algorithm: string) => string, file: string, path: string): string {
  const equals = expected.indexOf('=');
  const algorithm = expected.slice(0, equals);
  const found = digestBy(algorithm);
  if (algorithm === 'sha256' && expected === `sha256=${found}`) return expected;
  if (found !== expected.slice(equals + 1).replace(/=+$/, '')) {
    throw invalidWheel(file, `${path} is not what its RECORD says`);
  }
  return `sha256=${algorithm === 'sha256' ? found : digestBy('sha256')}`;
}

function listsOf(
  files: readonly WheelFile[],
  distInfo: string,
  { hashes, rewrites }: Unpacked,
): Pick<WheelFiles, 'plain'> & Pick<WheelSummary, 'info' | 'placed'> & { readonly rows: string } {
  const plain: string[] = [];
  const info: string[] = [];
  const placed: StoredFile[] = [];
  const record: RecordEntry[] = [];
  for (const { entry, scheme, target } of files) {
    const hash = hashes.get(entry.path) ?? '';
    if (scheme !== 'root') {
      placed.push({ path: entry.path, scheme, target, size: entry.size, hash, rewrite: rewrites.has(entry.path) });
      continue;
    }
    if (isReplaced(entry.path, distInfo)) continue;
    record.push({ key: entry.path, row: recordRow(entry.path, hash, entry.size) });
    if (entry.path.startsWith(`${distInfo}/`)) {
      info.push(entry.path);
      continue;
    }
    plain.push(entry.path);
  }
  return { plain, info, placed, rows: sortedRows(record) };
}

/** Files of dist-info that the installer writes, whatever the wheel has. */
function isReplaced(path: string, distInfo: string): boolean {
  return path === `${distInfo}/INSTALLER` || path === `${distInfo}/direct_url.json` || path === `${distInfo}/REQUESTED`;
}

/** All folders that the files are in, each after the one it is in. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** The folders nearest to the top that have files of their own: those above them are namespaces, which wheels share. */
function foldersWithFiles(paths: readonly string[]): string[] {
  const withFiles = new Set(paths.filter((path) => path.includes('/')).map(folderOf));
  return [...withFiles].filter((folder) => !isBelow(withFiles, folder));
}

function isBelow(folders: ReadonlySet<string>, path: string): boolean {
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    if (folders.has(path.slice(0, slash))) return true;
  }
  return false;
}

function startsWithPythonMark(contents: Uint8Array): boolean {
  return Buffer.from(contents.buffer, contents.byteOffset, Math.min(8, contents.length)).equals(PYTHON_MARK);
}

const PYTHON_MARK = Buffer.from('#!python');
