import { expect, test } from 'bun:test';
import { percentDecoded, percentEncoded } from './percent.ts';

test.each([
  ['a%20b%C3%A9', 'a bé'],
  ['100%', '100%'],
  ['a%20%zz', 'a%20%zz'],
  ['%ff', '%ff'],
  ['', ''],
])('%p is decoded to %p', (text, decoded) => {
  expect(percentDecoded(text)).toBe(decoded);
});

test('all but the unreserved signs are encoded', () => {
  expect(percentEncoded("aZ9-._~ /:@!'()*é")).toBe('aZ9-._~%20%2F%3A%40%21%27%28%29%2A%C3%A9');
});
