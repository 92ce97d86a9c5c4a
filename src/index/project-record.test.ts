import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createBucket, noBucket } from '../cache/bucket.ts';
import { projectName } from '../names/name.ts';
import { parseVersion } from '../versions/version.ts';
import type { IndexFile } from './index-file.ts';
import { confirmRecord, keepRecord, openRecord } from './project-record.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function place() {
  const root = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  folders.push(root);
  return {
    bucket: createBucket({ root, name: 'projects', version: 1 }),
    key: 'demo',
    path: join(root, 'projects-v1', 'demo'),
  };
}

function file(name: string, more: Partial<IndexFile> = {}): IndexFile {
  return {
    file: name,
    url: `https://files.example/packages/aa/${name}`,
    hashes: { sha256: 'ab'.repeat(32) },
    yanked: false,
    coreMetadata: false,
    size: undefined,
    requiresPython: undefined,
    uploadTime: undefined,
    ...more,
  };
}

const demo = projectName('demo');
const freshness = { checkedAt: 1_700_000_000_000, maxAge: 600, etag: '"e"', lastModified: 'Mon' };
const files = [
  file('demo-1.0.tar.gz'),
  file('demo-2.0-py3-none-any.whl', { yanked: 'why', size: 3, requiresPython: '>=3', uploadTime: '2020' }),
  file('demo-1.0.0-py3-none-any.whl', { coreMetadata: { sha256: 'cc' }, hashes: { md5: 'a', sha256: 'b' } }),
  file('demo-2.0.tar.gz', { yanked: true, url: 'https://elsewhere.example/x?y=demo-2.0.tar.gz' }),
  file('demo-1.5+µ.tar.gz'),
  file('demo-3.0rc1.tar.gz', { hashes: {}, url: 'https://files.example/demo-3.0rc1.tar.gz' }),
  file('demo-1.0.egg'),
];

test('releases in order of appearance, spellings that are equal together, files as they were', () => {
  const at = place();
  keepRecord(at, demo, files, freshness);
  const record = openRecord(at);
  expect(record?.exists).toBe(true);
  expect(record?.freshness).toEqual(freshness);
  expect(record?.releases.map(({ version, yanked }) => [version.text, yanked])).toEqual([
    ['1.0', false],
    ['2.0', true],
    ['3.0rc1', false],
  ]);
  expect(record?.files(0)).toEqual([files[0], files[2]] as IndexFile[]);
  expect(record?.files(1)).toEqual([files[1], files[3]] as IndexFile[]);
  expect(record?.files(2)).toEqual([files[5]] as IndexFile[]);
  for (const at of [0, 1, 2]) {
    const shown = record?.files(at)?.map(({ file, hashes, yanked }) => ({ file, hashes, yanked }));
    expect(record?.hashes(at)).toEqual(shown);
  }
});

test('one release is found by its version, however that is spelled', () => {
  const at = place();
  keepRecord(at, demo, files, freshness);
  for (const read of ['one', 'all'] as const) {
    const record = openRecord(at);
    if (read === 'all') expect(record?.releases.length).toBe(3);
    const found = (text: string) => record?.numberOf(parseVersion(text));
    expect(['1.0', '1', '1.0.0', '2.0', '3.0.0rc1', '4', '1.0+local'].map(found)).toEqual([0, 0, 0, 1, 2, -1, -1]);
    expect([0, 1, 2].map((number) => record?.release(number))).toEqual([...(record?.releases ?? [])]);
  }
});

test('a project that does not exist is remembered as that', () => {
  const at = place();
  keepRecord(at, demo, undefined, freshness);
  expect(openRecord(at)).toMatchObject({ exists: false, releases: [] });
  keepRecord(at, demo, [], freshness);
  expect(openRecord(at)).toMatchObject({ exists: true, releases: [] });
});

test('confirming changes the time and nothing else', () => {
  const at = place();
  const record = keepRecord(at, demo, files, freshness);
  const later = freshness.checkedAt + 1e6;
  expect(confirmRecord(at, record, later, 60).freshness).toEqual({ ...freshness, checkedAt: later, maxAge: 60 });
  const read = openRecord(at);
  expect(read?.freshness).toEqual({ ...freshness, checkedAt: later, maxAge: 60 });
  expect(read?.files(0)).toEqual([files[0], files[2]] as IndexFile[]);
});

test('without a cache the record lives in memory', () => {
  const record = keepRecord({ bucket: noBucket, key: 'demo' }, demo, files, freshness);
  expect(record.files(1)).toEqual([files[1], files[3]] as IndexFile[]);
});

test('heads larger than the first read', () => {
  const at = place();
  const many = Array.from({ length: 4000 }, (_, n) => file(`demo-1.${n}.tar.gz`));
  keepRecord(at, demo, many, freshness);
  const record = openRecord(at);
  expect(record?.releases.length).toBe(4000);
  expect(record?.files(3999)).toEqual([many[3999]] as IndexFile[]);
});

test('a damaged record is no record, or has no files: never wrong ones', () => {
  const at = place();
  keepRecord(at, demo, files, freshness);
  const whole = readFileSync(at.path);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.constantFrom(0, 255, 10), (offset, byte) => {
      const bytes = Buffer.from(whole);
      bytes.fill(byte, offset, Math.min(offset + 40, bytes.length));
      writeFileSync(at.path, bytes);
      const record = openRecord(at);
      if (record === undefined) return;
      for (let n = 0; n < record.releases.length; n++) record.files(n);
      expect(record.releases.length === 0 || record.releases.length === 3).toBe(true);
    }),
    { numRuns: 60 },
  );
  for (const length of [0, 5, 23, 60, whole.length - 1]) {
    writeFileSync(at.path, whole.subarray(0, length));
    expect(openRecord(at)?.files(2)).toBeUndefined();
  }
});

test('a record that another process has replaced meanwhile gives no files of other versions', () => {
  const at = place();
  keepRecord(at, demo, files, freshness);
  const old = openRecord(at);
  keepRecord(at, demo, [file('demo-9.0.tar.gz'), ...files], freshness);
  expect(old?.files(1)).toBeUndefined();
});
