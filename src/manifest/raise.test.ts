/** Raising constraints, in every manner they are written in. */

import { expect, test } from 'bun:test';
import { parseVersion } from '../versions/version.ts';
import { mayRaise, raisedConstraint, withConstraintAt, writtenConstraints } from './raise.ts';

const plain = { latest: false, pinned: false, preserveWildcard: false };
const latest = { ...plain, latest: true };

test.each([
  // written, a PEP 508 text, newest within it, newest of all, raised within it, raised to the latest
  ['^1.2', false, '1.9.1', '3.0', '^1.9.1', '^3.0'],
  ['^0.2', false, '0.2.7', '0.3', '^0.2.7', '^0.3'],
  ['~1.2', false, '1.2.8', '3.0', '~1.2.8', '~3.0'],
  ['>=1.2', false, '3.0', '3.0', '>=3.0', '>=3.0'],
  ['>=1.2,<2', false, '1.9', '3.0', undefined, '^3.0'],
  ['1.2.3', false, '1.2.3', '3.0', undefined, undefined],
  ['*', false, '3.0', '3.0', undefined, '^3.0'],
  ['1.*', false, '1.9', '3.0', undefined, '^3.0'],
  ['<2', false, '1.9', '3.0', undefined, '^3.0'],
  ['>=1.2,<2.0', true, '1.9', '3.0.1', '>=1.9,<2.0', '>=3.0.1,<4.0.0'],
  ['~=1.2', true, '1.9.4', '3.1.2', '~=1.9', '~=3.1'],
  ['==1.2', true, '1.2', '3.0', undefined, undefined],
  ['*', true, '3.0', '3.0', undefined, '>=3.0,<4.0'],
  ['^3.0', false, '3.0', '3.0', undefined, undefined],
  ['>=3.0.5,<4', true, '3.0.5', '3.0.4', undefined, undefined],
] as const)('%s', (constraint, standard, within, newest, raised, raisedToLatest) => {
  const written = { name: 'a', prettyName: 'a', group: 'main', constraint, path: [], standard } as never;
  const of = (options: typeof plain, version: string) =>
    mayRaise(written, options) ? raisedConstraint(written, parseVersion(version), options.latest) : undefined;
  expect(of(plain, within)).toBe(raised as never);
  expect(of(latest, newest)).toBe(raisedToLatest as never);
});

test('exact versions with --pinned, wildcards with --preserve-wildcard', () => {
  const written = (constraint: string) =>
    ({ name: 'a', prettyName: 'a', group: 'main', constraint, path: [], standard: false }) as never;
  expect(mayRaise(written('==1.0'), { ...latest, pinned: true })).toBe(true);
  expect(raisedConstraint(written('==1.0'), parseVersion('2.0'), true)).toBe('==2.0');
  expect(raisedConstraint(written('1.0'), parseVersion('2.0'), true)).toBe('2.0');
  expect(mayRaise(written('1.*'), { ...latest, preserveWildcard: true })).toBe(false);
});

test('the file stays as it is around the constraints', () => {
  const text = `[project]
dependencies = [
    "Flask[async] (>=1,<2) ; python_version < '3.9'", # why
    "bare",
    "x @ https://host.example/x.zip",
]

[project.optional-dependencies]
s = ["six~=1.0"]

[tool.poetry.group.dev.dependencies]
pytest = { version = "^7", extras = ["a"] }  # tests
local = {path = "x"}
many = [{version = "1"}, {version = "2"}]
`;
  const found = writtenConstraints(text);
  expect(found.map((one) => [one.prettyName, one.group, one.constraint])).toEqual([
    ['Flask', 'main', '>=1,<2'],
    ['bare', 'main', '*'],
    ['six', 'main', '~=1.0'],
    ['pytest', 'dev', '^7'],
  ]);
  const edited = found.reduce((now, one, index) => withConstraintAt(now, one, `>=${index}`), text);
  expect(edited).toBe(
    text
      .replace('(>=1,<2)', '(>=0)')
      .replace('"bare"', '"bare (>=1)"')
      .replace('~=1.0', '>=2')
      .replace('"^7"', '">=3"'),
  );
});
