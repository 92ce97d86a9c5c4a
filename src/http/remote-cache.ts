/**
 * A cache that many machines share, on a server that answers GET and, from who may write, PUT. It is read through: what it has comes from it, the rest from
 * where it always came from, and is then put there.
 *
 * - Files are named by their SHA-256 and checked against it while they arrive, so whoever runs the server cannot put anything else in their place.
 * - Records say what machines found out (metadata, and which wheel was built of which sdist); they are signed with the team's key.
 *
 * It is never needed: a server that does not answer, refuses, or holds another file than it says is left alone for the rest of the run.
 */

import { unlinkSync } from 'node:fs';
import { sha256 } from '../files/sha256.ts';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { type Downloaded, downloadFile } from './download.ts';
import { type S3Keys, s3Headers } from './s3-signature.ts';
import { openSealed, sealRecord } from './signed-record.ts';
import { createTransport, type Transport } from './transport.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where the cache is, and who may ask. */
export interface RemoteCachePlace {
  /** The folder's address, with a slash at its end; user and password may be in it. */
  readonly url: string;
  /** Sign requests for S3. */
  readonly keys: S3Keys | undefined;
  /** Put there what was fetched or made elsewhere. */
  readonly upload: boolean;
  /** The key that records are signed with; undefined: files only. */
  readonly secret: string | undefined;
}

/** What records are about: a file's metadata, the same of what had to be built, and the wheel that was built. */
export type RecordKind = 'metadata' | 'built-metadata' | 'built-wheels';

export interface RemoteCache {
  /** The file with that hash, fetched into a new one in `directory`; undefined where the cache does not give it. */
  fetch(sha256: string, options: RemoteFetch): Promise<FetchedFile | undefined>;
  /** Puts a file there, where uploads are on. Throws nothing but the reason of the signal. */
  offer(sha256: string, path: string): Promise<void>;
  /** The text that a machine with the team's key has left under that hexadecimal key; undefined where there is none. */
  record(kind: RecordKind, key: string): Promise<string | undefined>;
  /** Leaves a text for the others, where uploads are on and there is a key. Throws nothing but the reason of the signal. */
  offerRecord(kind: RecordKind, key: string, text: string): Promise<void>;
}

type FetchedFile = Downloaded & { readonly path: string };

export interface RemoteFetch {
  readonly directory: string;
  readonly file: string;
  readonly size?: number | undefined;
  readonly onProgress?: (bytes: number) => void;
}

/**
 * The place that the settings name; undefined where they name none. `address` is `https://…` or `s3://BUCKET/PREFIX`, the latter with AWS's own variables
 * for keys, region and endpoint. `TERCET_REMOTE_CACHE_KEY` signs records; only the environment says it, since who knows it decides what is
 * installed. Throws `remote-cache-invalid`.
 */
export function remoteCachePlace(
  address: string | undefined,
  upload: boolean,
  env: Variables,
): RemoteCachePlace | undefined {
  if (address === undefined || address === '') return undefined;
  const secret = env.TERCET_REMOTE_CACHE_KEY || undefined;
  if (secret !== undefined && secret.length < SHORTEST_KEY)
    throw invalid(`TERCET_REMOTE_CACHE_KEY is shorter than ${SHORTEST_KEY} characters`);
  const url = URL.parse(address);
  if (url?.protocol === 'http:' || url?.protocol === 'https:')
    return { url: slashed(url.href), keys: undefined, upload, secret };
  if (url?.protocol !== 's3:' || url.host === '') {
    throw invalid(`${withoutCredentials(address)} is neither http, https nor s3://BUCKET/PREFIX`);
  }
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw invalid('a remote cache at s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  const keys = { accessKeyId, secretAccessKey, region, ...(token ? { sessionToken: token } : {}) };
  return { url: slashed(`${slashed(endpoint)}${url.host}${url.pathname}`), keys, upload, secret };
}

const SHORTEST_KEY = 16;

export interface RemoteCacheOptions {
  readonly place: RemoteCachePlace;
  readonly env: Variables;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
  readonly now: () => Date;
  /** Seconds without an answer after which the cache is given up. Default: 5. */
  readonly patience?: number;
  /** Told once each: that the cache is given up for this run, and that a record has a wrong signature. */
  readonly warn: (text: string) => void;
}

/** Seconds: the cache is to make things faster. */
const PATIENCE = 5;

/** Nothing comes back before all of an upload has arrived, so it has more time: bytes a second that are fast enough. */
const UPLOAD_SPEED = 1_000_000;

/** Bytes of the largest record. */
const LARGEST_RECORD = 1024 * 1024;

/** The cache at a place. Trouble with it is warned of once and ends its use; nothing is thrown but the reason of the signal. */
export function createRemoteCache(options: RemoteCacheOptions): RemoteCache {
  const { place, env, userAgent, signal, now, patience = PATIENCE, warn } = options;
  let isAlive = true;
  let isForged = false;
  const missing = new Set<string>();
  const transport = createTransport({
    env,
    userAgent,
    timeoutSeconds: patience,
    retries: 1,
    ...(signal === undefined ? {} : { signal }),
  });
  const reading = signedBy(transport, place.keys, now);
  const giveUp = (error: unknown): void => {
    signal?.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    if (isAlive) warn(`the remote cache is not used any further in this run: ${why}`);
    isAlive = false;
  };
  const put = async (name: string, payload: string, body: Blob | string): Promise<void> => {
    const address = `${place.url}${name}`;
    try {
      const signature =
        place.keys === undefined
          ? {}
          : s3Headers({ method: 'PUT', url: new URL(address), now: now(), payload }, place.keys);
      const headers = { 'content-type': 'application/octet-stream', ...signature };
      const timeoutSeconds = patience + (typeof body === 'string' ? body.length : body.size) / UPLOAD_SPEED;
      const { status } = await transport.fetch(address, { method: 'PUT', body, headers, timeoutSeconds });
      if (status >= 300) throw new Error(`${withoutCredentials(place.url)} answered ${status} to an upload`);
    } catch (error) {
      giveUp(error);
    }
  };

  return {
    async fetch(sha256, { directory, file, size, onProgress }) {
      if (!isAlive || !isSha256(sha256) || missing.has(sha256)) return undefined;
      try {
        return await downloadFile(reading, `${place.url}${nameOf('sha256', sha256)}`, {
          directory,
          file,
          size,
          hashes: { sha256 },
          resumptions: 1,
          ...(onProgress === undefined ? {} : { onProgress }),
        });
      } catch (error) {
        missing.add(sha256);
        if (!(error instanceof TercetError && error.code === 'file-not-found')) giveUp(error);
        return undefined;
      }
    },
    async offer(sha256, path) {
      if (!isAlive || !place.upload || !isSha256(sha256)) return;
      await put(nameOf('sha256', sha256), sha256, Bun.file(path));
      missing.delete(sha256);
    },
    async record(kind, key) {
      const { secret } = place;
      if (!isAlive || secret === undefined) return undefined;
      const name = nameOf(kind, key);
      try {
        const sealed = await textAt(reading, `${place.url}${name}`);
        const text = sealed === undefined ? undefined : openSealed(secret, name, sealed);
        if (sealed !== undefined && text === undefined && !isForged) {
          isForged = true;
          warn(`the remote cache has records that are not signed with this key, and they are not used: ${name}`);
        }
        return text;
      } catch (error) {
        giveUp(error);
        return undefined;
      }
    },
    async offerRecord(kind, key, text) {
      const { secret } = place;
      if (!isAlive || !place.upload || secret === undefined) return;
      const name = nameOf(kind, key);
      const sealed = sealRecord(secret, name, text);
      await put(name, sha256(sealed), sealed);
    },
  };
}

/** Where something is below the cache's address. */
function nameOf(kind: RecordKind | 'sha256', key: string): string {
  return `v1/${kind}/${key.slice(0, 2)}/${key}`;
}

/** The transport, which signs what it streams where the place wants it. */
function signedBy(transport: Transport, keys: S3Keys | undefined, now: () => Date): Transport {
  if (keys === undefined) return transport;
  return {
    ...transport,
    stream: (url, request = {}) => {
      const headers = { ...request.headers, ...s3Headers({ method: 'GET', url: new URL(url), now: now() }, keys) };
      return transport.stream(url, { ...request, headers });
    },
  };
}

/** A small document; undefined where there is none. */
async function textAt(transport: Transport, url: string): Promise<string | undefined> {
  const reply = await transport.stream(url);
  if (reply.status !== 200) {
    reply.cancel();
    if (reply.status === 404 || reply.status === 410) return undefined;
    throw new Error(`${withoutCredentials(url)} answered ${reply.status}`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of reply.chunks) {
    bytes += part.length;
    parts.push(part);
    if (bytes > LARGEST_RECORD) {
      reply.cancel();
      throw new Error(`${withoutCredentials(url)} is larger than a record can be`);
    }
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The file of `sha256` from the cache, else what `otherwise` fetches, which is then offered to the cache. */
export async function throughRemoteCache(
  cache: RemoteCache | undefined,
  sha256: string | undefined,
  options: RemoteFetch,
  otherwise: () => Promise<FetchedFile>,
): Promise<FetchedFile> {
  if (cache === undefined || sha256 === undefined) return otherwise();
  const found = await cache.fetch(sha256, options);
  if (found !== undefined) return found;
  const fetched = await otherwise();
  try {
    await cache.offer(sha256, fetched.path);
  } catch (error) {
    unlinkSync(fetched.path);
    throw error;
  }
  return fetched;
}

function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function slashed(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function invalid(why: string): TercetError {
  return new TercetError('remote-cache-invalid', `The remote cache cannot be used: ${why}`, {
    hints: ['See TERCET_REMOTE_CACHE and `remote-cache.url` in the documentation.'],
  });
}
