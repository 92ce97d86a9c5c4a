import { expect, test } from 'bun:test';
import { readRootPage } from './root-page.ts';

const read = (text: string, type: string) =>
  readRootPage(new TextEncoder().encode(text), type, 'https://index.example/simple/');

test('names of an HTML page', async () => {
  const html = '<html><body><a href="alpha/">alpha</a><a href="b">Beta <b>&amp;</b> co/</a><a></a></body></html>';
  expect(await read(html, 'text/html')).toEqual(['alpha', 'Beta & co']);
});

test('names of a JSON page; what is no name is left out', async () => {
  const json = '{"meta": {"api-version": "1.0"}, "projects": [{"name": "alpha"}, {"name": 3}, null]}';
  expect(await read(json, 'application/vnd.pypi.simple.v1+json')).toEqual(['alpha']);
});

test('damaged JSON', async () => {
  expect(read('{', 'application/json')).rejects.toThrow('its JSON is damaged');
});
