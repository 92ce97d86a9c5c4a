/** Expected texts are what poetry-core 2.5.0 writes. */

import { describe, expect, test } from 'bun:test';
import { readManifest } from '../manifest/read.ts';
import { licensePath, rootMetadata } from './root-metadata.ts';

const noFiles = { readmes: [], licenses: [] };
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
    const text = rootMetadata(readManifest(poetry(lines, '>=3.8,<3.10')), noFiles);
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
    const text = rootMetadata(readManifest(project(lines)), noFiles);
    expect(valuesOf(text, 'License')).toEqual(['ISC']);
    expect(valuesOf(text, 'Classifier')).toEqual(['Topic :: X']);
  });

  test('an expression brings none', () => {
    const text = rootMetadata(readManifest(project('requires-python = ">=3.14,<3.15"\nlicense = "mit"')), noFiles);
    expect(valuesOf(text, 'License-Expression')).toEqual(['MIT']);
    expect(valuesOf(text, 'License')).toEqual([]);
    expect(valuesOf(text, 'Classifier')).toEqual([
      'Programming Language :: Python :: 3',
      'Programming Language :: Python :: 3.14',
    ]);
  });
});

test('a licence of several lines, from its file', () => {
  const manifest = readManifest(project('requires-python = ">=3.8"\nlicense = {file = "OWN"}'));
  expect(licensePath(manifest)).toBe('OWN');
  const text = rootMetadata(manifest, { ...noFiles, licenseText: 'Own licence\n\nby me\n' });
  expect(text).toContain('\nLicense: Own licence\n         \n         by me\n');
  expect(valuesOf(text, 'Classifier')).toContain('License :: Other/Proprietary License');
});
