/**
 * Sending files to an index by the legacy upload API. Credentials go to the one address given and nowhere else: redirects are
 * refused.
 * (PyPI's documentation, "Upload API".)
 */

import { basename } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { bytesRepr } from '../ground/python-repr.ts';
import { redact } from '../ground/redact.ts';
import type { TlsOptions } from '../http/certificates.ts';
import { failureOf, unreachable } from '../http/failure.ts';
import { proxyFor } from '../http/proxy.ts';
import { type MultipartBody, multipartBody } from './multipart.ts';
import { type Field, uploadFields } from './upload-fields.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Where to, and as whom. */
export interface UploadTarget {
  /** Without credentials. */
  readonly url: string;
  readonly login: Login | undefined;
  readonly tls: TlsOptions | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** Seconds without any progress, after which an upload has failed. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export interface UploadOptions {
  /** Do everything but the request. */
  readonly dryRun: boolean;
  /** Take a file that is there already for done. */
  readonly skipExisting: boolean;
  /** Told how many bytes of the request have been sent, up to all of them. */
  readonly onProgress: (sent: number, total: number) => void;
}

/** What became of a file. */
export type UploadOutcome = 'uploaded' | 'exists';

/** Sends one file. Throws `upload-failed` in Poetry's words, or `distribution-invalid`. */
export async function uploadFile(target: UploadTarget, file: string, options: UploadOptions): Promise<UploadOutcome> {
  const fields = await uploadFields(file);
  const body = multipartBody([...fields, ...action('file_upload')], file);
  const onProgress = (sent: number): void => options.onProgress(sent, body.length);
  if (options.dryRun) {
    onProgress(body.length);
    return 'uploaded';
  }
  let reply = await post(target, body, onProgress);
  if (reply.status === 400 && reply.text.includes('was ever registered')) {
    const registered = await post(target, multipartBody([...fields, ...action('submit')]), () => undefined);
    if (!isDone(registered)) throw refused(registered, target);
    reply = await post(target, body, onProgress);
  }
  if (isDone(reply)) return 'uploaded';
  if (reply.status >= 300 && reply.status < 400) {
    throw failed('Redirects are not supported. Is the URL missing a trailing slash?');
  }
  if (options.skipExisting && saysExists(reply)) return 'exists';
  throw refused(reply, target, basename(file));
}

function action(name: string): readonly Field[] {
  return [
    [':action', name],
    ['protocol_version', '1'],
  ];
}

interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

function isDone({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

/** How much of a server's answer is read, in bytes. */
const MOST_ANSWER = 1024 * 1024;

async function post(target: UploadTarget, body: MultipartBody, onProgress: (sent: number) => void): Promise<Reply> {
  const { url, login, tls, env, signal } = target;
  const proxy = proxyFor(new URL(url), env);
  const silence = createSilence(target.timeoutSeconds * 1000, signal);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: body.chunks((sent) => {
        silence.broken();
        onProgress(sent);
      }),
      headers: {
        'content-type': body.contentType,
        'content-length': String(body.length),
        'user-agent': target.userAgent,
        accept: '*/*',
        ...(login === undefined ? {} : { authorization: basic(login) }),
      },
      redirect: 'manual',
      signal: silence.signal,
      ...(proxy === undefined ? {} : { proxy }),
      ...(tls === undefined ? {} : { tls: { ...tls, ca: tls.ca === undefined ? undefined : [...tls.ca] } }),
    } as unknown as BunFetchRequestInit);
    const bytes = (await response.bytes()).subarray(0, MOST_ANSWER);
    return { status: response.status, reason: response.statusText, bytes, text: new TextDecoder().decode(bytes) };
  } catch (error) {
    signal.throwIfAborted();
    throw notSent(url, silence.signal.aborted ? new DOMException('', 'AbortError') : error, proxy);
  } finally {
    silence.end();
  }
}

/** Ends a request that makes no progress. */
function createSilence(patience: number, outer: AbortSignal): { signal: AbortSignal; broken(): void; end(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, patience);
  outer.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    broken() {
      clearTimeout(timer);
      timer = setTimeout(abort, patience);
    },
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}

function basic({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Whether a refusal means that the file is there already, in the words of the servers that there are. */
export function saysExists({ status, reason, text }: Pick<Reply, 'status' | 'reason' | 'text'>): boolean {
  const said = (reason + text).toLowerCase();
  if (status === 409) return true;
  if (status === 403) return said.includes('overwrite artifact');
  return status === 400 && EXISTS.some((words) => said.includes(words));
}

/** PyPI and Google's registry; two of Nexus; GitLab. */
const EXISTS = ['already exist', 'updating asset', 'cannot be updated', 'already been taken'];

function refused(reply: Reply, { login }: UploadTarget, file?: string): TercetError {
  const { status, reason, bytes } = reply;
  const hints: string[] = [];
  if (status === 401 || status === 403) {
    hints.push(
      login === undefined
        ? 'No credentials are known: `poetry config pypi-token.NAME TOKEN`, or --username and --password.'
        : 'The credentials were sent and refused: is the token for this project and this repository?',
    );
  }
  if (file !== undefined && saysExists(reply)) hints.push(`With --skip-existing, ${file} counts as done.`);
  return failed(`HTTP Error ${status}: ${reason} | ${redact(bytesRepr(bytes))}`, { hints });
}

function notSent(url: string, cause: unknown, proxy: string | undefined): TercetError {
  const { message, hints } = unreachable(url, failureOf(cause), proxy);
  const why = message.replace(/, so .* was not fetched/, '');
  return failed('Error connecting to repository', { hints: [why, ...hints], cause });
}

function failed(message: string, options: { hints?: readonly string[]; cause?: unknown } = {}): TercetError {
  return new TercetError('upload-failed', message, options);
}
