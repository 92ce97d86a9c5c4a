import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { downloadBytes, downloadFile } from './download.ts';
import { createTransport } from './transport.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const contents = Buffer.from(Array.from({ length: 500_000 }, (_, at) => at % 251));
const sha256 = new Bun.CryptoHasher('sha256').update(contents).digest('hex');
const transport = createTransport({ env: {}, retryDelay: 0 });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  stops.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * Serves `contents`, at most `cut` bytes of body a connection; knows ranges where `ranges` says so. With `holds` a connection that has
 * given all it gives stays open until `lose` is called: what the client has not read by the time it is lost, its runtime may throw away.
 */
function serve({ cut = Number.POSITIVE_INFINITY, ranges = true, holds = false } = {}): {
  readonly url: string;
  readonly asked: string[];
  lose(): void;
} {
  const asked: string[] = [];
  const held: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const range = /range: bytes=(\d+)-/i.exec(data.toString());
      const start = ranges && range !== null ? Number(range[1]) : 0;
      asked.push(range?.[1] ?? '');
      const body = contents.subarray(start);
      socket.write(
        `HTTP/1.1 ${start > 0 ? '206 Partial Content' : '200 OK'}\r\nContent-Length: ${body.length}\r\nETag: "x"\r\n` +
          (start > 0 ? `Content-Range: bytes ${start}-${contents.length - 1}/${contents.length}\r\n` : '') +
          'Connection: close\r\n\r\n',
      );
      socket.write(body.subarray(0, cut));
      if (holds) held.push(socket);
      else socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  stops.push(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/p/demo-1.0.tar.gz`,
    asked,
    lose: () => {
      for (const socket of held.splice(0)) socket.destroy();
    },
  };
}

async function failure(promise: Promise<unknown>): Promise<TercetError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TercetError) return error;
  throw error;
}

test('a file with the right hash is handed out', async () => {
  const { url } = serve();
  const directory = folder();
  const progress: number[] = [];
  const file = await downloadFile(transport, url, {
    directory,
    hashes: { sha256 },
    size: contents.length,
    onProgress: (bytes) => progress.push(bytes),
  });
  expect(readFileSync(file.path).equals(contents)).toBe(true);
  expect(file).toMatchObject({ sha256, bytes: contents.length });
  expect(progress.at(-1)).toBe(contents.length);
});

test.each([true, false])('a transfer that breaks goes on (server knows ranges: %p)', async (ranges) => {
  const server = serve(ranges ? { cut: 200_000, holds: true } : { ranges });
  const { contents: got } = await downloadBytes(transport, server.url, {
    hashes: { sha256 },
    retryDelay: 0,
    resumptions: 50,
    onProgress: () => server.lose(),
  });
  expect(Buffer.from(got).equals(contents)).toBe(true);
  expect(server.asked.length > 1).toBe(ranges);
});

test('a transfer that always breaks ends in an error, and nothing stays behind', async () => {
  const directory = folder();
  const error = await failure(
    downloadFile(transport, serve({ cut: 10, ranges: false }).url, { directory, resumptions: 1, retryDelay: 0 }),
  );
  expect(error.code).toBe('network-unreachable');
  expect(readdirSync(directory)).toEqual([]);
});

test('a wrong hash names the file and both hashes, and nothing stays behind', async () => {
  const directory = folder();
  const wrong = '0'.repeat(64);
  const error = await failure(downloadFile(transport, serve().url, { directory, hashes: { sha256: wrong } }));
  expect(error.code).toBe('hash-mismatch');
  for (const part of ['demo-1.0.tar.gz', wrong, sha256]) expect(error.message).toContain(part);
  expect(readdirSync(directory)).toEqual([]);
});

test('the strongest hash decides', async () => {
  const sha512 = new Bun.CryptoHasher('sha512').update(contents).digest('hex');
  const { url } = serve();
  const got = await downloadBytes(transport, url, { hashes: { md5: 'wrong', sha512 } });
  expect(got.sha256).toBe(sha256);
  expect((await failure(downloadBytes(transport, url, { hashes: { md5: '00' } }))).code).toBe('hash-mismatch');
});

test('more bytes than announced are refused', async () => {
  expect((await failure(downloadBytes(transport, serve().url, { size: 100 }))).message).toContain(
    'longer than the 100',
  );
});

test('a file that is gone is not found', async () => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('', { status: 404 }) });
  stops.push(() => server.stop(true));
  const error = await failure(downloadBytes(transport, `http://127.0.0.1:${server.port}/a-1.whl`));
  expect(error.code).toBe('file-not-found');
  expect(error.message).toContain('a-1.whl');
});
