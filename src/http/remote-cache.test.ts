import { describe, expect, test } from 'bun:test';
import { tmpdir } from 'node:os';
import { createRemoteCache, remoteCachePlace } from './remote-cache.ts';
import { s3Headers } from './s3-signature.ts';

describe('s3Headers', () => {
  const now = new Date('2026-11-23T12:00:00.000Z');
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/key', region: 'eu-central-1' };
  const contents = 'd1b2a59fbea7e20077af9f91b27e95e865061b270be03ff539ab3b73587882e8';

  // What botocore signs.
  test.each([
    [
      'GET',
      'http://127.0.0.1:9000/bucket/a%20b/v1/sha256/ab/x',
      undefined,
      undefined,
      '24cdcdf69b9c2513ff63ae41f51c2bc4c7ed9928a8995729f9a0bd58e301d3d0',
    ],
    [
      'PUT',
      'https://s3.eu-central-1.amazonaws.com/bucket/v1/f',
      contents,
      undefined,
      '2c23f37c8bfa6ded565b14fd9b912fb14f502826aee49405440265378f78541a',
    ],
    [
      'PUT',
      'https://s3.eu-central-1.amazonaws.com/bucket/v1/f',
      contents,
      'TOKEN',
      'c28ec0c278eef15b83e5e2f72467c28e7575e5c894096fbac5ba797abbcc1b39',
    ],
  ] as const)('%s %s', (method, url, payload, sessionToken, signature) => {
    const headers = s3Headers(
      { method, url: new URL(url), now, ...(payload === undefined ? {} : { payload }) },
      { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) },
    );
    expect(headers['x-amz-date']).toBe('20261123T120000Z');
    expect(headers.authorization).toEndWith(`Signature=${signature}`);
  });

  test('a percent sign that escapes nothing is one like any other sign', () => {
    const sign = (path: string) => s3Headers({ method: 'GET', url: new URL(`https://s3.example/${path}`), now }, keys);
    expect(sign('b/100%')).toEqual(sign('b/100%25'));
  });
});

describe('remoteCachePlace', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  test.each([
    ['https://cache.example/team', {}, 'https://cache.example/team/'],
    ['s3://bucket/team/', keys, 'https://s3.us-east-1.amazonaws.com/bucket/team/'],
    [
      's3://bucket',
      { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:9000', AWS_REGION: 'x' },
      'http://127.0.0.1:9000/bucket/',
    ],
  ])('%s with %p is at %s', (address, env, url) => {
    expect(remoteCachePlace(address, false, env)?.url).toBe(url);
  });

  test.each([['ftp://cache.example/'], ['nonsense'], ['s3://bucket/x']])('%s is refused', (address) => {
    expect(() => remoteCachePlace(address, false, {})).toThrow('The remote cache cannot be used');
  });

  test('none', () => {
    expect(remoteCachePlace('', true, {})).toBeUndefined();
  });
});

test.each([
  ['never answers', () => new Promise<Response>(() => undefined)],
  [
    'sends next to nothing',
    () => new Response(new ReadableStream({ start: (body) => body.enqueue(Buffer.from('x')) })),
  ],
  ['refuses', () => new Response('', { status: 403 })],
])('a server that %s is asked no more, and that is said once', async (_, answer) => {
  let asked = 0;
  await using server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch() {
      asked += 1;
      return answer();
    },
  });
  const said: string[] = [];
  const cache = createRemoteCache({
    place: { url: `http://127.0.0.1:${server.port}/`, keys: undefined, upload: true, secret: 'a key of the team' },
    env: {},
    userAgent: 'tests',
    now: () => new Date(),
    patience: 0.1,
    warn: (text) => said.push(text),
  });
  const file = { directory: tmpdir(), file: 'x.whl' };
  const hash = 'a'.repeat(64);
  expect(await Promise.all([cache.fetch(hash, file), cache.record('metadata', 'abc')])).toEqual([undefined, undefined]);
  const before = asked;
  expect(await cache.fetch('b'.repeat(64), file)).toBeUndefined();
  expect(await cache.record('metadata', 'abc')).toBeUndefined();
  await cache.offerRecord('metadata', 'abc', 'x');
  await cache.offer(hash, import.meta.path);
  expect(asked).toBe(before);
  expect(said.length).toBe(1);
});
