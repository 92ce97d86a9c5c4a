/**
 * The one way out: HTTP with retries, redirects, proxies, certificates, credentials and timeouts.
 *
 * - Credentials go to the host they belong to and nowhere else; a redirect to another host is asked for anew.
 * - 429 and 5xx are tried again (`Retry-After` is obeyed), and so are lost connections; a refused certificate is not.
 * - Connections are kept, except to near servers without encryption (`nearness.ts`).
 * - A server is given up when it sends nothing, or next to nothing, for the timeout.
 */

import { TercetError } from '../ground/error.ts';
import { percentDecoded } from '../ground/percent.ts';
import { withoutCredentials } from '../ground/redact.ts';
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
import { createGate, type Gate } from './gate.ts';
import { createNearness, NEAR_WIDTH, type Nearness } from './nearness.ts';
import { proxyFor } from './proxy.ts';

/** User and password for one address. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface TransportOptions {
  /** Proxies, certificates and `POETRY_REQUESTS_TIMEOUT` are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Credentials for an address; `refused` is true when the server has just said 401. Default: none. */
  readonly credentials?: (url: URL, refused: boolean) => Login | undefined | Promise<Login | undefined>;
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
const MAX_WAIT_SECONDS = 120;
/** Fewer bytes than this in one timeout are as good as none. */
const LEAST_PROGRESS = 512;

export function createTransport(options: TransportOptions): Transport {
  const { env, offline = false, retries = 5, retryDelay = 100, userAgent = 'tercet' } = options;
  const timeout = 1000 * (options.timeoutSeconds ?? timeoutOf(env));
  const width = options.concurrency ?? 50;
  const gate = createGate(width);
  const nearGate = createGate(Math.min(width, NEAR_WIDTH));
  const nearnesses = new Map<string, Nearness>();
  const tlsByHost = new Map<string, TlsOptions | undefined>();
  /** Logins that stood in an address or came after a refusal, by origin. */
  const logins = new Map<string, Login>();
  const refusals = new Map<string, Promise<Login | undefined>>();
  const dead = new Map<string, TercetError>();
  /** Something did not come within the timeout: from then on documents are watched while they arrive, which takes longer. */
  let isSlow = false;

  const tlsFor = (url: URL): TlsOptions | undefined => {
    if (url.protocol !== 'https:') return undefined;
    if (!tlsByHost.has(url.host)) tlsByHost.set(url.host, tlsOptions(options.certificates?.(url), env));
    return tlsByHost.get(url.host);
  };

  /** Undefined where connections are kept in any case. */
  const nearnessOf = (url: URL): Nearness | undefined => {
    if (url.protocol !== 'http:' || proxyFor(url, env) !== undefined) return undefined;
    let nearness = nearnesses.get(url.host);
    if (nearness === undefined) {
      nearness = createNearness();
      nearnesses.set(url.host, nearness);
    }
    return nearness;
  };

  /** Waits for room; answers with the gate that is to be left. */
  const entered = async (nearness: Nearness | undefined): Promise<Gate> => {
    if (nearness?.isNear === true) {
      await nearGate.enter();
      if (nearness.isNear) return nearGate;
      nearGate.leave();
    }
    await gate.enter();
    return gate;
  };

  const loginFor = async (url: URL): Promise<Login | undefined> => {
    if (url.username !== '' || url.password !== '') {
      const login = { username: percentDecoded(url.username), password: percentDecoded(url.password) };
      logins.set(url.origin, login);
      return login;
    }
    return logins.get(url.origin) ?? options.credentials?.(url, false);
  };

  /** Asks once more for credentials after a 401, once for each host. */
  const loginAfterRefusal = async (url: URL): Promise<Login | undefined> => {
    let asked = refusals.get(url.origin);
    if (asked === undefined) {
      asked = Promise.resolve(options.credentials?.(url, true));
      refusals.set(url.origin, asked);
    }
    const login = await asked;
    if (login !== undefined) logins.set(url.origin, login);
    return login;
  };

  /** One request and its redirects. */
  const send = async (first: URL, request: SentRequest, watch: Watch): Promise<{ response: Response; url: URL }> => {
    let url = first;
    let refused = false;
    for (let hop = 0; ; ) {
      const login = await loginFor(url);
      const response = await sendOne(url, request, login, watch);
      if (response.status === 401 && !refused) {
        refused = true;
        const other = await loginAfterRefusal(url);
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
    return fetch(bare(url), {
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

  /** Tries until `finish` has made something of a reply. The gate is held until `finish` is done, or has taken `leave` over. */
  const trying = async <T>(
    address: string,
    request: RequestOptions,
    kind: 'document' | 'stream',
    finish: (response: Response, url: URL, watch: Watch, leave: () => void) => Promise<T>,
  ): Promise<T> => {
    if (offline) throw offlineError(address);
    const url = parsed(address);
    for (let attempt = 0, silences = 0; ; attempt++) {
      const known = dead.get(url.origin);
      if (known !== undefined) throw known;
      options.signal?.throwIfAborted();
      const nearness = kind === 'document' ? nearnessOf(url) : undefined;
      const through = await entered(nearness);
      const began = performance.now();
      let inside = true;
      const leave = () => {
        if (inside) through.leave();
        inside = false;
      };
      const watch = createWatch(
        request.timeoutSeconds === undefined ? timeout : 1000 * request.timeoutSeconds,
        options.signal,
      );
      let pause = retryDelay * 2 ** attempt;
      try {
        const { response, url: final } = await send(url, { ...request, keepalive: through === gate }, watch);
        if (response.status !== 429 && (response.status < 500 || response.status > 504)) {
          const result = await finish(response, final, watch, leave);
          nearness?.took(performance.now() - began);
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
        const cause = error instanceof TercetError ? error.cause : error;
        const failure: Failure = watch.silent ? { kind: 'silent', cause } : failureOf(cause);
        isSlow ||= watch.silent;
        if (failure.kind === 'silent') silences += 1;
        if (attempt >= retries || silences > 1 || failure.kind === 'certificate') {
          const end = unreachable(address, failure, proxyFor(url, env));
          if (failure.kind === 'connect') dead.set(url.origin, end);
          throw end;
        }
      } finally {
        if (!watch.handedOver) leave();
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
        return { status: response.status, headers: response.headers, url: shownAddress(url), body };
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
          url: shownAddress(url),
          chunks: pieces(response, watch, close),
          cancel() {
            close();
            discard(response);
          },
        };
      }),
  };
}

/** Ends a request that makes no progress. */
interface Watch {
  readonly signal: AbortSignal;
  /** True when this watch ended the request. */
  readonly silent: boolean;
  /** Bytes arrived. */
  progress(bytes: number): void;
  end(): void;
  handedOver: boolean;
}

function createWatch(timeout: number, outer: AbortSignal | undefined): Watch {
  const controller = new AbortController();
  let bytes = 0;
  let silent = false;
  const timer = setInterval(() => {
    if (bytes < LEAST_PROGRESS) {
      silent = true;
      controller.abort();
    }
    bytes = 0;
  }, timeout);
  const abort = () => controller.abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    get silent() {
      return silent;
    },
    progress(count) {
      bytes += count;
    },
    end() {
      clearInterval(timer);
      outer?.removeEventListener('abort', abort);
    },
    handedOver: false,
  };
}

async function readAtOnce(response: Response, hasBody: boolean): Promise<Uint8Array> {
  try {
    const body = await response.bytes();
    if (hasBody) checkLength(response, body.length);
    return body;
  } catch (cause) {
    throw new TercetError('transfer-lost', 'The connection was lost', { cause });
  }
}

async function readInPieces(response: Response, watch: Watch): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of pieces(response, watch, () => undefined)) {
    parts.push(chunk);
    length += chunk.length;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length);
}

/** The body, with its length checked against what the server announced. */
async function* pieces(response: Response, watch: Watch, close: () => void): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    if (response.body !== null) {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        received += chunk.length;
        watch.progress(chunk.length);
        yield chunk;
      }
    }
    if (response.body !== null) checkLength(response, received);
  } catch (cause) {
    throw new TercetError('transfer-lost', 'The connection was lost', { cause });
  } finally {
    close();
  }
}

/** Throws where not all came that the server announced. */
function checkLength({ headers }: Response, received: number): void {
  const announced = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  if (announced !== null && received !== Number(announced)) {
    throw Object.assign(new Error(`${received} of ${announced} bytes came`), { code: 'ECONNRESET' });
  }
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

function parsed(address: string): URL {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TercetError('url-invalid', `${withoutCredentials(address)} is no http or https address`);
  }
  return url;
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirected(from: URL, location: string): URL {
  const url = URL.parse(location, bare(from));
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw redirectError(from, 'redirects to something that is no http address');
  }
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw redirectError(
      from,
      `redirects from https to http (${withoutCredentials(url.href)}), which anyone may read and change`,
    );
  }
  // Whoever redirects does not get to say who we are elsewhere.
  if (url.origin !== from.origin) {
    url.username = '';
    url.password = '';
  }
  return url;
}

function redirectError(from: URL, what: string): TercetError {
  const shown = withoutCredentials(from.href);
  return new TercetError('redirect-refused', `${shown} ${what}`, { detail: { url: shown } });
}

/** The address as it goes over the wire: no credentials, no fragment. */
function bare(url: URL): string {
  if (url.username === '' && url.password === '' && url.hash === '') return url.href;
  const copy = new URL(url.href);
  copy.username = '';
  copy.password = '';
  copy.hash = '';
  return copy.href;
}

function shownAddress(url: URL): string {
  return bare(url);
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
