/** A cache that machines share: each home here is a machine of its own. */

import { afterAll, describe, expect, test } from 'bun:test';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

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
  await home.run(['lock']);
  const before = index.requests.length;
  const { code, stderr } = await home.run(['install'], { env });
  const files = index.requests.slice(before).filter(({ path }) => path.endsWith('.whl'));
  return { code, stderr, fromIndex: files.length, installed: home.exists('.venv/bin/python') };
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
    expect(next).toMatchObject({ code: 0, fromIndex: 0 });
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
