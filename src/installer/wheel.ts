/**
 * What a wheel is made of, decided from its list of entries and its dist-info before anything is unpacked.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */

import type { ZipArchive, ZipEntry } from '../archive/read-zip.ts';
import { ParseError } from '../ground/error.ts';
import { projectName } from '../names/name.ts';
import { compareVersions, tryParseVersion } from '../versions/version.ts';
import { type EntryPointScript, parseEntryPointScripts, scriptNameFault } from './entry-points.ts';
import { invalidWheel } from './invalid-wheel.ts';
import { parseRecord, type RecordRow } from './record.ts';

/** Where a file goes; `root` is purelib or platlib, as the wheel says. */
export type Scheme = 'root' | 'purelib' | 'platlib' | 'scripts' | 'headers' | 'data';

/** A file that gets installed. */
export interface WheelFile {
  readonly entry: ZipEntry;
  readonly scheme: Scheme;
  /** Path below the scheme's folder. */
  readonly target: string;
  /** What RECORD says of it. */
  readonly row: RecordRow;
}

export interface WheelContents {
  /** The first two parts of the dist-info folder's name. */
  readonly distribution: string;
  readonly version: string;
  /** `NAME-VERSION.dist-info`. */
  readonly distInfo: string;
  readonly purelib: boolean;
  /** In the archive's order, without RECORD, its signatures, and `__pycache__`. */
  readonly files: readonly WheelFile[];
  readonly scripts: readonly EntryPointScript[];
}

/** No METADATA, no RECORD is longer, in bytes. */
const LONGEST_TEXT = 32 * 1024 * 1024;
const HASHES = new Set(['sha256', 'sha384', 'sha512']);

/**
 * Reads and checks a wheel whose file name is `file`. Throws `wheel-invalid` where the wheel contradicts itself: its
 * name, its RECORD, its scripts. Contents are compared with RECORD only when they are unpacked.
 */
export function readWheel(archive: ZipArchive, file: string): WheelContents {
  const entries = new Map(archive.entries.map((entry) => [entry.path, entry]));
  const distInfo = distInfoFolder(archive, file);
  const text = (name: string): string | undefined => {
    const entry = entries.get(`${distInfo}/${name}`);
    if (entry === undefined) return undefined;
    if (entry.size > LONGEST_TEXT) throw invalidWheel(file, `its ${name} is ${entry.size} bytes long`);
    return Buffer.from(archive.read(entry)).toString('utf8');
  };
  const stem = distInfo.slice(0, -'.dist-info'.length);
  const dash = stem.indexOf('-');
  const [distribution, version] = [stem.slice(0, dash), stem.slice(dash + 1)];
  checkMetadata(file, text('METADATA'), distribution, version);
  const wheel = headers(text('WHEEL'));
  if (wheel === undefined) throw invalidWheel(file, 'it has no WHEEL file');
  const format = wheel.get('wheel-version') ?? '';
  if (!/^1\.\d+$/.test(format)) throw invalidWheel(file, `it has the format ${format || 'unknown'}; only 1.x is known`);
  const record = text('RECORD');
  if (record === undefined) throw invalidWheel(file, 'it has no RECORD');
  const entryPoints = text('entry_points.txt');
  return {
    distribution,
    version,
    distInfo,
    purelib: wheel.get('root-is-purelib')?.toLowerCase() === 'true',
    files: placeFiles(file, archive.entries, distInfo, rowsOf(file, record)),
    scripts: entryPoints === undefined ? [] : parsed(file, () => parseEntryPointScripts(entryPoints)),
  };
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ParseError) throw invalidWheel(file, error.message);
    throw error;
  }
}

/** The one dist-info folder; it must be that of the file's name. */
function distInfoFolder(archive: ZipArchive, file: string): string {
  const folders = new Set<string>();
  for (const { path } of archive.entries) {
    const slash = path.indexOf('/');
    if (slash > 0 && path.slice(0, slash).toLowerCase().endsWith('.dist-info')) folders.add(path.slice(0, slash));
  }
  const [folder] = folders;
  if (folder === undefined) throw invalidWheel(file, 'it has no dist-info folder');
  if (folders.size > 1)
    throw invalidWheel(file, `it has more than one dist-info folder: ${[...folders].sort().join(', ')}`);
  const [name, version, ...rest] = folder.slice(0, -'.dist-info'.length).split('-');
  const [fileName = '', fileVersion = ''] = file.split('-');
  if (
    !folder.endsWith('.dist-info') ||
    version === undefined ||
    rest.length > 0 ||
    !sameProject(name, fileName) ||
    !sameVersionText(version, fileVersion)
  ) {
    throw invalidWheel(file, `its folder ${folder} does not go with its file name`);
  }
  return folder;
}

function checkMetadata(file: string, text: string | undefined, distribution: string, version: string): void {
  const metadata = headers(text);
  if (metadata === undefined) throw invalidWheel(file, 'it has no METADATA');
  const name = metadata.get('name');
  if (!sameProject(name, distribution)) throw invalidWheel(file, `its metadata is that of ${name ?? 'no project'}`);
  if (!sameVersionText(metadata.get('version') ?? '', version)) {
    throw invalidWheel(file, `its metadata is that of version ${metadata.get('version') ?? 'none'}`);
  }
}

function sameProject(a: string | undefined, b: string): boolean {
  return a !== undefined && projectName(a) === projectName(b);
}

function sameVersionText(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [
    tryParseVersion(a),
    tryParseVersion(b.replaceAll('_', '-')) ?? tryParseVersion(b.replace('_', '+')),
  ];
  return left !== undefined && right !== undefined && compareVersions(left, right) === 0;
}

/** The first value of each header, names in lower case; undefined where there is no text. */
function headers(text: string | undefined): Map<string, string> | undefined {
  if (text === undefined) return undefined;
  const values = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon <= 0 || /^\s/.test(line)) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!values.has(name)) values.set(name, line.slice(colon + 1).trim());
  }
  return values;
}

function rowsOf(file: string, record: string): Map<string, RecordRow> {
  const rows = new Map<string, RecordRow>();
  for (const row of parsed(file, () => parseRecord(record.replace(/^\ufeff/, '')))) {
    const twin = rows.get(row.path);
    if (twin !== undefined && twin.hash !== row.hash)
      throw invalidWheel(file, `its RECORD gives two hashes for ${row.path}`);
    rows.set(row.path, row);
  }
  return rows;
}

function placeFiles(
  file: string,
  entries: readonly ZipEntry[],
  distInfo: string,
  rows: ReadonlyMap<string, RecordRow>,
): WheelFile[] {
  const dataFolder = `${distInfo.slice(0, -'.dist-info'.length)}.data/`;
  const unlisted = new Set([`${distInfo}/RECORD`, `${distInfo}/RECORD.jws`, `${distInfo}/RECORD.p7s`]);
  const files: WheelFile[] = [];
  for (const entry of entries) {
    const { path } = entry;
    if (unlisted.has(path) || /(^|\/)__pycache__\//.test(path)) continue;
    const row = rows.get(path);
    if (row === undefined) throw invalidWheel(file, `its RECORD does not list ${path}`);
    const algorithm = row.hash.slice(0, row.hash.indexOf('='));
    if (row.hash === '') throw invalidWheel(file, `its RECORD has no hash for ${path}`);
    if (!HASHES.has(algorithm))
      throw invalidWheel(file, `its RECORD has the weak or unknown hash ${row.hash} for ${path}`);
    if (row.size !== undefined && row.size !== entry.size) {
      throw invalidWheel(file, `${path} has ${entry.size} bytes, its RECORD says ${row.size}`);
    }
    files.push({ entry, row, ...placeOf(file, path, dataFolder) });
  }
  const present = new Set(entries.map(({ path }) => path));
  for (const { path } of rows.values()) {
    const ignored = path.endsWith('/') || unlisted.has(path) || /(^|\/)__pycache__\//.test(path);
    if (!ignored && !present.has(path)) throw invalidWheel(file, `its RECORD lists ${path}, which it does not have`);
  }
  return files;
}

function placeOf(file: string, path: string, dataFolder: string): { readonly scheme: Scheme; readonly target: string } {
  if (!path.startsWith(dataFolder)) return { scheme: 'root', target: path };
  const slash = path.indexOf('/', dataFolder.length);
  const scheme = path.slice(dataFolder.length, slash);
  const target = path.slice(slash + 1);
  switch (slash < 0 ? '' : scheme) {
    case 'purelib':
    case 'platlib':
    case 'headers':
      return { scheme: scheme as Scheme, target };
    case 'scripts':
      return { scheme: 'scripts', target: checkedScript(file, path, target) };
    case 'data': {
      const script = /^(bin|scripts)\/([^/]+)$/i.exec(target)?.[2];
      if (script !== undefined) checkedScript(file, path, script);
      if (target.toLowerCase() === 'pyvenv.cfg')
        throw invalidWheel(file, `${path} would replace the environment's configuration`);
      return { scheme: 'data', target };
    }
    default:
      throw invalidWheel(file, `${path} is in no folder that is known`);
  }
}

function checkedScript(file: string, path: string, target: string): string {
  const fault = scriptNameFault(target.slice(target.lastIndexOf('/') + 1));
  if (fault !== undefined) throw invalidWheel(file, `${path} ${fault}`);
  return target;
}
