/**
 * Indexes of projects written down in a few lines, served under made-up addresses through a proxy on loopback, so that a lock that
 * names an address is the same on every machine and for every tool.
 *
 * `http://pypi.example/` stands in for PyPI (simple API and release documents); every other host is a simple index of its own.
 */

import { createHash } from 'node:crypto';

/** A release: its Requires-Dist lines, or these with more. */
type WrittenRelease = readonly string[] | Release;

interface Release {
  readonly requires?: readonly string[];
  readonly python?: string;
  /** True, or the reason. */
  readonly yanked?: boolean | string;
  /** Null: none is given. Default: `About NAME`. */
  readonly summary?: string | null;
  /** Default: a wheel for every Python and an sdist. */
  readonly files?: readonly string[];
  /** When it was published; default: long ago. Null: the index does not say. */
  readonly uploaded?: string | null;
}

/** Project → version → release, in the order in which the index lists them. */
export type Universe = Readonly<Record<string, Readonly<Record<string, WrittenRelease>>>>;

/** Universes by host, `pypi.example` among them, and the files that other hosts hand out. */
export interface Hosts {
  readonly universes: Readonly<Record<string, Universe>>;
  /** `http://HOST/PATH` → contents. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Hosts that ask for this user and password. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Hosts whose pages are HTML (PEP 503). Default: JSON (PEP 691). */
  readonly html?: readonly string[];
}

export const PYPI_HOST = 'pypi.example';

/** A proxy that answers for all hosts itself. */
export interface Proxy {
  /** For `HTTP_PROXY`. */
  readonly url: string;
  stop(): Promise<void>;
}

export function startProxy(hosts: Hosts): Proxy {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => answer(request, hosts) });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

function answer(request: Request, { universes, files = {}, passwords = {}, html = [] }: Hosts): Response {
  const { host, pathname, href } = new URL(request.url);
  const password = passwords[host];
  if (password !== undefined && request.headers.get('authorization') !== `Basic ${btoa(password)}`) {
    return new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="index"' } });
  }
  const file = files[href];
  if (file !== undefined) return new Response(file as Uint8Array<ArrayBuffer>);
  const universe = universes[host];
  const [, kind, name = '', version = '', last] = pathname.split('/');
  const releases = universe?.[name];
  if (kind === 'simple' && releases !== undefined) {
    return html.includes(host) ? htmlPage(releases, { host, name }) : jsonPage(releases, { host, name });
  }
  if (kind === 'pypi' && last === 'json') {
    const known = Object.keys(releases ?? {}).find((one) => sameText(one, version));
    if (known !== undefined) return releaseDocument(name, known, full(releases?.[known] ?? []));
  }
  const metadata = kind === 'files' ? metadataOf(decodeURIComponent(name), universe ?? {}) : undefined;
  return metadata === undefined ? new Response('', { status: 404 }) : new Response(metadata);
}

interface PageOf {
  readonly host: string;
  readonly name: string;
}

/** The files of all releases. Their hashes are those of their names: nobody ever reads them. */
function listed(releases: Universe[string], { host, name }: PageOf) {
  return Object.entries(releases).flatMap(([version, written]) => {
    const release = full(written);
    return filesOf(name, version, release).map((file) => ({ file, release, url: `http://${host}/files/${file}` }));
  });
}

function jsonPage(releases: Universe[string], of: PageOf): Response {
  const page = {
    meta: { 'api-version': '1.1' },
    name: of.name,
    files: listed(releases, of).map(({ file, release, url }) => ({
      filename: file,
      url,
      hashes: { sha256: sha256(file) },
      'requires-python': release.python ?? null,
      yanked: release.yanked ?? false,
      'core-metadata': file.endsWith('.whl'),
      ...(release.uploaded === null ? {} : { 'upload-time': release.uploaded ?? LONG_AGO }),
    })),
  };
  return new Response(JSON.stringify(page), { headers: { 'Content-Type': 'application/vnd.pypi.simple.v1+json' } });
}

function htmlPage(releases: Universe[string], of: PageOf): Response {
  const links = listed(releases, of).map(({ file, release, url }) => {
    const yanked = release.yanked ? ` data-yanked="${release.yanked === true ? '' : release.yanked}"` : '';
    const python = release.python ? ` data-requires-python="${release.python.replaceAll('>', '&gt;')}"` : '';
    const metadata = file.endsWith('.whl') ? ' data-core-metadata="true"' : '';
    return `<a href="${url}#sha256=${sha256(file)}"${yanked}${python}${metadata}>${file}</a>`;
  });
  return new Response(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`, {
    headers: { 'Content-Type': 'text/html' },
  });
}

const LONG_AGO = '2020-01-01T00:00:00.000000Z';

function releaseDocument(name: string, version: string, release: Release): Response {
  const { requires = [], python = null, yanked = false, summary } = release;
  const reason = typeof yanked === 'string' ? yanked : null;
  return Response.json({
    info: {
      name,
      version,
      summary: summary === undefined ? `About ${name}` : summary,
      requires_dist: requires,
      requires_python: python,
      yanked: yanked !== false,
      yanked_reason: reason,
    },
    urls: filesOf(name, version, release).map((file) => ({
      filename: file,
      packagetype: file.endsWith('.whl') ? 'bdist_wheel' : 'sdist',
      digests: { sha256: sha256(file) },
      url: `http://${PYPI_HOST}/files/${file}`,
      yanked: yanked !== false,
      yanked_reason: reason,
    })),
  });
}

/** `METADATA` of the release that a `FILE.whl.metadata` belongs to. */
function metadataOf(asked: string, universe: Universe): string | undefined {
  if (!asked.endsWith('.whl.metadata')) return undefined;
  const file = asked.slice(0, -'.metadata'.length);
  for (const [name, releases] of Object.entries(universe)) {
    for (const [version, written] of Object.entries(releases)) {
      const release = full(written);
      if (filesOf(name, version, release).includes(file)) return metadataText(name, version, release);
    }
  }
  return undefined;
}

/** The text of a `METADATA` file. */
function metadataText(name: string, version: string, written: WrittenRelease): string {
  const { requires = [], python, summary } = full(written);
  const extras = new Set(requires.flatMap((one) => [...one.matchAll(/extra\s*==\s*['"]([^'"]+)/g)].map(([, x]) => x)));
  const about = summary === undefined ? `About ${name}` : summary;
  return [
    'Metadata-Version: 2.2',
    `Name: ${name}`,
    `Version: ${version}`,
    ...(about === null ? [] : [`Summary: ${about}`]),
    ...(python === undefined ? [] : [`Requires-Python: ${python}`]),
    ...requires.map((one) => `Requires-Dist: ${one}`),
    ...[...extras].map((one) => `Provides-Extra: ${one}`),
    '',
  ].join('\n');
}

function full(written: WrittenRelease): Release {
  return isList(written) ? { requires: written } : written;
}

function isList(written: WrittenRelease): written is readonly string[] {
  return Array.isArray(written);
}

function filesOf(name: string, version: string, { files }: Release): readonly string[] {
  const module = name.replaceAll('-', '_');
  return files ?? [`${module}-${version}-py3-none-any.whl`, `${module}-${version}.tar.gz`];
}

/** Versions are asked for with or without their final zeros. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/(\.0)+(?=$|\.?[a-z]|\+)/, '');
  return plain(decodeURIComponent(a)) === plain(decodeURIComponent(b));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
