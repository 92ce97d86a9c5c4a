/** Why a request came to nothing, as errors that a person can act on; addresses are shown without credentials. */

import { TercetError } from '../ground/error.ts';
import { redact, withoutCredentials } from '../ground/redact.ts';

/** What went wrong below HTTP. `connect` never reached the server, `cut` lost it, `silent` waited in vain. */
export type FailureKind = 'connect' | 'cut' | 'silent' | 'certificate';

/** One failed attempt. */
export interface Failure {
  readonly kind: FailureKind;
  readonly cause: unknown;
}

/** The kind of an error that `fetch` or the reading of its body threw. */
export function failureOf(cause: unknown): Failure {
  if (cause instanceof Error && cause.name === 'AbortError') return { kind: 'silent', cause };
  const code = codeOf(cause);
  if (/CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL|SELF_SIGNED/.test(code)) return { kind: 'certificate', cause };
  if (code === 'ECONNRESET' || code === 'ConnectionClosed' || code === 'EPIPE') return { kind: 'cut', cause };
  return { kind: 'connect', cause };
}

/** No answer after all attempts; `proxy` is what stood between, if anything did. */
export function unreachable(url: string, failure: Failure, proxy?: string): TercetError {
  const shown = withoutCredentials(url);
  const host = URL.parse(url)?.host ?? shown;
  const why = redact(messageOf(failure.cause));
  const through = proxy === undefined ? '' : ` through the proxy ${withoutCredentials(proxy)}`;
  if (failure.kind === 'certificate') {
    return new TercetError(
      'certificate-untrusted',
      `The certificate of ${host} is not trusted, so ${shown} was not fetched: ${why}`,
      {
        hints: [
          'If a proxy or a private CA stands between, point REQUESTS_CA_BUNDLE or SSL_CERT_FILE to its certificates,',
          'or for one source run `poetry config certificates.NAME.cert /path/to/ca.pem`.',
        ],
        detail: { url: shown },
        cause: failure.cause,
      },
    );
  }
  const text =
    failure.kind === 'silent'
      ? `All attempts to read ${shown} failed: the server stopped answering`
      : failure.kind === 'cut'
        ? `All attempts to read ${shown} failed: the connection was lost (${why})`
        : `All attempts to connect to ${host}${through} failed, so ${shown} was not fetched: ${why}`;
  return new TercetError('network-unreachable', text, {
    hints: [
      'Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY) and the address of the source.',
      ...(failure.kind === 'silent' ? ['For a slow server, raise POETRY_REQUESTS_TIMEOUT (seconds).'] : []),
    ],
    detail: { url: shown },
    cause: failure.cause,
  });
}

/** A proxy that speaks something else than HTTP. */
export function proxyUnsupported(proxy: string): TercetError {
  const shown = withoutCredentials(proxy);
  return new TercetError('proxy-unsupported', `The proxy ${shown} is no HTTP proxy, and others are not supported`, {
    hints: ['Set HTTPS_PROXY and HTTP_PROXY to the address of an HTTP proxy, or NO_PROXY for hosts that need none.'],
    detail: { proxy: shown },
  });
}

/** The server's last word was that it cannot answer now. */
export function serverError(url: string, status: number): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('server-error', `The server keeps answering ${status} to ${shown}`, {
    hints: [status === 429 ? 'It asks for fewer requests: wait a while and try again.' : 'Try again later.'],
    detail: { url: shown, status },
  });
}

/** The server wants to know who asks. */
export function unauthorized(url: string, status: number, sent: boolean): TercetError {
  const shown = withoutCredentials(url);
  const text = sent
    ? `The credentials for ${shown} were refused (${status})`
    : `${shown} asks for credentials (${status}), and none are known`;
  return new TercetError('unauthorized', text, {
    hints: [
      'Run `poetry config http-basic.NAME USERNAME`, with the NAME of the source,',
      'or set POETRY_HTTP_BASIC_NAME_USERNAME and POETRY_HTTP_BASIC_NAME_PASSWORD, or add the host to ~/.netrc.',
    ],
    detail: { url: shown, status },
  });
}

/** Asked for while the network may not be used. */
export function offlineError(url: string): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('offline', `${shown} is not in the cache, and the network may not be used`, {
    hints: ['Run the command once without `--offline` (or TERCET_OFFLINE).'],
    detail: { url: shown },
  });
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  const code: unknown = Reflect.get(cause, 'code');
  return typeof code === 'string' ? code : '';
}

function messageOf(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\. For more information, pass.*$/s, '');
}
