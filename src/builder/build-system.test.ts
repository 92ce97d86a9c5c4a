import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuildSystem } from './build-system.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-build-system-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, 'outside'));

function tree(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, 'tree-'));
  mkdirSync(join(folder, 'inside'));
  symlinkSync('../outside', join(folder, 'link'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

const system = (text: string) => readBuildSystem(tree({ 'pyproject.toml': `[build-system]\n${text}\n` }), 'demo');
const LEGACY = { requires: ['setuptools >= 40.8.0'], backend: 'setuptools.build_meta:__legacy__', backendPath: [] };

test('what names no backend is built by setuptools as of old', () => {
  expect(readBuildSystem(tree({ 'setup.py': '' }), 'demo')).toEqual(LEGACY);
  expect(readBuildSystem(tree({ 'pyproject.toml': '[tool.x]\n' }), 'demo')).toEqual(LEGACY);
  expect(system('requires = ["wheel"]')).toEqual({ ...LEGACY, requires: ['wheel'] });
});

test('a backend of its own in the tree', () => {
  const folder = tree({
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "a.b:c.d"\nbackend-path = ["inside", "."]\n',
  });
  expect(readBuildSystem(folder, 'demo')).toEqual({
    requires: [],
    backend: 'a.b:c.d',
    backendPath: [join(folder, 'inside'), folder],
  });
});

test.each([
  ['build-backend = "x"', '`build-system.requires` is not a list'],
  ['requires = [1]', '`build-system.requires` is not a list'],
  ['requires = []\nbuild-backend = "x; import os"', 'is not the name of an object'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = ".."', 'is not a list'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = [".."]', 'leaves the tree'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = ["inside/../../outside"]', 'leaves the tree'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = ["/"]', 'leaves the tree'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = ["link"]', 'leaves the tree'],
  ['requires = []\nbuild-backend = "x"\nbackend-path = ["absent"]', 'names no folder'],
  ['requires = [', 'cannot be built'],
])('%j is refused', (text, why) => {
  expect(() => system(text)).toThrow(why);
});

test('a folder without any of it', () => {
  expect(() => readBuildSystem(tree({}), 'demo')).toThrow('neither a pyproject.toml nor a setup.py');
});
