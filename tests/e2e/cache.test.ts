/** `cache list`, `cache clear`, `cache size`, `cache prune`. */

import { expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha = buildWheel({ name: 'alpha', version: '1.0' });
const beta = buildWheel({ name: 'beta', version: '1.0' });

const wheelsOf = (home: Home): readonly string[] => {
  const folder = join(home.cache, 'wheels-v4');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

async function installed(home: Home): Promise<void> {
  home.write('pyproject.toml', manifestOf(['alpha', 'beta']));
  const run = await home.run(['install'], {
    env: { TERCET_LINK_MODE: 'hardlink', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' },
  });
  expect(run).toMatchObject({ code: 0 });
}

test("without a cache, in Poetry's words", async () => {
  using home = createHome('http://127.0.0.1:1/simple/');
  expect(await home.run(['cache', 'list'])).toEqual({ code: 0, stdout: '', stderr: 'No caches found\n' });
  expect(await home.run(['cache', 'clear', '--all'])).toMatchObject({ code: 0, stdout: 'No cache entries\n' });
  expect(await home.run(['cache', 'clear', 'PyPI', '--all'])).toMatchObject({
    code: 0,
    stdout: 'No cache entries for PyPI\n',
  });
  for (const [args, words] of [
    [['PyPI'], 'Add the --all option if you want to clear all cache entries'],
    [[], 'Add the --all option if you want to clear all cache entries'],
    [['PyPI:alpha'], 'Only specifying the package name is not yet supported. Add a specific version to clear'],
    [['PyPI:alpha:1.0:x'], 'Invalid cache key'],
    [['../x', '--all'], '../x is not a valid repository cache'],
  ] as const) {
    const { code, stderr } = await home.run(['cache', 'clear', ...args]);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
  }
  expect((await home.run(['cache', 'prune'])).stdout).toBe('Nothing to remove\n');
});

test('lists sources, clears one release, one source, everything', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  await installed(home);
  expect((await home.run(['cache', 'list'])).stdout).toBe('PyPI\n');
  expect((await home.run(['cache', 'size'])).stdout).toMatch(/^[\d.]+ (B|kB|MB) in .*tercet\n$/);
  expect((await home.run(['cache', 'size', '-v'])).stdout).toContain('wheels-v4');

  expect((await home.run(['cache', 'clear', 'pypi:alpha:1.0', '-n'])).code).toBe(0);
  expect(wheelsOf(home)).toEqual([beta.sha256]);
  expect((await home.run(['cache', 'clear', 'pypi:Alpha:1.0', '-n'])).stdout).toBe('No cache entries for alpha:1.0\n');

  expect((await home.run(['cache', 'clear', 'PyPI', '--all', '-n'])).code).toBe(0);
  expect(wheelsOf(home)).toEqual([beta.sha256]);
  index.add(alpha);
  expect((await home.run(['lock', '--regenerate', '--offline'])).code).toBe(1);

  expect((await home.run(['cache', 'clear', '--all', '-n'])).code).toBe(0);
  expect(wheelsOf(home)).toEqual([]);
  // Environments keep what they have.
  expect((await home.run(['run', 'python', '-c', 'import alpha, beta'])).code).toBe(0);
});

test('clears a release of which an installation from a lock has brought no more than its wheel', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  await installed(home);
  rmSync(home.cache, { recursive: true });
  rmSync(join(home.project, '.venv'), { recursive: true });
  await installed(home);
  expect(readdirSync(home.cache).filter((name) => name.startsWith('projects'))).toEqual([]);
  expect((await home.run(['cache', 'clear', 'pypi:alpha:1.0.0', '-n'])).code).toBe(0);
  expect(wheelsOf(home)).toEqual([beta.sha256]);
});

test('prune removes built wheels and environments of builds that nobody has used for long', async () => {
  using home = createHome('http://127.0.0.1:1/simple/');
  const key = 'a'.repeat(32);
  const environments = join(home.cache, 'build-environments-v1');
  const wheels = join(home.cache, 'built-wheels-v1');
  for (const folder of [join(environments, `${key}.999999999-x`), join(wheels, 'old'), join(wheels, 'new')]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), 'x');
  }
  writeFileSync(join(environments, key), `${key}.999999999-x`);
  expect((await home.run(['cache', 'prune'])).stdout).toBe('Nothing to remove\n');
  const long = Date.now() / 1000 - 31 * 86_400;
  for (const path of [join(environments, key), join(wheels, 'old')]) utimesSync(path, long, long);
  expect((await home.run(['cache', 'prune'])).stdout).toMatch(/^Removed 0 wheels, /);
  expect(readdirSync(wheels)).toEqual(['new']);
  expect(readdirSync(environments)).toEqual([]);
});

test('prune keeps what environments share files with', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  await installed(home);
  expect((await home.run(['cache', 'prune'])).stdout).toBe('Nothing to remove\n');
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect((await home.run(['lock'])).code).toBe(0);
  expect((await home.run(['sync'])).code).toBe(0);
  expect((await home.run(['cache', 'prune'])).stdout).toMatch(/^Removed 1 wheel, /);
  expect(wheelsOf(home)).toEqual([alpha.sha256]);
  rmSync(join(home.project, '.venv'), { recursive: true });
  expect(
    (await home.run(['install'], { env: { TERCET_LINK_MODE: 'symlink', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' } }))
      .code,
  ).toBe(0);
  expect((await home.run(['cache', 'prune'])).stdout).toBe('Nothing to remove\n');
});
