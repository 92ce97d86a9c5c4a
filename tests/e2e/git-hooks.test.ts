/** `hooks install` in real repositories: what a commit holds afterwards, and what becomes of hooks of others. */

import { expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf, TERCET } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = () => ['alpha', 'beta', 'gamma'].map((name) => buildWheel({ name, version: '1.0' }));

async function git(home: Home, ...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return home.run(words, {
    program: Bun.which('git') ?? 'git',
    env: {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    },
  });
}

/** A repository with a project that needs alpha, locked and committed, whose hooks are installed. */
async function repository(home: Home, ...options: readonly string[]): Promise<void> {
  await git(home, 'init', '-q');
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['lock']);
  const installed = await home.run([
    'hooks',
    'install',
    ...(options.length > 0 ? options : ['--export', 'requirements.txt']),
  ]);
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  await git(home, 'add', '-A');
  expect(await git(home, 'commit', '-qm', 'one')).toMatchObject({ code: 0 });
}

const inHead = async (home: Home, path = 'requirements.txt') => (await git(home, 'show', `HEAD:${path}`)).stdout;

test('the export goes into the commit of its lock', async () => {
  await using index = startIndex(wheels());
  using home = createHome(index.url);
  await repository(home);
  expect(await inHead(home)).toStartWith('alpha==1.0 ; python_version >= "3.8" \\\n');
  expect(home.read('requirements.txt')).toBe(await inHead(home));
  expect((await git(home, 'status', '--porcelain')).stdout).toBe('');

  // A commit that does not touch the lock leaves it, and so does an amended one.
  home.write('x.py', '');
  await git(home, 'add', 'x.py');
  expect((await git(home, 'commit', '-qm', 'two')).stderr).toBe('');
  expect((await git(home, 'commit', '--amend', '-qm', 'two again')).code).toBe(0);

  // What is staged counts, not what lies beside it.
  await home.run(['add', '--lock', 'beta']);
  await git(home, 'add', 'pyproject.toml', 'poetry.lock');
  await home.run(['add', '--lock', 'gamma']);
  expect((await git(home, 'commit', '-qm', 'beta')).stderr).toContain('requirements.txt follows poetry.lock\n');
  expect(await inHead(home)).toContain('beta==1.0');
  expect(await inHead(home)).not.toContain('gamma');
  expect((await git(home, 'status', '--porcelain')).stdout).toBe(' M poetry.lock\n M pyproject.toml\n');

  // Changes of its own in the work tree stay there.
  home.write('requirements.txt', '# mine\n');
  await git(home, 'add', 'pyproject.toml', 'poetry.lock');
  expect((await git(home, 'commit', '-qm', 'gamma')).stderr).toContain(
    'requirements.txt has changes of its own, which stay',
  );
  expect(await inHead(home)).toContain('gamma==1.0');
  expect(home.read('requirements.txt')).toBe('# mine\n');
});

test('refused: a staged lock that is stale, and a commit of some files only', async () => {
  await using index = startIndex(wheels());
  using home = createHome(index.url);
  await repository(home);
  home.write('pyproject.toml', manifestOf(['alpha', 'beta']));
  await git(home, 'add', 'pyproject.toml');
  const stale = await git(home, 'commit', '-qm', 'stale');
  expect(stale.code).toBe(1);
  expect(stale.stderr).toContain('The poetry.lock that is to be committed does not belong to its pyproject.toml');
  await home.run(['lock']);
  const some = await git(home, 'commit', '-qm', 'some', 'pyproject.toml', 'poetry.lock');
  expect(some.stderr).toContain('git add poetry.lock requirements.txt');
  expect((await git(home, 'commit', '-qam', 'all')).code).toBe(0);
  expect(await inHead(home)).toContain('beta==1.0');
  expect((await git(home, 'status', '--porcelain')).stdout).toBe('');
});

test('on push an old export is refused, and no commit is made', async () => {
  await using index = startIndex(wheels());
  using home = createHome(index.url);
  await repository(home, '--on', 'push', '--export', 'requirements.txt');
  mkdirSync(join(home.path, 'remote.git'));
  await git(home, 'init', '-q', '--bare', '../remote.git');
  const before = await git(home, 'rev-parse', 'HEAD');
  const refused = await git(home, 'push', '-q', '../remote.git', 'HEAD:master');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('requirements.txt of the last commit does not belong to its poetry.lock');
  expect(await git(home, 'rev-parse', 'HEAD')).toEqual(before);
  await home.run(['export', '-o', 'requirements.txt']);
  await git(home, 'add', '-A');
  await git(home, 'commit', '-qm', 'export');
  expect((await git(home, 'push', '-q', '../remote.git', 'HEAD:master')).code).toBe(0);
});

test('a project below the top, in another work tree, with options', async () => {
  await using index = startIndex(wheels());
  using home = createHome(index.url);
  await git(home, 'init', '-q');
  home.write('top.txt', '');
  await git(home, 'add', '-A');
  await git(home, 'commit', '-qm', 'top');
  await git(home, 'worktree', 'add', '-q', '../other');
  const cwd = 'other/web site';
  mkdirSync(join(home.path, cwd), { recursive: true });
  writeFileSync(join(home.path, cwd, 'pyproject.toml'), manifestOf(['alpha']));
  await home.run(['lock'], { cwd });
  await home.run(['hooks', 'install', '--export', 'constraints.txt', '--without-hashes'], { cwd });
  const program = Bun.which('git') ?? 'git';
  await home.run(['add', '-A'], { cwd, program });
  const env = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  expect((await home.run(['commit', '-qm', 'web'], { cwd, program, env })).stderr).toContain('constraints.txt follows');
  expect((await home.run(['show', 'HEAD:web site/constraints.txt'], { cwd, program })).stdout).toBe(
    'alpha==1.0 ; python_version >= "3.8"\n',
  );
  expect((await home.run(['status', '--porcelain'], { cwd, program })).stdout).toBe('');
});

test('hooks of others stay, and come back as they were', async () => {
  using home = createHome();
  await git(home, 'init', '-q');
  home.write('pyproject.toml', manifestOf([]));
  const hook = join(home.project, '.git/hooks/pre-commit');
  const shell = '#!/usr/bin/env bash\nset -e\necho theirs >&2\nexit 0\n';
  const python = '#!/usr/bin/env python3\nimport sys\nsys.stderr.write("theirs\\n")\n';
  for (const theirs of [shell, python]) {
    mkdirSync(join(home.project, '.git/hooks'), { recursive: true });
    writeFileSync(hook, theirs);
    chmodSync(hook, 0o755);
    await home.run(['hooks', 'install']);
    const once = readFileSync(hook, 'utf8');
    await home.run(['hooks', 'install']);
    expect(readFileSync(hook, 'utf8')).toBe(once);
    expect(once).toContain(TERCET.split('/').at(-1) ?? '');
    expect((await git(home, 'commit', '--allow-empty', '-qm', 'x')).stderr).toBe('theirs\n');
    expect((await home.run(['hooks', 'remove'])).stdout).toBe('Removed from .git/hooks/pre-commit\n');
    expect(readFileSync(hook, 'utf8')).toBe(theirs);
    expect(statSync(hook).mode & 0o111).toBe(0o111);
  }
  expect((await home.run(['hooks', 'remove'])).stdout).toBe('There are no hooks of tercet here\n');
  expect(existsSync(`${hook}.before-tercet`)).toBe(false);
});
