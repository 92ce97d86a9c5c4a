import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import { callOf, quickAllows, quickProject } from './_quick-project.ts';

describe('quickProject', () => {
  test('a standard project', () => {
    const text =
      '[project]\nname = "My.Demo"\nrequires-python = ">=3.9"\ndescription = """\n[tool.poetry]\nname = "no"\n"""\n';
    expect(quickProject(text, 'python')).toMatchObject({ name: 'my-demo', pythonVersions: '>=3.9' });
    expect(quickProject(text, 'python')?.script('python')).toBeUndefined();
  });

  test('a project of 2019, with scripts', () => {
    const text =
      '[tool.poetry]\nname = "bmwlog"\n[tool.poetry.dependencies]\npython = "^3.7"\n[tool.poetry.scripts]\nserve = "app.main:run"\n';
    const project = quickProject(text, 'serve');
    expect(project).toMatchObject({ name: 'bmwlog', pythonVersions: '^3.7' });
    expect(project?.script('serve')).toEqual({ kind: 'call', module: 'app.main', callable: 'run' });
    expect(quickProject(text, 'other')?.script('other')).toBeUndefined();
  });

  test('no package', () => {
    expect(quickProject('[tool.poetry]\npackage-mode = false\n', 'x')).toMatchObject({
      name: undefined,
      pythonVersions: '*',
    });
  });

  test.each([
    ['nameless', '[project]\nversion = "1"\n'],
    ['escaped name', '[project]\nname = "a\\u0062"\n'],
    ['inline tables', 'project = {name = "x"}\n'],
    ['inline scripts', '[tool.poetry]\nname = "x"\nscripts = {run = "a:b"}\n'],
    [
      'a Python of several constraints',
      '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = {version = "^3"}\n',
    ],
    ['requires-poetry', '[project]\nname = "x"\n[tool.poetry]\nrequires-poetry = ">=2"\n'],
    [
      'a script as a table',
      '[project]\nname = "x"\n[tool.poetry.scripts]\nrun = {reference = "a.sh", type = "file"}\n',
    ],
    ['a script as a header', '[project]\nname = "x"\n[tool.poetry.scripts.run]\nreference = "a.sh"\n'],
    ['no TOML', '[project\n'],
  ])('%s: to be read in full', (_name, text) => expect(quickProject(text, 'run')).toBeUndefined());
});

test.each([
  ['a.b:c', { kind: 'call', module: 'a.b', callable: 'c' }],
  ['a:Class.method [extra]', { kind: 'call', module: 'a', callable: 'Class.method' }],
  ['a.b', undefined],
  ["a:b'); import os #", undefined],
])('callOf %p', (reference, call) => expect(callOf(reference)).toEqual(call as never));

describe('quickAllows', () => {
  test.each([
    ['>=3.8', '3.11.7', true],
    ['>=3.8,<3.11', '3.11.0', false],
    ['^3.7', '4.0.0', false],
    ['^3.7', '3.6.9', false],
    ['>3.8', '3.8.1', true],
    ['~3.8', '3.8.1', undefined],
    ['3.8.*', '3.8.1', undefined],
    ['>=3.8 || <2', '3.8.1', undefined],
    ['*', '3.8.1', undefined],
    ['^0.1', '0.1.0', undefined],
    ['', '3.8.1', undefined],
  ])('%s allows %s: %p', (range, version, answer) => expect(quickAllows(range, version)).toBe(answer as boolean));

  test('where it answers, it answers as the rule does', () => {
    const version = fc.tuple(
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 0, max: 14 }),
      fc.integer({ min: 0, max: 3 }),
    );
    const text = version.map((parts) => parts.join('.'));
    const bound = fc
      .tuple(version, fc.integer({ min: 1, max: 3 }))
      .map(([parts, length]) => parts.slice(0, length).join('.'));
    const part = fc
      .tuple(fc.constantFrom('>=', '<', '<=', '>', '^'), bound)
      .map(([operator, number]) => operator + number);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), text, (parts, asked) => {
        const range = parts.join(',');
        const quick = quickAllows(range, asked);
        if (quick !== undefined)
          expect([range, asked, quick]).toEqual([
            range,
            asked,
            allows(parseMarkerConstraint(range), parseVersion(asked)),
          ]);
      }),
    );
  });
});
