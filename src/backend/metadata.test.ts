/** Expected texts are what poetry-core 2.5.0 writes. */

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '../manifest/read.ts';
import { coreMetadata } from './metadata.ts';
import { buildSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (manifest: string, projectDir = '/nowhere'): string =>
  coreMetadata(buildSource(readManifest(manifest), projectDir)).text;
const poetry = (lines: string, python: string): string =>
  `[tool.poetry]\nname = "demo"\nversion = "1"\ndescription = "d"\nauthors = []\n${lines}\n[tool.poetry.dependencies]\npython = "${python}"\n`;
const project = (lines: string): string => `[project]\nname = "demo"\nversion = "1"\ndescription = "d"\n${lines}\n`;

const valuesOf = (text: string, field: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${field}: `))
    .map((line) => line.slice(field.length + 2));

describe('classifiers', () => {
  test('of the licence, between those that are written and those of the Python range', () => {
    const written = '"Topic :: X", "Development Status :: 3 - Alpha", "Programming Language :: Python :: 3.9"';
    const lines = `license = "mit"\nclassifiers = [${written}]`;
    const text = textOf(poetry(lines, '>=3.8,<3.10'));
    expect(valuesOf(text, 'License')).toEqual(['MIT']);
    expect(valuesOf(text, 'Classifier')).toEqual([
      'Development Status :: 3 - Alpha',
      'License :: OSI Approved :: MIT License',
      'Programming Language :: Python :: 3',
      'Programming Language :: Python :: 3.8',
      'Programming Language :: Python :: 3.9',
      'Topic :: X',
    ]);
  });

  test('static ones stay as they are', () => {
    const lines = 'requires-python = ">=3.8"\nlicense = {text = "ISC"}\nclassifiers = ["Topic :: X"]';
    const text = textOf(project(lines));
    expect(valuesOf(text, 'License')).toEqual(['ISC']);
    expect(valuesOf(text, 'Classifier')).toEqual(['Topic :: X']);
  });

  test('an expression brings none', () => {
    const text = textOf(project('requires-python = ">=3.14,<3.15"\nlicense = "mit"'));
    expect(valuesOf(text, 'License-Expression')).toEqual(['MIT']);
    expect(valuesOf(text, 'License')).toEqual([]);
    expect(valuesOf(text, 'Classifier')).toEqual([
      'Programming Language :: Python :: 3',
      'Programming Language :: Python :: 3.14',
    ]);
  });
});

test('a licence of several lines, from its file', () => {
  writeFileSync(join(folder, 'OWN'), '\ufeffOwn licence\r\n\r\nby me\r\n');
  const text = textOf(project('requires-python = ">=3.8"\nlicense = {file = "OWN"}'), folder);
  expect(text).toContain('\nLicense: \ufeffOwn licence\n         \n         by me\nLicense-File: OWN\n');
  expect(valuesOf(text, 'Classifier')).toContain('License :: Other/Proprietary License');
});

describe('the Python range', () => {
  test.each([
    ['3.11', '>=3.11,<3.12'],
    ['3', '>=3.0,<4.0'],
    ['3.9.1', '==3.9.1'],
    [
      '~2.7 || >=3.12',
      '>=2.7, !=3.0.*, !=3.1.*, !=3.2.*, !=3.3.*, !=3.4.*, !=3.5.*, !=3.6.*, !=3.7.*, !=3.8.*, !=3.9.*, !=3.10.*, !=3.11.*',
    ],
  ])('%s', (written, shown) => {
    expect(valuesOf(textOf(poetry('', written)), 'Requires-Python')).toEqual([shown]);
  });

  test('* is none', () => {
    expect(valuesOf(textOf(project('requires-python = "*"')), 'Requires-Python')).toEqual([]);
  });
});

describe('people', () => {
  test.each([
    ['Ada', ['Ada'], []],
    ['Ada <a@b.c>', ['Ada'], ['a@b.c']],
    ['Ada <x> <a@b.c>', ['Ada'], ['x> <a@b.c']],
  ])('%s', (written, names, mails) => {
    const text = textOf(poetry('', '*').replace('authors = []', `authors = ["${written}"]`));
    expect(valuesOf(text, 'Author')).toEqual(names);
    expect(valuesOf(text, 'Author-email')).toEqual(mails);
  });

  test.each([
    ['author', ''],
    ['maintainer', 'maintainers = ["<a@b.c>"]'],
  ])('an %s that is refused', (role, lines) => {
    const text = poetry(lines, '*').replace('authors = []', `authors = ["${role === 'author' ? '<a@b.c>' : 'Ada'}"]`);
    const message = `Invalid ${role} string. Must be in the format: John Smith <john@example.com>`;
    expect(() => textOf(text)).toThrow(message);
    expect(() => textOf(text.replace('version', 'readme = "NONE.md"\nversion'), folder)).toThrow('does not exist.');
  });
});

test('addresses: known names first, in their own spelling, then by first letter', () => {
  const urls = '[project.urls]\nDonate = "u:d"\ndocumentation = "u:docs"\nHelp = "u:h"\nhomepage = "u:home"';
  expect(valuesOf(textOf(project(urls)), 'Project-URL')).toEqual([
    'Documentation, u:docs',
    'Donate, u:d',
    'Homepage, u:home',
    'Help, u:h',
  ]);
});

test('what is declared, not what is locked', () => {
  const lines =
    'dependencies = ["six>=1", "near @ file:///abs/near"]\n[tool.poetry.dependencies]\nsix = {git = "https://example.com/six.git"}';
  expect(valuesOf(textOf(project(lines)), 'Requires-Dist')).toEqual(['near @ file:///abs/near', 'six (>=1)']);
});

test('files that are missing, and a folder in their place', () => {
  const readme =
    (path: string): (() => string) =>
    () =>
      textOf(project(`readme = "${path}"`), folder);
  expect(readme('NONE.md')).toThrow(`Readme path \`${join(folder, 'NONE.md')}\` does not exist.`);
  expect(readme('.')).toThrow('is a directory.');
  expect(() => textOf(project('license-files = ["X*"]'), folder)).toThrow(
    "No files found for license file glob pattern 'X*'",
  );
});

test('only packages have any', () => {
  expect(() => textOf('[tool.poetry]\npackage-mode = false\n')).toThrow('non-package mode');
});
