/** `fixtures/direct.pylock.toml` was written by Poetry 2.5.1 with poetry-plugin-export 1.10.1. */

import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLock } from '../lock/poetry-lock.ts';
import { groupName } from '../names/name.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { exportedPackages } from './exported-packages.ts';
import { formatPylock, type PylockOptions } from './write-pylock.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dir, 'fixtures', name), 'utf8');
const lock = readLock(fixture('mixed.lock'));
const groups = ['docs', 'main', 'dev'].map(groupName);
const options: PylockOptions = {
  pythonVersions: '>=3.9,<3.9.17 || >=3.10',
  python: parseMarkerConstraint('>=3.9,<3.9.17 || >=3.10'),
  groups,
  extras: [],
  pypi: 'https://index.example/simple',
  pathOf: (path) => path,
  published: (_, { file }) => ({
    url: `https://files.example/${file}`,
    uploadTime: '2026-01-02T03:04:05.600000Z',
    size: 7,
  }),
};

test('repositories, folders, files and addresses', () => {
  const direct = exportedPackages(lock, { groups, extras: [] }).filter(
    ({ locked }) => !['alpha', 'beta', 'gamma', 'delta'].includes(locked.name),
  );
  expect(formatPylock(direct, options)).toBe(fixture('direct.pylock.toml'));
});

test('files of an index: the last run of each kind, with what the index says of them', () => {
  const packages = exportedPackages(lock, { groups: [groupName('main')], extras: [] });
  const text = formatPylock(packages.slice(0, 1), options);
  expect(text).toContain(`index = "https://index.example/simple"
sdist = {name = "alpha-1.5.tar.gz", url = "https://files.example/alpha-1.5.tar.gz", upload-time = 2026-01-02T03:04:05.600000Z, size = 7, hashes = {sha256 = "bb"}}
wheels = [
    {name = "alpha-1.5-py3-none-any.whl", url = "https://files.example/alpha-1.5-py3-none-any.whl", upload-time = 2026-01-02T03:04:05.600000Z, size = 7, hashes = {sha512 = "aa"}},
`);
});

test.each([
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
  ['2026-01-02T03:04:05.000000+00:00', '2026-01-02T03:04:05Z'],
  ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456Z'],
  ['2026-01-02T03:04:05.5+02:00', '2026-01-02T03:04:05.500000+02:00'],
])('the time %s is written %s', (uploadTime, written) => {
  const packages = exportedPackages(lock, { groups: [groupName('main')], extras: [] }).slice(0, 1);
  const text = formatPylock(packages, {
    ...options,
    published: () => ({ url: 'https://files.example/x', uploadTime }),
  });
  expect(text).toContain(`upload-time = ${written}, hashes`);
});

test('what is no time is left out', () => {
  const packages = exportedPackages(lock, { groups: [groupName('main')], extras: [] }).slice(0, 1);
  const published = () => ({ url: 'https://files.example/x', uploadTime: 'yesterday' });
  expect(formatPylock(packages, { ...options, published })).not.toContain('upload-time');
});
