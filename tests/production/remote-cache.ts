/**
 * A remote cache on real servers: nginx with PUT, and Swift's S3 interface.
 *
 *     npm run remote-cache [-- FOLDER]
 *
 * One machine fills the cache from the index; a second one, which has no way to any index, installs the same. Then the server is killed in the middle of
 * an installation, which goes on with the index. `FOLDER` has a `pyproject.toml` and `poetry.lock` (default: a small project that is locked here). Needs an
 * index (PyPI, or `TERCET_INDEX_URL`), a CPython 3.11, and root for the second machine. What cannot be tried is skipped, and says why.
 */

import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PYPI_SIMPLE } from '../../src/index/pypi.ts';
import { WHEELS_VERSION } from '../../src/installer/store.ts';
import { type CacheServer, startNginx, startSwift } from './cache-servers.ts';
import { type SecondMachine, startSecondMachine } from './second-machine.ts';
import { createStage, expectIn, Skipped } from './stage.ts';
import { findCPython, pythonTool } from './tools.ts';

const python = findCPython('3.11') ?? '';
const stage = createStage('remote-cache', python === '' ? [] : [dirname(python)]);
const { home, run, step, write } = stage;
mkdirSync(join(home, '.tercet/bin'), { recursive: true });
symlinkSync(join(import.meta.dir, '../../dist/tercet'), join(home, '.tercet/bin/tercet'));

/** Wheels, and a source distribution without a static word about its requirements. */
const SMALL = `[project]
name = "small"
version = "0.1.0"
requires-python = ">=3.11,<3.12"
dependencies = ["django (>=4.2,<4.3)", "docopt (==0.6.2)", "rich (>=13,<14)"]

[tool.poetry]
package-mode = false
`;

const given = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
await step('a locked project', async () => {
  if (python === '') throw new Skipped('there is no CPython 3.11: name one in ACCEPTANCE_PYTHON');
  mkdirSync(join(home, 'project'));
  if (given === undefined) {
    write('project/pyproject.toml', SMALL);
    await run(['tercet', 'lock'], { cwd: 'project' });
  } else {
    for (const file of ['pyproject.toml', 'poetry.lock']) cpSync(join(given, file), join(home, 'project', file));
  }
  const lock = await Bun.file(join(home, 'project/poetry.lock')).text();
  stage.say(`${lock.match(/^\[\[package\]\]$/gm)?.length} packages`);
});

let second: SecondMachine | undefined;
await step('a machine without a way to any index', async () => {
  second = await startSecondMachine(stage);
  const { code } = await second.run(['curl', '-sS', '-m', '5', process.env.TERCET_INDEX_URL ?? PYPI_SIMPLE], {
    code: 'any',
  });
  if (code === 0) throw new Error('it reaches an index');
});
const address = second?.address ?? '127.0.0.1';
const KEY = { TERCET_REMOTE_CACHE_KEY: 'a key for tests of a remote cache' };

/** A new machine: the project with an empty cache and no environment. */
function machine(name: string): { readonly cwd: string; readonly env: Readonly<Record<string, string>> } {
  for (const file of ['pyproject.toml', 'poetry.lock']) cpSync(join(home, 'project', file), join(home, name, file));
  const env = {
    HOME: join(home, name),
    TERCET_CACHE_DIR: join(home, name, '.cache-of-its-own'),
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
    ...KEY,
  };
  return { cwd: name, env };
}

/** Names and versions in a machine's environment. */
function installed(name: string): readonly string[] {
  const folder = join(home, name, '.venv/lib/python3.11/site-packages');
  return readdirSync(folder)
    .filter((one) => one.endsWith('.dist-info'))
    .sort();
}

const SYNC = ['tercet', 'sync', '--no-interaction'];

for (const [kind, open] of [
  ['nginx', () => startNginx(stage, address)],
  ['Swift (S3)', async () => startSwift(stage, address, await pythonTool(python, 'swift'))],
] as const) {
  let server: CacheServer | undefined;
  const slug = kind.slice(0, 5);
  await step(`${kind}: filled by one machine`, async () => {
    server = await open();
    const { cwd, env } = machine(`${slug}-first`);
    const began = performance.now();
    const { err } = await run(SYNC, { cwd, env: { ...env, ...server.writer } });
    if (err.includes('Warning')) throw new Error(err);
    stage.say(`from the index, and uploaded: ${seconds(began)}`);
  }, ['a locked project']);

  await step(`${kind}: a second machine installs it without an index`, async () => {
    if (second === undefined || server === undefined) throw new Skipped('there is no second machine');
    const { cwd, env } = machine(`${slug}-second`);
    const began = performance.now();
    const { err } = await second.run(SYNC, { cwd, env: { ...env, ...server.reader } });
    if (err.includes('Warning')) throw new Error(err);
    expectSame(`${slug}-second`, `${slug}-first`);
    stage.say(`from the cache: ${seconds(began)}`);
  }, [`${kind}: filled by one machine`]);

  await step(`${kind}: killed in the middle, and the index has the rest`, async () => {
    if (server === undefined) return;
    const { cwd, env } = machine(`${slug}-third`);
    const began = performance.now();
    let ended = false;
    const running = run(SYNC, { cwd, env: { ...env, ...server.reader } }).finally(() => {
      ended = true;
    });
    // As soon as the first wheel has come from it.
    while (!ended && !hasWheel(`${slug}-third`)) await Bun.sleep(5);
    await server.kill();
    const { err } = await running;
    expectIn(err, 'Warning: the remote cache is not used any further in this run');
    expectSame(`${slug}-third`, `${slug}-first`);
    stage.say(`from both: ${seconds(began)}`);
  }, [`${kind}: filled by one machine`]);
  await server?.kill();
}

await second?.[Symbol.asyncDispose]();
process.exit(stage.finish());

function hasWheel(name: string): boolean {
  try {
    return readdirSync(join(home, name, `.cache-of-its-own/wheels-v${WHEELS_VERSION}`)).length > 0;
  } catch {
    return false;
  }
}

function expectSame(name: string, other: string): void {
  const [found, wanted] = [installed(name), installed(other)];
  if (found.join() !== wanted.join()) throw new Error(`installed: ${found.join(', ')}\nexpected: ${wanted.join(', ')}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
