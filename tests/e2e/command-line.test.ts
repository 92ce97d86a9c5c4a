/** The executable's command line: names, help, mistakes. */

import { afterAll, describe, expect, test } from 'bun:test';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, manifestOf, TERCET } from '../support/run-tercet.ts';

const home = createHome();
afterAll(() => home[Symbol.dispose]());

describe('the name it is called by', () => {
  test('tercet', async () => {
    const { code, stdout } = await home.run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tercet \(version \d+\.\d+\.\d+\)\n$/);
    expect((await home.run(['install', '-V'])).stdout).toBe(stdout);
  });

  test('poetry', async () => {
    const program = join(home.path, 'poetry');
    symlinkSync(TERCET, program);
    expect((await home.run(['--version'], { program })).stdout).toBe('Poetry (version 2.5.1)\n');
    expect((await home.run(['list'], { program })).stdout).toStartWith('Poetry (version 2.5.1)\n\nUsage:\n');
  });
});

describe('help', () => {
  test('without arguments: the list', async () => {
    const [bare, list] = await Promise.all([home.run([]), home.run(['list'])]);
    expect(bare).toEqual(list);
    expect(bare.stdout).toContain('Available commands:\n  about ');
  });

  test.each(['add --help', '--help add', 'help add', 'add six -h'])('%s', async (line) => {
    const { code, stdout } = await home.run(line.split(' '));
    expect(code).toBe(0);
    expect(stdout).toStartWith('\nDescription:\n');
    expect(stdout).toContain('Usage:\n  add [options] [--] <name>...\n\nArguments:\n');
    expect(stdout).toContain('  -G, --group=GROUP          ');
    expect(stdout).toContain('  -v|vv|vvv, --verbose       ');
  });
});

test('letters of a command and of every command in one word', async () => {
  using project = createHome();
  project.write('pyproject.toml', '[project]\nname = "demo"\nversion = "1.0"\n');
  expect(await project.run(['version', '-sn'])).toEqual({ code: 0, stdout: '1.0\n', stderr: '' });
});

test('a relative -P that is a link: the project is looked for from where it leads', async () => {
  using linked = createHome();
  linked.write('real/pyproject.toml', manifestOf([]));
  linked.write('real/deep/er/x', '');
  symlinkSync('real/deep/er', join(linked.project, 'link'));
  expect((await linked.run(['-P', 'link', 'version'])).code).toBe(0);
  const { stderr } = await linked.run(['-P', join(linked.project, 'link'), 'version']);
  expect(stderr).toContain(`could not find a pyproject.toml file in ${join(linked.project, 'link')} or`);
});

describe('mistakes', () => {
  test.each([
    [
      ['nonsense'],
      'The requested command nonsense does not exist.\n\nDocumentation: https://python-poetry.org/docs/cli/\n',
    ],
    [['--bogus'], '\nThe option "--bogus" does not exist\n'],
    [['install', '--bogus'], '\nThe option "--bogus" does not exist\n'],
    [['install', 'x'], '\nNo arguments expected for "install" command, got "x"\n'],
    [['add'], '\nNot enough arguments (missing: "name")\n'],
    [['-C', 'missing', 'install'], /^\nSpecified path '.*missing' is not a valid directory\.\n$/],
    [
      ['install'],
      /^\nPoetry could not find a pyproject\.toml file in .*project or its parents\n\nhint: .*`tercet init`.*\n$/,
    ],
    [['show'], /could not find a pyproject\.toml/],
  ])('%p', async (args, message) => {
    const { code, stdout, stderr } = await home.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });

  test('near names', async () => {
    const { stderr } = await home.run(['instal']);
    expect(stderr).toMatch(/Did you mean one of these perhaps\?\n {4}hooks install: .*\n {4}install: /);
  });

  test('quiet', async () => {
    expect(await home.run(['-q', 'install'])).toEqual({ code: 1, stdout: '', stderr: '' });
  });
});

describe('without an index', () => {
  test('version', async () => {
    using own = createHome();
    own.write('pyproject.toml', manifestOf([]));
    expect((await own.run(['version'])).stdout).toBe('demo 0.1.0\n');
    expect((await own.run(['version', '-s'])).stdout).toBe('0.1.0\n');
    expect((await own.run(['version', 'minor', '--dry-run'])).stdout).toBe('Bumping version from 0.1.0 to 0.2.0\n');
    expect(own.read('pyproject.toml')).toBe(manifestOf([]));
    expect((await own.run(['version', 'prerelease'])).code).toBe(0);
    expect(own.read('pyproject.toml')).toBe(manifestOf([]).replace('0.1.0', '0.1.1a0'));
    expect((await own.run(['version', 'rubbish'])).code).toBe(1);
  });

  test('check', async () => {
    using own = createHome();
    own.write('pyproject.toml', manifestOf([]));
    expect(await own.run(['check'])).toEqual({ code: 0, stdout: 'All set!\n', stderr: '' });
    expect(await own.run(['check', '--lock'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: poetry.lock was not found.\n',
    });
  });

  test('new and init', async () => {
    using own = createHome();
    const made = await own.run([
      'new',
      'acme',
      '--name',
      'acme.tool',
      '--author',
      'A B <a@b.example>',
      '--python',
      '>=3.9',
    ]);
    expect(made).toEqual({ code: 0, stdout: 'Created package acme.tool in acme\n', stderr: '' });
    expect(own.exists('acme/src/acme/tool/__init__.py')).toBe(true);
    expect(own.exists('acme/tests/__init__.py')).toBe(true);
    expect(own.read('acme/pyproject.toml')).toBe(`[project]
name = "acme-tool"
version = "0.1.0"
description = ""
authors = [
    {name = "A B",email = "a@b.example"}
]
readme = "README.md"
requires-python = ">=3.9"
dependencies = [
]

[tool.poetry]
packages = [{include = "acme", from = "src"}]

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
`);
    const again = await own.run(['new', 'acme']);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('exists and is not empty. Did you mean `poetry init`?');

    expect((await own.run(['init', '-n', '--python', '>=3.9', '--author', 'A <a@b.example>'])).code).toBe(0);
    expect(own.read('pyproject.toml')).toStartWith('[project]\nname = "project"\nversion = "0.1.0"\n');
    expect(await own.run(['init', '-n'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'A pyproject.toml file with a project and/or a poetry section already exists.\n',
    });
  });

  test('init asks', async () => {
    using own = createHome();
    const input = ['shop', '', 'A small shop', 'Ada <ada@example.org>', 'MIT', '>=3.9', 'no', 'no', 'yes', ''].join(
      '\n',
    );
    const { code, stdout, stderr } = await own.run(['init'], { input, env: { TERCET_INTERACTIVE: '1' } });
    expect(stderr).toStartWith('Package name [project]:  Version [0.1.0]:  Description []:  Author [');
    expect(stderr).toContain('Would you like to define your main dependencies interactively? (yes/no) [yes] ');
    expect(stdout).toContain('Generated file\n\n[project]\nname = "shop"\n');
    expect(code).toBe(0);
    expect(own.read('pyproject.toml')).toContain(
      'description = "A small shop"\nauthors = [\n    {name = "Ada",email = "ada@example.org"}\n]\nlicense = "MIT"\n',
    );
  });
});
