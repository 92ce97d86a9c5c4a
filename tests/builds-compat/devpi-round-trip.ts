/**
 * A team's own index: released by tercet to devpi-server, taken from there by tercet, and what a yanked release (PEP 592) does to that.
 * devpi's own indexes cannot yank (neither can pypiserver), but its mirrors hand on what the server behind them has yanked; that one is ours.
 *
 *   npm run compat:publish
 *
 * TOOLS as in `round-trip.ts`. POETRY may name the real Poetry, whose answers are then compared.
 */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asString, asTable, tableAt } from '../../src/toml/read.ts';
import { startIndex } from '../support/index-server.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { lay } from './project.ts';
import { PROJECTS } from './projects.ts';
import { check, finish, freePort, provide, reachable, root, run, TERCET, tools } from './round-trip-tools.ts';

await provide('devpi-server');
const serverFolder = ['--serverdir', join(root, 'devpi')];
const made = await run(
  join(tools, 'bin/devpi-init'),
  [...serverFolder, '--no-root-pypi', '--root-passwd', 'root'],
  root,
);
check('devpi-init', made.code === 0, made.said);

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = Bun.spawn(
  [join(tools, 'bin/devpi-server'), ...serverFolder, '--host', '127.0.0.1', '--port', String(port)],
  { stdout: 'ignore', stderr: 'ignore' },
);
const upstream = startIndex([
  buildWheel({ name: 'broken', version: '1.0' }),
  { ...buildWheel({ name: 'broken', version: '1.1' }), yanked: 'It breaks things' },
]);

/** Sends JSON to devpi, and answers with what comes back. */
async function devpi(method: string, path: string, body: object, login?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(login === undefined ? {} : { 'x-devpi-auth': Buffer.from(login).toString('base64') }),
  };
  return fetch(url + path, { method, headers, body: JSON.stringify(body) });
}

/** A project that takes everything from one of devpi's indexes, in a home of its own. */
function consumer(name: string, index: string) {
  const home = join(root, name);
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  const manifest = `[project]
name = "consumer"
version = "1"
requires-python = ">=3.9"
dependencies = []

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "team"
url = "${url}/${index}/+simple/"
`;
  writeFileSync(join(project, 'pyproject.toml'), manifest);
  const env = { HOME: home, POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_KEYRING_ENABLED: 'false' };
  return {
    run: (program: string, ...args: readonly string[]) => run(program, args, project, env),
    files: () =>
      ['pyproject.toml', 'poetry.lock']
        .map((file) => join(project, file))
        .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
        .join('\n'),
  };
}

try {
  check('devpi answers', await reachable(`${url}/+api`));
  const user = await devpi('PUT', '/ann', { password: 'secret' });
  const session = await (await devpi('POST', '/+login', { user: 'ann', password: 'secret' })).json();
  const login = `ann:${asString(tableAt(asTable(session) ?? {}, 'result')?.password)}`;
  const stage = await devpi('PUT', '/ann/team', { type: 'stage', bases: [], volatile: false }, login);
  const mirror = await devpi('PUT', '/ann/mirror', { type: 'mirror', mirror_url: upstream.url }, login);
  const page = await fetch(`${url}/ann/mirror/+simple/broken/`);
  check('an index and a mirror', page.ok && user.ok && stage.ok && mirror.ok, await page.text());

  const library = join(root, 'library');
  mkdirSync(library);
  const draft = PROJECTS.find(({ name }) => name === 'round-trip');
  if (draft !== undefined) lay(draft, library);
  const env = { POETRY_REPOSITORIES_TEAM_URL: `${url}/ann/team/`, POETRY_KEYRING_ENABLED: 'false' };
  const publish = (...more: string[]) =>
    run(TERCET, ['publish', '-r', 'team', '-u', 'ann', '-p', 'secret', ...more], library, env);
  const first = await publish('--build');
  check('published', first.code === 0, first.said);
  await run(TERCET, ['version', 'minor'], library);
  const refused = await publish('--build', '-p', 'wrong');
  check('not with a wrong password', refused.code === 1 && /HTTP Error 40[13]/.test(refused.said), refused.said);
  const second = await publish('--build', '--skip-existing');
  check('the next release', second.code === 0, second.said);

  const team = consumer('team-home', 'ann/team');
  const added = await team.run(TERCET, 'add', 'demo');
  const says = await team.run(TERCET, 'run', 'python', '-c', 'import demo; print(demo.main())');
  check('added and run', added.code === 0 && says.said.trim() === 'hello from demo', added.said + says.said);
  const version = (await run(TERCET, ['version', '-s'], library)).said.trim();
  check('the newest', team.files().includes(`version = "${version}"`), team.files());

  const programs = [TERCET, ...(process.env.POETRY === undefined ? [] : [process.env.POETRY])];
  const results = [];
  for (const [at, program] of programs.entries()) {
    const mine = consumer(`yank-${at}`, 'ann/mirror');
    const steps = [];
    for (const line of ['add broken', 'remove broken', 'add broken==1.1', 'sync']) {
      const { code, said } = await mine.run(program, ...line.split(' '));
      steps.push({ line, code, said, files: mine.files() });
    }
    results.push({ program, steps });
  }
  const [own] = results;
  const step = (line: string) => own?.steps.find((one) => one.line === line);
  const free = step('add broken');
  check('a yanked release is passed over', free?.files.includes('version = "1.0"') === true, free?.said);
  const pinned = step('add broken==1.1');
  check('and taken where it is pinned', pinned?.files.includes('version = "1.1"') === true, pinned?.said);
  const warned = /The locked version 1\.1 for broken is a yanked version\. Reason for being yanked: It breaks things/;
  check('with a warning', warned.test(pinned?.said ?? ''), pinned?.said);
  for (const { program, steps } of results.slice(1)) {
    for (const [at, theirs] of steps.entries()) {
      const ours = own?.steps[at];
      const same = ours?.code === theirs.code && ours.files === theirs.files;
      check(
        `${program}: ${theirs.line}: the same`,
        same,
        `${theirs.said}${theirs.files}\n---\n${ours?.said}${ours?.files}`,
      );
    }
  }
} finally {
  server.kill();
  await server.exited;
  await upstream.stop();
  rmSync(root, { recursive: true, force: true });
}
finish();
