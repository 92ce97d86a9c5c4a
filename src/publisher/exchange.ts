/** Small requests to the index and the CI, for trusted publishing: JSON there and back, never redirected. */

import { TercetError } from '../ground/error.ts';
import type { TlsOptions } from '../http/certificates.ts';
import { failureOf, unreachable } from '../http/failure.ts';
import { proxyFor } from '../http/proxy.ts';
import type { Exchange } from './trusted-publishing.ts';

export interface ExchangeOptions {
  /** For the index's own host. */
  readonly url: string;
  readonly tls: TlsOptions | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** Tokens go over https, or to this very machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Throws `network-unreachable` and its like, or `url-invalid` for an address that anyone could listen to. */
export function exchangeOver({ url: index, tls, env, userAgent, signal }: ExchangeOptions): Exchange {
  return async (address, { token, json }) => {
    const url = new URL(address);
    if (url.protocol !== 'https:' && !LOOPBACK.test(url.hostname)) {
      throw new TercetError('url-invalid', `${url.host} would get an identity over a connection that anyone can read`);
    }
    const proxy = proxyFor(url, env);
    const own = url.origin === new URL(index).origin ? tls : undefined;
    try {
      const response = await fetch(url, {
        method: json === undefined ? 'GET' : 'POST',
        headers: {
          'user-agent': userAgent,
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
        ...(proxy === undefined ? {} : { proxy }),
        ...(own === undefined ? {} : { tls: { ...own, ca: own.ca === undefined ? undefined : [...own.ca] } }),
      } as BunFetchRequestInit);
      return { status: response.status, body: await response.text() };
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(`${url.origin}${url.pathname}`, failureOf(error), proxy);
    }
  };
}

/** Milliseconds for an answer. */
const PATIENCE = 30_000;
