/**
 * The central directory of a zip file and what it promises: one list of entries that every reader sees alike.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * Zip says most things twice. Where the two disagree, readers disagree, and that is how one archive passes a check and
 * another is installed. So every contradiction is an error here, and none is resolved by taste.
 */

import { TercetError } from '../ground/error.ts';
import { CENTRAL, CENTRAL_LENGTH, END, END_64, END_LENGTH, LOCATOR_64 } from './_zip-format.ts';
import { pathFault, unsafeEntry } from './safe-path.ts';

/** One file of a zip archive. Folders' own entries are not listed. */
export interface ZipEntry {
  /** Safe by `safe-path.ts`, with `/` between segments. */
  readonly path: string;
  /** Bytes when unpacked, as declared; reading proves it. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: 'stored' | 'deflate';
  readonly crc32: number;
  /** True where the archive gives anyone the right to execute it. */
  readonly executable: boolean;
  /** Where the entry's local header starts, in bytes from the archive's start. */
  readonly offset: number;
  /** True where sizes follow the data instead of standing in the local header. */
  readonly descriptor: boolean;
}

/** Where the central directory stands. All in bytes from the archive's start. */
export interface DirectoryPlace {
  readonly offset: number;
  readonly length: number;
  readonly entries: number;
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;
const UNICODE_PATH = 0x7075;
const ZIP64_EXTRA = 0x0001;
const MAX_ENTRIES = 1_000_000;

/** Bytes at the end of a file in which its end record always stands: itself, a Zip64 record and locator, a comment. */
export const END_SEARCH = END_LENGTH + 20 + 56 + 0xffff;

/**
 * Finds the central directory. `tail` holds the archive's last bytes (at least `END_SEARCH`, or all of it) and
 * `size` is the archive's length in bytes. Throws `archive-damaged` where there is no end record right at the end.
 */
export function findDirectory(archive: string, tail: Uint8Array, size: number): DirectoryPlace {
  const view = viewOf(tail);
  const start = size - tail.length;
  const at = endRecord(archive, tail, view);
  if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) {
    throw damaged(archive, 'it is one part of several');
  }
  let entries = view.getUint16(at + 10, true);
  let length = view.getUint32(at + 12, true);
  let offset = view.getUint32(at + 16, true);
  let directoryEnd = start + at;
  const locator = at - 20;
  if (locator >= 0 && view.getUint32(locator, true) === LOCATOR_64) {
    const where = uint64(archive, view, locator + 8) - start;
    if (where !== locator - 56 || where < 0 || view.getUint32(where, true) !== END_64) {
      throw damaged(archive, 'its Zip64 end record is not where it should be');
    }
    const wide = {
      entries: uint64(archive, view, where + 32),
      length: uint64(archive, view, where + 40),
      offset: uint64(archive, view, where + 48),
    };
    if (
      (entries !== 0xffff && entries !== wide.entries) ||
      (length !== 0xffffffff && length !== wide.length) ||
      (offset !== 0xffffffff && offset !== wide.offset)
    ) {
      throw damaged(archive, 'its two end records contradict each other');
    }
    ({ entries, length, offset } = wide);
    directoryEnd = start + where;
  }
  if (offset + length !== directoryEnd)
    throw damaged(archive, 'its central directory is not where its end record says');
  if (entries > MAX_ENTRIES) throw damaged(archive, `it lists ${entries} entries`);
  return { offset, length, entries };
}

/** Reads the central directory's bytes; two entries with the same path have the same contents. Throws `archive-unsafe` or `archive-damaged`. */
export function parseDirectory(archive: string, bytes: Uint8Array, place: DirectoryPlace): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  const seen = new Map<string, ZipEntry>();
  const folders = new Set<string>();
  let at = 0;
  for (let count = 0; count < place.entries; count++) {
    if (at + CENTRAL_LENGTH > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw damaged(archive, 'its central directory ends early');
    }
    const next =
      at +
      CENTRAL_LENGTH +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged(archive, 'its central directory ends early');
    const entry = centralEntry(archive, bytes, view, at);
    at = next;
    if (typeof entry === 'string') {
      folders.add(entry);
      continue;
    }
    const twin = seen.get(entry.path);
    if (twin !== undefined) {
      if (twin.crc32 !== entry.crc32 || twin.size !== entry.size) {
        throw unsafeEntry(archive, entry.path, 'stands in it twice, with different contents');
      }
    }
    seen.set(entry.path, entry);
    entries.push(entry);
  }
  if (at !== bytes.length) throw damaged(archive, 'its central directory lists more than its end record says');
  refuseFilesAsFolders(archive, seen, folders);
  return entries;
}

/** The error for an archive that is not what it says. */
export function damaged(archive: string, why: string): TercetError {
  return new TercetError('archive-damaged', `${archive} is no readable zip archive: ${why}`, {
    hints: ['Download it again; if that does not help, report the file to the project that publishes it.'],
    detail: { archive },
  });
}

function endRecord(archive: string, tail: Uint8Array, view: DataView): number {
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || view.getUint32(at, true) !== END) continue;
    if (at + END_LENGTH + view.getUint16(at + 20, true) !== tail.length) {
      throw damaged(archive, 'something follows its end record, or it has two');
    }
    return at;
  }
  throw damaged(archive, 'it has no end record');
}

/** An entry, or the path of a folder. */
function centralEntry(archive: string, bytes: Uint8Array, view: DataView, at: number): ZipEntry | string {
  const madeBy = view.getUint16(at + 4, true) >> 8;
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameLength = view.getUint16(at + 28, true);
  const nameBytes = bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength);
  const name = entryName(archive, nameBytes, flags);
  const extra = bytes.subarray(
    at + CENTRAL_LENGTH + nameLength,
    at + CENTRAL_LENGTH + nameLength + view.getUint16(at + 30, true),
  );
  const sizes = {
    size: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  const { size, compressedSize, offset } = widened(archive, name, extra, sizes);

  const folder = name.endsWith('/');
  const path = folder ? name.slice(0, -1) : name;
  const fault = pathFault(path, folder ? 'folder' : 'file');
  if (fault !== undefined) throw unsafeEntry(archive, name, fault);
  if ((flags & 0x2041) !== 0) throw unsafeEntry(archive, name, 'is encrypted');
  const attributes = view.getUint32(at + 38, true) >>> 16;
  const mode = madeBy === 3 || madeBy === 19 ? attributes : 0;
  const type = mode & 0o170000;
  if (type === 0o120000) throw unsafeEntry(archive, name, 'is a symbolic link');
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) throw unsafeEntry(archive, name, 'is no regular file');
  if (folder) {
    if (size !== 0) throw unsafeEntry(archive, name, 'is a folder with contents');
    return path;
  }
  if (type === 0o040000) throw unsafeEntry(archive, name, 'is a file and a folder at once');
  if (method !== 0 && method !== 8)
    throw unsafeEntry(archive, name, `is packed by method ${method}; wheels use deflate`);
  if (method === 0 && size !== compressedSize) throw unsafeEntry(archive, name, 'has contradictory sizes');
  return {
    path,
    size,
    compressedSize,
    method: method === 0 ? 'stored' : 'deflate',
    crc32: view.getUint32(at + 16, true),
    // As Python's installers have it: only what says that it is a regular file, whatever system it says it was made on.
    executable: (attributes & 0o170000) === 0o100000 && (attributes & 0o111) !== 0,
    offset,
    descriptor: (flags & 8) !== 0,
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Code page 437, upper half: the encoding of names without the UTF-8 flag. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The name as Python's `zipfile` reads it. */
export function entryName(archive: string, bytes: Uint8Array, flags: number): string {
  // The same by either encoding, and nearly every name there is.
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!BEYOND_ASCII.test(plain)) return plain;
  if ((flags & 0x800) === 0) {
    let name = '';
    for (const byte of bytes) name += byte < 0x80 ? String.fromCharCode(byte) : CP437.charAt(byte - 0x80);
    return name;
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    throw damaged(archive, 'it holds a name that is not UTF-8');
  }
}

interface Sizes {
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
}

/** Sizes with the Zip64 extra field's values in place of the markers; refuses a second name in the extra fields. */
function widened(archive: string, name: string, extra: Uint8Array, narrow: Sizes): Sizes {
  const view = viewOf(extra);
  let { size, compressedSize, offset } = narrow;
  const wanted = size === 0xffffffff || compressedSize === 0xffffffff || offset === 0xffffffff;
  let found = false;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    const end = at + 4 + length;
    if (end > extra.length) throw unsafeEntry(archive, name, 'has a broken extra field');
    if (id === UNICODE_PATH && length > 5) {
      let other: string | undefined;
      try {
        other = UTF8.decode(extra.subarray(at + 9, end));
      } catch {}
      if (other !== name) throw unsafeEntry(archive, name, 'has a second name');
    }
    if (id === ZIP64_EXTRA) {
      if (found) throw unsafeEntry(archive, name, 'has two Zip64 fields');
      found = true;
      let field = at + 4;
      const take = (): number => {
        if (field + 8 > end) throw unsafeEntry(archive, name, 'has a broken Zip64 field');
        field += 8;
        return uint64(archive, view, field - 8);
      };
      if (size === 0xffffffff) size = take();
      if (compressedSize === 0xffffffff) compressedSize = take();
      if (offset === 0xffffffff) offset = take();
    }
    at = end;
  }
  if (wanted && !found) throw unsafeEntry(archive, name, 'lacks its Zip64 field');
  return { size, compressedSize, offset };
}

/** No file may stand where another entry needs a folder. */
function refuseFilesAsFolders(
  archive: string,
  files: ReadonlyMap<string, ZipEntry>,
  folders: ReadonlySet<string>,
): void {
  const checked = new Set<string>();
  for (const folder of folders) {
    if (files.has(folder)) throw unsafeEntry(archive, folder, 'is a file and a folder at once');
  }
  for (const path of [...files.keys(), ...folders]) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      if (checked.has(parent)) break;
      if (files.has(parent)) throw unsafeEntry(archive, parent, 'is a file and a folder at once');
      checked.add(parent);
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function uint64(archive: string, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(archive, 'it declares an impossible size');
  return Number(value);
}
