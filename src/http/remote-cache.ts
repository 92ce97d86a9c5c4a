/**
 * A cache that many machines share: files by their SHA-256 on a server that answers GET and, from who may write, PUT. What is fetched is
 * checked against the hash that the lock says, so whoever runs the server cannot put anything else in its place. It is never needed: a server that
 * does not answer, refuses, or holds something else is left alone for the rest of the run.
 */

import { unlinkSync } from 'node:fs';
import { TercetError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { type Downloaded, downloadFile } from './download.ts';
import { type S3Keys, s3Headers } from './s3-signature.ts';
import { createTransport, type Transport } from './transport.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where the cache is, and who may ask. */
export interface RemoteCachePlace {
  /** The folder's address, with a slash at its end; user and password may be in it. */
  readonly url: string;
  /** Sign requests for S3. */
  readonly keys: S3Keys | undefined;
  /** Put there what was fetched elsewhere. */
  readonly upload: boolean;
}

export interface RemoteCache {
  /** The file with that hash, fetched into a new one in `directory`; undefined where the cache does not give it. */
  fetch(sha256: string, options: RemoteFetch): Promise<FetchedFile | undefined>;
  /** Puts a file there, where uploads are on. Never throws. */
  offer(sha256: string, path: string): Promise<void>;
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
 * for keys, region and endpoint. Throws `remote-cache-invalid`.
 */
export function remoteCachePlace(
  address: string | undefined,
  upload: boolean,
  env: Variables,
): RemoteCachePlace | undefined {
  if (address === undefined || address === '') return undefined;
  const url = URL.parse(address);
  if (url?.protocol === 'http:' || url?.protocol === 'https:')
    return { url: slashed(url.href), keys: undefined, upload };
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
  return { url: slashed(`${slashed(endpoint)}${url.host}${url.pathname}`), keys, upload };
}

export interface RemoteCacheOptions {
  readonly place: RemoteCachePlace;
  readonly env: Variables;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
  readonly now: () => Date;
  /** Told once, when the cache is given up for this run. */
  readonly onFailure: (why: string) => void;
}

/** Seconds without an answer after which the cache is given up: it is to make things faster. */
const PATIENCE = 5;

export function createRemoteCache({ place, env, userAgent, signal, now, onFailure }: RemoteCacheOptions): RemoteCache {
  let isAlive = true;
  const transport = createTransport({
    env,
    userAgent,
    timeoutSeconds: PATIENCE,
    retries: 1,
    ...(signal === undefined ? {} : { signal }),
  });
  const giveUp = (error: unknown): void => {
    signal?.throwIfAborted();
    if (isAlive) onFailure(error instanceof Error ? error.message : String(error));
    isAlive = false;
  };
  const addressOf = (sha256: string): string => `${place.url}v1/sha256/${sha256.slice(0, 2)}/${sha256}`;
  const headersFor = (method: 'GET' | 'PUT', address: string, payload?: string): Record<string, string> =>
    place.keys === undefined
      ? {}
      : s3Headers(
          { method, url: new URL(address), now: now(), ...(payload === undefined ? {} : { payload }) },
          place.keys,
        );

  return {
    async fetch(sha256, { directory, file, size, onProgress }) {
      if (!isAlive || !isSha256(sha256)) return undefined;
      const address = addressOf(sha256);
      const signed: Transport = {
        ...transport,
        stream: (url, request = {}) =>
          transport.stream(url, { ...request, headers: { ...request.headers, ...headersFor('GET', url) } }),
      };
      try {
        return await downloadFile(signed, address, {
          directory,
          file,
          size,
          hashes: { sha256 },
          ...(onProgress === undefined ? {} : { onProgress }),
        });
      } catch (error) {
        if (!(error instanceof TercetError && error.code === 'file-not-found')) giveUp(error);
        return undefined;
      }
    },
    async offer(sha256, path) {
      if (!isAlive || !place.upload || !isSha256(sha256)) return;
      const address = addressOf(sha256);
      try {
        const { status } = await transport.fetch(address, {
          method: 'PUT',
          body: Bun.file(path),
          headers: { 'content-type': 'application/octet-stream', ...headersFor('PUT', address, sha256) },
        });
        if (status >= 300) throw new Error(`${withoutCredentials(place.url)} answered ${status} to an upload`);
      } catch (error) {
        giveUp(error);
      }
    },
  };
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
