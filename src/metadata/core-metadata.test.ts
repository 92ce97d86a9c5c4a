/** Core metadata: ordinary, folded, foreign and broken. */

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { ParseError } from '../ground/error.ts';
import { fileText, headerText, parseCoreMetadata } from './core-metadata.ts';

const HEAD = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n';

describe('parseCoreMetadata', () => {
  test('reads the fields, and nothing of the body', () => {
    const text = [
      'Metadata-Version: 2.2',
      'Name: Zope.Interface',
      'Version: 5.4.0',
      'Summary: Interfaces, für Python ✓',
      'Author: X <x@example.org>',
      'Requires-Python: >=3.8',
      "Requires-Dist: a>=1; extra == 'test'",
      'requires-dist: b',
      'Provides-Extra: test',
      'Dynamic: Requires-Dist',
      '',
      'Requires-Dist: in the body',
      'Name: other',
    ].join('\n');
    expect(parseCoreMetadata(text)).toEqual({
      metadataVersion: '2.2',
      name: 'Zope.Interface',
      version: '5.4.0',
      summary: 'Interfaces, für Python ✓',
      requiresPython: '>=3.8',
      requiresDist: ["a>=1; extra == 'test'", 'b'],
      providesExtra: ['test'],
      dynamic: ['Requires-Dist'],
    });
  });

  test('the least', () => {
    expect(parseCoreMetadata('Name: foo\nVersion: 1')).toEqual({
      metadataVersion: '',
      name: 'foo',
      version: '1',
      summary: '',
      requiresDist: [],
      providesExtra: [],
      dynamic: [],
    });
  });

  test.each(['\n', '\r\n', '\r'])('lines may end in %j', (end) => {
    const text = `${HEAD}Summary: short\nRequires-Dist: a\n\nRequires-Dist: body`.replaceAll('\n', end);
    expect(parseCoreMetadata(text)).toMatchObject({ summary: 'short', requiresDist: ['a'] });
  });

  test('a folded value keeps its lines in a wheel and is one line in a source distribution', () => {
    const text = `${HEAD}Summary: one\n        two\n\tthree\nRequires-Dist: a\n`;
    expect(parseCoreMetadata(text).summary).toBe('one\n        two\n\tthree');
    expect(parseCoreMetadata(text, { atHand: true }).summary).toBe('one two three');
    expect(parseCoreMetadata(text).requiresDist).toEqual(['a']);
  });

  test('a value may be empty, and may hold colons', () => {
    expect(parseCoreMetadata(`${HEAD}Summary:\nRequires-Dist:a @ https://example.org/a.whl`)).toMatchObject({
      summary: '',
      requiresDist: ['a @ https://example.org/a.whl'],
    });
  });

  test('UNKNOWN is no value in a source distribution', () => {
    const text = `${HEAD}Summary: UNKNOWN\nRequires-Python: UNKNOWN\n`;
    expect(parseCoreMetadata(text, { atHand: true })).toMatchObject({ summary: '' });
    expect(parseCoreMetadata(text, { atHand: true }).requiresPython).toBeUndefined();
    expect(parseCoreMetadata(text).requiresPython).toBe('UNKNOWN');
  });

  test('a value given twice where one belongs is none in a wheel, the first in a source distribution', () => {
    const text = `${HEAD}Summary: one\nSummary: two\nRequires-Python: >=3\nRequires-Python: >=2\n`;
    expect(parseCoreMetadata(text)).toMatchObject({ summary: '' });
    expect(parseCoreMetadata(text).requiresPython).toBeUndefined();
    expect(parseCoreMetadata(text, { atHand: true })).toMatchObject({ summary: 'one', requiresPython: '>=3' });
  });

  test.each([
    ['1.0', [], undefined],
    ['1.1', [], undefined],
    ['1', [], undefined],
    ['1.2', ['a'], '>=3'],
    ['2.0', ['a'], '>=3'],
    ['2.9', ['a'], '>=3'],
  ])(
    'a file of metadata %s has the fields of that version, what an index serves all that are there',
    (version, requires, python) => {
      const text = `Metadata-Version: ${version}\nName: foo\nVersion: 1\nSummary: s\nRequires-Dist: a\nRequires-Python: >=3\n`;
      const read = parseCoreMetadata(text, { atHand: true });
      expect(read).toMatchObject({ name: 'foo', version: '1', summary: 's', requiresDist: requires });
      expect(read.requiresPython).toBe(python);
      expect(parseCoreMetadata(text)).toMatchObject({ requiresDist: ['a'], requiresPython: '>=3' });
    },
  );

  test.each(['', 'Metadata-Version: 3.0\n', 'Metadata-Version: abc\n'])(
    'a file that begins with %j cannot be read',
    (first) => {
      const text = `${first}Name: foo\nVersion: 1\n`;
      expect(() => parseCoreMetadata(text, { atHand: true })).toThrow('Core metadata of an unknown version');
      expect(parseCoreMetadata(text).name).toBe('foo');
    },
  );

  test('a file that is not UTF-8 is Latin-1', () => {
    expect(fileText(new TextEncoder().encode('Jérôme'))).toBe('Jérôme');
    expect(fileText(Buffer.from('Jérôme', 'latin1'))).toBe('Jérôme');
  });

  test('a byte-order mark, a mailbox line and a header without name are passed over', () => {
    expect(parseCoreMetadata(`\ufeffFrom someone\n: nothing\n${HEAD}`).name).toBe('foo');
  });

  test('what is no header begins the body', () => {
    expect(parseCoreMetadata(`${HEAD}no header here\nRequires-Dist: a`).requiresDist).toEqual([]);
  });

  test.each([
    '',
    '\n\nName: foo\nVersion: 1',
    '<!DOCTYPE html>\n<html>',
    'Name: foo\n',
    'Version: 1\n',
    'Name:\nVersion: 1',
    '\0\0',
  ])('%j is no metadata', (text) => {
    expect(() => parseCoreMetadata(text)).toThrow(ParseError);
  });

  test('any text is either metadata or a ParseError', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('Name: a', 'Version: 1', '', ' folded', 'Requires-Dist: x', '\r', '\ufeff'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          expect(parseCoreMetadata(lines.join('\n')).name).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
    );
  });
});

test.each(['\n', '\r\n', '\r'])('no more than the headers is decoded, lines ending in %j', (end) => {
  const text = `${HEAD}Summary: für\n\nName: body\n${'ü'.repeat(1000)}`.replaceAll('\n', end);
  const headers = headerText(new TextEncoder().encode(text));
  expect(parseCoreMetadata(headers)).toEqual(parseCoreMetadata(text));
  if (end !== '\r') expect(headers.length).toBeLessThan(100);
});

test('what is decoded of any bytes has the same headers', () => {
  const line = fc.constantFrom('Name: a', 'Version: 1', '', ' folded', 'Requires-Dist: x', 'Summary: ü');
  const end = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(fc.array(fc.tuple(line, end)), (lines) => {
      const text = `Name: n\nVersion: 0\n${lines.flat().join('')}`;
      expect(parseCoreMetadata(headerText(new TextEncoder().encode(text)))).toEqual(parseCoreMetadata(text));
    }),
  );
});
