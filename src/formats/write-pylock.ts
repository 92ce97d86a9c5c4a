/** A lock as `pylock.toml` (PEP 751), as Poetry's export plug-in writes it. */

import type { LockedFile, LockedPackage, LockedSource } from '../lock/lock.ts';
import { formatMarker, isAnyMarker, markerFromPython } from '../markers/marker.ts';
import type { ExtraName, GroupName } from '../names/name.ts';
import { compareGroups } from '../names/name.ts';
import { withProtocol } from '../requirements/git-url.ts';
import { tomlKey, tomlString, tomlValue } from '../toml/write.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { formatRange, type VersionRange } from '../versions/version-range.ts';
import type { ExportedPackage } from './exported-packages.ts';

/** What an index says of a file and a lock does not. */
export interface PublishedFile {
  readonly url: string;
  /** ISO 8601. */
  readonly uploadTime?: string | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
}

export interface PylockOptions {
  /** The project's Python range as written; `*` where there is none. */
  readonly pythonVersions: string;
  readonly python: VersionRange;
  readonly groups: readonly GroupName[];
  readonly extras: readonly ExtraName[];
  /** The address of PyPI's simple API, without a final `/`. */
  readonly pypi: string;
  /** A path of the lock as the file names it: relative to its folder where it lies below, else absolute. */
  readonly pathOf: (path: string) => string;
  /** What the package's index says of a file of it. Throws where it does not have the file. */
  readonly published: (locked: LockedPackage, file: LockedFile) => PublishedFile;
}

/** The text of the file. Throws what `published` throws. */
export function formatPylock(packages: readonly ExportedPackage[], options: PylockOptions): string {
  const lines = ['lock-version = "1.0"'];
  if (options.pythonVersions !== '*') {
    lines.push(`environments = [${tomlString(formatMarker(markerFromPython(options.python)))}]`);
    lines.push(requiresPython(options.python));
  }
  lines.push('created-by = "poetry-plugin-export"');
  if (packages.length === 0) lines.push('packages = []');
  for (const one of packages) lines.push('', ...packageLines(one, options));
  lines.push('', '[tool.poetry-plugin-export]');
  lines.push(`groups = ${tomlValue(options.groups.toSorted(compareGroups))}`);
  lines.push(`extras = ${tomlValue(options.extras.toSorted())}`);
  return `${lines.join('\n')}\n`;
}

/** PEP 440 has no "or": such a range stands in a comment, the markers say it as well. */
function requiresPython(range: VersionRange): string {
  const line = `requires-python = ${tomlString(formatRange(range))}`;
  return line.includes('||') ? `# ${line}` : line;
}

function packageLines({ locked, marker }: ExportedPackage, options: PylockOptions): string[] {
  const { name, version, source, files } = locked;
  const lines = ['[[packages]]', `name = ${tomlString(name)}`];
  // The version of a folder is whatever its files say when they are installed.
  if (source?.type !== 'directory') lines.push(`version = ${tomlString(version.text)}`);
  if (!isAnyMarker(marker)) lines.push(`marker = ${tomlString(formatMarker(marker))}`);
  const python = parseMarkerConstraint(locked.pythonVersions);
  if (python.kind !== 'any') lines.push(requiresPython(python));
  switch (source?.type) {
    case 'git':
      lines.push('', '[packages.vcs]', ...tableLines(vcsOf(source)));
      return lines;
    case 'directory':
      lines.push('', '[packages.directory]', ...tableLines(directoryOf(source, locked, options)));
      return lines;
    case 'file':
      lines.push(`archive = ${tomlValue(archiveOf({ path: options.pathOf(source.url) }, source, files))}`);
      return lines;
    case 'url':
      lines.push(`archive = ${tomlValue(archiveOf({ url: source.url }, source, files))}`);
      return lines;
    default:
      lines.push(`index = ${tomlString(source?.url ?? options.pypi)}`, ...fileLines(locked, options));
      return lines;
  }
}

type Table = Readonly<Record<string, unknown>>;

function tableLines(table: Table): string[] {
  return Object.entries(table).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`);
}

function vcsOf(source: LockedSource): Table {
  return {
    type: 'git',
    url: withProtocol(source.url),
    'requested-revision': source.reference ?? 'HEAD',
    'commit-id': source.resolvedReference ?? '',
    ...(source.subdirectory === undefined ? {} : { subdirectory: source.subdirectory }),
  };
}

function directoryOf(source: LockedSource, locked: LockedPackage, { pathOf }: PylockOptions): Table {
  return { path: pathOf(source.url), ...(locked.develop === true ? { editable: true } : {}) };
}

function archiveOf(where: Table, source: LockedSource, [file]: readonly LockedFile[]): Table {
  return {
    ...where,
    hashes: file === undefined ? {} : hashesOf(file),
    ...(source.subdirectory === undefined ? {} : { subdirectory: source.subdirectory }),
  };
}

/** The source distribution, then the wheels, each on a line. Of several runs of either in the lock the last counts. */
function fileLines(locked: LockedPackage, options: PylockOptions): string[] {
  const lines: string[] = [];
  const sdist = lastRun(locked.files, (file) => !file.endsWith('.whl')).at(-1);
  const wheels = lastRun(locked.files, (file) => file.endsWith('.whl'));
  if (sdist !== undefined) lines.push(`sdist = ${fileTable(locked, sdist, options)}`);
  if (wheels.length > 0) {
    lines.push('wheels = [', ...wheels.map((wheel) => `    ${fileTable(locked, wheel, options)},`), ']');
  }
  return lines;
}

function lastRun(files: readonly LockedFile[], belongs: (file: string) => boolean): readonly LockedFile[] {
  const end = files.findLastIndex(({ file }) => belongs(file)) + 1;
  const before = files.findLastIndex(({ file }, at) => at < end && !belongs(file));
  return files.slice(before + 1, end);
}

function fileTable(locked: LockedPackage, file: LockedFile, { published }: PylockOptions): string {
  const { url, uploadTime, size } = published(locked, file);
  const time = uploadTime === undefined ? undefined : pythonTime(uploadTime);
  const parts = [`name = ${tomlString(file.file)}`, `url = ${tomlString(url)}`];
  if (time !== undefined) parts.push(`upload-time = ${time}`);
  if (size !== undefined && size > 0) parts.push(`size = ${size}`);
  parts.push(`hashes = ${tomlValue(hashesOf(file))}`);
  return `{${parts.join(', ')}}`;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d:\d\d)?$/;

/** A time as Python prints it: microseconds, none where they are zero. Undefined for what is no time. */
function pythonTime(text: string): string | undefined {
  const [, date, minutes, seconds = '00', fraction = '', zone = ''] = TIME.exec(text) ?? [];
  if (date === undefined || minutes === undefined) return undefined;
  const micro = fraction.slice(0, 6).padEnd(6, '0');
  return `${date}T${minutes}:${seconds}${micro === '000000' ? '' : `.${micro}`}${zone === '+00:00' ? 'Z' : zone}`;
}

function hashesOf({ hash }: LockedFile): Table {
  const colon = hash.indexOf(':');
  return colon < 0 ? { sha256: hash } : { [hash.slice(0, colon)]: hash.slice(colon + 1) };
}
