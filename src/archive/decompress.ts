/**
 * The tar archive inside a compressed file: gzip (also of several members), bzip2, xz, or none. What unpacks to far more than
 * any source distribution does is a bomb, and is given up while it is being unpacked.
 */

import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { TercetError } from '../ground/error.ts';
import { damagedTar } from './_tar-headers.ts';

/** Bytes that any archive may unpack to, and that none may exceed. */
const ALWAYS = 128 * 2 ** 20;
const NEVER = 2 ** 30;
/** In between: so many times the packed size. */
const RATIO = 200;

/** The bytes of a tar archive, piece by piece, each time from the beginning. */
export type TarPieces = () => AsyncIterable<Uint8Array>;

/**
 * The tar archive in the file at `path`; `file` is its published name and says how it is packed. With gzip it is never in memory as a
 * whole. Throws `archive-damaged`, also while pieces are read, or the file system's error.
 */
export async function openTar(path: string, file: string): Promise<TarPieces> {
  const packing = packingOf(file);
  if (packing === 'gz') return () => unzippedPieces(path, file);
  const whole = await unpacked(readFileSync(path), packing, file);
  return async function* () {
    yield whole;
  };
}

type Packing = 'none' | 'gz' | 'bz2' | 'xz';

const ENDINGS: ReadonlyMap<string, Packing> = new Map([
  ['.tar', 'none'],
  ['.tar.gz', 'gz'],
  ['.tgz', 'gz'],
  ['.tar.bz2', 'bz2'],
  ['.tbz', 'bz2'],
  ['.tar.xz', 'xz'],
  ['.txz', 'xz'],
]);

function packingOf(file: string): Packing {
  const [ending = ''] = /\.(?:tar(?:\.(?:gz|bz2|xz))?|t[gbx]z)$/i.exec(file) ?? [];
  const packing = ENDINGS.get(ending.toLowerCase());
  if (packing === undefined) throw damagedTar(file, 'it is neither a tar archive nor a zip file');
  return packing;
}

async function* unzippedPieces(path: string, file: string): AsyncGenerator<Uint8Array> {
  const limit = limitFor(statSync(path).size);
  const source = createReadStream(path, { highWaterMark: PIECE });
  const stream = createGunzip({ chunkSize: PIECE });
  source.on('error', (error) => stream.destroy(error)).pipe(stream);
  let length = 0;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > limit) throw new TooLarge();
      yield piece;
    }
  } catch (error) {
    throw unreadable(file, limit, error);
  } finally {
    source.destroy();
    stream.destroy();
  }
}

/** Bytes. */
const PIECE = 2 ** 18;

/** How many bytes an archive may unpack to that has `size` bytes. */
function limitFor(size: number): number {
  return Math.min(NEVER, Math.max(ALWAYS, size * RATIO));
}

function unreadable(file: string, limit: number, error: unknown): TercetError {
  if (error instanceof TercetError) return error;
  if (error instanceof TooLarge) return damagedTar(file, `it unpacks to more than ${limit} bytes`);
  return damagedTar(file, (error as Error).message, error);
}

/** The tar archive's bytes. */
async function unpacked(packed: Uint8Array, packing: Exclude<Packing, 'gz'>, file: string): Promise<Uint8Array> {
  if (packing === 'none') return packed;
  const limit = limitFor(packed.length);
  try {
    return await (packing === 'bz2' ? unpackBzip2(packed, limit) : unpackXz(packed, limit));
  } catch (error) {
    throw unreadable(file, limit, error);
  }
}

class TooLarge extends Error {}

/** Pieces of unpacked bytes up to a limit. */
class Output {
  private bytes = new Uint8Array(2 ** 20);
  private length = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  writeByte = (byte: number): void => {
    if (this.length === this.bytes.length) this.grow(this.length + 1);
    this.bytes[this.length++] = byte;
  };

  write(piece: Uint8Array): void {
    if (this.length + piece.length > this.bytes.length) this.grow(this.length + piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(least: number): void {
    if (least > this.limit) throw new TooLarge();
    const larger = new Uint8Array(Math.min(Math.max(this.bytes.length * 2, least), Math.max(this.limit, least)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

async function unpackBzip2(packed: Uint8Array, limit: number): Promise<Uint8Array> {
  const { default: Bunzip } = await import('seek-bzip');
  const output = new Output(limit);
  Bunzip.decode(Buffer.from(packed), output, true);
  return output.finish();
}

async function unpackXz(packed: Uint8Array, limit: number): Promise<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress');
  const output = new Output(limit);
  const reader = new XzReadableStream(new Blob([packed as Uint8Array<ArrayBuffer>]).stream()).getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) output.write(step.value);
  return output.finish();
}
