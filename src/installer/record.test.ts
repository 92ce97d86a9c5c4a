import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { ParseError } from '../ground/error.ts';
import { parseRecord, recordRow, sortedRows, withRows } from './record.ts';

test('rows with and without hash and size', () => {
  expect(parseRecord('a/b.py,sha256=abc,12\r\n"x,y ""z"".txt",sha256=d,0\nx.dist-info/RECORD,,\n')).toEqual([
    { path: 'a/b.py', hash: 'sha256=abc', size: 12 },
    { path: 'x,y "z".txt', hash: 'sha256=d', size: 0 },
    { path: 'x.dist-info/RECORD', hash: '', size: undefined },
  ]);
});

test.each(['a', 'a,b,c,d', 'a,sha256=x,many', ',sha256=x,1'])('%j is no row', (text) => {
  expect(() => parseRecord(text)).toThrow(ParseError);
});

test('what is written is read back', () => {
  const row = fc.record({ path: fc.string({ minLength: 1 }).filter((path) => path.trim() !== ''), size: fc.nat() });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const text = rows.map(({ path, size }) => recordRow(path, 'sha256=x', size)).join('');
      expect(parseRecord(text)).toEqual(rows.map(({ path, size }) => ({ path, hash: 'sha256=x', size })));
    }),
  );
});

test('the algorithm in capitals', () => {
  expect(parseRecord('a.py,SHA256=Ab_c,1\n')[0]?.hash).toBe('sha256=Ab_c');
});

test('rows that are added stand where their keys belong', () => {
  const key = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', 'c', '/', ',', '"', '.', 'é') });
  const entries = fc
    .uniqueArray(key, { maxLength: 20 })
    .map((keys) => keys.map((one) => ({ key: one, row: recordRow(one, 'sha256=x', 1) })));
  fc.assert(
    fc.property(entries, fc.nat(), (all, split) => {
      const [first, more] = [all.slice(0, split % 21), all.slice(split % 21)];
      const sorted = all.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
      const pieces = withRows(Buffer.from(sortedRows(first)), more);
      expect(Buffer.concat(pieces).toString()).toBe(sorted.join(''));
    }),
  );
});
