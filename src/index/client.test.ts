import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { writeTar } from '../../tests/support/tar-writer.ts';
import { TercetError } from '../ground/error.ts';
import type { Event } from '../ground/events.ts';
import { createTransport } from '../http/transport.ts';
import type { Source } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { parseVersion } from '../versions/version.ts';
import { createIndexClient, type IndexClientOptions } from './client.ts';
import { SIMPLE_JSON } from './simple-page.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const demo = projectName('demo');

function metadata(name: string, version: string, lines: readonly string[]): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: About ${name}\n${lines.join('\n')}\n\nbody\n`;
}

/** A wheel; `padding` bytes of other contents stand before its METADATA. */
function wheel(name: string, version: string, lines: readonly string[], padding = 0): Buffer {
  return zip({
    ...(padding > 0 ? { 'a.bin': Buffer.from(Array.from({ length: padding }, () => Math.random() * 256)) } : {}),
    'vendored-9.dist-info/METADATA': Buffer.from('x'),
    [`${name}-${version}.dist-info/METADATA`]: Buffer.from(metadata(name, version, lines)),
  });
}

function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, contents] of Object.entries(files)) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(contents);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(contents), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(contents.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed);
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, name);
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function sdist(root: string, files: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(files).map(([path, contents]) => ({ path: `${root}/${path}`, contents }));
  return gzipSync(writeTar(entries));
}

const sha256 = (bytes: Uint8Array) => new Bun.CryptoHasher('sha256').update(bytes).digest('hex');

interface World {
  /** Files by name. */
  readonly files: Record<string, Buffer>;
  /** More fields of a file's entry in JSON. */
  readonly entries?: Readonly<Record<string, object>>;
  readonly html?: boolean;
  readonly ranges?: boolean;
  readonly serveMetadata?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hashes?: (bytes: Buffer) => Readonly<Record<string, string>>;
  readonly page?: (request: Request) => Response | undefined;
}

/** An index with one project, `demo`; the log holds `method path` and a `R` for ranges. */
function index(world: World) {
  const log: string[] = [];
  const server: ReturnType<typeof Bun.serve> = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request): Response {
      const { pathname } = new URL(request.url);
      const range = /bytes=(\d*)-(\d+)/.exec(request.headers.get('range') ?? '');
      log.push(`${range === null ? '' : 'R '}${pathname}`);
      const own = world.page?.(request);
      if (own !== undefined) return own;
      const base = `http://127.0.0.1:${server.port}/files/`;
      if (pathname === '/simple/demo/') {
        const hashes = world.hashes ?? ((bytes: Buffer) => ({ sha256: sha256(bytes) }));
        const headers = { ...world.headers, 'content-type': world.html ? 'text/html' : SIMPLE_JSON };
        if (world.headers?.etag !== undefined && request.headers.get('if-none-match') === world.headers.etag) {
          return new Response(null, { status: 304, headers: world.headers });
        }
        const listed = Object.entries(world.files);
        if (world.html) {
          const rows = listed.map(([name, bytes]) => {
            const [hash] = Object.entries(hashes(bytes));
            return `<a href="../../files/${name}${hash === undefined ? '' : `#${hash.join('=')}`}">${name}</a>`;
          });
          return new Response(`<html><body>${rows.join('')}</body></html>`, { headers });
        }
        const files = listed.map(([filename, bytes]) => ({
          filename,
          url: base + filename,
          hashes: hashes(bytes),
          size: bytes.length,
          ...world.entries?.[filename],
        }));
        return Response.json({ meta: { 'api-version': '1.0' }, name: 'demo', files }, { headers });
      }
      const name = pathname.replace('/files/', '');
      const text = world.serveMetadata?.[name];
      if (text !== undefined) return new Response(text);
      const bytes = world.files[name];
      if (bytes === undefined) return new Response('', { status: 404 });
      if (range === null || world.ranges === false) return new Response(new Uint8Array(bytes));
      const suffix = range[1] === '';
      const start = suffix ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
      const end = suffix ? bytes.length - 1 : Number(range[2]);
      return new Response(new Uint8Array(bytes.subarray(start, end + 1)), {
        status: 206,
        headers: { 'content-range': `bytes ${start}-${end}/${bytes.length}` },
      });
    },
  });
  stops.push(() => server.stop(true));
  return { log, url: `http://127.0.0.1:${server.port}/simple/` };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  stops.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function client(pypiUrl: string, options: Partial<IndexClientOptions> = {}) {
  const events: Event[] = [];
  const made = createIndexClient({
    transport: createTransport({ env: {}, retryDelay: 0, offline: options.offline ?? false }),
    cacheDir: folder(),
    sources: [],
    emit: (event) => events.push(event),
    now: () => 1_000_000,
    pypiUrl,
    ...options,
  });
  return Object.assign(made, { events });
}

async function described(made: ReturnType<typeof client>, version: string, source?: string) {
  const answer = await made.metadata(demo, parseVersion(version), source);
  if ('kind' in answer) return answer;
  const { requiresDist: _, ...others } = answer;
  return {
    ...others,
    version: answer.version.text,
    requirements: answer.requirements.map((one) => formatRequirement(one)),
    files: await made.lockedFiles(demo, parseVersion(version), source),
  };
}

const requires = [
  'Requires-Python: >=3.8',
  'Requires-Dist: leaf<2,>=1',
  'Requires-Dist: twig; extra == "more"',
  'Requires-Dist: bad (',
];
const understood = ['leaf (>=1,<2)', 'twig ; extra == "more"'];

test('releases and files as the page lists them', async () => {
  const files = {
    'demo-1.0.tar.gz': Buffer.from('a'),
    'demo-2.0.tar.gz': Buffer.from('b'),
    'demo-2.0.egg': Buffer.from('c'),
  };
  const { url, log } = index({ files, entries: { 'demo-2.0.tar.gz': { yanked: 'why' } } });
  const made = client(url);
  const releases = await made.versions(demo, undefined);
  expect(releases).toMatchObject([
    { version: { text: '1.0' }, yanked: false, source: undefined },
    { version: { text: '2.0' }, yanked: true },
  ]);
  expect(await made.versions(demo, 'pypi')).toEqual(releases);
  expect(await made.files(demo, parseVersion('2.0.0'), undefined)).toMatchObject([
    { file: 'demo-2.0.tar.gz', yanked: 'why', size: 1 },
  ]);
  expect(await made.files(demo, parseVersion('3.0'), undefined)).toEqual([]);
  expect(await made.versions(projectName('nothing'), undefined)).toEqual({ kind: 'not-found' });
  expect(log).toEqual(['/simple/demo/', '/simple/nothing/']);
});

test.each([
  ['PEP 658, advertised', { advertised: true, served: true }, ['/files/demo-1.0-py3-none-any.whl.metadata']],
  ['ranges', {}, ['R /files/demo-1.0-py3-none-any.whl']],
  [
    'PEP 658, not advertised, where there are no ranges',
    { ranges: false, served: true },
    ['R /files/demo-1.0-py3-none-any.whl', '/files/demo-1.0-py3-none-any.whl.metadata'],
  ],
  [
    'no ranges: the whole file',
    { ranges: false },
    [
      'R /files/demo-1.0-py3-none-any.whl',
      '/files/demo-1.0-py3-none-any.whl.metadata',
      '/files/demo-1.0-py3-none-any.whl',
    ],
  ],
  ['HTML', { html: true }, ['R /files/demo-1.0-py3-none-any.whl']],
] as readonly [string, { advertised?: boolean; served?: boolean; ranges?: boolean; html?: boolean }, string[]][])(
  "a wheel's metadata by %s",
  async (_, { advertised, served, ranges, html = false }, asked) => {
    const file = 'demo-1.0-py3-none-any.whl';
    const bytes = wheel('demo', '1.0', requires);
    const { url, log } = index({
      files: { [file]: bytes },
      html,
      ranges: ranges !== false,
      ...(served ? { serveMetadata: { [`${file}.metadata`]: metadata('demo', '1.0', requires) } } : {}),
      ...(advertised ? { entries: { [file]: { 'core-metadata': true } } } : {}),
    });
    const made = client(url);
    expect(await described(made, '1.0')).toEqual({
      prettyName: 'demo',
      version: '1.0',
      summary: 'About demo',
      requiresPython: '>=3.8',
      requirements: understood,
      files: [{ file, hash: `sha256:${sha256(bytes)}` }],
      yanked: false,
    });
    expect(log.slice(1)).toEqual(asked);
    expect(made.events).toMatchObject([
      { kind: 'notice', level: 1, text: 'Invalid requirement (bad () found in demo-1.0 dependencies, skipping' },
    ]);
  },
);

test('of a large wheel only parts are read', async () => {
  const file = 'demo-1.0-py3-none-any.whl';
  const { url, log } = index({ files: { [file]: wheel('demo', '1.0', requires, 600_000) } });
  expect(await described(client(url), '1.0')).toMatchObject({ requirements: understood });
  expect(log.slice(1)).toEqual([`R /files/${file}`]);
});

test('metadata that are not what the index announced are not used', async () => {
  const file = 'demo-1.0-py3-none-any.whl';
  const { url } = index({
    files: { [file]: wheel('demo', '1.0', requires) },
    entries: { [file]: { 'core-metadata': { sha256: '00' } } },
    serveMetadata: { [`${file}.metadata`]: metadata('demo', '1.0', ['Requires-Dist: evil']) },
  });
  const made = client(url);
  expect(await described(made, '1.0')).toMatchObject({ requirements: understood });
  expect(made.events[0]).toMatchObject({ kind: 'warning' });
});

test('a file with another hash than announced is not believed', async () => {
  const { url } = index({
    files: { 'demo-1.0.tar.gz': sdist('demo-1.0', { 'PKG-INFO': 'x' }) },
    hashes: () => ({ sha256: 'ab' }),
  });
  const error: unknown = await described(client(url), '1.0').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TercetError);
  expect(error).toMatchObject({ code: 'hash-mismatch' });
});

const OLD = 'Metadata-Version: 1.1\nName: demo\nVersion: 1.0\nSummary: Old\n';
test.each([
  ['lists them', { 'PKG-INFO': `${OLD.replace('1.1', '1.2')}Requires-Dist: leaf` }, ['leaf']],
  ['has none since 2.2', { 'PKG-INFO': OLD.replace('1.1', '2.2') }, []],
  [
    'has a static pyproject.toml',
    {
      'PKG-INFO': OLD,
      'pyproject.toml':
        '[project]\nname = "demo"\nversion = "1.0"\ndependencies = ["leaf>=1"]\n[project.optional-dependencies]\nmore = ["twig"]',
    },
    ['leaf (>=1)', 'twig ; extra == "more"'],
  ],
  [
    'has an egg-info',
    {
      'PKG-INFO': OLD,
      'src/demo.egg-info/PKG-INFO': OLD,
      'src/demo.egg-info/requires.txt': 'leaf>=1\n\n[:python_version<"3"]\nbranch\n\n[more]\ntwig\n',
    },
    ['leaf (>=1)', 'branch ; python_version < "3"', 'twig ; extra == "more"'],
  ],
  ['has an egg-info without requirements', { 'PKG-INFO': OLD, 'demo.egg-info/PKG-INFO': OLD }, []],
] as readonly [string, Record<string, string>, string[]][])(
  'a source distribution that %s',
  async (_, files, expected) => {
    const { url } = index({ files: { 'demo-1.0.tar.gz': sdist('demo-1.0', files) } });
    expect(await described(client(url), '1.0')).toMatchObject({ requirements: expected });
  },
);

test('what stands beside PKG-INFO does not keep it from being read', async () => {
  const info = 'Metadata-Version: 2.2\nName: demo\nVersion: 1.0\nRequires-Dist: beta\n';
  const link = { path: 'demo-1.0/docs', type: '2', linkTarget: '../../docs' };
  const bytes = gzipSync(writeTar([{ path: 'demo-1.0/PKG-INFO', contents: info }, link]));
  const { url } = index({ files: { 'demo-1.0.tar.gz': Buffer.from(bytes) } });
  expect(await described(client(url), '1.0')).toMatchObject({ requirements: ['beta'] });
});

test('a source distribution that leaves all to its build has no metadata', async () => {
  const { url } = index({
    files: {
      'demo-1.0.tar.gz': sdist('demo-1.0', { 'PKG-INFO': OLD, 'setup.py': 'x' }),
      'demo-2.0.tar.bz2': Buffer.from('BZh'),
    },
  });
  const made = client(url);
  expect(await described(made, '1.0')).toMatchObject({ kind: 'no-metadata', detail: expect.stringContaining('build') });
  expect(await described(made, '2.0')).toMatchObject({
    kind: 'no-metadata',
    detail: expect.stringContaining('cannot be read'),
  });
});

test('PyPI shows the wheel that was uploaded first; other indexes the first of the page', async () => {
  const files = {
    'demo-1.0-cp311-cp311-win32.whl': wheel('demo', '1.0', ['Requires-Dist: windows']),
    'demo-1.0-cp312-cp312-win32.whl': wheel('demo', '1.0', ['Requires-Dist: first']),
  };
  const { url } = index({
    files,
    entries: {
      'demo-1.0-cp311-cp311-win32.whl': { 'upload-time': '2020-01-02T00:00:00Z' },
      'demo-1.0-cp312-cp312-win32.whl': { 'upload-time': '2020-01-01T00:00:00Z' },
    },
  });
  const own: Source = { name: 'Own', url: url.replace('//', '//u:secret@'), priority: 'supplemental' };
  const made = client(url, { sources: [own] });
  expect(await described(made, '1.0')).toMatchObject({ requirements: ['first'] });
  expect(await described(made, '1.0', 'own')).toMatchObject({
    requirements: ['windows'],
    lockedSource: { type: 'legacy', url: url.replace(/\/$/, ''), reference: 'Own' },
  });
  expect(await made.versions(demo, 'OWN')).toMatchObject([{ source: 'Own' }]);
});

test('universal wheels for Python 2 and 3 are read as one', async () => {
  const { url } = index({
    files: {
      'demo-1.0-py2-none-any.whl': wheel('demo', '1.0', [
        'Requires-Python: ==2.7.*',
        'Requires-Dist: both',
        'Requires-Dist: old',
      ]),
      'demo-1.0-py3-none-any.whl': wheel('demo', '1.0', ['Requires-Dist: both', 'Requires-Dist: new']),
    },
  });
  expect(await described(client(url), '1.0')).toMatchObject({
    requirements: ['both', 'new ; python_version >= "3"', 'old ; python_version == "2.7"'],
    requiresPython: '>=2.7,<2.8 || >=3,<4',
  });
});

test('files at hand: once the page is there, where it gives their hashes', async () => {
  const files = { 'demo-1.0.tar.gz': Buffer.from('a'), 'demo-2.0.tar.gz': Buffer.from('b') };
  const { url, log } = index({ files, entries: { 'demo-2.0.tar.gz': { hashes: { md5: 'ab' } } } });
  const made = client(url);
  const atHand = (version: string) => made.atHand.lockedFiles(demo, parseVersion(version), undefined);
  expect(atHand('1.0')).toBeUndefined();
  await made.versions(demo, undefined);
  expect(atHand('1.0')).toEqual(await made.lockedFiles(demo, parseVersion('1.0'), undefined));
  expect(atHand('2.0')).toBeUndefined();
  expect(atHand('3.0')).toEqual({ kind: 'not-found' });
  expect(log).toEqual(['/simple/demo/']);
});

test('other indexes: the best hash; files without one are read; files yanked alone are left out', async () => {
  const tar = sdist('demo-1.0', { 'PKG-INFO': `${OLD.replace('1.1', '1.2')}Requires-Dist: leaf` });
  const whl = wheel('demo', '1.0', requires);
  const { url, log } = index({
    files: { 'demo-1.0.tar.gz': tar, 'demo-1.0-py3-none-any.whl': whl, 'demo-1.0-py2-none-any.whl': whl },
    entries: {
      'demo-1.0-py2-none-any.whl': { yanked: true },
      'demo-1.0-py3-none-any.whl': { hashes: { sha512: 'ab', sha256: 'cd' } },
    },
    hashes: () => ({}),
  });
  const sources: Source[] = [{ name: 'own', url, priority: 'primary' }];
  const cacheDir = folder();
  const expected = [
    { file: 'demo-1.0.tar.gz', hash: `sha256:${sha256(tar)}` },
    { file: 'demo-1.0-py3-none-any.whl', hash: 'sha512:ab' },
  ];
  expect(await described(client(url, { sources, cacheDir }), '1.0')).toMatchObject({ files: expected });
  const before = log.length;
  expect(await described(client(url, { sources, cacheDir }), '1.0')).toMatchObject({ files: expected });
  expect(log.length).toBe(before);
});

test('a warm cache asks nothing; an old one asks whether anything changed; no cache asks all', async () => {
  const bytes = wheel('demo', '1.0', requires);
  const { url, log } = index({
    files: { 'demo-1.0-py3-none-any.whl': bytes },
    headers: { etag: '"1"', 'cache-control': 'public, max-age=60' },
  });
  const cacheDir = folder();
  const first = await described(client(url, { cacheDir }), '1.0');
  const asked = log.length;
  expect(await described(client(url, { cacheDir, now: () => 1_059_000 }), '1.0')).toEqual(first);
  expect(log.length).toBe(asked);
  expect(await described(client(url, { cacheDir, now: () => 1_061_000 }), '1.0')).toEqual(first);
  expect(log.slice(asked)).toEqual(['/simple/demo/']);
  expect(await described(client(url, { cacheDir, now: () => 1_120_000 }), '1.0')).toEqual(first);
  expect(log.length).toBe(asked + 1);
  await described(client(url, { cacheDir, noCache: true }), '1.0');
  expect(log.length).toBe(asked + 1 + asked);
});

test('the pages behind the answers, and whether they say the same', async () => {
  const files: Record<string, Buffer> = { 'demo-1.0-py3-none-any.whl': wheel('demo', '1.0', requires) };
  const { url, log } = index({ files });
  const cacheDir = folder();
  const first = client(url, { cacheDir });
  await described(first, '1.0');
  const pages = first.consulted() ?? [];
  expect(pages.map(({ source, project }) => `${source} ${project}`)).toEqual(['PyPI demo']);
  const asked = log.length;
  expect(await client(url, { cacheDir }).areUnchanged(pages)).toBe(true);
  expect(await client(url, { cacheDir, offline: true, now: () => 9e12 }).areUnchanged(pages)).toBe(true);
  expect(log.length).toBe(asked);
  const later = { cacheDir, now: () => 9e12 };
  expect(await client(url, later).areUnchanged(pages)).toBe(true);
  expect(log.slice(asked)).toEqual(['/simple/demo/']);
  files['demo-2.0-py3-none-any.whl'] = wheel('demo', '2.0', requires);
  expect(await client(url, later).areUnchanged(pages)).toBe(true);
  expect(await client(url, { cacheDir, now: () => 9.1e12 }).areUnchanged(pages)).toBe(false);
  expect(await client(url, { cacheDir: folder() }).areUnchanged(pages)).toBe(false);
  expect(await client(url, { cacheDir, noCache: true }).areUnchanged(pages)).toBe(false);
});

test('pages do not tell all where something could not be had', async () => {
  const { url } = index({ files: { 'demo-1.0.tar.gz': Buffer.from('not an archive') } });
  const made = client(url);
  expect(await described(made, '1.0')).toMatchObject({ kind: 'no-metadata' });
  expect(made.consulted()).toBeUndefined();
  const offline = client(url, { offline: true });
  await offline.versions(demo, undefined);
  expect(offline.consulted()).toBeUndefined();
  const direct = client(url);
  await direct.origin(demo, { kind: 'url', url: `${url}none-1.0-py3-none-any.whl` }).catch(() => undefined);
  expect(direct.consulted()).toBeUndefined();
});

test('offline: what is in the cache, however old, and nothing else', async () => {
  const { url, log } = index({ files: { 'demo-1.0-py3-none-any.whl': wheel('demo', '1.0', requires) } });
  const cacheDir = folder();
  const first = await described(client(url, { cacheDir }), '1.0');
  const asked = log.length;
  const made = client(url, { cacheDir, offline: true, now: () => 9e12 });
  expect(await described(made, '1.0')).toEqual(first);
  expect(await made.versions(projectName('other'), undefined)).toEqual({ kind: 'offline' });
  expect(log.length).toBe(asked);
});

test('damaged records are read anew', async () => {
  const { url } = index({ files: { 'demo-1.0-py3-none-any.whl': wheel('demo', '1.0', requires) } });
  const cacheDir = folder();
  const first = await described(client(url, { cacheDir }), '1.0');
  for (const path of readdirSync(cacheDir, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const name = join(path.parentPath, path.name);
    const contents = readFileSync(name);
    writeFileSync(name, contents.subarray(0, contents.length - 3));
  }
  expect(await described(client(url, { cacheDir }), '1.0')).toEqual(first);
});

test('each question is asked once, however many ask', async () => {
  const { url, log } = index({ files: { 'demo-1.0-py3-none-any.whl': wheel('demo', '1.0', requires) } });
  const made = client(url);
  made.prefetch([demo]);
  await Promise.all([described(made, '1.0'), described(made, '1.0'), made.versions(demo, undefined)]);
  expect(log.length).toBe(new Set(log).size);
});

test('401 and 403 end the command, so do other answers than 404, a login page is no index', async () => {
  const answers = (status: number, body = '<form><input></form>') =>
    index({
      files: {},
      page: () => new Response(body, { status, headers: { 'content-type': 'text/html' } }),
    });
  const sources = (url: string): Source[] => [{ name: 'own', url, priority: 'primary' }];
  // Stores of files say so where there is nothing.
  const bucket = answers(403, '<Error><Code>AccessDenied</Code></Error>');
  const made = client(bucket.url, { sources: sources(bucket.url.replace('//', '//u:secret@')) });
  expect(await made.versions(demo, undefined)).toEqual({ kind: 'not-found' });
  expect(made.events).toEqual([{ kind: 'warning', text: `Authorization error accessing ${bucket.url}demo/` }]);
  for (const [status, code] of [
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [407, 'index-error'],
    [200, 'not-an-index'],
    [418, 'index-error'],
  ] as const) {
    const { url } = answers(status);
    const error: unknown = await client(url, { sources: sources(url) })
      .versions(demo, undefined)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
  }
});

test('all searched sources: primary ones together, supplemental ones while there is nothing', async () => {
  const one = index({ files: { 'demo-1.0.tar.gz': Buffer.from('a') } });
  const two = index({ files: { 'demo-2.0.tar.gz': Buffer.from('b') } });
  const more = index({ files: { 'demo-3.0.tar.gz': Buffer.from('c') } });
  const none = index({ files: {}, page: () => new Response('', { status: 404 }) });
  const source = (name: string, { url }: { url: string }, priority: Source['priority'] = 'primary'): Source => ({
    name,
    url,
    priority,
  });
  const texts = async (sources: Source[]) => {
    const found = await client(none.url, { sources }).allVersions(demo);
    return 'kind' in found ? found.kind : found.map(({ version, source }) => `${version.text} ${source}`);
  };
  const last = source('last', more, 'supplemental');
  expect(await texts([source('one', one), source('two', two), last])).toEqual(['1.0 one', '2.0 two']);
  expect(await texts([source('none', none), last])).toEqual(['3.0 last']);
  expect(await texts([last])).toEqual(['3.0 last']);
  expect(await texts([source('hidden', one, 'explicit')])).toBe('not-found');
});

test('one page for all projects', async () => {
  const body =
    '<html><body><a href="/files/demo-1.0.tar.gz">a</a><a href="/files/other-2.0.tar.gz">b</a></body></html>';
  const { url, log } = index({
    files: {},
    page: () => new Response(body, { headers: { 'content-type': 'text/html' } }),
  });
  const made = client(url, { sources: [{ name: 'page', url: `${url}links.html`, priority: 'primary' }] });
  expect(await made.versions(demo, 'page')).toMatchObject([{ version: { text: '1.0' } }]);
  expect(await made.versions(projectName('other'), 'page')).toMatchObject([{ version: { text: '2.0' } }]);
  expect(log).toEqual(['/simple/links.html']);
});

test('search: the name itself, then similar names that were met before', async () => {
  const { url } = index({
    files: { 'demo-1.0.tar.gz': Buffer.from('a') },
    page: (request) =>
      /\/(?:demo-extra|dmeo|unrelated)\/$/.test(request.url)
        ? new Response('{"meta":{"api-version":"1.1"},"name":"x","files":[]}', {
            headers: { 'content-type': SIMPLE_JSON },
          })
        : undefined,
  });
  const cacheDir = folder();
  // The index has no `demoo`: that it was asked for does not make it a name to offer.
  const names = ['demo-extra', 'dmeo', 'unrelated', 'demoo'].map(projectName);
  const made = client(url, { cacheDir });
  await Promise.all([demo, ...names].map((name) => made.versions(name, undefined)));
  expect(await made.search(demo)).toEqual(['demo', 'dmeo', 'demo-extra'].map(projectName));
});

test('direct origins: a wheel by address, a wheel on disk, folders', async () => {
  const bytes = wheel('demo', '1.0', requires);
  const file = 'demo-1.0-py3-none-any.whl';
  const { url } = index({ files: { [file]: bytes } });
  const projectDir = folder();
  writeFileSync(join(projectDir, file), bytes);
  const made = client(url, { projectDir });
  const address = `${url.replace('simple/', 'files/')}${file}`;
  const files = [{ file, hash: `sha256:${sha256(bytes)}` }];
  expect(await made.origin(demo, { kind: 'url', url: address })).toMatchObject({
    prettyName: 'demo',
    files,
    lockedSource: { type: 'url', url: address },
  });
  expect(await made.origin(demo, { kind: 'file', path: file })).toMatchObject({
    files,
    lockedSource: { type: 'file', url: file },
  });

  writeFileSync(
    join(projectDir, 'pyproject.toml'),
    '[tool.poetry]\nname = "My.Demo"\nversion = "0.1"\n[tool.poetry.dependencies]\npython = "^3.9"\nleaf = "^1.2"\n',
  );
  const inFolder = await made.origin(demo, { kind: 'directory', path: '.', develop: true });
  expect(inFolder).toMatchObject({
    prettyName: 'my-demo',
    requiresPython: '^3.9',
    develop: true,
    files: [],
    requirements: [{ prettyName: 'leaf', prettyConstraint: '^1.2' }],
    lockedSource: { type: 'directory', url: '.' },
  });
  expect(await made.origin(demo, { kind: 'directory', path: 'missing', develop: false })).toMatchObject({
    kind: 'no-metadata',
  });
  expect(await made.origin(demo, { kind: 'file', path: 'missing.whl' })).toMatchObject({ kind: 'no-metadata' });
});

test('a path where nothing is, or something else than is asked for, is told in Poetry\u2019s words', async () => {
  const { url } = index({ files: {} });
  const made = client(url);
  const folder = mkdtempSync(join(tmpdir(), 'tercet-origin-'));
  const file = join(folder, 'demo.txt');
  writeFileSync(file, '');
  const said = async (origin: Parameters<typeof made.origin>[1]) => made.origin(demo, origin);
  const missing = join(folder, 'demo-1.0.tar.gz');
  expect(await said({ kind: 'file', path: missing })).toMatchObject({
    detail: `Path ${missing} for demo does not exist`,
  });
  expect(await said({ kind: 'file', path: folder })).toMatchObject({
    detail: `${folder} for demo is a directory, expected a file`,
  });
  expect(await said({ kind: 'directory', path: file, develop: false })).toMatchObject({
    detail: `${file} for demo is a file, expected a directory`,
  });
  expect(await said({ kind: 'directory', path: folder, develop: false })).toMatchObject({
    detail: `Directory ${folder} for demo does not seem to be a Python package`,
  });
  rmSync(folder, { recursive: true });
});
