import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { addTable, pushItem, removeItem, removeKey, replaceItem, setKey } from './edit.ts';
import { readToml } from './read.ts';

describe('setKey', () => {
  test.each([
    ['replaces a value and keeps what is around it', 'a   = 1  # why\nb = 2\n', ['a'], 3, 'a   = 3  # why\nb = 2\n'],
    ['adds behind the last key', '[t]\na = 1\n\n[u]\n', ['t', 'b'], 2, '[t]\na = 1\nb = 2\n\n[u]\n'],
    ['adds behind the last comment', '[t]\na = 1\n# end\n[u]\n', ['t', 'b'], 2, '[t]\na = 1\n# end\nb = 2\n[u]\n'],
    ['adds to an empty table', '[t]\n[u]\n', ['t', 'b'], 2, '[t]\nb = 2\n[u]\n'],
    ['keeps a child table apart', '[t]\na = 1\n[t.u]\n', ['t', 'b'], 2, '[t]\na = 1\nb = 2\n\n[t.u]\n'],
    ['adds before the first table', '[t]\na = 1\n', ['b'], 2, 'b = 2\n\n[t]\na = 1\n'],
    ['keeps a byte order mark first', '\ufeff[t]\na = 1\n', ['b'], 2, '\ufeff\nb = 2\n\n[t]\na = 1\n'],
    ['edits behind a byte order mark', '\ufeff[t]\na = 1\n', ['t', 'a'], 2, '\ufeff[t]\na = 2\n'],
    ['ends an unfinished line', 'a = 1', ['b'], 2, 'a = 1\nb = 2\n'],
    ['adds to an empty text', '', ['b'], 2, 'b = 2\n'],
    ['adds to an inline table', 't = {a = 1}\n', ['t', 'b'], 2, 't = {a = 1, b = 2}\n'],
    ['adds to a padded inline table', 't = { a = 1 }\n', ['t', 'b'], 2, 't = { a = 1, b = 2 }\n'],
    ['adds to an empty inline table', 't = {}\n', ['t', 'b'], 2, 't = {b = 2}\n'],
    ['replaces within an inline table', 't = {a = {x = 1}, c = 0}\n', ['t', 'a', 'x'], 2, 't = {a = {x = 2}, c = 0}\n'],
    ['follows dotted keys', 't.a = 1\nz = 0\n', ['t', 'b'], 2, 't.a = 1\nt.b = 2\nz = 0\n'],
    ['finds quoted keys', '"a b" = 1\n', ['a b'], 2, '"a b" = 2\n'],
    ['makes the table', 'a = 1\n', ['t', 'u', 'b'], 2, 'a = 1\n\n[t.u]\nb = 2\n'],
    ['keeps CRLF', 'a = 1\r\n\r\n[t]\r\nb = 1\r\n', ['t', 'c'], 2, 'a = 1\r\n\r\n[t]\r\nb = 1\r\nc = 2\r\n'],
    ['follows the indent of a header', '  [t]\n  a = 1\n', ['t', 'b'], 2, '  [t]\n  a = 1\n  b = 2\n'],
    [
      'writes into an array of tables',
      '[[s]]\na = 1\n[[s]]\na = 2\n',
      ['s', 1, 'a'],
      3,
      '[[s]]\na = 1\n[[s]]\na = 3\n',
    ],
  ])('%s', (_, text, path, value, expected) => {
    expect(setKey(text, path, value)).toBe(expected);
  });
});

describe('removeKey', () => {
  test.each([
    ['takes the line, keeps the comment above', '# about\na = 1 # why\nb = 2\n', ['a'], '# about\nb = 2\n'],
    ['takes a value of several lines', 'a = [\n  1,\n]\nb = 2\n', ['a'], 'b = 2\n'],
    ['takes a table and its children', '[t]\na = 1\n\n[t.u]\nb = 1\n\n[v]\n', ['t'], '[v]\n'],
    ['leaves a banner that speaks of the next table', '[t]\na = 1\n# of t\n\n# of v\n[v]\n', ['t'], '# of v\n[v]\n'],
    ['takes the first of an inline table', 't = { a = 1, b = 2 }\n', ['t', 'a'], 't = { b = 2 }\n'],
    ['takes the last of an inline table', 't = { a = 1, b = 2 }\n', ['t', 'b'], 't = { a = 1 }\n'],
    ['takes dotted keys', 't.a = 1\nt.b = 2\nc = 3\n', ['t'], 'c = 3\n'],
    ['does nothing where there is none', 'a = 1\n', ['b'], 'a = 1\n'],
  ])('%s', (_, text, path, expected) => {
    expect(removeKey(text, path)).toBe(expected);
  });
});

describe('arrays', () => {
  test.each([
    ['a = []\n', 'a = ["x"]\n'],
    ['a = [\n]\n', 'a = [\n    "x"\n]\n'],
    ['a = ["p"]\n', 'a = ["p", "x"]\n'],
    ['a = [ "p" ]\n', 'a = [ "p", "x" ]\n'],
    ['a = [\n  "p",\n  "q",\n]\n', 'a = [\n  "p",\n  "q",\n  "x",\n]\n'],
    ['a = [\n  "p",\n  "q"\n]\n', 'a = [\n  "p",\n  "q",\n  "x"\n]\n'],
    ['a = [\n  "p",  # why\n]\n', 'a = [\n  "p",  # why\n  "x",\n]\n'],
    ['a = [\n  "p" # why\n  # end\n]\n', 'a = [\n  "p", # why\n  # end\n  "x"\n]\n'],
    ['a = [\r\n    "p",\r\n]\r\n', 'a = [\r\n    "p",\r\n    "x",\r\n]\r\n'],
    ['a = [\r\n]\r\n', 'a = [\r\n    "x"\r\n]\r\n'],
  ])('pushes onto %j', (text, expected) => {
    expect(pushItem(text, ['a'], 'x')).toBe(expected);
  });

  test.each([
    ['a = ["p", "q"]\n', 0, 'a = ["q"]\n'],
    ['a = ["p", "q"]\n', 1, 'a = ["p"]\n'],
    ['a = [\n  "p", "q",\n  "r",\n]\n', 0, 'a = [\n  "q",\n  "r",\n]\n'],
    ['a = [\n  # of p\n  "p",\n  "q",\n]\n', 0, 'a = [\n  # of p\n  "q",\n]\n'],
    ['a = ["p"]\n', 0, 'a = []\n'],
  ])('removes from %j item %d', (text, index, expected) => {
    expect(removeItem(text, ['a'], index)).toBe(expected);
  });

  test('replaces in place', () => {
    expect(replaceItem('a = [\n  "p", # why\n]\n', ['a'], 0, 'x')).toBe('a = [\n  "x", # why\n]\n');
  });
});

describe('addTable', () => {
  test('goes behind its kin, a blank line before it', () => {
    const text = '[tool.a]\nx = 1\n\n[tool.b]\ny = 1\n\n[z]\n';
    expect(addTable(text, ['tool', 'a', 'c'], { k: 1 })).toBe(
      '[tool.a]\nx = 1\n\n[tool.a.c]\nk = 1\n[tool.b]\ny = 1\n\n[z]\n',
    );
    expect(addTable(text, ['n'], { k: 1 })).toBe(`${text}\n[n]\nk = 1\n`);
  });
});

// --- laws ------------------------------------------------------------------------------------------------------------

const word = fc.constantFrom('a', 'b', 'c-d', 'e f', 'g.h');
const quoted = (key: string) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));
const scalar = fc.constantFrom('1', '"x"', "'y'", 'true', '[1, 2]', '[\n  "p", # c\n]', '{k = 1}');
const line = fc
  .tuple(word, scalar, fc.constantFrom('', ' # why', '   '))
  .map(([key, value, end]) => `${quoted(key)} = ${value}${end}`);
const filler = fc.constantFrom('', '# comment', '  ', '# [not.a.table]');
const body = fc.array(fc.oneof(line, filler), { maxLength: 5 });
const document = fc
  .tuple(
    body,
    fc.uniqueArray(fc.tuple(fc.constantFrom('t', 't.u', 'v', 'v.w.x'), body), {
      selector: ([name]) => name,
      maxLength: 4,
    }),
  )
  .map(([root, tables]) => [...root, ...tables.flatMap(([name, lines]) => [`[${name}]`, ...lines]), ''].join('\n'))
  .filter((text) => {
    try {
      readToml(text, 'drawn');
      return text !== '';
    } catch {
      return false;
    }
  });
/** A child table may get a blank line before it, which stays. */
const withoutGaps = (text: string) => text.replace(/(\r?\n)(?:[ \t]*\r?\n)+(?=\[)/g, '$1');
const newline = fc.constantFrom('\n', '\r\n');

describe('laws', () => {
  test('what is added and removed again leaves the text as it was', () => {
    fc.assert(
      fc.property(document, newline, fc.constantFrom(['t'], ['t', 'u'], ['v']), (drawn, end, table) => {
        const text = drawn.replaceAll('\n', end);
        fc.pre(new RegExp(`^\\[${table.join('\\.')}\\]`, 'm').test(text));
        const path = [...table, 'brand-new'];
        const added = setKey(text, path, 'v');
        expect(readToml(removeKey(added, path), 'x')).toEqual(readToml(text, 'x'));
        expect(withoutGaps(removeKey(added, path))).toBe(withoutGaps(text));
      }),
    );
  });

  test('every line but the new one stays, with its comments and spaces', () => {
    fc.assert(
      fc.property(document, newline, word, (drawn, end, key) => {
        const text = drawn.replaceAll('\n', end);
        const edited = setKey(text, ['t', `new ${key}`], 1);
        const lines = edited.split(end);
        for (const kept of text.split(end)) {
          const index = lines.indexOf(kept);
          expect(index).toBeGreaterThanOrEqual(0);
          lines.splice(index, 1);
        }
      }),
    );
  });
});
