/**
 * What is remembered of a project's page: one file for each project, made so that a lock of two hundred packages reads little.
 *
 * ```
 * 0   4 bytes  "tcp2"
 * 4   8 bytes  when it was last confirmed, milliseconds since 1970 (the only bytes that are ever overwritten)
 * 12  4 bytes  for how many seconds it may be used unasked
 * 16  4 bytes  length of the head
 * 20  4 bytes  CRC-32 of the head
 * 24  head     JSON: etag, last-modified, base address, version texts, yanked ones, lengths and CRC-32s of the sections
 *     sections one for each version: JSON [version, [files]]
 * ```
 *
 * The head is read at once, a version's section only when somebody wants its files. A record that is damaged is no record.
 */

import { crc32 } from 'node:zlib';
import type { Bucket } from '../cache/bucket.ts';
import type { ProjectName } from '../names/name.ts';
import { sameVersion, tryParseVersion, type Version } from '../versions/version.ts';
import { type IndexFile, isYanked } from './index-file.ts';
import { versionsOf } from './listed-version.ts';

/** Raised whenever a change makes the same page read differently, or its record look different: old records are not used then. */
export const PAGE_READING = 1;

/** One release and its state. */
export interface ListedRelease {
  readonly version: Version;
  readonly yanked: boolean;
}

/** When a record was made or confirmed, and what to ask with when it is old. */
export interface Freshness {
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  /** Seconds. */
  readonly maxAge: number;
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface ProjectRecord {
  readonly freshness: Freshness;
  /** A text that is another one when anything on the page is. */
  readonly whole: string;
  /** False where the index has no such project. */
  readonly exists: boolean;
  /** In the order of the page, each version once. */
  readonly releases: readonly ListedRelease[];
  /** Where in `releases` a version is, -1 where it is not: told without reading them all, as is `release(at)`. */
  numberOf(version: Version): number;
  /** `releases[at]`. */
  release(at: number): ListedRelease;
  /** A text that is another one when the files of `releases[at]` are others. */
  print(at: number): string;
  /** Files of `releases[at]`, in the order of the page; undefined where the record turns out to be damaged. */
  files(at: number): readonly IndexFile[] | undefined;
  /** Of the same files what a lock shows of them, and what it goes by. */
  hashes(at: number): readonly HashedFile[] | undefined;
  /** The same record, confirmed. */
  confirmed(at: Pick<Freshness, 'checkedAt' | 'maxAge'>): ProjectRecord;
}

export type HashedFile = Pick<IndexFile, 'file' | 'hashes' | 'yanked'>;

/** Where a record is kept. */
export interface RecordPlace {
  readonly bucket: Bucket;
  readonly key: string;
}

const MAGIC = 0x32706374;
const PREFIX = 24;
/** Enough for the heads of nearly all projects. */
const FIRST_READ = 16 * 1024;

interface Head {
  readonly e?: string;
  readonly m?: string;
  /** Base address of the files; undefined where the project does not exist. */
  readonly b?: string;
  /** Version texts. */
  readonly v: readonly string[];
  /** Indexes of yanked versions. */
  readonly y: readonly number[];
  /** Lengths of the sections in bytes. */
  readonly s: readonly number[];
  /** Their CRC-32s. */
  readonly c: readonly number[];
}

/** Reads a record's head. Undefined where there is none, or none that is whole. */
export function openRecord(place: RecordPlace): ProjectRecord | undefined {
  const start = place.bucket.readStart(place.key, FIRST_READ);
  if (start === undefined) return undefined;
  return understood(start, (offset, length) => place.bucket.readPart(place.key, offset, length));
}

/** `whole` and `freshness.checkedAt`, `maxAge` of a record, of which no more than its first bytes are read. Undefined where there is none. */
export function glanceAtRecord({ bucket, key }: RecordPlace): Glance | undefined {
  const start = bucket.readStart(key, PREFIX);
  if (start === undefined || start.length < PREFIX || start.readUInt32LE(0) !== MAGIC) return undefined;
  return { whole: wholePrint(start), checkedAt: start.readDoubleLE(4), maxAge: start.readUInt32LE(12) };
}

/** What a glance at a record tells. */
export type Glance = Pick<ProjectRecord, 'whole'> & Pick<Freshness, 'checkedAt' | 'maxAge'>;

/** The head tells the prints of all sections. */
function wholePrint(start: Buffer): string {
  return `${start.readUInt32LE(20)}-${start.readUInt32LE(16)}`;
}

/**
 * Makes the record of a page (`undefined`: no such project) and keeps it, on disk where that is possible, else in memory.
 */
export function keepRecord(
  place: RecordPlace,
  project: ProjectName,
  files: readonly IndexFile[] | undefined,
  freshness: Freshness,
): ProjectRecord {
  const bytes = encoded(project, files, freshness);
  const onDisk = place.bucket.write(place.key, bytes);
  const inMemory = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const read = onDisk ? (offset: number, length: number) => place.bucket.readPart(place.key, offset, length) : inMemory;
  const record = understood(bytes, read);
  if (record === undefined) throw new Error('a record that was just made cannot be read');
  return record;
}

/** Notes that the index has confirmed a record. */
export function confirmRecord(place: RecordPlace, record: ProjectRecord, now: number, maxAge: number): ProjectRecord {
  const bytes = Buffer.alloc(12);
  bytes.writeDoubleLE(now, 0);
  bytes.writeUInt32LE(maxAge, 8);
  place.bucket.patch(place.key, 4, bytes);
  return record.confirmed({ checkedAt: now, maxAge });
}

type ReadPart = (offset: number, length: number) => Buffer | undefined;

function understood(start: Buffer, read: ReadPart): ProjectRecord | undefined {
  if (start.length < PREFIX || start.readUInt32LE(0) !== MAGIC) return undefined;
  const headLength = start.readUInt32LE(16);
  if (headLength === 0) return undefined;
  let headBytes = start.subarray(PREFIX, PREFIX + headLength);
  if (headBytes.length < headLength) {
    const rest = read(PREFIX, headLength);
    if (rest === undefined || rest.length < headLength) return undefined;
    headBytes = rest;
  }
  if (crc32(headBytes) !== start.readUInt32LE(20)) return undefined;
  const head = JSON.parse(headBytes.toString('utf8')) as Head;
  const freshness: Freshness = {
    checkedAt: start.readDoubleLE(4),
    maxAge: start.readUInt32LE(12),
    ...(head.e === undefined ? {} : { etag: head.e }),
    ...(head.m === undefined ? {} : { lastModified: head.m }),
  };
  return recordOf(head, { freshness, whole: wholePrint(start), sections: PREFIX + headLength, read });
}

interface Around {
  readonly freshness: Freshness;
  readonly whole: string;
  /** Where the sections begin. */
  readonly sections: number;
  readonly read: ReadPart;
}

function recordOf(head: Head, around: Around): ProjectRecord {
  const { freshness, whole, sections, read } = around;
  const yanked = new Set(head.y);
  let all: readonly ListedRelease[] | undefined;
  const releases = (): readonly ListedRelease[] => {
    all ??= head.v.map((text, at) => listed(text, yanked.has(at)));
    return all;
  };
  const base = head.b ?? '';
  const section = <File>(at: number, understand: (packed: Packed) => File): readonly File[] | undefined => {
    let offset = sections;
    for (let before = 0; before < at; before++) offset += head.s[before] ?? 0;
    const bytes = read(offset, head.s[at] ?? 0);
    return bytes && filesIn(bytes, head.v[at], understand);
  };
  return {
    freshness,
    whole,
    exists: head.b !== undefined,
    get releases() {
      return releases();
    },
    numberOf(version) {
      // What is asked for is mostly spelled as it is here, and new: pages end with the newest.
      const at = head.v.lastIndexOf(version.spelling);
      return at >= 0 ? at : releases().findIndex((release) => sameVersion(release.version, version));
    },
    release: (at) => all?.[at] ?? listed(head.v[at] ?? '', yanked.has(at)),
    print: (at) => `${head.c[at]}-${head.s[at]}`,
    files: (at) => section(at, (packed) => unpacked(packed, base)),
    hashes: (at) => section(at, ([file, , hashes, , , yanked]) => ({ file, hashes: allHashes(hashes), yanked })),
    confirmed: (at) => recordOf(head, { ...around, freshness: { ...freshness, ...at } }),
  };
}

function listed(text: string, yanked: boolean): ListedRelease {
  const version = tryParseVersion(text);
  // Sections go by number: every text was a version when the record was made.
  if (version === undefined) throw new Error(`a record holds a version that is none: ${text}`);
  return { version, yanked };
}

type Packed = readonly [
  file: string,
  url: string,
  hashes: string | Readonly<Record<string, string>>,
  size: number,
  requiresPython: string,
  yanked: boolean | string,
  uploadTime: string,
  coreMetadata: boolean | Readonly<Record<string, string>>,
];

/** The files of a section; undefined where it is not the section of `version`. */
function filesIn<File>(
  bytes: Buffer,
  version: string | undefined,
  understand: (packed: Packed) => File,
): readonly File[] | undefined {
  try {
    const [of, files] = JSON.parse(bytes.toString('utf8')) as readonly [string, readonly Packed[]];
    return of === version ? files.map(understand) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function unpacked(
  [file, path, hashes, size, requiresPython, yanked, uploadTime, coreMetadata]: Packed,
  base: string,
): IndexFile {
  const url = path.includes('://') ? path : base + path;
  return {
    file,
    url: url.endsWith('/') ? url + file : url,
    hashes: allHashes(hashes),
    yanked,
    coreMetadata,
    size: size >= 0 ? size : undefined,
    requiresPython: requiresPython === '' ? undefined : requiresPython,
    uploadTime: uploadTime === '' ? undefined : uploadTime,
  };
}

function allHashes(hashes: Packed[2]): IndexFile['hashes'] {
  return typeof hashes === 'string' ? { sha256: hashes } : hashes;
}

function encoded(project: ProjectName, files: readonly IndexFile[] | undefined, freshness: Freshness): Buffer {
  const base = commonBase(files ?? []);
  const groups = grouped(project, files ?? []);
  const sections: string[] = [];
  const lengths: number[] = [];
  const checks: number[] = [];
  const versions: string[] = [];
  const yanked: number[] = [];
  for (const { text, files: members } of groups) {
    const json = JSON.stringify([text, members.map((file) => packed(file, base))]);
    if (members.every(isYanked)) yanked.push(versions.length);
    versions.push(text);
    sections.push(json);
    lengths.push(Buffer.byteLength(json));
    checks.push(crc32(json));
  }
  const head: Head = {
    ...(freshness.etag === undefined ? {} : { e: freshness.etag }),
    ...(freshness.lastModified === undefined ? {} : { m: freshness.lastModified }),
    ...(files === undefined ? {} : { b: base }),
    v: versions,
    y: yanked,
    s: lengths,
    c: checks,
  };
  const headText = JSON.stringify(head);
  const headLength = Buffer.byteLength(headText);
  const record = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, PREFIX + headLength));
  record.write(headText, PREFIX);
  let end = PREFIX + headLength;
  for (const section of sections) end += record.write(section, end);
  record.writeUInt32LE(MAGIC, 0);
  record.writeDoubleLE(freshness.checkedAt, 4);
  record.writeUInt32LE(freshness.maxAge, 12);
  record.writeUInt32LE(headLength, 16);
  record.writeUInt32LE(crc32(record.subarray(PREFIX, PREFIX + headLength)), 20);
  return record;
}

/** Files by version, in order of first appearance; spellings that are equal under PEP 440 are one version. */
function grouped(project: ProjectName, files: readonly IndexFile[]): readonly { text: string; files: IndexFile[] }[] {
  const versionOf = versionsOf(project);
  const groups = new Map<string, { text: string; files: IndexFile[] }>();
  const byText = new Map<string, { text: string; files: IndexFile[] } | undefined>();
  for (const file of files) {
    const text = versionOf(file.file);
    if (text === undefined) continue;
    let group = byText.get(text);
    if (group === undefined && !byText.has(text)) {
      const version = tryParseVersion(text);
      if (version !== undefined) {
        const key = `${version.rank} ${version.tie}`;
        group = groups.get(key);
        if (group === undefined) {
          group = { text: version.spelling, files: [] };
          groups.set(key, group);
        }
      }
      byText.set(text, group);
    }
    group?.files.push(file);
  }
  return [...groups.values()];
}

function packed(file: IndexFile, base: string): Packed {
  let path = file.url.startsWith(base) ? file.url.slice(base.length) : file.url;
  if (
    path.endsWith(file.file) &&
    (path.length === file.file.length || path.charAt(path.length - file.file.length - 1) === '/')
  ) {
    path = path.slice(0, path.length - file.file.length);
  }
  const { sha256 } = file.hashes;
  const only = sha256 !== undefined && Object.keys(file.hashes).length === 1;
  return [
    file.file,
    path,
    only ? sha256 : file.hashes,
    file.size ?? -1,
    file.requiresPython ?? '',
    file.yanked,
    file.uploadTime ?? '',
    file.coreMetadata,
  ];
}

/** The longest folder address that the first and the last file share; empty where they share none. */
function commonBase(files: readonly IndexFile[]): string {
  const first = files[0]?.url ?? '';
  const last = files.at(-1)?.url ?? '';
  let end = 0;
  while (end < first.length && end < last.length && first[end] === last[end]) end += 1;
  const slash = first.lastIndexOf('/', Math.min(end, first.length - 1));
  return slash < 8 ? '' : first.slice(0, slash + 1);
}
