/**
 * Reading zip archives that may be hostile: every entry's path, kind, place and size is checked when the archive is
 * opened, before anything is written; contents are checked as they are read.
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { TercetError } from '../ground/error.ts';
import { damaged, END_SEARCH, entryName, findDirectory, parseDirectory, type ZipEntry } from './_zip-directory.ts';
import { DESCRIPTOR, LOCAL, LOCAL_LENGTH } from './_zip-format.ts';
import { Inflater } from './inflate.ts';
import { unsafeEntry } from './safe-path.ts';

export type { ZipEntry } from './_zip-directory.ts';

/** Where bytes come from: a file, a buffer. Reads are synchronous. */
interface Bytes {
  readonly size: number;
  /** Valid until the next read. */
  read(offset: number, length: number): Uint8Array;
  close(): void;
}

/** What is too much. */
export interface ZipLimits {
  /** Bytes of all files together when unpacked. Default: 64 GiB. */
  readonly total?: number;
  /** Above `ratioFrom` unpacked bytes, an entry may be at most this many times its packed size. Default: 1000. */
  readonly ratio?: number;
  /** Bytes below which the ratio is not looked at. Default: 32 MiB. */
  readonly ratioFrom?: number;
}

/** Of files, at least this many bytes are read at a time: entries stand one after the other. */
const WINDOW = 256 * 1024;
/** Entries that unpack to more than this, in bytes, are to be read by `chunks`. */
export const LARGE_ENTRY = 1024 * 1024;
const PIECE = 256 * 1024;

/** An open archive. Close it, or use `using`. */
export class ZipArchive {
  /** File name for messages. */
  readonly name: string;
  /** Files in the order of the central directory; no folders, no repetitions. */
  readonly entries: readonly ZipEntry[];
  private readonly bytes: Bytes;
  private readonly inflater: Inflater;

  constructor(name: string, bytes: Bytes, limits: ZipLimits = {}, inflater: Inflater = new Inflater()) {
    this.name = name;
    this.bytes = bytes;
    this.inflater = inflater;
    const tailLength = Math.min(bytes.size, END_SEARCH);
    const place = findDirectory(name, bytes.read(bytes.size - tailLength, tailLength), bytes.size);
    const all = parseDirectory(name, bytes.read(place.offset, place.length), place);
    refuseBombs(name, all, limits);
    checkLocalHeaders(name, bytes, all, place.offset);
    const paths = new Set(all.map((entry) => entry.path));
    this.entries = paths.size === all.length ? all : all.filter((entry) => paths.delete(entry.path));
  }

  /**
   * The entry's contents, checked against its declared size and CRC; valid until the next entry is read. For `LARGE_ENTRY` and more
   * use `chunks`.
   */
  read(entry: ZipEntry): Uint8Array {
    // One byte more than declared shows what is too long.
    const room = this.inflater.room(entry.size + 1);
    let size = 0;
    for (const piece of this.unpacked(entry, room)) {
      size += piece.length;
      if (size > entry.size) throw contradiction(this.name, entry);
    }
    const contents = room.subarray(0, size);
    this.check(entry, size, crc32(contents));
    return contents;
  }

  /** The same in pieces, each valid until the next, for entries too large to hold in memory. The checks' errors come at the end. */
  *chunks(entry: ZipEntry): Generator<Uint8Array> {
    let size = 0;
    let crc = 0;
    for (const piece of this.unpacked(entry, this.inflater.room(PIECE))) {
      size += piece.length;
      if (size > entry.size) throw contradiction(this.name, entry);
      crc = crc32(piece, crc);
      yield piece;
    }
    this.check(entry, size, crc);
  }

  close(): void {
    this.bytes.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private check(entry: ZipEntry, size: number, crc: number): void {
    if (size !== entry.size) throw contradiction(this.name, entry);
    if (crc !== entry.crc32) throw unsafeEntry(this.name, entry.path, 'does not match its checksum');
  }

  /** The entry's bytes in `output`, as often as that is full. */
  private *unpacked(entry: ZipEntry, output: Uint8Array): Generator<Uint8Array> {
    try {
      const packed = this.packed(entry);
      const lengths = entry.method === 'stored' ? copied(packed, output) : this.inflater.inflate(packed, output);
      for (const length of lengths) yield output.subarray(0, length);
    } catch (cause) {
      throw cause instanceof TercetError ? cause : contradiction(this.name, entry, cause);
    }
  }

  /** The entry's bytes as they are in the archive, each piece valid until the next. */
  private *packed(entry: ZipEntry): Generator<Uint8Array> {
    const start = dataOffset(this.bytes, entry);
    for (let done = 0; done < entry.compressedSize; done += PIECE) {
      yield this.bytes.read(start + done, Math.min(PIECE, entry.compressedSize - done));
    }
  }
}

/** Copies the pieces into `output`; yields the number of bytes whenever it is full, and at the end. */
function* copied(pieces: Iterable<Uint8Array>, output: Uint8Array): Generator<number> {
  let length = 0;
  for (const piece of pieces) {
    for (let done = 0; done < piece.length; ) {
      if (length === output.length) {
        yield length;
        length = 0;
      }
      const part = piece.subarray(done, done + output.length - length);
      output.set(part, length);
      done += part.length;
      length += part.length;
    }
  }
  yield length;
}

/**
 * Opens the archive at `path`; `name` is for messages (default: the last part of the path). Many archives, one after the other, are
 * read with one `inflater`. Throws `archive-unsafe`,
 * `archive-damaged`, or the file system's error.
 */
export function openZip(
  path: string,
  name: string = basename(path),
  limits?: ZipLimits,
  inflater?: Inflater,
): ZipArchive {
  const file = openSync(path, 'r');
  try {
    return new ZipArchive(name, fileBytes(file, name), limits, inflater);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Opens an archive that is in memory; `name` is for messages. */
export function zipFromBytes(name: string, bytes: Uint8Array, limits?: ZipLimits): ZipArchive {
  return new ZipArchive(name, bufferBytes(name, bytes), limits);
}

function bufferBytes(name: string, buffer: Uint8Array): Bytes {
  return {
    size: buffer.length,
    read(offset, length) {
      if (offset < 0 || offset + length > buffer.length) throw damaged(name, 'it ends early');
      return buffer.subarray(offset, offset + length);
    },
    close() {},
  };
}

function fileBytes(file: number, name: string): Bytes {
  const { size } = fstatSync(file);
  let window = Buffer.alloc(0);
  let start = 0;
  return {
    size,
    read(offset, length) {
      if (offset < 0 || offset + length > size) throw damaged(name, 'it ends early');
      if (offset >= start && offset + length <= start + window.length) {
        return window.subarray(offset - start, offset - start + length);
      }
      const wanted = Math.min(Math.max(length, WINDOW), size - offset);
      const buffer =
        window.buffer.byteLength >= wanted ? Buffer.from(window.buffer, 0, wanted) : Buffer.allocUnsafeSlow(wanted);
      window = buffer.subarray(0, 0);
      for (let done = 0; done < wanted; ) {
        const count = readSync(file, buffer, done, wanted - done, offset + done);
        if (count === 0) throw damaged(name, 'it ends early');
        done += count;
      }
      window = buffer;
      start = offset;
      return window.subarray(0, length);
    },
    close: () => closeSync(file),
  };
}

function contradiction(archive: string, entry: ZipEntry, cause?: unknown): Error {
  const error = unsafeEntry(archive, entry.path, `is not the ${entry.size} bytes it declares`);
  if (cause !== undefined) error.cause = cause;
  return error;
}

function refuseBombs(archive: string, entries: readonly ZipEntry[], limits: ZipLimits): void {
  const { total = 64 * 2 ** 30, ratio = 1000, ratioFrom = 32 * 2 ** 20 } = limits;
  let sum = 0;
  for (const entry of entries) {
    sum += entry.size;
    if (entry.size > ratioFrom && entry.size > entry.compressedSize * ratio) {
      throw unsafeEntry(archive, entry.path, `unpacks to ${entry.size} bytes from ${entry.compressedSize}`);
    }
  }
  if (sum > total) throw damaged(archive, `it unpacks to ${sum} bytes, more than the limit of ${total}`);
}

/** Where the entry's data starts; local headers have been checked. */
function dataOffset(bytes: Bytes, entry: ZipEntry): number {
  const header = bytes.read(entry.offset, LOCAL_LENGTH);
  return entry.offset + LOCAL_LENGTH + uint16(header, 26) + uint16(header, 28);
}

/**
 * Every local header must repeat its central entry, entries must not overlap, and no entry may hide between them:
 * a reader that walks the file from its start must see what we see.
 */
function checkLocalHeaders(archive: string, bytes: Bytes, entries: readonly ZipEntry[], directory: number): void {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const entry of inOrder) {
    if (entry.offset < end) throw unsafeEntry(archive, entry.path, 'overlaps another');
    if (entry.offset > end) refuseHidden(archive, bytes, end, entry.offset);
    if (entry.offset + LOCAL_LENGTH > directory) throw damaged(archive, 'an entry stands behind its central directory');
    const header = bytes.read(entry.offset, LOCAL_LENGTH);
    if (uint32(header, 0) !== LOCAL) throw unsafeEntry(archive, entry.path, 'has no local header');
    const flags = uint16(header, 6);
    const method = uint16(header, 8);
    const checksum = uint32(header, 14);
    const packed = uint32(header, 18);
    const size = uint32(header, 22);
    const nameLength = uint16(header, 26);
    const data = entry.offset + LOCAL_LENGTH + nameLength + uint16(header, 28);
    end = data + entry.compressedSize;
    if (end > directory) throw unsafeEntry(archive, entry.path, 'reaches beyond its place');
    if (entryName(archive, bytes.read(entry.offset + LOCAL_LENGTH, nameLength), flags) !== entry.path) {
      throw unsafeEntry(archive, entry.path, 'has another name in its local header');
    }
    if (method !== (entry.method === 'stored' ? 0 : 8)) {
      throw unsafeEntry(archive, entry.path, 'is packed differently in its local header');
    }
    if ((flags & 8) !== 0) {
      end += descriptorLength(bytes, end, directory, entry);
      continue;
    }
    if (
      checksum !== entry.crc32 ||
      (packed !== 0xffffffff && packed !== entry.compressedSize) ||
      (size !== 0xffffffff && size !== entry.size)
    ) {
      throw unsafeEntry(archive, entry.path, 'has contradictory sizes');
    }
  }
  if (end < directory) refuseHidden(archive, bytes, end, directory);
}

/** Bytes of the data descriptor at `at`: with or without its mark, with sizes of 4 or 8 bytes. */
function descriptorLength(bytes: Bytes, at: number, limit: number, entry: ZipEntry): number {
  const piece = bytes.read(at, Math.min(24, limit - at));
  const mark = piece.length >= 4 && uint32(piece, 0) === DESCRIPTOR ? 4 : 0;
  if (piece.length < mark + 12 || uint32(piece, mark) !== entry.crc32) return 0;
  const wide =
    piece.length >= mark + 20 &&
    uint32(piece, mark + 8) === Math.floor(entry.compressedSize / 2 ** 32) &&
    uint32(piece, mark + 12) === entry.size >>> 0;
  return mark + (wide && uint32(piece, mark + 8) !== entry.size >>> 0 ? 20 : 12);
}

/** Refuses a local header in bytes that belong to no listed entry; a folder's own (empty) entry may stand there. */
function refuseHidden(archive: string, bytes: Bytes, from: number, to: number): void {
  let at = from;
  while (at + LOCAL_LENGTH <= to && uint32(bytes.read(at, 4), 0) === LOCAL) {
    const header = bytes.read(at, LOCAL_LENGTH);
    const flags = uint16(header, 6);
    const packed = uint32(header, 18);
    const size = uint32(header, 22);
    const nameLength = uint16(header, 26);
    const extraLength = uint16(header, 28);
    const name = entryName(archive, bytes.read(at + LOCAL_LENGTH, nameLength), flags);
    if (!name.endsWith('/') || size !== 0) throw unsafeEntry(archive, name, 'is missing in the central directory');
    at += LOCAL_LENGTH + nameLength + extraLength + packed;
  }
  const rest = Buffer.from(bytes.read(at, Math.max(0, to - at)));
  if (rest.includes('PK\u0003\u0004')) throw damaged(archive, 'it hides an entry between others');
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function uint32(bytes: Uint8Array, at: number): number {
  return (uint16(bytes, at) | (uint16(bytes, at + 2) << 16)) >>> 0;
}
