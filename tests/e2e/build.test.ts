/** `build` of the executable, compared with what the real Poetry made of the same projects (`tests/builds-compat/fixtures`). */

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lay, type Project } from '../builds-compat/project.ts';
import { PROJECTS } from '../builds-compat/projects.ts';
import { listArchives } from '../support/archive-listing.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';

const FIXTURES = join(import.meta.dir, '../builds-compat/fixtures');
const home = createHome();
afterAll(() => home[Symbol.dispose]());

function built(project: Project, folder: string): readonly string[] {
  const at = project.args?.indexOf('-o') ?? -1;
  const out = join(folder, at < 0 ? 'dist' : (project.args?.[at + 1] ?? ''));
  return readdirSync(out)
    .sort()
    .map((file) => join(out, file));
}

function project(name: string): { readonly draft: Project; readonly folder: string } {
  const draft = PROJECTS.find((one) => one.name === name);
  if (draft === undefined) throw new Error(`no project ${name}`);
  const place = join(home.path, name);
  mkdirSync(place);
  return { draft, folder: lay(draft, place) };
}

describe('the same as Poetry', () => {
  test.each(readdirSync(FIXTURES).map((file) => basename(file, '.txt')))('%s', async (name) => {
    const { draft, folder } = project(name);
    const { code } = await home.run(['build', ...(draft.args ?? [])], { cwd: folder, env: draft.env ?? {} });
    expect(code).toBe(0);
    expect(listArchives(built(draft, folder))).toBe(readFileSync(join(FIXTURES, `${name}.txt`), 'utf8'));
  });
});

test('what is printed; no environment is made; twice the same bytes', async () => {
  const { draft, folder } = project('flat');
  const first = await home.run(['build'], { cwd: folder });
  expect(first).toEqual({
    code: 0,
    stdout: `Building demo (0.1.0)
Building sdist
  - Building sdist
  - Built demo-0.1.0.tar.gz
Building wheel
  - Building wheel
  - Built demo-0.1.0-py3-none-any.whl
`,
    stderr: '',
  });
  expect(readdirSync(folder).sort()).toEqual(['demo', 'dist', 'pyproject.toml']);
  const before = built(draft, folder).map((file) => readFileSync(file));
  await home.run(['build'], { cwd: folder });
  expect(built(draft, folder).map((file) => readFileSync(file))).toEqual(before);
});

test('a backend of its own: in an environment of its own, with the settings', async () => {
  const backend = `
import os

def build_sdist(folder, settings=None):
    print("printed by the backend")
    open(os.path.join(folder, "own-1.0.tar.gz"), "w").write(repr(settings))
    return "own-1.0.tar.gz"

def build_wheel(folder, settings=None, metadata=None):
    raise SystemExit("no wheel today")
`;
  const files = {
    'pyproject.toml':
      '[project]\nname = "own"\nversion = "1.0"\n[build-system]\nrequires = []\nbuild-backend = "inner"\nbackend-path = ["."]\n',
    'inner.py': backend,
  };
  const place = join(home.path, 'own');
  mkdirSync(place);
  const folder = lay({ name: 'own', files }, place);
  const sdist = await home.run(['build', '-f', 'sdist', '-c', 'a=b=c'], { cwd: folder });
  expect(sdist).toEqual({ code: 0, stdout: 'Building own (1.0)\nBuilding sdist\n', stderr: '' });
  expect(readFileSync(join(folder, 'dist/own-1.0.tar.gz'), 'utf8')).toBe("{'a': 'b=c'}");
  const wheel = await home.run(['build', '-f', 'wheel'], { cwd: folder });
  expect(wheel.code).toBe(1);
  expect(wheel.stderr).toContain('no wheel today');
});

describe('refused', () => {
  test('a project that is no package', async () => {
    home.write('pyproject.toml', manifestOf([]));
    expect(await home.run(['build'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Building a package is not possible in non-package mode.\n',
    });
  });

  test('an invalid project, before the command line is looked at', async () => {
    home.write('pyproject.toml', '[project]\nname = "demo"\nversion = "1"\n[tool.poetry]\nunknown = 1\n');
    const { code, stderr } = await home.run(['build', '--local-version', 'x', '-f', 'egg']);
    expect(code).toBe(1);
    expect(stderr).toStartWith('\nThe Poetry configuration is invalid:');
  });

  test('to clean away the project', async () => {
    const { folder } = project('module');
    const { code, stderr } = await home.run(['build', '--clean', '-o', '..'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('holds the project itself');
    expect(readFileSync(join(folder, 'demo.py'), 'utf8')).toBe('x = 1\n');
  });

  test('an output that is a file; a pipe among the files', async () => {
    const { folder } = project('src');
    writeFileSync(join(folder, 'out'), '');
    const file = await home.run(['build', '-o', 'out'], { cwd: folder });
    expect(file.code).toBe(1);
    expect(file.stderr).toMatch(/^\n.*out cannot be made: EEXIST/);
    Bun.spawnSync(['mkfifo', join(folder, 'src/demo/pipe')]);
    const pipe = await home.run(['build', '-f', 'wheel'], { cwd: folder });
    expect(pipe.code).toBe(1);
    expect(pipe.stderr).toMatch(/pipe cannot be read: it is no regular file\n$/);
    expect(readdirSync(join(folder, 'dist'))).toEqual([]);
  });

  test('a link that leads out of the package; nothing is left', async () => {
    const { folder } = project('link-outside-src');
    const { code, stderr } = await home.run(['build', '-f', 'wheel'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain('is not in the subpath of');
    expect(readdirSync(folder)).not.toContain('dist');
  });
});

test('a script by way of a folder that is not there is not found, whatever stands beside', async () => {
  using home = createHome();
  home.write('demo/__init__.py', '');
  home.write('bin/run', '#!/bin/sh\n');
  const manifest = (path: string) => `[tool.poetry]
name = "demo"
version = "1.0"
description = ""
authors = []

[tool.poetry.scripts]
run = {reference = "${path}", type = "file"}
`;
  home.write('pyproject.toml', manifest('gone/../bin/run'));
  const { code, stderr } = await home.run(['build']);
  expect(code).toBe(1);
  expect(stderr).toContain(`${home.project}/gone/../bin/run in script specification (run) is not found.`);
  home.write('pyproject.toml', manifest('demo/../bin/run'));
  expect((await home.run(['build'])).code).toBe(0);
});
