/**
 * A package index on the loopback interface: the simple API as JSON (PEP 691) and HTML (PEP 503), metadata files
 * (PEP 658/714), range requests, credentials, and a place to put faults.
 */

import { createHash } from 'node:crypto';
import type { BuiltDistribution } from './wheel-builder.ts';

/** A distribution with what only an index knows about it. */
export interface PublishedDistribution extends BuiltDistribution {
  /** The reason, or true without one. Default: not yanked. */
  readonly yanked?: string | boolean;
  /** RFC 3339. Default: none is given. */
  readonly uploadTime?: string;
}

export interface IndexServerOptions {
  /** Default: `both`, by the Accept header. */
  readonly format?: 'json' | 'html' | 'both';
  /** Serve and advertise metadata files; `unadvertised` serves them without saying so. Default: `advertised`. */
  readonly metadata?: 'advertised' | 'unadvertised' | 'none';
  /** Answer range requests. Default: true. */
  readonly ranges?: boolean;
  /** Give each file's sha256. Default: true. */
  readonly hashes?: boolean;
  /** Give each file's length. Default: true. */
  readonly sizes?: boolean;
  /** Required on every request. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Milliseconds before each answer. Default: 0. */
  readonly delay?: number;
  /** Looked at before everything else; what it returns is the answer. */
  readonly fault?: (request: Request, path: string) => Response | Promise<Response> | undefined;
}

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface IndexServer {
  /** The simple API's root, such as `http://127.0.0.1:40001/simple/`. */
  readonly url: string;
  /** The server's root, without a slash at its end. */
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** Publishes more. */
  add(...distributions: readonly PublishedDistribution[]): void;
  /** The address of a file. */
  fileUrl(distribution: BuiltDistribution): string;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an index that has these distributions, on a free port. */
export function startIndex(
  distributions: readonly PublishedDistribution[] = [],
  options: IndexServerOptions = {},
): IndexServer {
  const files = new Map<string, PublishedDistribution>();
  const requests: SeenRequest[] = [];
  const add = (...more: readonly PublishedDistribution[]): void => {
    for (const distribution of more) files.set(distribution.file, distribution);
  };
  add(...distributions);
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 60,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const path = decodeURIComponent(pathname);
      requests.push({ method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers) });
      if (options.delay !== undefined) await Bun.sleep(options.delay);
      return (await options.fault?.(request, path)) ?? answer(request, path, files, options);
    },
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const stop = async (): Promise<void> => {
    await server.stop(true);
  };
  return {
    url: `${origin}/simple/`,
    origin,
    requests,
    add,
    fileUrl: ({ file }) => `${origin}/files/${encodeURIComponent(file)}`,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** PEP 503's normalised name. */
function normalized(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function answer(
  request: Request,
  path: string,
  files: ReadonlyMap<string, PublishedDistribution>,
  options: IndexServerOptions,
): Response {
  if (options.credentials !== undefined) {
    const { user, password } = options.credentials;
    if (request.headers.get('authorization') !== `Basic ${btoa(`${user}:${password}`)}`) {
      return new Response('credentials, please', {
        status: 401,
        headers: { 'WWW-Authenticate': 'Basic realm="index"' },
      });
    }
  }
  if (path.startsWith('/files/')) return fileAnswer(request, path.slice('/files/'.length), files, options);
  if (path === '/simple/' || path === '/simple') {
    return page(request, options, rootJson(files), rootHtml(files));
  }
  const project = /^\/simple\/([^/]+)(\/?)$/.exec(path);
  if (project === null) return new Response('not found', { status: 404 });
  const name = project[1] ?? '';
  if (project[2] === '' || name !== normalized(name)) {
    return new Response(null, { status: 301, headers: { Location: `/simple/${normalized(name)}/` } });
  }
  const own = [...files.values()].filter((file) => normalized(file.name) === name);
  if (own.length === 0) return new Response('not found', { status: 404 });
  return page(request, options, projectJson(name, own, options), projectHtml(own, options));
}

function page(request: Request, options: IndexServerOptions, json: unknown, html: string): Response {
  const accepts = request.headers.get('accept') ?? '';
  const asJson =
    options.format === 'json' || (options.format !== 'html' && accepts.includes('application/vnd.pypi.simple.v1+json'));
  const body = asJson ? JSON.stringify(json) : html;
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  const headers = {
    'Content-Type': asJson ? 'application/vnd.pypi.simple.v1+json' : 'text/html; charset=utf-8',
    ETag: etag,
    'Cache-Control': 'max-age=600, public',
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}

function rootJson(files: ReadonlyMap<string, PublishedDistribution>): unknown {
  const names = [...new Set([...files.values()].map((file) => file.name))].sort();
  return { meta: { 'api-version': '1.1' }, projects: names.map((name) => ({ name })) };
}

function rootHtml(files: ReadonlyMap<string, PublishedDistribution>): string {
  const names = [...new Set([...files.values()].map((file) => file.name))].sort();
  const links = names.map((name) => `<a href="/simple/${normalized(name)}/">${escapeHtml(name)}</a><br/>`);
  return `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.1"></head><body>${links.join('\n')}</body></html>`;
}

function projectJson(name: string, files: readonly PublishedDistribution[], options: IndexServerOptions): unknown {
  return {
    meta: { 'api-version': '1.1' },
    name,
    versions: [...new Set(files.map((file) => file.version))],
    files: files.map((file) => ({
      filename: file.file,
      url: `../../files/${encodeURIComponent(file.file)}`,
      hashes: options.hashes === false ? {} : { sha256: file.sha256 },
      ...(file.requiresPython === undefined ? {} : { 'requires-python': file.requiresPython }),
      ...(options.sizes === false ? {} : { size: file.bytes.length }),
      yanked: file.yanked ?? false,
      ...(file.uploadTime === undefined ? {} : { 'upload-time': file.uploadTime }),
      ...(advertised(file, options) ? { 'core-metadata': { sha256: metadataHash(file) } } : {}),
    })),
  };
}

function projectHtml(files: readonly PublishedDistribution[], options: IndexServerOptions): string {
  const links = files.map((file) => {
    const fragment = options.hashes === false ? '' : `#sha256=${file.sha256}`;
    const attributes = [`href="../../files/${encodeURIComponent(file.file)}${fragment}"`];
    if (file.requiresPython !== undefined) attributes.push(`data-requires-python="${escapeHtml(file.requiresPython)}"`);
    if (file.yanked !== undefined && file.yanked !== false) {
      attributes.push(`data-yanked="${escapeHtml(file.yanked === true ? '' : file.yanked)}"`);
    }
    if (advertised(file, options)) attributes.push(`data-core-metadata="sha256=${metadataHash(file)}"`);
    return `<a ${attributes.join(' ')}>${escapeHtml(file.file)}</a><br/>`;
  });
  return `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.1"></head><body>\n${links.join('\n')}\n</body></html>`;
}

function fileAnswer(
  request: Request,
  name: string,
  files: ReadonlyMap<string, PublishedDistribution>,
  options: IndexServerOptions,
): Response {
  const ofMetadata = name.endsWith('.metadata');
  const file = files.get(ofMetadata ? name.slice(0, -'.metadata'.length) : name);
  if (file === undefined || (ofMetadata && (options.metadata === 'none' || !file.file.endsWith('.whl')))) {
    return new Response('not found', { status: 404 });
  }
  const bytes = ofMetadata ? Buffer.from(file.metadata) : file.bytes;
  const headers: Record<string, string> = {
    'Content-Type': 'application/octet-stream',
    ETag: `"${file.sha256.slice(0, 16)}${ofMetadata ? 'm' : ''}"`,
  };
  if (options.ranges !== false) {
    headers['Accept-Ranges'] = 'bytes';
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get('range') ?? '');
    if (range !== null) return rangeAnswer(bytes, range[1] ?? '', range[2] ?? '', headers);
  }
  if (request.method === 'HEAD')
    return new Response(null, { headers: { ...headers, 'Content-Length': `${bytes.length}` } });
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

function rangeAnswer(
  bytes: Uint8Array,
  first: string,
  last: string,
  headers: Readonly<Record<string, string>>,
): Response {
  const size = bytes.length;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start > end || start >= size) {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` } });
  }
  return new Response(bytes.slice(start, end + 1) as Uint8Array<ArrayBuffer>, {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end}/${size}` },
  });
}

function advertised(file: PublishedDistribution, options: IndexServerOptions): boolean {
  return (options.metadata ?? 'advertised') === 'advertised' && file.file.endsWith('.whl');
}

function metadataHash(file: PublishedDistribution): string {
  return createHash('sha256').update(file.metadata).digest('hex');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
