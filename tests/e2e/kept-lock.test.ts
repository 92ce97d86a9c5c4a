/** Locks that others have left: with git conflict marks, of old formats; and how they are installed. */

import { expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = ['1.0', '1.1', '2.0'].flatMap((version) =>
  ['alpha', 'beta', 'gamma'].map((name) => buildWheel({ name, version })),
);

const packageText = (name: string, version: string) =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\ndescription = ""\noptional = false\npython-versions = "*"\ngroups = ["main"]\nfiles = []\n\n`;

test('git conflict marks: lock keeps what either side has locked', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha', 'beta', 'gamma']));
  const conflicted = `${packageText('alpha', '1.0')}<<<<<<< HEAD
${packageText('beta', '1.1')}=======
${packageText('beta', '1.0')}${packageText('gamma', '1.1')}>>>>>>> topic
[metadata]
lock-version = "2.1"
python-versions = ">=3.8"
<<<<<<< HEAD
content-hash = "1"
=======
content-hash = "2"
>>>>>>> topic
`;
  home.write('poetry.lock', conflicted);
  for (const command of [['install'], ['check'], ['check', '--lock'], ['show']]) {
    const { code, stderr } = await home.run(command);
    expect([command, code]).toEqual([command, 1]);
    expect(stderr).toContain('hint: It holds git conflict marks.');
  }
  expect(home.read('poetry.lock')).toBe(conflicted);
  const locked = await home.run(['lock']);
  expect(locked).toEqual({
    code: 0,
    stdout: 'Resolving dependencies...\n\nWriting lock file\n',
    stderr: 'The lock file holds git conflict marks: what either side has locked is kept where it fits.\n',
  });
  expect([...(home.read('poetry.lock').match(/^version = .*$/gm) ?? [])]).toEqual(
    ['"1.0"', '"1.1"', '"1.1"'].map((one) => `version = ${one}`),
  );
  expect((await home.run(['check', '--lock'])).code).toBe(0);
  home.write('poetry.lock', conflicted);
  expect((await home.run(['update', 'alpha', '--lock'])).code).toBe(0);
  expect([...(home.read('poetry.lock').match(/^version = .*$/gm) ?? [])]).toEqual(
    ['"2.0"', '"1.1"', '"1.1"'].map((one) => `version = ${one}`),
  );
});

test('a manifest with git conflict marks', async () => {
  using home = createHome();
  home.write('pyproject.toml', `<<<<<<< HEAD\n${manifestOf([])}=======\n>>>>>>> topic\n`);
  const { code, stderr } = await home.run(['lock']);
  expect(code).toBe(1);
  expect(stderr).toContain('hint: It holds git conflict marks');
});

test('a lock of Poetry 0.12 is kept where it fits', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha', 'beta']));
  home.write(
    'poetry.lock',
    `[[package]]\ncategory = "main"\ndescription = ""\nname = "alpha"\noptional = false\npython-versions = "*"\nversion = "1.0"\n\n[metadata]\ncontent-hash = "0"\npython-versions = "*"\n\n[metadata.hashes]\nalpha = ["${'0'.repeat(64)}"]\n`,
  );
  expect((await home.run(['lock'])).code).toBe(0);
  expect([...(home.read('poetry.lock').match(/^version = .*$/gm) ?? [])]).toEqual([
    'version = "1.0"',
    'version = "2.0"',
  ]);
});

test('installer.re-resolve, and one cache for everything', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha', "beta; sys_platform == 'nowhere'"]));
  expect((await home.run(['lock'])).code).toBe(0);
  const installed = await home.run(['install', '--no-root'], { env: { POETRY_INSTALLER_RE_RESOLVE: 'true' } });
  expect(installed).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Cannot') });
  expect(installed.stdout).toContain('  - Installing alpha (2.0)\n');
  expect(installed.stdout).not.toContain('beta');
  if (process.platform === 'linux') {
    expect(readdirSync(join(home.path, '.cache'))).toEqual(['pypoetry']);
    expect(existsSync(home.cache)).toBe(true);
  }
});

test('what is said before the search is said once', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha'], '\n[tool.poetry.dev-dependencies]\nbeta = "*"\n'));
  home.write('poetry.lock', `${packageText('alpha', '1.0')}[metadata]\nlock-version = "2.1"\ncontent-hash = "1"\n`);
  const { code, stderr } = await home.run(['lock']);
  expect(code).toBe(0);
  expect(stderr.match(/is deprecated/g)).toHaveLength(1);
});

test('absolute paths are locked as seen from the project', async () => {
  await using index = startIndex();
  using home = createHome(index.url);
  const inside = join(home.project, 'libs/one');
  const beside = join(home.path, 'two');
  home.write('libs/one/pyproject.toml', '[project]\nname = "one"\nversion = "0.5"\n');
  home.write('../two/pyproject.toml', '[project]\nname = "two"\nversion = "0.5"\n');
  home.write('pyproject.toml', manifestOf([`one @ file://${inside}`, `two @ file://${beside}`]));
  expect((await home.run(['lock'])).code).toBe(0);
  const locked = home.read('poetry.lock');
  expect(locked.match(/^url = .*/gm)).toEqual(['url = "libs/one"', 'url = "../two"']);
  expect((await home.run(['lock'])).code).toBe(0);
  expect(home.read('poetry.lock')).toBe(locked);
});
