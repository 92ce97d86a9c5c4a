/** `up` and `update --latest`: both files change together, or not at all. */

import { expect, test } from 'bun:test';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const world = [
  ['alpha', '1.0'],
  ['alpha', '1.4'],
  ['alpha', '2.1'],
  ['beta', '1.0'],
  ['beta', '3.0'],
  ['gamma', '1.0'],
  ['gamma', '2.0'],
].map(([name = '', version = '']) => buildWheel({ name, version }));
const future = buildWheel({ name: 'beta', version: '9.0', requiresPython: '>=3.99' });
const needy = buildWheel({ name: 'needy', version: '1.0', requires: ['alpha <2'] });

const GROUP = '\n[tool.poetry.group.dev.dependencies]\ngamma = "^1.0" # tests\n';

test('within the constraints, to the latest, some of them, and not at all', async () => {
  await using index = startIndex([...world, future]);
  using home = createHome(index.url);
  const text = manifestOf(['alpha (>=1.0,<2.0)', 'beta>=1.0; python_version >= "3.0"'], GROUP);
  home.write('pyproject.toml', text);

  const shown = await home.run(['up', '--dry-run']);
  expect(shown.stdout).toBe(`${text.replace('>=1.0,<2.0', '>=1.4,<2.0').replace('beta>=1.0', 'beta>=3.0')}\n`);
  expect(home.read('pyproject.toml')).toBe(text);

  const one = await home.run(['up', '--latest', '--no-install', 'alpha']);
  expect(one.stdout).toStartWith('Raising alpha from >=1.0,<2.0 to >=2.1,<3.0\n');
  expect(home.read('pyproject.toml')).toBe(text.replace('>=1.0,<2.0', '>=2.1,<3.0'));
  expect(home.read('poetry.lock')).toContain('name = "alpha"\nversion = "2.1"');

  expect((await home.run(['update', '--latest', '--lock', '--only', 'dev'])).code).toBe(0);
  expect(home.read('pyproject.toml')).toContain('gamma = "^2.0" # tests');
  expect(home.read('pyproject.toml')).toContain('beta>=1.0');

  const answered = await home.run(['up', '-i', '--no-install'], { env: { TERCET_INTERACTIVE: '1' }, input: 'n\n' });
  expect(answered.stderr).toContain('Raise beta from >=1.0 to >=3.0?');
  expect(home.read('pyproject.toml')).toContain('beta>=1.0');
});

test('where the raised constraints cannot be solved, the files stay', async () => {
  await using index = startIndex([...world, needy]);
  using home = createHome(index.url);
  const text = manifestOf(['alpha (>=1.0,<2.0)', 'needy']);
  home.write('pyproject.toml', text);
  const up = await home.run(['up', '--latest', '--no-install']);
  expect(up.code).toBe(1);
  expect(home.read('pyproject.toml')).toBe(text);
  expect(home.exists('poetry.lock')).toBe(false);
  expect((await home.run(['up', '--pinned'])).stderr).toContain("'--pinned' specified without '--latest'");
  expect((await home.run(['up', 'nowhere'])).stderr).toContain('not dependencies of this project: nowhere');
});

test('update NAME@VERSION locks exactly that release, or nothing changes', async () => {
  await using index = startIndex([...world, needy]);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha (>=1.0,<2.0)', 'beta', 'needy']));
  expect((await home.run(['lock'])).code).toBe(0);
  const locked = (): string =>
    [...home.read('poetry.lock').matchAll(/^name = "(.*)"\nversion = "(.*)"/gm)]
      .map(([, name, version]) => `${name} ${version}`)
      .join();
  expect(locked()).toBe('alpha 1.4,beta 3.0,needy 1.0');
  expect((await home.run(['update', 'alpha', '--lock'])).code).toBe(0);
  expect((await home.run(['update', 'alpha@1.0', '--lock'])).code).toBe(0);
  expect(locked()).toBe('alpha 1.0,beta 3.0,needy 1.0');
  expect((await home.run(['update', 'alpha', 'beta@1.0', '--lock'])).code).toBe(0);
  expect(locked()).toBe('alpha 1.4,beta 1.0,needy 1.0');
  const before = home.read('poetry.lock');
  for (const [wish, words] of [
    ['alpha@2.1', 'alpha 2.1 does not fit what the project requires: 1.4 would be locked.'],
    ['beta@7.0', 'beta 7.0 cannot be locked: no source has this version'],
    ['gamma@1.0', 'not dependencies of this project: gamma'],
  ] as const) {
    const refused = await home.run(['update', wish, '--lock']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(words)]);
  }
  expect(home.read('poetry.lock')).toBe(before);
});
