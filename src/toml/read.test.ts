import { describe, expect, test } from 'bun:test';
import { ParseError } from '../ground/error.ts';
import { asArray, asStrings, asTable, readToml, tableAt } from './read.ts';

function refusal(text: string): ParseError {
  try {
    readToml(text, 'pyproject.toml');
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('readToml', () => {
  test('gives plain values', () => {
    expect(readToml('a = 1\n[b]\nc = ["x", {d = true}]\n', 'x')).toEqual({ a: 1, b: { c: ['x', { d: true }] } });
  });

  test.each([
    ['a duplicate key', 'a = 1\na = 2\n', 2],
    ['a duplicate table', '[a]\nb = 1\n[a]\n', 3],
    ['an unclosed string', 'x = 1\ny = "abc\n', 2],
    ['an unclosed array', 'x = 1\n\ny = [1, 2', 3],
    ['no value', 'x =\n', 1],
    ['a bare word', 'x = yes\n', 1],
    ['a control character', 'x = "\u0001"\n', 1],
    ['a nesting of thousands', `x = ${'['.repeat(50_000)}`, 1],
    ['a nesting of tables', `x = ${'{a='.repeat(50_000)}`, 1],
  ])('refuses %s with its place', (_, text, line) => {
    const { span, source, message } = refusal(text);
    expect(source).toBe(text);
    expect(message).toStartWith('Invalid TOML file pyproject.toml: ');
    expect(span).toBeDefined();
    expect(span?.end).toBeLessThanOrEqual(text.length);
    expect(text.slice(0, span?.start).split('\n').length).toBeGreaterThanOrEqual(line);
  });

  test('keeps keys that JavaScript gives a meaning', () => {
    const toml = readToml('[__proto__]\npolluted = true\n[constructor]\na = 1\n', 'x');
    expect(Object.keys(toml)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('looking into values', () => {
  test('takes what has the type, nothing else', () => {
    expect(asTable([])).toBeUndefined();
    expect(asTable(new Date())).toBeUndefined();
    expect(asArray('ab')).toEqual([]);
    expect(asStrings(['a', 1, 'b'])).toEqual(['a', 'b']);
    expect(tableAt({ a: { b: { c: 1 } } }, 'a', 'b')).toEqual({ c: 1 });
    expect(tableAt({ a: 1 }, 'a', 'b')).toBeUndefined();
    expect(tableAt({}, 'toString')).toBeUndefined();
  });
});
