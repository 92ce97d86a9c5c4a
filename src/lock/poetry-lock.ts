/**
 * `poetry.lock`: read in formats 1.0 to 2.1 (and the one of Poetry 0.12, which had no number), written in 2.1 byte
 * for byte as Poetry 2.5.1 writes it.
 */

import { compareCodePoints } from '../ground/code-points.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import { asArray, asString, asTable, readToml, type TomlTable } from '../toml/read.ts';
import { tomlString } from '../toml/write.ts';
import { compareVersions, parseVersion, tryParseVersion } from '../versions/version.ts';
import { readCanonical } from './_canonical-reader.ts';
import { packageLines, pushTexts } from './_format-package.ts';
import { readExtras, readPackage, unreadable } from './_read-package.ts';
import type { Lock, LockedPackage } from './lock.ts';

/** The format that is written. */
const LOCK_VERSION = '2.1';

const HEADER = `# This file is automatically @${'generated'} by Poetry 2.5.1 and should not be changed by hand.`;

const REGENERATE = 'Regenerate the lock file with the `poetry lock` command.';
const UPGRADE =
  'Upgrade Poetry to be able to read the lock file or, alternatively, regenerate the lock file with the `poetry lock` command.';
const INCOMPATIBLE = 'The lock file is not compatible with the current version of Poetry.';

const CONFLICTED =
  'It holds git conflict marks. Settle those in pyproject.toml first, then run `poetry lock`: it keeps what either side has locked.';

/**
 * The lock as data. Requirements of the packages are parsed when they are first looked at, because installing
 * never does; a faulty one is reported then.
 *
 * @throws TercetError `lock-unreadable` (no TOML, no metadata, wrong types) or `lock-version` (format unknown)
 */
export function readLock(text: string): Lock {
  const toml = readLockToml(text);
  const metadata = asTable(toml.metadata);
  if (metadata === undefined) {
    throw new TercetError('lock-unreadable', `The lock file does not have a metadata entry.\n${REGENERATE}`);
  }
  const lockVersion = acceptedVersion(metadata);
  const packages = asArray(toml.package).map((entry) => readPackage(asTable(entry) ?? unreadable('package'), metadata));
  return {
    lockVersion,
    ...sealOf(text, metadata),
    pythonVersions: asString(metadata['python-versions']) ?? '*',
    packages,
    extras: readExtras(toml.extras),
  };
}

/** Which project the lock was made of, and what made it; of a lock of any format. Throws `lock-unreadable` where it is no TOML. */
export function readSeal(text: string): Pick<Lock, 'contentHash' | 'generator'> {
  return sealOf(text, asTable(readLockToml(text).metadata) ?? {});
}

function sealOf(text: string, metadata: TomlTable): Pick<Lock, 'contentHash' | 'generator'> {
  return {
    generator: /Poetry [^ \r\n]+/.exec(firstLine(text))?.[0],
    contentHash: asString(metadata['content-hash']),
  };
}

/**
 * The text of a lock in format 2.1, whatever format it was read from. Packages and all that is in them are put in order.
 *
 * @param newline keep what the file had; default: a line feed
 */
export function formatLock(lock: Lock, newline: '\n' | '\r\n' = '\n'): string {
  const packages = [...lock.packages].sort(comparePackages);
  const lines = [HEADER];
  if (packages.length === 0) lines.push('package = []');
  for (const locked of packages) lines.push('', ...packageLines(locked));
  pushTexts(lines, '[extras]', lock.extras);
  lines.push('', '[metadata]', `lock-version = ${tomlString(LOCK_VERSION)}`);
  lines.push(`python-versions = ${tomlString(lock.pythonVersions)}`);
  lines.push(`content-hash = ${tomlString(lock.contentHash ?? '')}`, '');
  return lines.join(newline);
}

/** True for a format above the one that is written: it is read, but with a warning. */
export function isNewerThanWritten(lock: Pick<Lock, 'lockVersion'>): boolean {
  const { release } = parseVersion(lock.lockVersion);
  return release[0] === 2 && (release[1] ?? 0) > 1;
}

/** True from format 2.1 on: packages know their groups and markers, so that nothing has to be resolved to install. */
export function knowsGroups(lock: Pick<Lock, 'lockVersion'>): boolean {
  const { release } = parseVersion(lock.lockVersion);
  return (release[0] ?? 0) > 2 || (release[0] === 2 && (release[1] ?? 0) >= 1);
}

/**
 * Whether two locks say the same, however they are laid out: then the file is not written anew. Comments, among them
 * the version of the tool, do not count. A text that cannot be read is like no other.
 */
export function sameLock(a: Lock | string, b: Lock | string): boolean {
  const left = typeof a === 'string' ? a : formatLock(a);
  const right = typeof b === 'string' ? b : formatLock(b);
  if (left === right) return true;
  const [ours, theirs] = [writtenHash(left), writtenHash(right)];
  if (ours !== undefined && theirs !== undefined && ours !== theirs) return false;
  try {
    return sameValue(readLockToml(left), readLockToml(right));
  } catch (error) {
    if (error instanceof TercetError) return false;
    throw error;
  }
}

/** The content hash of a lock that ends as those of Poetry do; undefined where only reading it would tell. */
function writtenHash(text: string): string | undefined {
  return /^content-hash = "([0-9a-f]*)"\s*$/.exec(text.slice(text.lastIndexOf('\n', text.length - 3) + 1))?.[1];
}

function readLockToml(text: string): TomlTable {
  return readCanonical(text, readAnyToml) ?? readAnyToml(text);
}

function readAnyToml(text: string): Record<string, unknown> {
  try {
    return readToml(text, 'poetry.lock');
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = error.message.replace(/^Invalid TOML file poetry\.lock: /, '');
    throw new TercetError('lock-unreadable', `Unable to read the lock file (${message}).`, {
      cause: error,
      hints: [/^<<<<<<< /m.test(text) ? CONFLICTED : 'Run `poetry lock --regenerate` to write it anew.'],
    });
  }
}

/** Formats `>=1,<3`; the locks of Poetry 0.12 have no number, but a table of hashes. */
function acceptedVersion(metadata: TomlTable): string {
  const written = asString(metadata['lock-version']);
  if (written === undefined && asTable(metadata.hashes) !== undefined) return '1.0';
  if (written === undefined) throw new TercetError('lock-version', `${INCOMPATIBLE}\n${REGENERATE}`);
  const version = tryParseVersion(written);
  const major = version?.epoch === 0 ? version.release[0] : undefined;
  if (major !== 1 && major !== 2) {
    throw new TercetError('lock-version', `${INCOMPATIBLE}\n${UPGRADE}`, { detail: { lockVersion: written } });
  }
  return written;
}

/** The whole file's lines, by name, version and source. */
function comparePackages(a: LockedPackage, b: LockedPackage): number {
  return (
    compareCodePoints(a.name, b.name) ||
    compareVersions(a.version, b.version) ||
    compareCodePoints(a.source?.type ?? '', b.source?.type ?? '') ||
    compareCodePoints(a.source?.url ?? '', b.source?.url ?? '') ||
    compareCodePoints(a.source?.subdirectory ?? '', b.source?.subdirectory ?? '') ||
    compareCodePoints(a.source?.reference ?? '', b.source?.reference ?? '') ||
    compareCodePoints(a.source?.resolvedReference ?? '', b.source?.resolvedReference ?? '')
  );
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** Equality of plain TOML values: the order of keys does not count, that of items does. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  const left = asTable(a);
  const right = asTable(b);
  if (left === undefined || right === undefined) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}
