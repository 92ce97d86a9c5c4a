/** A project's life with the executable: add, lock, install, update, remove, show, run. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { type IndexServer, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const alpha1 = buildWheel({ name: 'alpha', version: '1.0', summary: 'First letter', requires: ['beta>=1'] });
const alpha2 = buildWheel({ name: 'alpha', version: '2.0', summary: 'First letter', requires: ['beta>=1'] });
const beta = buildWheel({
  name: 'beta',
  version: '1.5',
  summary: 'Second letter',
  files: { 'beta.py': 'def main():\n    print("beta runs")\n' },
  entryPoints: '[console_scripts]\nbeta-run = beta:main\n',
});
const modern = buildWheel({ name: 'modern', version: '3.0', requiresPython: '>=3.99' });
const older = buildWheel({ name: 'modern', version: '2.0', requiresPython: '>=3.8' });

let index: IndexServer;
let home: Home;

beforeAll(() => {
  index = startIndex([alpha1, alpha2, beta, modern, older]);
  home = createHome(index.url);
  home.write('pyproject.toml', manifestOf([]));
});
afterAll(async () => {
  home[Symbol.dispose]();
  await index.stop();
});

/** The manifest after something was added to an empty array: no comma at its end. */
const withItem = (item: string): string => manifestOf([item]).replace(`"${item}",`, `"${item}"`);

describe('in order', () => {
  test('add', async () => {
    const { code, stdout, stderr } = await home.run(['add', 'alpha@^1']);
    expect(stdout).toBe(`
Updating dependencies
Resolving dependencies...

Package operations: 2 installs, 0 updates, 0 removals

  - Installing beta (1.5)
  - Installing alpha (1.0)

Writing lock file
`);
    expect(stderr).toMatch(/^Creating virtualenv demo in .*\/project\/\.venv\n$/);
    expect(code).toBe(0);
    expect(home.read('pyproject.toml')).toBe(withItem('alpha (>=1,<2)'));
    expect(home.read('poetry.lock')).toContain('name = "beta"\nversion = "1.5"\ndescription = "Second letter"');
  });

  test('install again', async () => {
    expect(await home.run(['install'])).toEqual({
      code: 0,
      stdout: 'Installing dependencies from lock file\n\nNo dependencies to install or update\n',
      stderr: '',
    });
  });

  test('install --dry-run and -v tell what is skipped', async () => {
    const skipped = `
Package operations: 0 installs, 0 updates, 0 removals, 2 skipped

  - Installing beta (1.5): Skipped for the following reason: Already installed
  - Installing alpha (1.0): Skipped for the following reason: Already installed
`;
    const order = (text: string): string[] => text.split('\n').sort();
    const dry = await home.run(['install', '--dry-run']);
    expect(order(dry.stdout)).toEqual(order(`Installing dependencies from lock file\n${skipped}`));
    expect(dry.stderr).toBe('');
    const verbose = await home.run(['install', '-v']);
    const finding = '\nFinding the necessary packages for the current system\n';
    expect(order(verbose.stdout)).toEqual(order(`Installing dependencies from lock file\n${finding}${skipped}`));
    expect(verbose.stderr).toBe(`Using virtualenv: ${home.project}/.venv\n`);
  });

  test('run', async () => {
    expect(await home.run(['run', 'beta-run'])).toEqual({ code: 0, stdout: 'beta runs\n', stderr: '' });
    expect((await home.run(['run', 'python', '-c', 'import sys; sys.exit(7)'])).code).toBe(7);
  });

  test('show', async () => {
    expect((await home.run(['show'])).stdout).toBe('alpha 1.0 First letter\nbeta  1.5 Second letter\n');
    expect((await home.run(['show', '-T'])).stdout).toBe('alpha 1.0 First letter\n');
    expect((await home.run(['show', '--tree'])).stdout).toBe('alpha 1.0 First letter\n└── beta >=1\n');
    expect((await home.run(['show', '--outdated'])).stdout).toBe('alpha 1.0 2.0 First letter\n');
    expect((await home.run(['show', 'beta'])).stdout).toBe(
      ' name         : beta          \n version      : 1.5           \n description  : Second letter \n\nrequired by\n - alpha requires >=1\n',
    );
    expect(JSON.parse((await home.run(['show', '-f', 'json'])).stdout)).toEqual([
      { name: 'alpha', installed_status: 'installed', version: '1.0', description: 'First letter' },
      { name: 'beta', installed_status: 'installed', version: '1.5', description: 'Second letter' },
    ]);
    expect(await home.run(['show', 'gamma'])).toEqual({ code: 1, stdout: '', stderr: '\nPackage gamma not found\n' });
  });

  test('add what is there, and the latest', async () => {
    const skipped = await home.run(['add', 'alpha']);
    expect(skipped.code).toBe(0);
    expect(skipped.stdout).toEndWith('\nNothing to add.\n');
    const { code, stdout } = await home.run(['add', 'alpha@latest']);
    expect(code).toBe(0);
    expect(stdout).toContain('Using version ^2.0 for alpha\n');
    expect(stdout).toContain('  - Updating alpha (1.0 -> 2.0)\n');
    expect(home.read('pyproject.toml')).toBe(withItem('alpha (>=2.0,<3.0)'));
  });

  test('add picks a version that supports the Python of the project', async () => {
    const { stdout } = await home.run(['add', 'modern', '--group', 'dev']);
    expect(stdout).toStartWith('Using version ^2.0 for modern\n');
    expect(home.read('pyproject.toml')).toContain('[dependency-groups]\ndev = [\n    "modern (>=2.0,<3.0)"\n]\n');
  });

  test('install --no-dev, sync, check', async () => {
    const { code, stdout, stderr } = await home.run(['install', '--no-dev', '--sync']);
    expect(code).toBe(0);
    expect(stderr).toContain('The option `--no-dev` is read as `--only main`.\n');
    expect(stdout).toContain('  - Removing modern (2.0)\n');
    expect((await home.run(['sync'])).stdout).toContain('  - Installing modern (2.0)\n');
    expect((await home.run(['check', '--lock'])).stdout).toBe('All set!\n');
  });

  test('update', async () => {
    index.add(buildWheel({ name: 'beta', version: '1.6', summary: 'Second letter' }));
    const { code, stdout } = await home.run(['update', 'beta', '--no-cache']);
    expect(code).toBe(0);
    expect(stdout).toContain('  - Updating beta (1.5 -> 1.6)\n\nWriting lock file\n');
    const wrong = await home.run(['update', 'nonsense']);
    expect(wrong).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The following packages are not dependencies of this project: nonsense\n',
    });
  });

  test('remove', async () => {
    const { code, stdout } = await home.run(['remove', 'alpha']);
    expect(code).toBe(0);
    expect(stdout).toContain('Package operations: 0 installs, 0 updates, 2 removals\n');
    expect(home.read('pyproject.toml')).toStartWith(manifestOf([]).slice(0, 120));
    expect(await home.run(['remove', 'alpha'])).toEqual({
      code: 1,
      stdout: '',
      stderr: '\nThe following packages were not found: alpha\n',
    });
  });

  test('lock that is not in step', async () => {
    home.write('pyproject.toml', manifestOf(['alpha']));
    const { code, stderr } = await home.run(['install']);
    expect(code).toBe(1);
    expect(stderr).toStartWith(
      '\npyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock`',
    );
    expect((await home.run(['lock'])).stdout).toBe('Resolving dependencies...\n\nWriting lock file\n');
    expect((await home.run(['lock'])).stdout).toBe('Resolving dependencies...\n');
    expect((await home.run(['install', '-q'])).code).toBe(0);
  });
});

test('a lock of 2019 is installed as it is', async () => {
  using own = createHome(index.url);
  own.write('pyproject.toml', manifestOf(['alpha<2'], '\n[dependency-groups]\ndev = ["modern<3"]\n'));
  expect((await own.run(['lock'])).code).toBe(0);
  const hash = /content-hash = "(\w+)"/.exec(own.read('poetry.lock'))?.[1];
  const lock = `${old('main', 'alpha', '1.0', '\n[package.dependencies]\nbeta = ">=1"\n')}${old('main', 'beta', '1.5')}${old('dev', 'modern', '2.0')}[metadata]
content-hash = "${hash}"
python-versions = ">=3.8"

[metadata.hashes]
alpha = ["${alpha1.sha256}"]
beta = ["${beta.sha256}"]
modern = ["${older.sha256}"]
`;
  own.write('poetry.lock', lock);
  const production = await own.run(['install', '--no-dev']);
  expect(production.stdout).toContain('Package operations: 2 installs, 0 updates, 0 removals\n');
  expect(production.code).toBe(0);
  expect((await own.run(['install'])).stdout).toContain('  - Installing modern (2.0)\n');
  expect(own.read('poetry.lock')).toBe(lock);
  expect((await own.run(['lock'])).stdout).toEndWith('\nWriting lock file\n');
});

function old(category: string, name: string, version: string, more = ''): string {
  return `[[package]]
category = "${category}"
description = ""
name = "${name}"
optional = false
python-versions = "*"
version = "${version}"
${more}
`;
}
