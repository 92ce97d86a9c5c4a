import { expect, test } from 'bun:test';
import { fileOnPage } from './file-on-page.ts';
import { readSimplePage, SIMPLE_JSON } from './simple-page.ts';

const PAGE = 'https://index.example/simple/demo/';

function page(files: readonly object[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ files, meta: { 'api-version': '1.1' }, name: 'demo' }, null, 1));
}

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const find = (bytes: Uint8Array | string, file: string, length = 100) =>
  fileOnPage(inPieces(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, length), PAGE, file);

const entries = Array.from({ length: 50 }, (_, number) => ({
  'core-metadata': { sha256: `${number}` },
  filename: `demo-${number}.0-py3-none-any.whl`,
  hashes: { sha256: `a${number}` },
  size: number,
  url: `../../files/demo-${number}.0-py3-none-any.whl`,
  yanked: number === 7 ? 'has a "quote", a { and "demo-8.0-py3-none-any.whl"' : false,
}));

test.each([1, 7, 1000, 1_000_000])(
  'every file is found as the whole page says it, in pieces of %d bytes',
  async (length) => {
    const body = page(entries);
    const whole = await readSimplePage(body, SIMPLE_JSON, PAGE);
    expect(whole.length).toBe(50);
    for (const file of length < 100 ? whole.slice(5, 10) : whole)
      expect(await find(body, file.file, length)).toEqual(file);
  },
);

test('what is not there, or is no entry, is not found', async () => {
  expect(await find(page(entries), 'demo-50.0-py3-none-any.whl')).toBeUndefined();
  expect(await find(page([]), 'api-version')).toBeUndefined();
  expect(await find(page([{ filename: 'x', url: 'ftp://files.example/x' }]), 'x')).toBeUndefined();
  expect(await find('{"filename": "x", "url": ', 'x')).toBeUndefined();
  expect(await find('"x"}}}', 'x')).toBeUndefined();
});

test('a long rest is not read after the entry, one of unknown length is', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (const one of entries.slice(0, 3)) yield Buffer.from(JSON.stringify(one));
    for (; read < 1000; read++) yield Buffer.alloc(1000, ' ');
  }
  const file = entries[1]?.filename ?? '';
  expect((await fileOnPage(endless(), PAGE, file, 1_001_000))?.size).toBe(1);
  expect(read).toBeLessThan(20);
  read = 0;
  expect((await fileOnPage(endless(), PAGE, file))?.size).toBe(1);
  expect(read).toBe(1000);
});
