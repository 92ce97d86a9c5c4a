import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { ParseError } from '../ground/error.ts';
import { formatMarker } from '../markers/marker.ts';
import { formatRange } from '../versions/version-range.ts';
import type { Manifest } from './manifest.ts';
import { ManifestError } from './manifest-error.ts';
import { readManifest } from './read.ts';

function fixture<T>(name: string): T[] {
  const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** A manifest in the words in which the goldens were recorded from Poetry's own objects. */
function view(manifest: Manifest): unknown {
  return {
    python: manifest.pythonVersions,
    range: formatRange(manifest.python),
    name: manifest.name ?? 'non-package-mode',
    version: manifest.version ?? '0',
    groups: manifest.groups.map((group) => [
      group.name,
      group.optional,
      group.requirements.map((each) => ({
        name: each.name,
        pretty: each.prettyName,
        constraint: formatRange(each.constraint),
        pc: each.prettyConstraint,
        marker: formatMarker(each.marker),
        optional: each.optional,
        extras: each.extras,
        inExtras: each.inExtras,
        groups: each.groups,
        pre: each.allowPrereleases ?? null,
        source: each.source ?? null,
        kind: each.origin.kind,
      })),
    ]),
    extras: Object.fromEntries([...manifest.extras].map(([extra, all]) => [extra, all.map((each) => each.prettyName)])),
    sources: manifest.sources.map(({ name, priority }) => [name, priority]),
  };
}

describe('goldens: what Poetry 2.5.1 makes of drawn projects', () => {
  test.each(fixture<{ text: string; view: Record<string, unknown> }>('read.jsonl'))(
    'project %#',
    ({ text, view: theirs }) => {
      if (theirs.error !== undefined) {
        expect(() => readManifest(text).groups.map(({ requirements }) => requirements)).toThrow(theirs.error as string);
        return;
      }
      const { hash: _hash, old: _old, entry: _entry, ...expected } = theirs;
      expect(view(readManifest(text))).toEqual(expected);
    },
  );

  test.each(fixture<{ text: string; error: string }>('refused.jsonl'))('is refused: $error', ({ text, error }) => {
    try {
      readManifest(text);
    } catch (caught) {
      expect(caught).toBeInstanceOf(ManifestError);
      expect((caught as ManifestError).code).toBe('manifest-invalid');
      expect((caught as ManifestError).message).toBe(error);
      return;
    }
    throw new Error('was read');
  });
});

const HEAD = '[project]\nname = "My.Pkg"\nversion = "1.0-beta"\n';

describe('readManifest', () => {
  test('a standard project', () => {
    const manifest = readManifest(
      `${HEAD}description = "d"\nrequires-python = ">=3.9"\n[project.scripts]\nrun = "a:b"\n[project.entry-points.z]\nq = "r"\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "x"\n`,
    );
    expect(manifest).toMatchObject({
      prettyName: 'My.Pkg',
      name: 'my-pkg',
      version: '1.0b0',
      description: 'd',
      packageMode: true,
    });
    expect(manifest).toMatchObject({ pythonVersions: '>=3.9', requiresPython: '>=3.9', packages: undefined });
    expect(manifest.buildSystem).toEqual({ requires: ['poetry-core'], backend: 'x' });
    expect([...manifest.entryPoints].map(([group, points]) => [group, ...points])).toEqual([
      ['console_scripts', ['run', 'a:b']],
      ['z', ['q', 'r']],
    ]);
    expect(manifest.groups).toEqual([]);
    expect(manifest.sources).toEqual([{ name: 'PyPI', url: undefined, priority: 'primary' }]);
  });

  test('a project of 2019', () => {
    const manifest = readManifest(`[tool.poetry]
name = "old"
version = "0.1.0"
description = ""
authors = ["A <a@example.com>"]
packages = [{include = "old"}, {include = "t", from = "lib", to = "x", format = "sdist"}]

[tool.poetry.dependencies]
python = "^3.6"
requests = "^2.22"
toml = {version = "*", optional = true}

[tool.poetry.dev-dependencies]
pytest = "^5.0"

[tool.poetry.extras]
conf = ["toml"]

[tool.poetry.scripts]
old = "old:main"
legacy = {callable = "old:other", extras = ["conf"]}
file = {reference = "bin/x", type = "file"}

[[tool.poetry.source]]
name = "mirror"
url = "https://index.example/simple/"
default = true

[[tool.poetry.source]]
name = "more"
url = "https://index.example/more/"
secondary = true
`);
    expect(manifest.pythonVersions).toBe('^3.6');
    expect(
      manifest.groups.map(({ name, requirements }) => [name as string, ...requirements.map((each) => each.prettyName)]),
    ).toEqual([
      ['main', 'requests', 'toml'],
      ['dev', 'pytest'],
    ]);
    expect(manifest.groups[0]?.requirements[1]).toMatchObject({ optional: true, inExtras: ['conf'] });
    expect(manifest.extras.get('conf' as never)?.[0]).toBe(manifest.groups[0]?.requirements[1] as never);
    expect(manifest.sources.map(({ name, priority }) => [name, priority])).toEqual([
      ['mirror', 'primary'],
      ['more', 'supplemental'],
    ]);
    expect([...manifest.poetryScripts]).toEqual([
      ['old', { kind: 'console', reference: 'old:main', extras: [] }],
      ['legacy', { kind: 'console', reference: 'old:other', extras: ['conf'] }],
      ['file', { kind: 'file', path: 'bin/x' }],
    ]);
    expect([...(manifest.entryPoints.get('console_scripts') ?? [])]).toEqual([['old', 'old:main']]);
    expect(manifest.packages).toEqual([
      { include: 'old', formats: ['sdist', 'wheel'] },
      { include: 't', from: 'lib', to: 'x', formats: ['sdist'] },
    ]);
  });

  test('a project that is no package', () => {
    const manifest = readManifest('[tool.poetry]\npackage-mode = false\n');
    expect(manifest).toMatchObject({ packageMode: false, name: undefined, version: undefined, pythonVersions: '*' });
    expect(formatRange(manifest.python)).toBe('>=2.7,<2.8 || >=3.4');
  });

  test('includes of groups, in both tables', () => {
    const manifest = readManifest(
      `${HEAD}[dependency-groups]\ndev = [{include-group = "Test.X"}, "a"]\ntest-x = ["b"]\n[tool.poetry.group.test-x]\noptional = true\n[tool.poetry.group.docs]\ninclude-groups = ["dev"]\n`,
    );
    expect(
      manifest.groups.map(({ name, optional, requirements }) => [
        name as string,
        optional,
        ...requirements.map((each) => `${each.name}/${each.groups}`),
      ]),
    ).toEqual([
      ['dev', false, 'a/dev', 'b/dev'],
      ['test-x', true, 'b/test-x'],
      ['docs', false, 'a/docs', 'b/docs'],
    ]);
  });

  test('[tool.poetry] adds to standard requirements', () => {
    const manifest = readManifest(
      `${HEAD}dependencies = ["a>=1", "b"]\n[tool.poetry.dependencies]\na = {source = "s", allow-prereleases = true}\nb = [{version = "<2", python = "<3.9"}, {version = ">=2", python = ">=3.9"}]\nc = "*"\n`,
    );
    expect(
      manifest.groups[0]?.requirements.map((each) => [
        each.prettyName,
        each.prettyConstraint,
        formatMarker(each.marker),
        each.source,
      ]),
    ).toEqual([
      ['a', '>=1', '', 's'],
      ['b', '<2', 'python_version < "3.9"', undefined],
      ['b', '>=2', 'python_version >= "3.9"', undefined],
    ]);
  });

  test.each([
    ['python = "nonsense words"\na = "^^1"', 'Could not parse version constraint: nonsense'],
    ['python = "3.4"\na = "^^1"', 'is not a subset of "requires-python"'],
    ['a = "^^1"\npython = "3.4"', 'Could not parse version constraint: ^^1'],
  ])('of several faults in [tool.poetry.dependencies] the first is reported: %j', (table, message) => {
    const text = `[project]\nname = "me"\nversion = "1"\nrequires-python = ">=3.9"\n[tool.poetry.dependencies]\n${table}\n`;
    expect(() => readManifest(text)).toThrow(message);
  });

  test('contradictions are found by those who ask', () => {
    const manifest = readManifest(`${HEAD}dependencies = ["a>=2"]\n[tool.poetry.dependencies]\na = "<1"\n`);
    expect(() => manifest.groups[0]?.requirements).toThrow(
      'Cannot enrich dependency with incompatible constraints: a (>=2) and a (<1)',
    );
  });

  test('broken TOML has its place', () => {
    try {
      readManifest(`${HEAD}\n[project]\n`);
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      expect((error as ParseError).span?.start).toBeGreaterThan(HEAD.length);
      return;
    }
    throw new Error('was read');
  });

  test('includes that multiply without bound end with an error', () => {
    const rungs = Array.from(
      { length: 40 },
      (_, i) =>
        `a${i + 1} = [{include-group = "a${i}"}, {include-group = "b${i}"}]\nb${i + 1} = [{include-group = "a${i}"}, {include-group = "b${i}"}]\n`,
    );
    const manifest = readManifest(`${HEAD}[dependency-groups]\na0 = ["x"]\nb0 = ["y"]\n${rungs.join('')}`);
    expect(() => manifest.groups.at(-1)?.requirements).toThrow('include each other too often');
  });
});
