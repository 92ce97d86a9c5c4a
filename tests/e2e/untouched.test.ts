/** Whatever goes wrong on the way to a new lock, `pyproject.toml` and `poetry.lock` stay as they were, and nothing is left beside them. */

import { describe, expect, test } from 'bun:test';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type IndexServerOptions, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf, TERCET } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = ['alpha', 'beta', 'gamma', 'delta'].map((name) =>
  buildWheel({ name, requires: name === 'alpha' ? ['beta'] : [] }),
);

const COMMANDS = [
  ['lock'],
  ['lock', '--regenerate'],
  ['add', 'delta', '--lock'],
  ['remove', 'alpha', '--lock'],
  ['update', '--lock'],
];

/** A project with a lock that no longer fits its manifest. */
async function staleProject(home: Home): Promise<{ readonly manifest: string; readonly lock: string }> {
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect((await home.run(['lock'])).code).toBe(0);
  const manifest = manifestOf(['alpha', 'beta', 'gamma']);
  home.write('pyproject.toml', manifest);
  return { manifest, lock: home.read('poetry.lock') };
}

function expectUntouched(home: Home, { manifest, lock }: { readonly manifest: string; readonly lock: string }): void {
  expect(home.read('pyproject.toml')).toBe(manifest);
  expect(home.read('poetry.lock')).toBe(lock);
  expect(readdirSync(home.project).sort()).toEqual(['poetry.lock', 'pyproject.toml']);
}

test('an index that fails half-way', async () => {
  let isDown = false;
  const fault: IndexServerOptions['fault'] = (_request, path) =>
    isDown && path === '/simple/beta/' ? new Response('', { status: 503, headers: { 'Retry-After': '0' } }) : undefined;
  await using index = startIndex(wheels, { fault });
  using home = createHome(index.url);
  const before = await staleProject(home);
  isDown = true;
  for (const command of COMMANDS.filter(([name]) => name !== 'remove')) {
    const { code, stderr } = await home.run([...command, '--no-cache']);
    expect([command, code]).toEqual([command, 1]);
    expect(stderr).toContain('503');
    expectUntouched(home, before);
  }
});

describe('a disk that is full', () => {
  /** Runs a command that may not write more than 512 bytes into a file. */
  const limited = (home: Home, command: readonly string[]) =>
    home.run(['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" "$@"`, TERCET, ...command], { program: 'sh' });

  test('neither file is changed', async () => {
    await using index = startIndex(wheels);
    using home = createHome(index.url);
    const before = await staleProject(home);
    for (const command of COMMANDS) {
      const { code, stderr } = await limited(home, command);
      expect([command, code, stderr]).toEqual([
        command,
        1,
        expect.stringContaining('the file is larger than is allowed here (EFBIG)'),
      ]);
      expectUntouched(home, before);
    }
  });
});

describe('git', () => {
  test('a repository that asks for a password', async () => {
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: () => new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="git"' } }),
    });
    await using index = startIndex(wheels);
    using home = createHome(index.url);
    const before = await staleProject(home);
    const manifest = manifestOf(['alpha', `lib @ git+http://127.0.0.1:${server.port}/lib.git`]);
    home.write('pyproject.toml', manifest);
    const { code, stderr } = await home.run(['lock']);
    expect(code).toBe(1);
    expect(stderr).toContain(`Failed to clone http://127.0.0.1:${server.port}/lib.git at 'HEAD'`);
    expect(stderr).toContain('hint: The repository asks for a password');
    expectUntouched(home, { ...before, manifest });
    await server.stop(true);
  });

  test('a password that is configured is sent to this repository', async () => {
    const seen: (string | null)[] = [];
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch(request) {
        seen.push(request.headers.get('authorization'));
        return new Response('', { status: 404 });
      },
    });
    using home = createHome('http://127.0.0.1:9/simple/');
    const url = `http://127.0.0.1:${server.port}/lib.git`;
    home.write('pyproject.toml', manifestOf([`lib @ git+${url}`]));
    const env = {
      POETRY_HTTP_BASIC_LIB_USERNAME: 'me',
      POETRY_HTTP_BASIC_LIB_PASSWORD: 'secret',
      POETRY_REPOSITORIES_LIB_URL: url,
    };
    const { code, stderr } = await home.run(['lock'], { env });
    expect(code).toBe(1);
    expect(stderr).not.toContain('secret');
    expect(seen.at(-1)).toBe(`Basic ${btoa('me:secret')}`);
    await server.stop(true);
  });

  test('ssh is told to ask nothing', async () => {
    using home = createHome('http://127.0.0.1:9/simple/');
    home.write(
      'bin/ssh',
      '#!/bin/sh\necho "$@" >> "$HOME/asked"\necho "Permission denied (publickey)." >&2\nexit 255\n',
    );
    chmodSync(join(home.project, 'bin/ssh'), 0o755);
    home.write('pyproject.toml', manifestOf(['lib @ git+ssh://git@host.example/a/lib.git']));
    const env = { PATH: `${home.project}/bin:${process.env.PATH}` };
    const { code, stderr } = await home.run(['lock'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('Permission denied');
    expect(home.read('../asked')).toStartWith('-o BatchMode=yes');
  });
});
