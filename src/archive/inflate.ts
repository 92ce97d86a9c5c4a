/**
 * Inflating (RFC 1951) into memory that is used again and again. The files of an archive are many times what a processor's caches
 * hold: memory that is new for each of them costs more than inflating itself.
 */

import { constants, createInflateRaw, type InflateRaw } from 'node:zlib';

/** What zlib's streams are made of in Node and Bun. The public functions allocate all that they return. */
interface ZlibStream extends InflateRaw {
  readonly _handle: {
    onerror: (message: string, errno: number, code: string) => void;
    reset(): void;
    /** Reads and writes what it can at once. */
    writeSync(
      flush: number,
      input: Uint8Array,
      inputAt: number,
      inputLength: number,
      output: Uint8Array,
      outputAt: number,
      outputLength: number,
    ): void;
  };
  /** Bytes that the last write left of the output and of the input. */
  readonly _writeState: Readonly<Uint32Array>;
}

/** One zlib stream and memory for its output. Not for two inflations at a time. */
export class Inflater {
  private stream: ZlibStream | undefined;
  private failure: string | undefined;
  private memory = new Uint8Array(2 ** 18);

  /** `length` bytes of memory: the same at every call. */
  room(length: number): Uint8Array {
    if (this.memory.length < length) this.memory = new Uint8Array(Math.max(length, 2 * this.memory.length));
    return this.memory.subarray(0, length);
  }

  /**
   * Inflates the pieces into `output`, and yields how many bytes are in it, whenever it is full (then it is filled anew) and at the
   * end. Throws where the input is damaged or ends early.
   */
  *inflate(pieces: Iterable<Uint8Array>, output: Uint8Array): Generator<number, void> {
    this.begin();
    let room = output.length;
    for (const piece of withEnd(pieces)) {
      const flush = piece === END ? constants.Z_FINISH : constants.Z_NO_FLUSH;
      let left = piece.length;
      do {
        if (room === 0) {
          yield output.length;
          room = output.length;
        }
        [room, left] = this.write(flush, piece, left, output, room);
      } while (room === 0);
    }
    yield output.length - room;
  }

  private begin(): void {
    if (this.stream !== undefined) {
      this.stream._handle.reset();
      return;
    }
    this.stream = createInflateRaw() as ZlibStream;
    this.stream._handle.onerror = (message) => {
      this.failure = message;
    };
  }

  private write(
    flush: number,
    piece: Uint8Array,
    left: number,
    output: Uint8Array,
    room: number,
  ): readonly [outputLeft: number, inputLeft: number] {
    const stream = this.stream as ZlibStream;
    stream._handle.writeSync(flush, piece, piece.length - left, left, output, output.length - room, room);
    if (this.failure !== undefined) {
      const message = this.failure;
      this.stream = undefined;
      this.failure = undefined;
      throw new Error(message);
    }
    const [outputLeft = 0, inputLeft = 0] = stream._writeState;
    return [outputLeft, inputLeft];
  }
}

/** What comes after the last piece: now the data must have ended. */
const END = new Uint8Array();

function* withEnd(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield* pieces;
  yield END;
}
