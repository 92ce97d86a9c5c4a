import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import {
  type Addition,
  addRequirements,
  isLegacyMain,
  presentRequirements,
  removeRequirements,
  setVersion,
} from './edit.ts';

interface Golden {
  readonly op: 'add' | 'remove' | 'version';
  readonly args: string;
  readonly additions?: readonly Addition[];
  readonly text: string;
  readonly expected: string;
}

const goldens = readFileSync(new URL('./fixtures/edits.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);

function edited({ op, args, additions = [], text }: Golden): string {
  const group = / -G (\S+)/.exec(args)?.[1];
  const extra = / --optional (\S+)/.exec(args)?.[1];
  if (op === 'version') return setVersion(text, args);
  if (op === 'remove') return removeRequirements(text, (args.split(' -G ')[0] ?? '').split(' '), group).text;
  return addRequirements(text, additions, { ...(group && { group }), ...(extra && { extra }) });
}

test.each(goldens)('writes what Poetry 2.5.1 writes: $op $args', (golden) => {
  expect(edited(golden)).toBe(golden.expected);
});

const PROJECT = '[project]\nname = "x"\nversion = "1.0"\n';

describe('addRequirements', () => {
  test('paths become addresses in standard sections', () => {
    const text = addRequirements(
      `${PROJECT}dependencies = []\n`,
      [{ name: 'lib', wish: { path: '../lib', develop: true } }],
      { base: '/srv/app' },
    );
    expect(text).toContain('dependencies = ["lib @ file:///srv/lib"]');
    expect(text).toContain('[tool.poetry.dependencies]\nlib = {develop = true}\n');
  });

  test('an extra is for the main group only', () => {
    expect(() => addRequirements(PROJECT, [], { group: 'dev', extra: 'x' })).toThrow(
      'You can only add optional dependencies to the main group',
    );
  });

  test('a requirement joins those that its group has in [tool.poetry], whose place [dependency-groups] would take', () => {
    const other = '\n[dependency-groups]\ntest = ["b"]\n';
    const group = '\n[tool.poetry.group.dev.dependencies]\na = "*"\n';
    const wish = [{ name: 'c', wish: '^1' }];
    expect(addRequirements(PROJECT + other + group, wish, { group: 'Dev' })).toBe(
      `${PROJECT}${other}${group}c = "^1"\n`,
    );
    const old = '\n[tool.poetry.dev-dependencies]\na = "*"\n';
    expect(addRequirements(PROJECT + other + old, wish, { group: 'dev' })).toContain(
      '[tool.poetry.group.dev.dependencies]\nc = "^1"\n',
    );
    const optional = '\n[tool.poetry.group.dev]\noptional = true\n';
    expect(addRequirements(PROJECT + other + optional, wish, { group: 'dev' })).toContain(
      'dev = [\n    "c (>=1,<2)"\n]\n',
    );
  });

  test('a group is found under any spelling', () => {
    const text = `${PROJECT}\n[dependency-groups]\n"Dev.X" = ["a"]\n`;
    expect(addRequirements(text, [{ name: 'b', wish: '*' }], { group: 'dev-x' })).toBe(
      text.replace('["a"]', '["a", "b"]'),
    );
  });
});

test('presentRequirements looks into the target section, by normalised name', () => {
  const text = `${PROJECT}dependencies = ["Foo_Bar>=1"]\n[project.optional-dependencies]\nx = ["c"]\n[dependency-groups]\ndev = ["b", {include-group = "t"}]\nt = []\n`;
  expect(presentRequirements(text, ['foo.bar', 'b'])).toEqual(['foo.bar']);
  expect(presentRequirements(text, ['foo.bar', 'b', 'c'], { group: 'dev' })).toEqual(['b']);
  expect(presentRequirements(text, ['c', 'b'], { extra: 'x' })).toEqual(['c']);
  expect([isLegacyMain(text), isLegacyMain(PROJECT)]).toEqual([false, true]);
});

describe('removeRequirements', () => {
  test('a group that is empty goes, with the includes of it', () => {
    const text = `${PROJECT}\n[dependency-groups]\ndev = ["b"]\ntest = [{include-group = "dev"}, "c"]\nall = [{include-group = "dev"}]\n`;
    expect(removeRequirements(text, ['B']).text).toBe(`${PROJECT}\n[dependency-groups]\ntest = ["c"]\n`);
  });

  test('the dev-dependencies of old count as well', () => {
    const text = '[tool.poetry]\nname = "x"\nversion = "1"\n\n[tool.poetry.dev-dependencies]\na = "*"\n';
    expect(removeRequirements(text, ['a'])).toEqual({
      text: '[tool.poetry]\nname = "x"\nversion = "1"\n\n',
      removed: ['a'],
    });
    expect(removeRequirements(text, ['a'], 'dev').text).toBe('[tool.poetry]\nname = "x"\nversion = "1"\n\n');
  });

  test('a table that was empty before stays', () => {
    const text = `${PROJECT}dependencies = ["a"]\n\n[tool.poetry.dev-dependencies]\n`;
    expect(removeRequirements(text, ['a']).text).toBe(text.replace('"a"', ''));
  });

  test('a group of dotted keys goes with the last of them', () => {
    const group = '[tool.poetry.group.docs]\ndependencies.a = "*"\n';
    const text = `${PROJECT}\n[dependency-groups]\nall = ["b", {include-group = "docs"}]\n\n`;
    expect(removeRequirements(text + group, ['a']).text).toBe(text.replace(', {include-group = "docs"}', ''));
    const optional = group.replace(']\n', ']\noptional = true\n');
    expect(removeRequirements(PROJECT + optional, ['a']).text).toBe(
      `${PROJECT}[tool.poetry.group.docs]\noptional = true\n`,
    );
  });

  test('what is nowhere is an error', () => {
    expect(() => removeRequirements(PROJECT, ['b', 'a'])).toThrow('The following packages were not found: a, b');
  });
});

test('setVersion writes wherever there is a version', () => {
  expect(setVersion(`${PROJECT}[tool.poetry]\nversion = '1' # v\n`, '2.0')).toBe(
    '[project]\nname = "x"\nversion = "2.0"\n[tool.poetry]\nversion = "2.0" # v\n',
  );
});
