import { expect, test } from 'bun:test';
import { fileNameOf } from './file-name.ts';

test.each([
  ['https://index.example/a/b%2Bc-1.0.whl?x=1#sha256=0', 'b+c-1.0.whl'],
  ['https://index.example/a/b%zz-1.0.whl', 'b%zz-1.0.whl'],
  ['https://index.example/a/', 'a'],
  ['no address/a-1.0.whl', 'a-1.0.whl'],
])('%s is named %s', (url, name) => {
  expect(fileNameOf(url)).toBe(name);
});
