/** A cache that machines share: each home here is a machine of its own. */

import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { FAST } from '../support/interpreters.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { sourceTree } from '../support/source-tree.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';

const wheels = ['alpha', 'beta'].map((name) => buildWheel({ name }));
const index = startIndex(wheels);
afterAll(() => index.stop());

/** A server that takes PUT and answers GET, and what it was asked. */
function startStore(answer?: (request: Request) => Response | undefined) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const seen: string[] = [];
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      seen.push(`${request.method} ${pathname}`);
      const other = answer?.(request);
      if (other !== undefined) return other;
      if (request.method === 'PUT') {
        files.set(pathname, new Uint8Array(await request.arrayBuffer()));
        return new Response('', { status: 201 });
      }
      const found = files.get(pathname);
      return found === undefined ? new Response('', { status: 404 }) : new Response(found);
    },
  });
  return { files, seen, url: `http://127.0.0.1:${server.port}/team`, stop: () => server.stop(true) };
}

async function install(env: Readonly<Record<string, string>>) {
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha', 'beta']));
  await home.run(['lock'], { env: FAST });
  const before = index.requests.length;
  const { code, stderr } = await home.run(['install'], { env: { ...FAST, ...env } });
  const requests = index.requests.slice(before);
  const files = requests.filter(({ path }) => path.endsWith('.whl'));
  return {
    code,
    stderr,
    requests: requests.length,
    fromIndex: files.length,
    installed: home.exists('.venv/bin/python'),
  };
}

describe('files', () => {
  test('one machine fills it, the next needs nothing of the index', async () => {
    const store = startStore();
    expect(await install({ TERCET_REMOTE_CACHE: store.url })).toMatchObject({ code: 0, fromIndex: 2 });
    expect(store.files.size).toBe(0);
    const filled = await install({ TERCET_REMOTE_CACHE: store.url, TERCET_REMOTE_CACHE_UPLOAD: '1' });
    expect(filled).toMatchObject({ code: 0, fromIndex: 2 });
    expect([...store.files.keys()].sort()).toEqual(
      wheels.map(({ sha256 }) => `/team/v1/sha256/${sha256.slice(0, 2)}/${sha256}`).sort(),
    );
    const next = await install({ TERCET_REMOTE_CACHE: store.url });
    expect(next).toMatchObject({ code: 0, requests: 0 });
    expect(next.stderr).not.toContain('Warning');
    await store.stop();
  });

  test.each([
    ['other contents', () => new Response('something else')],
    ['a refusal', () => new Response('', { status: 403 })],
    ['a server that is ill', () => new Response('', { status: 500 })],
  ])('%s: given up with a warning, and installed from the index', async (_, answer) => {
    const store = startStore(answer);
    const { code, stderr, fromIndex } = await install({
      TERCET_REMOTE_CACHE: store.url,
      TERCET_REMOTE_CACHE_UPLOAD: '1',
    });
    expect({ code, fromIndex }).toEqual({ code: 0, fromIndex: 2 });
    expect(stderr.match(/Warning: the remote cache is not used any further in this run/g)?.length).toBe(1);
    expect(store.seen.some((one) => one.startsWith('PUT'))).toBe(false);
    await store.stop();
  });

  test('killed in the middle of the first file: the index has them all', async () => {
    const first = wheels[0]?.bytes ?? new Uint8Array();
    const store = startStore((request) => {
      if (request.method !== 'GET') return undefined;
      const half = new ReadableStream({
        pull(controller) {
          controller.enqueue(first.slice(0, first.length / 2));
          void store.stop();
        },
      });
      return new Response(half, { headers: { 'content-length': `${first.length}` } });
    });
    const { code, stderr, fromIndex } = await install({ TERCET_REMOTE_CACHE: store.url });
    expect({ code, fromIndex }).toEqual({ code: 0, fromIndex: 2 });
    expect(stderr.match(/Warning/g)?.length).toBe(1);
  });

  test('nobody there', async () => {
    const { code, stderr } = await install({ TERCET_REMOTE_CACHE: 'http://user:secret@127.0.0.1:1/' });
    expect(code).toBe(0);
    expect(stderr).toContain('Warning: the remote cache is not used any further in this run');
    expect(stderr).not.toContain('secret');
  });

  test('an address that is none ends the command', async () => {
    const { code, stderr } = await install({ TERCET_REMOTE_CACHE: 's3://bucket/x' });
    expect(code).toBe(1);
    expect(stderr).toContain('a remote cache at s3:// needs AWS_ACCESS_KEY_ID');
  });
});

describe('records', () => {
  const KEY = { TERCET_REMOTE_CACHE_KEY: 'a key that the team has' };
  const UPLOAD = { TERCET_REMOTE_CACHE_UPLOAD: '1' };
  /** Builds are not told the key. */
  const before = 'assert "TERCET_REMOTE_CACHE_KEY" not in os.environ';
  const SOURCED = { name: 'sourced', requires: ['alpha'], before };
  const published = () => [buildSdist({ name: 'sourced', version: '1.0', files: sourceTree(SOURCED) }), ...wheels];

  /** A machine that locks and installs a project that needs the sdist: whether it built, and how often it fetched the sdist. */
  async function machine(settings: Readonly<Record<string, string>>) {
    await using own = startIndex(published());
    using home = createHome(own.url);
    home.write('pyproject.toml', manifestOf(['sourced']));
    const log = join(home.path, 'hooks');
    const env = { ...FAST, ...settings, BUILD_HOOKS: log };
    const runs = [await home.run(['lock'], { env }), await home.run(['install'], { env })];
    const sdists = own.requests.filter(({ path }) => path.endsWith('.tar.gz')).length;
    const stderr = runs.map((one) => one.stderr.replace(/^Creating virtualenv .*\n/m, '')).join('');
    return { codes: runs.map(({ code }) => code), stderr, built: existsSync(log), sdists };
  }

  /** A store that one machine with the key has filled. */
  let filling: Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> | undefined;
  async function filledStore() {
    const store = startStore();
    filling ??= machine({ TERCET_REMOTE_CACHE: store.url, ...KEY, ...UPLOAD }).then((done) => {
      expect(done).toMatchObject({ codes: [0, 0], stderr: '', built: true });
      return new Map(store.files);
    });
    for (const [path, bytes] of await filling) store.files.set(path, bytes);
    return store;
  }

  test('what one machine has built, another with the key need not build, nor even fetch', async () => {
    const store = await filledStore();
    const kinds = new Set([...store.files.keys()].map((path) => path.split('/')[3]));
    expect([...kinds].sort()).toEqual(['built-metadata', 'built-wheels', 'metadata', 'sha256']);
    const next = await machine({ TERCET_REMOTE_CACHE: store.url, ...KEY });
    expect(next).toEqual({ codes: [0, 0], stderr: '', built: false, sdists: 0 });
    await store.stop();
  });

  test('without the key nothing of it is used, nor left there', async () => {
    const store = await filledStore();
    const before = store.seen.length;
    const done = await machine({ TERCET_REMOTE_CACHE: store.url, ...UPLOAD });
    expect(done).toMatchObject({ codes: [0, 0], stderr: '', built: true });
    expect(store.seen.slice(before).filter((one) => !one.includes('/v1/sha256/'))).toEqual([]);
    await store.stop();
  });

  test.each([
    ['signed with another key', (text: string) => text.replace(/^[0-9a-f]{64}/, 'f'.repeat(64))],
    ['not signed', (text: string) => text.slice(65)],
    ['changed', (text: string) => text.replace('sourced', 'another')],
  ])('%s: a warning, and built', async (_, change) => {
    const store = await filledStore();
    for (const [path, bytes] of store.files) {
      if (path.includes('/sha256/')) continue;
      store.files.set(path, new TextEncoder().encode(change(new TextDecoder().decode(bytes))));
    }
    const { codes, stderr, built } = await machine({ TERCET_REMOTE_CACHE: store.url, ...KEY });
    expect({ codes, built }).toEqual({ codes: [0, 0], built: true });
    expect(stderr).toContain('Warning: the remote cache has records that are not signed with this key');
    await store.stop();
  });

  test('a key that is too short ends the command', async () => {
    const { code, stderr } = await install({
      TERCET_REMOTE_CACHE: 'http://127.0.0.1:1/',
      TERCET_REMOTE_CACHE_KEY: 'x',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('TERCET_REMOTE_CACHE_KEY is shorter than 16 characters');
  });
});
