/** `--offline` and `TERCET_OFFLINE`: the cache is enough, or the command says what is missing. */

import { expect, test } from 'bun:test';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha = buildWheel({ name: 'alpha', version: '1.0', requires: ['beta'] });
const beta = buildWheel({ name: 'beta', version: '1.0' });

test('what was locked and installed once is so again when the index is gone', async () => {
  const index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  expect((await home.run(['install'])).code).toBe(0);
  const lock = home.read('poetry.lock');
  await index.stop();

  const locked = await home.run(['lock', '--regenerate', '--offline']);
  expect(locked).toMatchObject({ code: 0, stderr: '' });
  expect(home.read('poetry.lock')).toBe(lock);
  expect((await home.run(['env', 'remove', '--all'])).code).toBe(0);
  const installed = await home.run(['install'], { env: { TERCET_OFFLINE: '1' } });
  expect(installed.stdout).toContain('2 installs');
  expect(installed.code).toBe(0);
});

test('without a cache it fails, says so, and asks the index nothing', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  const locked = await home.run(['--offline', 'lock']);
  expect(locked.code).toBe(1);
  expect(locked.stderr).toContain('The network is switched off, and the cache does not know alpha.');
  expect(home.exists('poetry.lock')).toBe(false);
  expect(index.requests).toEqual([]);

  expect((await home.run(['lock'])).code).toBe(0);
  const installed = await home.run(['install', '--offline', '--no-cache']);
  expect(installed.code).toBe(1);
  expect(installed.stderr).toContain('The network may not be used, and these are not in the cache:');
  expect(installed.stderr).toContain('Run the command once without `--offline` (or TERCET_OFFLINE).');
});

test('a repository cannot be fetched', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf(['alpha @ git+https://git.example/alpha.git']));
  const { code, stderr } = await home.run(['lock', '--offline']);
  expect(code).toBe(1);
  expect(stderr).toContain('The network is switched off.');
});

test('the help names it', async () => {
  using home = createHome();
  expect((await home.run(['help', 'lock'])).stdout).toContain('--offline');
});
