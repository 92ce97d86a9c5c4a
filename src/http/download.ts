/**
 * Large files, hashed while they arrive. A lost connection is resumed where it broke; a file whose hash is wrong is never
 * handed out.
 */

import { closeSync, ftruncateSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { fileNameOf } from '../ground/file-name.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { unreachable } from './failure.ts';
import { lostTransfer, type StreamedReply, type Transport } from './transport.ts';

export interface DownloadOptions {
  /** File name for messages. Default: the last part of the address. */
  readonly file?: string;
  /**
   * Hashes that the file must have, by algorithm (`sha256`), hexadecimal; the strongest that is known here decides. Without any the
   * file is taken as it comes.
   */
  readonly hashes?: Readonly<Record<string, string>>;
  /** Bytes that the index announced; more than that is refused while it arrives. */
  readonly size?: number | undefined;
  /** Called with the bytes that are there so far. */
  readonly onProgress?: (bytes: number) => void;
  /** How often a broken transfer is resumed. Default: as the transport says, else 5. */
  readonly resumptions?: number;
  /** Milliseconds before the first resumption; doubled for each further one. Default: 100. */
  readonly retryDelay?: number;
}

/** A file that has arrived and is what it should be. */
export interface Downloaded {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where pieces go. */
interface Sink {
  write(chunk: Uint8Array): void;
  /** Forget everything. */
  restart(): void;
}

const STRENGTH = [
  'sha512',
  'sha384',
  'sha256',
  'sha3_512',
  'sha3_384',
  'sha3_256',
  'blake2b512',
  'sha224',
  'sha1',
  'md5',
] as const;
type Algorithm = (typeof STRENGTH)[number];

/**
 * Fetches a file into a new, unnamed one in `directory` (made where missing) and returns its path; the caller renames or removes it.
 * Throws `hash-mismatch`, `not-found`, and what the transport throws; nothing is left behind then.
 */
export async function downloadFile(
  transport: Transport,
  url: string,
  options: DownloadOptions & { readonly directory: string },
): Promise<Downloaded & { readonly path: string }> {
  mkdirSync(options.directory, { recursive: true });
  const path = join(options.directory, `.${process.pid}-${crypto.randomUUID()}.part`);
  const file = openSync(path, 'wx');
  try {
    let at = 0;
    const sink: Sink = {
      write(chunk) {
        for (let done = 0; done < chunk.length; ) {
          done += writeSync(file, chunk, done, chunk.length - done, at + done);
        }
        at += chunk.length;
      },
      restart() {
        ftruncateSync(file, 0);
        at = 0;
      },
    };
    const downloaded = await transfer(transport, url, options, sink);
    closeSync(file);
    return { ...downloaded, path };
  } catch (error) {
    closeSync(file);
    unlinkSync(path);
    throw error;
  }
}

/** The same into memory. */
export async function downloadBytes(
  transport: Transport,
  url: string,
  options: DownloadOptions = {},
): Promise<Downloaded & { readonly contents: Uint8Array }> {
  let parts: Uint8Array[] = [];
  const sink: Sink = {
    write(chunk) {
      parts.push(chunk);
    },
    restart() {
      parts = [];
    },
  };
  const downloaded = await transfer(transport, url, options, sink);
  return { ...downloaded, contents: Buffer.concat(parts, downloaded.bytes) };
}

async function transfer(transport: Transport, url: string, options: DownloadOptions, sink: Sink): Promise<Downloaded> {
  const { hashes = {}, size, onProgress, resumptions = transport.resumptions ?? 5, retryDelay = 100 } = options;
  const name = options.file ?? fileNameOf(url);
  const wanted = STRENGTH.find((algorithm) => hashes[algorithm] !== undefined);
  let sha256 = new Bun.CryptoHasher('sha256');
  let other = otherHasher(wanted);
  let received = 0;
  let validator: string | null = null;
  for (let attempt = 0, silences = 0; ; attempt++) {
    const reply: StreamedReply = await transport.stream(url, { headers: resuming(received, validator) });
    if (reply.status === 206 && received > 0 && startOf(reply) === received) {
      // The rest follows.
    } else if (reply.status === 200) {
      if (received > 0) {
        sink.restart();
        sha256 = new Bun.CryptoHasher('sha256');
        other = otherHasher(wanted);
        received = 0;
      }
    } else {
      reply.cancel();
      throw refused(url, name, reply.status);
    }
    validator = reply.headers.get('etag') ?? reply.headers.get('last-modified');
    try {
      for await (const chunk of reply.chunks) {
        received += chunk.length;
        if (size !== undefined && received > size) throw tooLong(url, name, size);
        sha256.update(chunk);
        other?.update(chunk);
        sink.write(chunk);
        onProgress?.(received);
      }
      break;
    } catch (error) {
      const lost = lostTransfer(error);
      if (lost === undefined) throw error;
      if (lost.failure.kind === 'silent') silences += 1;
      if (attempt >= resumptions || silences > 1) throw unreachable(url, lost.failure);
      await Bun.sleep(retryDelay * 2 ** attempt);
    }
  }
  const digest = sha256.digest('hex');
  if (wanted !== undefined) {
    const found = other?.digest('hex') ?? digest;
    const expected = (hashes[wanted] ?? '').toLowerCase();
    if (found !== expected) throw hashMismatch(url, name, `${wanted}:${expected}`, `${wanted}:${found}`);
  }
  return { bytes: received, sha256: digest };
}

function otherHasher(algorithm: Algorithm | undefined): Bun.CryptoHasher | undefined {
  if (algorithm === undefined || algorithm === 'sha256') return undefined;
  return new Bun.CryptoHasher(algorithm.replace('sha3_', 'sha3-') as Bun.SupportedCryptoAlgorithms);
}

/** Archives come as they are: no compression on the way, or offsets and hashes would speak of other bytes. */
function resuming(received: number, validator: string | null): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (received === 0) return headers;
  headers.range = `bytes=${received}-`;
  if (validator !== null && !validator.startsWith('W/')) headers['if-range'] = validator;
  return headers;
}

function startOf(reply: StreamedReply): number | undefined {
  const match = /^bytes ([0-9]+)-/.exec(reply.headers.get('content-range') ?? '');
  return match === null ? undefined : Number(match[1]);
}

function refused(url: string, name: string, status: number): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError(
    status === 404 || status === 410 ? 'file-not-found' : 'download-failed',
    `${name} could not be downloaded: ${shown} answered ${status}`,
    {
      hints: [
        status === 404 || status === 410
          ? 'The index no longer has this file. Run `poetry lock` to look for what it has now.'
          : 'Check the address and the credentials of the source.',
      ],
      detail: { url: shown, status, file: name },
    },
  );
}

function tooLong(url: string, name: string, size: number): TercetError {
  return new TercetError('hash-mismatch', `${name} is longer than the ${size} bytes that the index announced`, {
    hints: ['The file was not used. Try again, and if it stays so, tell whoever runs the index.'],
    detail: { url: withoutCredentials(url), file: name },
  });
}

function hashMismatch(url: string, name: string, expected: string, found: string): TercetError {
  return new TercetError('hash-mismatch', `Hash for ${name} does not match: expected ${expected}, found ${found}`, {
    hints: [
      'The file was not used. If it was published anew on purpose, run `poetry lock`; otherwise somebody may have tampered with it.',
    ],
    detail: { url: withoutCredentials(url), file: name, expected, found },
  });
}
