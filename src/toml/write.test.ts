import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { readToml } from './read.ts';
import { tomlKey, tomlString, tomlValue } from './write.ts';

test.each([
  ['plain', '"plain"'],
  ['q"b\\t\tn\nr\rf\fb\b', '"q\\"b\\\\t\\tn\\nr\\rf\\fb\\b"'],
  ['\u0007 \u001b \u007f é 🎉', '"\\u0007 \\u001b \\u007f é 🎉"'],
])('writes %j', (text, expected) => {
  expect(tomlString(text)).toBe(expected);
});

test('quotes keys that are not bare', () => {
  expect([tomlKey('a-B_9'), tomlKey('zope.interface'), tomlKey('')]).toEqual(['a-B_9', '"zope.interface"', '""']);
});

test('writes arrays and inline tables without padding', () => {
  expect(tomlValue({ a: ['x', 1, true], 'b.c': {} })).toBe('{a = ["x", 1, true], "b.c" = {}}');
});

test('what is written is read back', () => {
  const text = fc.string({ unit: 'grapheme' });
  const value = fc.oneof(text, fc.boolean(), fc.integer(), fc.array(text), fc.dictionary(text, text));
  fc.assert(
    fc.property(text, value, (key, written) => {
      const read = readToml(`${tomlKey(key)} = ${tomlValue(written)}\n`, 'x');
      expect(Object.entries(read)).toEqual([[key, written]]);
    }),
  );
});
