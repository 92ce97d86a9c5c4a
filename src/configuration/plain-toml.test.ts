import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { plainEntry, plainTree, scanToml } from './plain-toml.ts';

describe('scanToml', () => {
  test('tables, dotted and quoted keys, strings, comments', () => {
    const text = [
      '# head',
      'a = 1 # one',
      '[ project ] # here',
      'name = "demo"',
      "'odd key'.x = 'c:\\dir'",
      '[tool.poetry."scripts"]',
      'run = { callable = "m:f", extras = ["x # no"] }',
      'long = """',
      '[project]',
      'name = "no" \\""" """',
      "raw = '''",
      "it's ''quoted'' '''",
      'list = [ # c',
      '  "a", # one',
      "  'b',",
      ']',
      'nested = [["a"], 1]',
      'when = 1979-05-27 07:32:00',
      '[[tool.x]]',
      'name = "element"',
    ].join('\n');
    const entries = scanToml(text) ?? [];
    expect(entries.map((entry) => [entry.path.join('/'), entry.value])).toEqual([
      ['a', 1],
      ['project/name', 'demo'],
      ['project/odd key/x', 'c:\\dir'],
      ['tool/poetry/scripts/run', undefined],
      ['tool/poetry/scripts/long', undefined],
      ['tool/poetry/scripts/raw', undefined],
      ['tool/poetry/scripts/list', ['a', 'b']],
      ['tool/poetry/scripts/nested', undefined],
      ['tool/poetry/scripts/when', undefined],
      ['tool/x/[]/name', 'element'],
    ]);
    expect(plainEntry(entries, ['project', 'name'])?.value).toBe('demo');
    expect(plainEntry(entries, ['project'])).toBeUndefined();
  });

  test.each([
    'a',
    'a =',
    '[x',
    'a = "',
    'a = 1 b = 2',
    '"\\u0061" = 1',
    'a = [1',
    'a = {b = 1',
    'a = """x',
    `a = ${'['.repeat(100_000)}`,
  ])('not understood: %s', (text) => expect(scanToml(text)).toBeUndefined());

  test('empty documents, CRLF, byte order mark', () => {
    expect(scanToml('')).toEqual([]);
    expect(scanToml('# only\r\n\r\n')).toEqual([]);
    expect(scanToml('\ufeffa = true\r\nb = "x"\r\n')?.length).toBe(2);
  });

  test('what it decodes is what the parser reads', () => {
    const key = fc.constantFrom('a', 'b-c', '"d e"', "'f'");
    const scalar = fc.constantFrom('true', 'false', '0', '-12', '"text"', "'it'", '"a#b"', '""', '["x", \'y\']', '[]');
    const line = fc.tuple(key, scalar).map(([k, v]) => `${k} = ${v}  # note`);
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: (l) => l.split(' =')[0] }),
        fc.constantFrom('\n', '\r\n'),
        (lines, nl) => {
          const text = ['[one.two]', ...lines, '', '[three]', ...lines].join(nl);
          if (lines.length === 0) return;
          expect(plainTree(text)).toEqual(parse(text));
        },
      ),
    );
  });
});

test('plainTree refuses what is not plain', () => {
  expect(plainTree('[a]\nb = 1\n[a.c]\nd = "x"\n')).toEqual({ a: { b: 1, c: { d: 'x' } } });
  expect(plainTree('a = 1\na = 2')).toBeUndefined();
  expect(plainTree('a = 1.5')).toBeUndefined();
  expect(plainTree('[[a]]\nb = 1')).toBeUndefined();
  expect(plainTree('a = 1\na.b = 2')).toBeUndefined();
});
