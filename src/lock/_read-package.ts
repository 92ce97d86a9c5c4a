/** One `[[package]]` of a lock as data, from any format since 0.12. */

import { ParseError, TercetError } from '../ground/error.ts';
import {
  evaluateMarker,
  holdsAsWritten,
  type MarkerEnvironment,
  parseMarker,
  readAsWritten,
} from '../markers/marker.ts';
import { type ExtraName, extraName, type GroupName, groupName, projectName } from '../names/name.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { asArray, asString, asStrings, asTable, type TomlTable } from '../toml/read.ts';
import { tryParseVersion } from '../versions/version.ts';
import type { LockedFile, LockedPackage, LockedSource } from './lock.ts';

/**
 * @param metadata the lock's `[metadata]`, which holds the files in older formats
 * @throws TercetError `lock-unreadable`
 */
export function readPackage(entry: TomlTable, metadata: TomlTable): LockedPackage {
  const prettyName = asString(entry.name) ?? unreadable('name');
  const versionText = asString(entry.version) ?? unreadable(`version of ${prettyName}`);
  const groups = asStrings(entry.groups).map(groupName);
  const written = readMarkers(entry.markers, groups);
  const source = readSource(entry.source);
  let markers: LockedPackage['markers'] | undefined;
  let files: readonly LockedFile[] | undefined;
  let requirements: readonly Requirement[] | undefined;
  let extras: LockedPackage['extras'] | undefined;
  const locked: LockedPackage = {
    name: projectName(prettyName),
    prettyName,
    version: tryParseVersion(versionText) ?? unreadable(`version of ${prettyName}`),
    description: asString(entry.description) ?? '',
    optional: entry.optional === true,
    pythonVersions: asString(entry['python-versions']) ?? '*',
    groups,
    get markers() {
      markers ??= new Map([...written].map(([group, text]) => [group, parseMarker(text)]));
      return markers;
    },
    get files() {
      files ??= readFiles(entry, metadata, source);
      return files;
    },
    ...(typeof entry.develop === 'boolean' ? { develop: entry.develop } : {}),
    get requirements() {
      requirements ??= readRequirements(prettyName, entry.dependencies);
      return requirements;
    },
    get extras() {
      extras ??= readExtras(entry.extras);
      return extras;
    },
    ...(source === undefined ? {} : { source }),
  };
  textsOf.set(locked, written);
  return locked;
}

/** The markers of packages that were read, as they are written. */
const textsOf = new WeakMap<LockedPackage, ReadonlyMap<GroupName, string>>();

/** Whether a group of the package's needs it in an environment. Answered from the text where the package is as it was read. */
export function isNeeded(locked: LockedPackage, group: GroupName, environment: MarkerEnvironment): boolean {
  const texts = textsOf.get(locked);
  if (texts !== undefined) return holdsAsWritten(readAsWritten(texts.get(group) ?? '*'), environment);
  const marker = locked.markers.get(group);
  return marker === undefined || evaluateMarker(marker, environment);
}

/** One text for all groups, or a table by group. */
function readMarkers(written: unknown, groups: readonly GroupName[]): ReadonlyMap<GroupName, string> {
  const markers = new Map<GroupName, string>();
  if (typeof written === 'string') {
    const text = checkedMarker(written);
    for (const group of groups) markers.set(group, text);
  } else if (written !== undefined) {
    const table = asTable(written) ?? unreadable('markers');
    for (const [group, text] of Object.entries(table)) {
      markers.set(groupName(group), checkedMarker(asString(text) ?? unreadable('markers')));
    }
  }
  return markers;
}

/** The text, which is a marker's. */
function checkedMarker(text: string): string {
  try {
    readAsWritten(text);
    return text;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new TercetError('lock-unreadable', `Unable to read the lock file (${error.message}).`, { cause: error });
  }
}

/** Files stand with the package since 1.2, before in `metadata.files`, before that as bare hashes. */
function readFiles(entry: TomlTable, metadata: TomlTable, source: LockedSource | undefined): readonly LockedFile[] {
  if (entry.files !== undefined) return asArray(entry.files).map(readFile);
  const name = asString(entry.name) ?? '';
  const hashes = asTable(metadata.hashes);
  if (hashes !== undefined) {
    return asStrings(hashes[name]).map((hash) => ({ file: hash, hash: hash.includes(':') ? hash : `sha256:${hash}` }));
  }
  const files = asArray(asTable(metadata.files)?.[name]).map(readFile);
  if (source?.type !== 'file') return files;
  const last = source.url.slice(source.url.lastIndexOf('/') + 1);
  return files.filter(({ file }) => file === last);
}

function readFile(entry: unknown): LockedFile {
  const table = asTable(entry);
  const file = asString(table?.file);
  const hash = asString(table?.hash);
  return file === undefined || hash === undefined ? unreadable('files') : { file, hash };
}

function readSource(written: unknown): LockedSource | undefined {
  const table = asTable(written);
  const url = asString(table?.url);
  if (table === undefined || url === undefined || url === '') return undefined;
  const type = asString(table.type) || 'legacy';
  if (!isSourceType(type)) return unreadable(`source type ${type}`);
  const reference = asString(table.reference);
  const resolvedReference = asString(table.resolved_reference);
  const subdirectory = asString(table.subdirectory);
  return {
    type,
    url,
    ...(reference ? { reference } : {}),
    ...(resolvedReference ? { resolvedReference } : {}),
    ...(subdirectory ? { subdirectory } : {}),
  };
}

function isSourceType(type: string): type is LockedSource['type'] {
  return type === 'git' || type === 'url' || type === 'file' || type === 'directory' || type === 'legacy';
}

function readRequirements(owner: string, written: unknown): readonly Requirement[] {
  const table = asTable(written) ?? {};
  try {
    return Object.entries(table).flatMap(([name, wishes]) =>
      (Array.isArray(wishes) ? wishes : [wishes]).map((wish) =>
        requirementFromTable(name, asString(wish) ?? asTable(wish) ?? unreadable(`dependencies of ${owner}`)),
      ),
    );
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new TercetError('lock-unreadable', `Unable to read the lock file (${owner}: ${error.message}).`, {
      cause: error,
    });
  }
}

/** Extra → texts, for a package and for the whole lock. */
export function readExtras(written: unknown): ReadonlyMap<ExtraName, readonly string[]> {
  const extras = new Map<ExtraName, readonly string[]>();
  for (const [name, requirements] of Object.entries(asTable(written) ?? {})) {
    extras.set(extraName(name), asStrings(requirements));
  }
  return extras;
}

/** The lock is TOML, but `what` is not as it must be. */
export function unreadable(what: string): never {
  throw new TercetError('lock-unreadable', `Unable to read the lock file (${what} is missing or of a wrong type).`);
}
