/** The commands in our guides: those that loopback is enough for are run here; where the others are run stands in the list below. */

import { afterAll, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeRelease } from '../../scripts/package/release.ts';
import { hostTarget } from '../../scripts/package/targets.ts';
import { guideBlock, guideBlocks } from '../support/guide-blocks.ts';
import { startIndex } from '../support/index-server.ts';
import { PYTHON } from '../support/interpreters.ts';
import { createHome, manifestOf, TERCET } from '../support/run-tercet.ts';
import { serveFolder } from '../support/serve-folder.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-guides-')));
const index = startIndex([buildWheel({ name: 'alpha' })]);
afterAll(async () => {
  await index.stop();
  rmSync(work, { recursive: true, force: true });
});

/** Where each block is run: a part of it, and the test, or the reason why there is none. */
const RUN: readonly (readonly [file: string, part: string, where: string])[] = [
  ['README.md', 'tercet new shop', 'npm run guides'],
  ['README.md', 'npm run demo', 'npm run demo, and all of CI'],
  ['README.md', 'export TERCET_INDEX_URL', 'here'],
  ['README.md', 'npm ci && npm test', 'CI'],
  ['docs/ansible.md', 'ansible-galaxy', 'npm run guides'],
  ['docs/ansible.md', 'hosts: web', 'npm run guides'],
  ['docs/ci.md', 'tercet hooks install', 'here'],
  ['docs/docker.md', 'docker build', 'npm run acceptance'],
  ['docs/docker.md', 'FROM python:3.11-slim', 'npm run acceptance'],
  [
    'docs/heroku.md',
    'heroku config:set',
    "not: it needs Heroku's program and an account; npm run acceptance runs the buildpack",
  ],
  ['docs/install.md', 'sh install.sh --version', 'here'],
  ['docs/install.md', '. ~/.tercet/env', 'here'],
  ['docs/install.md', 'npm run package:release', 'packages.test.ts, for this platform'],
  ['docs/json.md', 'tercet version --json', 'here'],
  ['docs/remote-cache.md', 'export TERCET_REMOTE_CACHE=', 'here'],
  ['docs/remote-cache.md', 'location /team/', 'npm run remote-cache'],
];

test('each block of the guides is run somewhere, or it is said why not', () => {
  const files = [
    'README.md',
    ...[...new Bun.Glob('docs/*.md').scanSync({ cwd: join(import.meta.dir, '../..') })].sort(),
  ];
  const languages = ['console', 'dockerfile', 'nginx', 'sh', 'yaml'];
  const blocks = files.flatMap(guideBlocks).filter(({ language }) => languages.includes(language));
  const unknown = blocks.filter(({ file, text }) => !RUN.some(([of, part]) => of === file && text.includes(part)));
  expect(unknown).toEqual([]);
  for (const [file, part] of RUN) expect(guideBlock(file, part)).toContain(part);
});

/** Runs lines as a person would, in a home of its own. */
async function bash(home: string, lines: string, env: Readonly<Record<string, string>> = {}, cwd = home) {
  const child = Bun.spawn(['bash', '-ec', lines], {
    cwd,
    env: { HOME: home, PATH: process.env.PATH ?? '', TMPDIR: work, GIT_CONFIG_NOSYSTEM: '1', ...AUTHOR, ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, code };
}

const AUTHOR = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  POETRY_VIRTUALENVS_IN_PROJECT: 'true',
  POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
};

/** A folder of programs with the executable under test in it, and PATH with that and the interpreter itself first. */
const programs = join(work, 'bin');
mkdirSync(programs);
symlinkSync(TERCET, join(programs, 'tercet'));
const PATH = `${programs}:${dirname(PYTHON)}:${process.env.PATH}`;

test('install.md', async () => {
  const site = join(work, 'site');
  const server = serveFolder(site);
  const baseUrl = server.url;
  for (const version of ['1.1.0', '1.2.0', '1.3.0-rc.1']) {
    const payload = join(work, 'payload');
    writeFileSync(payload, `#!/bin/sh\necho "tercet (version ${version})"\n`);
    chmodSync(payload, 0o755);
    writeRelease({ directory: site, version, executables: new Map([[hostTarget()?.name ?? '', payload]]), baseUrl });
  }
  const shown: Record<string, string> = {
    '--version 1.1.0': '1.1.0',
    '--preview': '1.3.0-rc.1',
  };
  const inShell = guideBlock('docs/install.md', '. ~/.tercet/env');
  let home = '';
  for (const line of guideBlock('docs/install.md', 'sh install.sh --version').trim().split('\n')) {
    const isEnd = line.includes('--uninstall');
    if (!isEnd) {
      home = mkdtempSync(join(work, 'home-'));
      await Bun.write(join(home, 'install.sh'), Bun.file(join(site, 'install.sh')));
    }
    expect({ line, ...(await bash(home, line)) }).toMatchObject({ line, code: 0, stderr: '' });
    if (isEnd) {
      expect(existsSync(join(home, '.tercet'))).toBe(false);
      continue;
    }
    const version = Object.entries(shown).find(([option]) => line.includes(option))?.[1] ?? '1.2.0';
    expect((await bash(home, inShell)).stdout).toBe(`tercet (version ${version})\n`);
    if (line.includes('--as-poetry')) expect((await bash(home, '. ~/.poetry/env; poetry')).stdout).toContain(version);
  }
  await server.stop();
});

test('ci.md: the export is in the commit that changes the lock', async () => {
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  await bash(home.project, 'git init -q; tercet lock', { PATH, TERCET_INDEX_URL: index.url }, home.project);
  const lines = `${guideBlock('docs/ci.md', 'tercet hooks install')}
git add pyproject.toml poetry.lock; git commit -qm locked; git show --stat --format= HEAD`;
  const { stdout, code } = await bash(home.path, lines, { PATH, TERCET_INDEX_URL: index.url }, home.project);
  expect(code).toBe(0);
  expect(stdout).toContain('requirements.txt');
});

test('json.md: what is printed is what stands there', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]).replace('0.1.0', '1.2.3'));
  const [line = '', ...printed] = guideBlock('docs/json.md', 'tercet version --json').split('\n');
  const { stdout } = await bash(home.path, line.replace(/^\$ /, ''), { PATH }, home.project);
  expect(stdout).toBe(printed.join('\n'));
});

test('remote-cache.md, and the index of README.md', async () => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const store = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.method === 'PUT') files.set(pathname, new Uint8Array(await request.arrayBuffer()));
      const found = files.get(pathname);
      return new Response(found ?? '', { status: found === undefined ? 404 : 200 });
    },
  });
  const key = join(work, 'key');
  writeFileSync(key, 'a key of the team, made for tests\n');
  const filled = { PATH, TERCET_REMOTE_CACHE_UPLOAD: '1' };
  for (const env of [filled, { PATH }]) {
    using home = createHome();
    home.write('pyproject.toml', manifestOf(['alpha']));
    const source = guideBlock('README.md', 'export TERCET_INDEX_URL').replace(
      'https://index.example/simple/',
      index.url,
    );
    const lines = guideBlock('docs/remote-cache.md', 'export TERCET_REMOTE_CACHE=')
      .replace('https://cache.example/', `http://127.0.0.1:${store.port}/`)
      .replace('/run/secrets/tercet-cache-key', key);
    const before = index.requests.length;
    const { code, stderr } = await bash(home.path, `${source}tercet lock -q\n${lines}`, env, home.project);
    expect(stderr).not.toContain('Warning');
    expect(code).toBe(0);
    const wheels = index.requests
      .slice(before)
      .filter(({ path }) => path.endsWith('.whl') && !path.includes('metadata'));
    expect(wheels.length).toBe(env === filled ? 1 : 0);
  }
  await store.stop(true);
});
