import { afterEach, expect, test } from 'bun:test';
import { TercetError } from '../ground/error.ts';
import { createTransport, type TransportOptions } from './transport.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function serve(handler: (request: Request) => Response | Promise<Response>): string {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: handler });
  stops.push(() => server.stop(true));
  return `http://127.0.0.1:${server.port}`;
}

/** A server that speaks bytes: each connection gets what `answer` says and is closed. */
function serveRaw(answer: (count: number) => string | undefined): {
  readonly url: string;
  readonly count: () => number;
} {
  let count = 0;
  const listener = Bun.listen({
    port: 0,
    hostname: '127.0.0.1',
    socket: {
      data(socket) {
        count += 1;
        const text = answer(count);
        if (text === undefined) return;
        socket.write(text);
        socket.end();
      },
    },
  });
  stops.push(() => listener.stop(true));
  return { url: `http://127.0.0.1:${listener.port}/`, count: () => count };
}

const transport = (options: Partial<TransportOptions> = {}) => createTransport({ env: {}, retryDelay: 0, ...options });

async function failure(promise: Promise<unknown>): Promise<TercetError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TercetError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const text = (body: Uint8Array) => new TextDecoder().decode(body);

test('a document comes whole, with the address that answered', async () => {
  const url = serve((request) => new Response(`${new URL(request.url).pathname} ${request.headers.get('accept')}`));
  const reply = await transport().fetch(`${url}/a`, { headers: { accept: 'text/x' } });
  expect(reply.status).toBe(200);
  expect(text(reply.body)).toBe('/a text/x');
  expect(reply.url).toBe(`${url}/a`);
});

test('429 with Retry-After and 503 are tried again', async () => {
  let count = 0;
  const url = serve(() => {
    count += 1;
    if (count === 1) return new Response('', { status: 429, headers: { 'retry-after': '0' } });
    return count === 2 ? new Response('', { status: 503 }) : new Response('there');
  });
  expect(text((await transport().fetch(url)).body)).toBe('there');
  expect(count).toBe(3);
});

test('a server that never recovers is named without credentials', async () => {
  let count = 0;
  const url = serve(() => {
    count += 1;
    return new Response('', { status: 502 });
  });
  const error = await failure(transport({ retries: 2 }).fetch(url.replace('//', '//user:secret@')));
  expect(error.code).toBe('server-error');
  expect(error.message).toContain(url);
  expect(error.message).not.toContain('secret');
  expect(count).toBe(3);
});

test('an unreachable host ends the command once, for all requests to it', async () => {
  const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('') });
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('') });
  const url = `http://u:secret@127.0.0.1:${server.port}/simple/a/`;
  await server.stop(true);
  expect(port).not.toBe(server.port);
  const way = transport({ retries: 1 });
  const error = await failure(way.fetch(url));
  expect(error.code).toBe('network-unreachable');
  expect(error.message).toContain('/simple/a/');
  expect(`${error.message}${error.hints.join()}`).not.toContain('secret');
  expect(await failure(way.fetch(url))).toBe(error);
});

test('a body that is cut once is read again', async () => {
  const server = serveRaw((count) =>
    count === 1
      ? 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'
      : 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole',
  );
  expect(text((await transport().fetch(server.url)).body)).toBe('whole');
  expect(server.count()).toBe(2);
});

test('a document that takes longer than the timeout is asked for once more, and watched as it arrives', async () => {
  let count = 0;
  const url = serve(() => {
    count += 1;
    const body = async function* () {
      for (let piece = 0; piece < 12; piece++) {
        yield new Uint8Array(2048);
        await Bun.sleep(40);
      }
    };
    return new Response(body());
  });
  const slow = transport({ timeoutSeconds: 0.25 });
  expect((await slow.fetch(url)).body.length).toBe(12 * 2048);
  expect(count).toBe(2);
  expect((await slow.fetch(url)).body.length).toBe(12 * 2048);
  expect(count).toBe(3);
});

test('a server that accepts and says nothing is given up after two tries', async () => {
  const server = serveRaw(() => undefined);
  const error = await failure(transport({ timeoutSeconds: 0.05 }).fetch(server.url));
  expect(error.code).toBe('network-unreachable');
  expect(error.message).toContain('stopped answering');
  expect(server.count()).toBe(2);
});

test('credentials: from the address, then for all of that host', async () => {
  const seen: (string | null)[] = [];
  const url = serve((request) => {
    seen.push(request.headers.get('authorization'));
    return new Response(request.url);
  });
  const way = transport();
  const reply = await way.fetch(`${url.replace('//', '//us%40er:p%2Fw@')}/simple/`);
  await way.fetch(`${url}/files/a.whl`);
  const basic = `Basic ${btoa('us@er:p/w')}`;
  expect(seen).toEqual([basic, basic]);
  expect(reply.url).toBe(`${url}/simple/`);
});

test('401: asked for once more, then an error that says what to do', async () => {
  const url = serve((request) =>
    request.headers.get('authorization') === `Basic ${btoa('k:ring')}`
      ? new Response('in')
      : new Response('', { status: 401 }),
  );
  const ring = transport({ credentials: (_, refused) => (refused ? { username: 'k', password: 'ring' } : undefined) });
  expect(text((await ring.fetch(url)).body)).toBe('in');
  const error = await failure(transport().fetch(url));
  expect(error.code).toBe('unauthorized');
  expect(error.hints.join(' ')).toContain('http-basic');
  const wrong = await failure(transport().fetch(url.replace('//', '//a:wrong@')));
  expect(wrong.message).toContain('refused');
  expect(wrong.message).not.toContain('wrong');
});

test('a redirect to another host takes no credentials along', async () => {
  let theirs: string | null = 'unset';
  const other = serve((request) => {
    theirs = request.headers.get('authorization');
    return new Response('other');
  });
  const url = serve((request) => {
    const path = new URL(request.url).pathname;
    if (path === '/far') return Response.redirect(`${other.replace('//', '//x:y@')}/file`, 302);
    if (path === '/near') return Response.redirect('/file', 301);
    return new Response(request.headers.get('authorization'));
  });
  const way = transport();
  const far = await way.fetch(`${url.replace('//', '//u:p@')}/far`);
  expect(text(far.body)).toBe('other');
  expect(far.url).toBe(`${other}/file`);
  expect(theirs).toBeNull();
  expect(text((await way.fetch(`${url}/near`)).body)).toBe(`Basic ${btoa('u:p')}`);
});

test('redirects in a circle, and to no address at all, are refused', async () => {
  const url = serve((request) =>
    new URL(request.url).pathname === '/file'
      ? new Response('', { status: 302, headers: { location: 'file:///etc/passwd' } })
      : Response.redirect('/again', 302),
  );
  expect((await failure(transport().fetch(`${url}/circle`))).code).toBe('redirect-refused');
  expect((await failure(transport().fetch(`${url}/file`))).code).toBe('redirect-refused');
});

test('offline: nothing is sent', async () => {
  const error = await failure(transport({ offline: true }).fetch('https://u:p@index.example/simple/a/'));
  expect(error.code).toBe('offline');
  expect(error.message).toContain('https://index.example/simple/a/');
});

test('a proxy is used, unless the host is excepted', async () => {
  const proxy = serve((request) => new Response(`proxied ${request.url}`));
  const direct = serve(() => new Response('direct'));
  const env = { http_proxy: proxy, no_proxy: '127.0.0.1' };
  expect(text((await transport({ env }).fetch('http://index.example/a')).body)).toBe('proxied http://index.example/a');
  expect(text((await transport({ env }).fetch(direct)).body)).toBe('direct');
});

test('no more requests at a time than agreed', async () => {
  let inside = 0;
  let most = 0;
  const url = serve(async () => {
    inside += 1;
    most = Math.max(most, inside);
    await Bun.sleep(2);
    inside -= 1;
    return new Response('x');
  });
  const way = transport({ concurrency: 3 });
  await Promise.all(Array.from({ length: 12 }, (_, at) => way.fetch(`${url}/${at}`)));
  expect(most).toBe(3);
});

test('a proxy that cannot be reached is named without its password; other kinds of proxies are refused', async () => {
  const dead = await failure(
    transport({ env: { http_proxy: 'http://u:secret@127.0.0.1:1' }, retries: 0 }).fetch('http://index.example/a'),
  );
  expect(dead.message).toContain('through the proxy http://127.0.0.1:1');
  expect(dead.message).not.toContain('secret');
  const socks = await failure(
    transport({ env: { all_proxy: 'socks5://u:secret@a.example' } }).fetch('http://b.example/'),
  );
  expect(socks.code).toBe('proxy-unsupported');
  expect(socks.message).not.toContain('secret');
});

test('certificates that cannot be read are named', async () => {
  const env = { REQUESTS_CA_BUNDLE: '/does/not/exist.pem' };
  const error = await failure(transport({ env }).fetch('https://127.0.0.1:1/'));
  expect(error.code).toBe('certificates-unreadable');
  expect(error.message).toContain('REQUESTS_CA_BUNDLE');
  const none = await failure(transport({ env: { SSL_CERT_FILE: import.meta.path } }).fetch('https://127.0.0.1:1/'));
  expect(none.code).toBe('certificates-unreadable');
});
