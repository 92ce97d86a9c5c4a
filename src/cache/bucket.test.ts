import { afterEach, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBucket } from './bucket.ts';
import { createOnce } from './once.ts';
import { cacheDirectory } from './places.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  folders.push(path);
  return path;
}

test('records are kept under the version of their format, and parts of them can be read and patched', () => {
  const root = join(folder(), 'not', 'there', 'yet');
  const bucket = createBucket({ root, name: 'things', version: 3 });
  expect(bucket.read('a/b')).toBeUndefined();
  expect(existsSync(root)).toBe(false);
  expect(bucket.write('a/b', 'hello')).toBe(true);
  expect(bucket.read('a/b')?.toString()).toBe('hello');
  expect(bucket.readPart('a/b', 1, 3)?.toString()).toBe('ell');
  expect(bucket.readPart('a/b', 3, 9)).toBeUndefined();
  expect(bucket.readStart('a/b', 100)?.toString()).toBe('hello');
  bucket.patch('a/b', 0, Buffer.from('J'));
  expect(bucket.read('a/b')?.toString()).toBe('Jello');
  expect(bucket.keys('a')).toEqual(['b']);
  expect(readdirSync(join(root, 'things-v3', 'a'))).toEqual(['b']);
  expect(createBucket({ root, name: 'things', version: 4 }).read('a/b')).toBeUndefined();
});

test('a cache that cannot be written takes nothing and does not complain', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const bucket = createBucket({ root: file, name: 'things', version: 1 });
  expect(bucket.write('a', 'x')).toBe(false);
  expect(bucket.read('a')).toBeUndefined();
  expect(bucket.keys('')).toEqual([]);
});

test('each question once, failures included', async () => {
  const once = createOnce<number>();
  let made = 0;
  const make = async () => {
    made += 1;
    return made;
  };
  expect(await Promise.all([once('a', make), once('a', make), once('b', make)])).toEqual([1, 1, 2]);
  const failing = () => Promise.reject(new Error('no'));
  expect(once('c', failing)).rejects.toThrow('no');
  expect(once('c', make)).rejects.toThrow('no');
  expect(await once.peek('a')).toBe(1);
});

test('where the cache is', () => {
  expect(cacheDirectory({ env: { TERCET_CACHE_DIR: '/own' }, poetryCacheDir: '/poetry' })).toBe('/own');
  expect(cacheDirectory({ env: {}, poetryCacheDir: '/poetry' })).toBe(join('/poetry', 'tercet'));
});
