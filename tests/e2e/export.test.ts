/** `export`, as scripts of Poetry 1 and 2 call it. */

import { expect, test } from 'bun:test';
import { PYPI_SIMPLE } from '../../src/index/pypi.ts';
import { startIndex } from '../support/index-server.ts';
import { createHome } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha = buildWheel({ name: 'alpha', version: '1.0' });
const beta = buildWheel({ name: 'beta', version: '2.0' });
const MANIFEST = `[project]
name = "demo"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["alpha"]

[dependency-groups]
dev = ["beta"]
`;

test('without a lock the project is locked first; --dev takes the group dev', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', MANIFEST);
  const plain = await home.run(['export', '--without-hashes', '-o', 'requirements.txt']);
  expect(plain).toMatchObject({ code: 0, stderr: 'The lock file does not exist. Locking.\n' });
  expect(home.read('requirements.txt')).toBe('alpha==1.0 ; python_version >= "3.9"\n');

  const dev = await home.run(['export', '-f', 'requirements.txt', '--dev', '--default', '--with-hashes']);
  expect(dev).toEqual({
    code: 0,
    stderr: '',
    stdout: [alpha, beta]
      .map(
        ({ sha256 }, at) =>
          `${['alpha==1.0', 'beta==2.0'][at]} ; python_version >= "3.9" \\\n    --hash=sha256:${sha256}\n`,
      )
      .join(''),
  });
});

test('pylock.toml names every file with its address', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', MANIFEST);
  await home.run(['lock']);
  const { code } = await home.run(['export', '-f', 'pylock.toml', '-o', 'pylock.toml', '--all-groups']);
  expect(code).toBe(0);
  const text = home.read('pylock.toml');
  expect(text).toContain(`{name = "${alpha.file}", url = "http://`);
  expect(text).toContain(`index = "${PYPI_SIMPLE.slice(0, -1)}"`);
  expect(text).toEndWith('[tool.poetry-plugin-export]\ngroups = ["main", "dev"]\nextras = []\n');
});

test('what cannot be exported says why, and writes nothing', async () => {
  await using index = startIndex([alpha, beta]);
  using home = createHome(index.url);
  home.write('pyproject.toml', MANIFEST);
  await home.run(['lock']);
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['-f', 'toml'], 'Invalid export format: toml'],
    [['-f', 'pylock.toml', '-o', 'lock.toml'], 'must be named "pylock.toml"'],
    [['--with', 'docs'], 'Group(s) not found: docs (via --with)'],
    [['--all-groups', '--with', 'dev'], 'You cannot specify explicit `--with`'],
    [['-E', 'fast'], 'Extra [fast] is not specified.'],
    [['-o', 'missing/requirements.txt'], 'there is no folder'],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await home.run(['export', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  }
  home.write('pyproject.toml', MANIFEST.replace('"alpha"', '"alpha", "beta"'));
  const stale = await home.run(['export']);
  expect(stale.code).toBe(1);
  expect(stale.stderr).toStartWith('pyproject.toml changed significantly since poetry.lock was last generated.');
});
