/** Several sources, and credentials from Poetry's settings. */

import { expect, test } from 'bun:test';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const older = buildWheel({ name: 'alpha', version: '1.0' });
const newer = buildWheel({ name: 'alpha', version: '2.0' });
const newest = buildWheel({ name: 'alpha', version: '3.0' });

test('add takes the newest version of all sources that are searched', async () => {
  await using first = startIndex([older]);
  await using second = startIndex([newer]);
  await using explicit = startIndex([newest]);
  using home = createHome();
  const source = (name: string, url: string, priority: string) =>
    `\n[[tool.poetry.source]]\nname = "${name}"\nurl = "${url}"\npriority = "${priority}"\n`;
  const sources =
    source('one', first.url, 'primary') +
    source('two', second.url, 'primary') +
    source('three', explicit.url, 'explicit');
  home.write('pyproject.toml', manifestOf([], sources));
  const added = await home.run(['add', 'alpha', '--lock']);
  expect(added.stderr).toBe('');
  expect(added.stdout).toStartWith('Using version ^2.0 for alpha\n');
  expect(home.read('poetry.lock')).toContain('version = "2.0"');
});

test('a source that is not there is named as it is looked up', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  for (const constraint of ['', '@^1.0']) {
    const { code, stderr } = await home.run(['add', `alpha${constraint}`, '--source', 'Mirror']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '\nRepository "mirror" does not exist.\n' });
  }
});

test('config shows sources as repositories; those of the settings come first', async () => {
  using home = createHome();
  const source = (name: string) =>
    `\n[[tool.poetry.source]]\nname = "${name}"\nurl = "https://index.example/${name}/"\n`;
  home.write('pyproject.toml', manifestOf([], source('one') + source('two')));
  await home.run(['config', 'repositories.two', 'https://other.example/']);
  const shown = async (...words: string[]) => (await home.run(['config', ...words])).stdout;
  expect(await shown('repositories.one')).toBe("{'url': 'https://index.example/one/'}\n");
  expect(await shown('repositories.two.url')).toBe('https://other.example/\n');
  expect(await shown('repositories')).toContain("'one': {'url': 'https://index.example/one/'}");
  expect(await shown('--list')).toContain('\nrepositories.one.url = "https://index.example/one/"\n');
  home.write('pyproject.toml', 'no TOML');
  expect(await shown('repositories')).toBe("{'two': {'url': 'https://other.example/'}}\n");
});

test('http-basic.pypi is used for reading', async () => {
  await using index = startIndex([older], { credentials: { user: 'me', password: 'secret' } });
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  const refused = await home.run(['install']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('asks for credentials (401)');
  expect((await home.run(['config', 'http-basic.pypi', 'me', 'secret'])).code).toBe(0);
  const installed = await home.run(['install']);
  expect(installed).toMatchObject({ code: 0 });
  expect(installed.stdout).not.toContain('secret');
  expect(home.read('poetry.lock')).not.toContain('secret');
});

test('an upload token is not sent to where projects are read from', async () => {
  await using index = startIndex([older]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  await home.run(['config', 'http-basic.pypi', '__token__', 'pypi-secret']);
  expect((await home.run(['lock'])).code).toBe(0);
  expect(index.requests.length).toBeGreaterThan(0);
  expect(index.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
});

test('a password from the keyring, asked for only after a refusal', async () => {
  await using open = startIndex([older]);
  await using closed = startIndex([older], { credentials: { user: 'me', password: 'secret' } });
  for (const [index, asked] of [
    [open, false],
    [closed, true],
  ] as const) {
    using home = createHome(index.url);
    home.write(
      'bin/keyring',
      '#!/bin/sh\necho "$@" >> "$HOME/asked"\ncase "$1" in --mode) echo me; echo secret;; *) echo secret;; esac\n',
    );
    Bun.spawnSync(['chmod', '+x', `${home.project}/bin/keyring`]);
    home.write('pyproject.toml', manifestOf(['alpha']));
    const env = { POETRY_KEYRING_ENABLED: 'true', PATH: `${home.project}/bin:${process.env.PATH}` };
    const locked = await home.run(['lock'], { env });
    expect([locked.code, locked.stderr]).toEqual([0, '']);
    expect(home.exists('../asked')).toBe(asked);
  }
});
