import { expect, test } from 'bun:test';
import { TercetError } from '../ground/error.ts';
import { readSimplePage, SIMPLE_JSON } from './simple-page.ts';

const PAGE = 'https://index.example/simple/demo/';
const read = (text: string, type: string) => readSimplePage(new TextEncoder().encode(text), type, PAGE);

test('JSON: what is missing is undefined, what is no file is left out', async () => {
  const page = {
    meta: { 'api-version': '1.1' },
    files: [
      {
        filename: 'demo-1.0-py3-none-any.whl',
        url: '../../files/demo-1.0-py3-none-any.whl',
        hashes: { sha256: 'aa' },
        size: 7,
        'requires-python': '>=3.8',
        'upload-time': '2020-01-01T00:00:00Z',
        yanked: 'broken',
        'core-metadata': { sha256: 'bb' },
        'dist-info-metadata': false,
      },
      {
        filename: 'demo-1.0.tar.gz',
        url: 'https://files.example/demo 1.0.tar.gz',
        hashes: {},
        'requires-python': null,
      },
      { filename: '../evil.whl', url: 'x', hashes: {} },
      { filename: 'ftp.whl', url: 'ftp://files.example/ftp.whl', hashes: {} },
      'nonsense',
    ],
  };
  expect(await read(JSON.stringify(page), `${SIMPLE_JSON}; charset=utf-8`)).toEqual([
    {
      file: 'demo-1.0-py3-none-any.whl',
      url: 'https://index.example/files/demo-1.0-py3-none-any.whl',
      hashes: { sha256: 'aa' },
      size: 7,
      requiresPython: '>=3.8',
      uploadTime: '2020-01-01T00:00:00Z',
      yanked: 'broken',
      coreMetadata: { sha256: 'bb' },
    },
    {
      file: 'demo-1.0.tar.gz',
      url: 'https://files.example/demo%201.0.tar.gz',
      hashes: {},
      size: undefined,
      requiresPython: undefined,
      uploadTime: undefined,
      yanked: false,
      coreMetadata: false,
    },
  ]);
});

test('HTML: links, fragments, data attributes, base', async () => {
  const html = `<!DOCTYPE html><html><head><base href="https://files.example/d/"></head><body>
    <A HREF="demo-1.0-py3-none-any.whl#sha256=aa11" data-requires-python="&gt;=3.8" data-core-metadata="sha256=bb22">x</A>
    <a href="https://cdn.example/demo-1.0%2Bcpu.tar.gz#md5=cc33" data-yanked>y</a>
    <a href="demo-2.0.zip" data-yanked="why" data-dist-info-metadata="true">z</a>
    <a href="/">up</a><a>nothing</a></body></html>`;
  const files = await read(html, 'text/html');
  expect(files).toMatchObject([
    {
      file: 'demo-1.0-py3-none-any.whl',
      url: 'https://files.example/d/demo-1.0-py3-none-any.whl',
      hashes: { sha256: 'aa11' },
      requiresPython: '>=3.8',
      yanked: false,
      coreMetadata: { sha256: 'bb22' },
    },
    { file: 'demo-1.0+cpu.tar.gz', hashes: { md5: 'cc33' }, yanked: true, coreMetadata: false },
    { file: 'demo-2.0.zip', hashes: {}, yanked: 'why', coreMetadata: true },
  ]);
});

test('an empty page is no error', async () => {
  expect(await read('<html><body><h1>Links for demo</h1></body></html>', 'text/html')).toEqual([]);
});

test.each([
  ['a login page', '<html><body><form action="/login"><input name="user"></form></body></html>', 'text/html'],
  ['JSON cut off', '{"files": [', SIMPLE_JSON],
  ['JSON of something else', '{"error": "no"}', SIMPLE_JSON],
  ['another kind of JSON', '{"files": []}', 'application/problem+json'],
  ['a later API', '{"meta": {"api-version": "2.0"}, "files": []}', SIMPLE_JSON],
  ['plain words', 'Service is up', 'text/plain'],
])('%s is not an index', async (_, text, type) => {
  const error: unknown = await read(text, type).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TercetError);
  expect(error).toMatchObject({ code: 'not-an-index' });
});
