/**
 * An index on the loopback interface that misbehaves on demand: answers that are wrong, cut off, slow, or never come.
 * What no rule speaks of is answered honestly by `tests/support/index-server.ts` behind it.
 */

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type IndexServerOptions, type PublishedDistribution, startIndex } from '../support/index-server.ts';
import type { BuiltDistribution } from '../support/wheel-builder.ts';

/** A request, seen by a rule. */
export interface Exchange {
  readonly method: string;
  /** Decoded, without query. */
  readonly path: string;
  /** How many requests for this path there have been, this one included. */
  readonly nth: number;
  readonly headers: IncomingMessage['headers'];
}

/** What is answered instead of the truth. */
export interface Reply {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Announce all of the body, and hang up after so many bytes. */
  readonly cutAfter?: number;
  /** Accept the request and never answer. */
  readonly stall?: boolean;
  /** Milliseconds between one byte of the body and the next. */
  readonly trickle?: number;
}

/** What to answer; undefined: the truth. */
export type Rule = (exchange: Exchange) => Reply | undefined | Promise<Reply | undefined>;

export interface FaultServerOptions extends Omit<IndexServerOptions, 'fault'> {
  readonly rule?: Rule;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface FaultServer {
  /** The simple API's root. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  /** All requests so far. */
  readonly seen: readonly Exchange[];
  fileUrl(distribution: BuiltDistribution): string;
  add(...distributions: readonly PublishedDistribution[]): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an index that has these distributions and lies by `rule`. */
export async function startFaultServer(
  distributions: readonly PublishedDistribution[] = [],
  { rule, tls, ...options }: FaultServerOptions = {},
): Promise<FaultServer> {
  const honest = startIndex(distributions, options);
  const seen: Exchange[] = [];
  const counts = new Map<string, number>();
  const listener: RequestListener = async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://any').pathname);
    const nth = (counts.get(path) ?? 0) + 1;
    counts.set(path, nth);
    const exchange = { method: request.method ?? 'GET', path, nth, headers: request.headers };
    seen.push(exchange);
    try {
      const reply = (await rule?.(exchange)) ?? (await truth(honest.origin, request));
      await send(response, reply);
    } catch {
      response.destroy();
    }
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  return {
    url: `${origin}/simple/`,
    origin,
    port,
    seen,
    add: honest.add,
    fileUrl: ({ file }) => `${origin}/files/${encodeURIComponent(file)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await honest.stop();
    },
  };
}

/** A rule for the file of a distribution alone, not for its metadata. */
export function forFile({ file }: BuiltDistribution, rule: Rule): Rule {
  return (exchange) => (exchange.path === `/files/${file}` ? rule(exchange) : undefined);
}

/** A rule for a project's page. */
export function forPage(name: string, rule: Rule): Rule {
  return (exchange) => (exchange.path === `/simple/${name}/` ? rule(exchange) : undefined);
}

async function truth(origin: string, request: IncomingMessage): Promise<Reply> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'host' && name !== 'connection' && typeof value === 'string') headers.set(name, value);
  }
  const method = request.method ?? 'GET';
  const answer = await fetch(`${origin}${request.url}`, { method, headers, redirect: 'manual' });
  const own = Object.fromEntries(answer.headers);
  for (const name of ['content-length', 'transfer-encoding', 'content-encoding', 'date']) delete own[name];
  return { status: answer.status, headers: own, body: new Uint8Array(await answer.arrayBuffer()) };
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.stall === true) return;
  const body = Buffer.from((reply.body ?? '') as Uint8Array);
  const status = reply.status ?? 200;
  const empty = status === 304 || status === 204;
  response.writeHead(status, { ...reply.headers, ...(empty ? {} : { 'content-length': `${body.length}` }) });
  if (reply.cutAfter !== undefined) {
    // Late enough for a busy client to have taken what came before.
    response.write(body.subarray(0, reply.cutAfter), () => setTimeout(() => response.destroy(), 150));
    return;
  }
  if (reply.trickle !== undefined) {
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.from([byte]));
      await Bun.sleep(reply.trickle);
    }
  }
  response.end(reply.trickle === undefined && !empty ? body : undefined);
}
