/** `fixtures/mixed.requirements.txt` was written by Poetry 2.5.1 with poetry-plugin-export 1.10.1. */

import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLock } from '../lock/poetry-lock.ts';
import { extraName, groupName } from '../names/name.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { exportedPackages } from './exported-packages.ts';
import { formatRequirementsTxt, type RequirementsOptions } from './write-requirements-txt.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dir, 'fixtures', name), 'utf8');
const lock = readLock(fixture('mixed.lock'));
const groups = ['main', 'dev', 'docs'].map(groupName);
const extras = ['fast', 'slow'].map(extraName);
const index = (url: string, isDefault = false) => ({ url, shownUrl: url, isDefault });
const options: RequirementsOptions = {
  format: 'requirements.txt',
  hashes: true,
  python: parseMarkerConstraint('>=3.9,<3.9.17 || >=3.10'),
  directory: '/srv/mix',
  indexes: [
    index('https://index.example/simple', true),
    index('http://plain.example/simple'),
    index('https://exp.example/simple'),
    index('https://unused.example/simple'),
  ],
};

test('every kind of package, marker, hash and index', () => {
  const { text, left } = formatRequirementsTxt(exportedPackages(lock, { groups, extras }), options);
  expect(text).toBe(fixture('mixed.requirements.txt'));
  expect(left).toEqual([]);
});

test('constraints hold no editable packages', () => {
  const packages = exportedPackages(lock, { groups, extras });
  const { text, left } = formatRequirementsTxt(packages, { ...options, format: 'constraints.txt' });
  expect(left.map(({ name }) => String(name))).toEqual(['edit']);
  expect(text).not.toContain('-e ');
});

test('extras and groups decide which packages there are, and when', () => {
  const names = (group: string, ...wanted: string[]) =>
    exportedPackages(lock, { groups: [groupName(group)], extras: wanted.map(extraName) }).map(({ locked }) =>
      String(locked.name),
    );
  expect(names('main')).toEqual(['alpha', 'gitdep', 'scp', 'urldep']);
  expect(names('main', 'fast')).toEqual(['alpha', 'beta', 'delta', 'gitdep', 'scp', 'urldep']);
  expect(names('dev')).toEqual(['delta']);
  const lines = (group: string, ...wanted: string[]) => {
    const packages = exportedPackages(lock, { groups: [groupName(group)], extras: wanted.map(extraName) });
    return formatRequirementsTxt(packages, { ...options, hashes: false, indexes: [] }).text;
  };
  expect(lines('main', 'slow')).toContain('delta==1.0 ; python_version >= "3.10" and sys_platform != "darwin"\n');
  expect(lines('dev')).toBe('delta==1.0 ; python_version >= "3.10" and sys_platform == "win32"\n');
});

test('without packages there is one empty line', () => {
  expect(formatRequirementsTxt([], options).text).toBe('\n');
});
