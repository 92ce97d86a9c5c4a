/**
 * The one way out: HTTP with retries, redirects, proxies, certificates, credentials and timeouts.
 *
 * - CredentialsFor go to the host they belong to and nowhere else; a redirect to another host is asked for anew.
 * - 429 and 5xx are tried again (`Retry-After` is obeyed), and so are lost connections; a refused certificate is not.
 * - Connections are kept, except to near servers without encryption (`nearness.ts`).
 * - A server is given up when it sends nothing, or next to nothing, for the timeout.
 */

import { TercetError } from '../ground/error.ts';
import { bareAddress, isRedirect, parsedAddress, redirectError, redirected } from './address.ts';
import { discard, pieces, readAtOnce, readInPieces } from './body.ts';
import { type Certificates, type TlsOptions, tlsOptions } from './certificates.ts';
import {
  type Failure,
  failureOf,
  offlineError,
  proxyUnsupported,
  serverError,
  unauthorized,
  unreachable,
} from './failure.ts';
import { type CredentialsFor, createLogins, type Login } from './logins.ts';
import { proxyFor } from './proxy.ts';
import { createRoom } from './room.ts';
import { createWatch, type Watch } from './watch.ts';

export interface TransportOptions {
  /** Proxies, certificates and `POETRY_REQUESTS_TIMEOUT` are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: none. */
  readonly credentials?: CredentialsFor;
  /** Certificates by address. Default: what the environment names, else the built-in authorities. */
  readonly certificates?: (url: URL) => Certificates | undefined;
  /** Never use the network. Default: false. */
  readonly offline?: boolean;
  /** Seconds without an answer. Default: `POETRY_REQUESTS_TIMEOUT`, else 15. */
  readonly timeoutSeconds?: number;
  /** How often a request is tried again. Default: 5. */
  readonly retries?: number;
  /** How often a broken download is resumed. Default: what `downloadFile` is told. */
  readonly resumptions?: number;
  /** Milliseconds before the second try; doubled for each further one. Default: 100. */
  readonly retryDelay?: number;
  /** Requests at a time. Default: 50. */
  readonly concurrency?: number;
  /** Default: `tercet`. */
  readonly userAgent?: string;
  /** Ends everything. */
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** What PUT or POST sends; it may be sent more than once, so a POST has to be a question. */
  readonly body?: Blob | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds without an answer, for this request. Default: as for all. */
  readonly timeoutSeconds?: number;
}

interface SentRequest extends RequestOptions {
  readonly keepalive: boolean;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The address that answered, after redirects, without credentials. */
  readonly url: string;
}

export interface WholeReply extends Reply {
  readonly body: Uint8Array;
}

export interface StreamedReply extends Reply {
  /**
   * The body in pieces; must be read to its end or cancelled. Throws what `failure` of `lostTransfer` describes when
   * the connection is lost.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  cancel(): void;
}

/** Status codes are the caller's business, except that 401, 429 and 5xx are thrown when nothing helps. */
export interface Transport {
  readonly offline: boolean;
  /** How often a broken download is resumed. */
  readonly resumptions?: number | undefined;
  /** Fetches a document whole. Throws `network-unreachable`, `certificate-untrusted`, `server-error`, `unauthorized`, `offline`. */
  fetch(url: string, options?: RequestOptions): Promise<WholeReply>;
  /** The same for large files: resolves when the headers are there. */
  stream(url: string, options?: RequestOptions): Promise<StreamedReply>;
}

/** The error of a body that ended early. */
export interface LostTransfer {
  readonly failure: Failure;
}

/** What a lost transfer says; undefined for other errors. */
export function lostTransfer(error: unknown): LostTransfer | undefined {
  return error instanceof TercetError && error.code === 'transfer-lost'
    ? { failure: failureOf(error.cause) }
    : undefined;
}

const MAX_REDIRECTS = 10;
/** However long `Retry-After` asks to wait. */
const MAX_WAIT_SECONDS = 120;

/** A transport with its own connections, logins and limits. Nothing is read or opened before the first request. */
export function createTransport(options: TransportOptions): Transport {
  const { env, offline = false, retries = 5, retryDelay = 100, userAgent = 'tercet' } = options;
  const timeout = 1000 * (options.timeoutSeconds ?? timeoutOf(env));
  const room = createRoom(options.concurrency ?? 50, env);
  const logins = createLogins(options.credentials);
  const tlsByHost = new Map<string, TlsOptions | undefined>();
  /** Servers that no connection could be made to. */
  const dead = new Map<string, TercetError>();
  /** Something did not come within the timeout: from then on documents are watched while they arrive, which takes longer. */
  let isSlow = false;

  const tlsFor = (url: URL): TlsOptions | undefined => {
    if (url.protocol !== 'https:') return undefined;
    if (!tlsByHost.has(url.host)) tlsByHost.set(url.host, tlsOptions(options.certificates?.(url), env));
    return tlsByHost.get(url.host);
  };

  /** One request and its redirects. */
  const send = async (first: URL, request: SentRequest, watch: Watch): Promise<{ response: Response; url: URL }> => {
    let url = first;
    let refused = false;
    for (let hop = 0; ; ) {
      const login = await logins.of(url);
      const response = await sendOne(url, request, login, watch);
      if (response.status === 401 && !refused) {
        refused = true;
        const other = await logins.afterRefusal(url);
        if (other !== undefined && (other.username !== login?.username || other.password !== login?.password)) {
          discard(response);
          continue;
        }
      }
      if (response.status === 401) {
        discard(response);
        throw unauthorized(url.href, response.status, login !== undefined);
      }
      const location = isRedirect(response.status) ? response.headers.get('location') : null;
      if (location === null) return { response, url };
      discard(response);
      hop += 1;
      if (hop > MAX_REDIRECTS) throw redirectError(first, 'redirects in a circle');
      url = redirected(url, location);
    }
  };

  const sendOne = async (url: URL, request: SentRequest, login: Login | undefined, watch: Watch): Promise<Response> => {
    const proxy = proxyFor(url, env);
    if (proxy !== undefined && !/^https?:/i.test(proxy)) throw proxyUnsupported(proxy);
    const tls = tlsFor(url);
    const headers: Record<string, string> = { 'user-agent': userAgent, ...request.headers };
    if (login !== undefined) {
      headers.authorization = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
    }
    return fetch(bareAddress(url), {
      method: request.method ?? 'GET',
      ...(request.body === undefined ? {} : { body: request.body }),
      headers,
      redirect: 'manual',
      keepalive: request.keepalive,
      signal: watch.signal,
      ...(proxy === undefined ? {} : { proxy }),
      ...(tls === undefined ? {} : { tls: { ...tls, ca: tls.ca === undefined ? undefined : [...tls.ca] } }),
    } as BunFetchRequestInit);
  };

  /** Tries until `finish` has made something of a reply. The place is held until `finish` is done, or has taken `leave` over. */
  const trying = async <T>(
    address: string,
    request: RequestOptions,
    kind: 'document' | 'stream',
    finish: (response: Response, url: URL, watch: Watch, leave: () => void) => Promise<T>,
  ): Promise<T> => {
    if (offline) throw offlineError(address);
    const url = parsedAddress(address);
    const patience = request.timeoutSeconds === undefined ? timeout : 1000 * request.timeoutSeconds;
    for (let attempt = 0, silences = 0; ; attempt++) {
      const known = dead.get(url.origin);
      if (known !== undefined) throw known;
      options.signal?.throwIfAborted();
      const place = await room.enter(url, kind);
      const began = performance.now();
      const watch = createWatch(patience, options.signal);
      let pause = retryDelay * 2 ** attempt;
      try {
        const { response, url: final } = await send(url, { ...request, keepalive: place.keepalive }, watch);
        if (!mayPass(response.status)) {
          const result = await finish(response, final, watch, place.leave);
          place.took(performance.now() - began);
          return result;
        }
        discard(response);
        watch.end();
        if (attempt >= retries) throw serverError(address, response.status);
        pause = retryAfter(response.headers.get('retry-after')) ?? pause;
      } catch (error) {
        watch.end();
        if (error instanceof TercetError && error.code !== 'transfer-lost') throw error;
        options.signal?.throwIfAborted();
        const failure = watchedFailure(error, watch);
        isSlow ||= watch.silent;
        if (failure.kind === 'silent') silences += 1;
        if (attempt >= retries || silences > 1 || failure.kind === 'certificate') {
          const end = unreachable(address, failure, proxyFor(url, env));
          if (failure.kind === 'connect') dead.set(url.origin, end);
          throw end;
        }
      } finally {
        if (!watch.handedOver) place.leave();
      }
      if (pause > 0) await Bun.sleep(pause);
    }
  };

  return {
    offline,
    resumptions: options.resumptions,
    fetch: (address, request = {}) =>
      trying(address, request, 'document', async (response, url, watch) => {
        const body = isSlow
          ? await readInPieces(response, watch)
          : await readAtOnce(response, request.method !== 'HEAD' && response.status !== 304);
        watch.end();
        return { status: response.status, headers: response.headers, url: bareAddress(url), body };
      }),
    stream: (address, request = {}) =>
      trying(address, request, 'stream', async (response, url, watch, leave) => {
        watch.handedOver = true;
        const close = () => {
          watch.end();
          leave();
        };
        return {
          status: response.status,
          headers: response.headers,
          url: bareAddress(url),
          chunks: pieces(response, watch, close),
          cancel() {
            close();
            discard(response);
          },
        };
      }),
  };
}

/** Whether a status is worth another try: too many requests, or trouble of the server that may be over soon. */
function mayPass(status: number): boolean {
  return status === 429 || (status >= 500 && status <= 504);
}

/** Why a try failed; a request that the watch has ended failed by silence. */
function watchedFailure(error: unknown, watch: Watch): Failure {
  const cause = error instanceof TercetError ? error.cause : error;
  return watch.silent ? { kind: 'silent', cause } : failureOf(cause);
}

/** Milliseconds that `Retry-After` asks for (seconds, or a date). */
function retryAfter(value: string | null): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  const wanted = Number.isNaN(seconds) ? (Date.parse(value) - Date.now()) / 1000 : seconds;
  if (Number.isNaN(wanted)) return undefined;
  return 1000 * Math.min(Math.max(wanted, 0), MAX_WAIT_SECONDS);
}

function timeoutOf(env: Readonly<Record<string, string | undefined>>): number {
  const seconds = Number(env.POETRY_REQUESTS_TIMEOUT);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 15;
}
