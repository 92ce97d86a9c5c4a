/** Ctrl-C: whatever it meets, the command ends soon with code 1, and the project is as it was. */

import { afterEach, expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type IndexServer, type IndexServerOptions, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf, TERCET } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

/** Milliseconds that an interrupted command may take to end. */
const SOON = 2000;

const wheel = buildWheel({ name: 'alpha', version: '1.0' });

const open: { readonly index: IndexServer; readonly home: Home }[] = [];
afterEach(async () => {
  for (const { index, home } of open.splice(0)) {
    home[Symbol.dispose]();
    await index.stop();
  }
});

/** A project, and an index that never answers a request whose path ends so; `asked` resolves once there was one. */
function hanging(suffix: string): { readonly home: Home; readonly index: IndexServer; readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fault: IndexServerOptions['fault'] = (_request, path) => {
    if (!path.endsWith(suffix)) return undefined;
    resolve();
    return new Promise<Response>(() => {});
  };
  const index = startIndex([wheel], { fault });
  const home = createHome(index.url);
  home.write('pyproject.toml', manifestOf([]));
  open.push({ index, home });
  return { home, index, asked: promise };
}

/** Runs `add alpha` until `asked`, interrupts it, and answers with its end. */
async function interrupted(home: Home, index: IndexServer, asked: Promise<void>, signal: NodeJS.Signals) {
  const child = Bun.spawn([TERCET, 'add', 'alpha'], {
    cwd: home.project,
    env: {
      HOME: home.path,
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      TERCET_INDEX_URL: index.url,
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const output = Promise.all([child.stdout.text(), child.stderr.text()]);
  await asked;
  const started = performance.now();
  child.kill(signal);
  const code = await child.exited;
  const [stdout, stderr] = await output;
  return { code, milliseconds: performance.now() - started, stdout, stderr };
}

test.each([
  ['while a project page is awaited', '/simple/alpha/', 'SIGINT'],
  ['while a download hangs', `/${wheel.file}`, 'SIGINT'],
  ['by SIGTERM', `/${wheel.file}`, 'SIGTERM'],
] as const)('%s', async (_when, suffix, signal) => {
  const { home, index, asked } = hanging(suffix);
  const { code, milliseconds, stdout, stderr } = await interrupted(home, index, asked, signal);
  expect(code).toBe(1);
  expect(milliseconds).toBeLessThan(SOON);
  expect(stderr).not.toMatch(/bug in tercet|^ {4}at /m);
  expect(stdout === '' || stdout.endsWith('\n')).toBe(true);
  expect(home.read('pyproject.toml')).toBe(manifestOf([]));
  expect(home.exists('poetry.lock')).toBe(false);
});

test('the next run finishes what was interrupted', async () => {
  const { home, index, asked } = hanging(`/${wheel.file}`);
  await interrupted(home, index, asked, 'SIGINT');
  const answering = startIndex([wheel]);
  open.push({ index: answering, home: createHome(answering.url) });
  const { code } = await home.run(['add', 'alpha'], { env: { TERCET_INDEX_URL: answering.url } });
  expect(code).toBe(0);
  const python = join(home.project, '.venv/bin/python');
  expect(existsSync(python)).toBe(true);
  expect((await home.run(['run', 'python', '-c', 'import alpha; print(alpha.VERSION)'])).stdout).toBe('1.0\n');
});

test('a git repository that never answers', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const silent = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch() {
      resolve();
      return new Promise<Response>(() => {});
    },
  });
  using home = createHome();
  const manifest = manifestOf([`lib @ git+http://127.0.0.1:${silent.port}/lib.git`]);
  home.write('pyproject.toml', manifest);
  const child = Bun.spawn([TERCET, 'lock'], {
    cwd: home.project,
    env: { HOME: home.path, PATH: process.env.PATH ?? '/usr/bin:/bin', TMPDIR: join(home.path, 'tmp') },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  await asked;
  child.kill('SIGINT');
  expect(await child.exited).toBe(1);
  expect(home.read('pyproject.toml')).toBe(manifest);
  expect(existsSync(join(home.project, 'poetry.lock'))).toBe(false);
  expect(readdirSync(join(home.path, 'tmp'))).toEqual([]);
  await silent.stop(true);
});
