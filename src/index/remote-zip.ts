/**
 * One small file out of a zip archive that is far away or on disk, by reading only the pieces that are needed.
 * Good enough to learn a wheel's metadata; what is installed is checked by `archive/`.
 */

import { inflateRawSync } from 'node:zlib';

/** Reads `length` bytes from `offset`; undefined where that cannot be done. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array | undefined>;

/** Bytes at the end that are read first: small wheels whole, of larger ones what mostly holds the directory and the metadata. */
const SMALL = 64 * 1024;
const TAIL = 32 * 1024;
/** A metadata file larger than this, in bytes, is none. */
const LARGEST = 16 * 1024 * 1024;

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** How much of the end is read first, for an archive of so many bytes; undefined where that is not known. */
export function tailLength(size: number | undefined): number {
  return size === undefined || size > SMALL ? TAIL : size;
}

/**
 * The contents of the first file whose path `wanted` accepts, out of an archive of `size` bytes whose last ones are `tail`. Undefined
 * where the archive is damaged, has no such file, or could not be read.
 */
export async function readZipEntry(
  read: ReadRange,
  { size, tail }: { readonly size: number; readonly tail: Uint8Array },
  wanted: (path: string) => boolean,
): Promise<Uint8Array | undefined> {
  const start = size - tail.length;
  const near: ReadRange = async (offset, length) => {
    const end = Math.min(offset + length, size);
    return offset < start ? read(offset, end - offset) : tail.subarray(offset - start, end - start);
  };
  try {
    return await entryIn(near, { start, tail }, wanted);
  } catch (error) {
    if (error instanceof RangeError || isZlibError(error)) return undefined;
    throw error;
  }
}

async function entryIn(
  read: ReadRange,
  { start, tail }: { readonly start: number; readonly tail: Uint8Array },
  wanted: (path: string) => boolean,
): Promise<Uint8Array | undefined> {
  const place = directoryPlace(tail, start);
  if (place === undefined) return undefined;
  const directory = await read(place.offset, place.length);
  if (directory === undefined || directory.length < place.length) return undefined;
  const entry = findEntry(directory, wanted);
  if (entry === undefined || entry.size > LARGEST) return undefined;

  // The local header repeats the name, and its extra field may have another length.
  const guess = 30 + entry.nameLength + 256 + entry.packedSize;
  let bytes = await read(entry.offset, guess);
  if (bytes === undefined || bytes.length < 30) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== LOCAL) return undefined;
  const data = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (bytes.length < data + entry.packedSize) {
    bytes = await read(entry.offset, data + entry.packedSize);
    if (bytes === undefined || bytes.length < data + entry.packedSize) return undefined;
  }
  const packed = bytes.subarray(data, data + entry.packedSize);
  if (entry.method === 0) return packed;
  return entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: LARGEST }) : undefined;
}

function directoryPlace(
  tail: Uint8Array,
  start: number,
): { readonly offset: number; readonly length: number } | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail[at] !== 0x50 || view.getUint32(at, true) !== END) continue;
    const length = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === LOCATOR_64) {
      const where = Number(view.getBigUint64(locator + 8, true)) - start;
      if (where < 0 || view.getUint32(where, true) !== END_64) return undefined;
      return {
        offset: Number(view.getBigUint64(where + 48, true)),
        length: Number(view.getBigUint64(where + 40, true)),
      };
    }
    return { offset, length };
  }
  return undefined;
}

interface Entry {
  readonly offset: number;
  readonly packedSize: number;
  readonly size: number;
  readonly method: number;
  readonly nameLength: number;
}

function findEntry(directory: Uint8Array, wanted: (path: string) => boolean): Entry | undefined {
  const view = viewOf(directory);
  const utf8 = new TextDecoder();
  for (let at = 0; at + 46 <= directory.length && view.getUint32(at, true) === CENTRAL; ) {
    const nameLength = view.getUint16(at + 28, true);
    const path = utf8.decode(directory.subarray(at + 46, at + 46 + nameLength));
    if (wanted(path)) {
      return {
        offset: view.getUint32(at + 42, true),
        packedSize: view.getUint32(at + 20, true),
        size: view.getUint32(at + 24, true),
        method: view.getUint16(at + 10, true),
        nameLength,
      };
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(Z_|ERR_)/.test(error.code);
}
