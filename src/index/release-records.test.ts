import { afterEach, expect, test } from 'bun:test';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBucket, noBucket } from '../cache/bucket.ts';
import { createReleaseRecords, type ReleaseRecord } from './release-records.ts';

const folders: string[] = [];

afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

function bucketIn(root: string) {
  return createBucket({ root, name: 'releases', version: 1 });
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tercet-test-'));
  folders.push(path);
  return path;
}

const record: ReleaseRecord = {
  name: 'Demo',
  summary: 'About "demo",\nin two lines',
  requiresPython: '>=3.9',
  requiresDist: ['leaf>=1', 'twig; extra == "more"'],
  yankedReason: '',
};

test('a release is read back, by another process too, from one file for the project', () => {
  const root = folder();
  const records = createReleaseRecords(bucketIn(root));
  records.keep('place/demo', '1.0', 'p1', record);
  records.keep('place/demo', '1.1', 'p2', { ...record, requiresDist: [] });
  expect(records.read('place/demo', '1.0', 'p1')).toEqual(record);
  const later = createReleaseRecords(bucketIn(root));
  expect(later.read('place/demo', '1.0', 'p1')).toEqual(record);
  expect(later.read('place/demo', '1.1', 'p2')?.requiresDist).toEqual([]);
  expect(readFileSync(join(root, 'releases-v1/place/demo'), 'utf8').split('\n')).toHaveLength(3);
});

test('other files make another release', () => {
  const root = folder();
  const records = createReleaseRecords(bucketIn(root));
  records.keep('place/demo', '1.0', 'p1', record);
  expect(records.read('place/demo', '1.0', 'p2')).toBeUndefined();
  records.keep('place/demo', '1.0', 'p2', { ...record, name: 'Newer' });
  expect(createReleaseRecords(bucketIn(root)).read('place/demo', '1.0', 'p2')?.name).toBe('Newer');
});

test.each([
  ['torn', '["1.0","p1","Demo"'],
  ['no JSON', '["1.0",p1]'],
  ['of another shape', '["1.0","p1","Demo","s",">=3","leaf",""]'],
  ['of other types', '["1.0","p1","Demo","s",">=3",[1],""]'],
  ['rubbish', '\u0000\u0000'],
])('a line that is %s is no record', (_, line) => {
  const root = folder();
  createReleaseRecords(bucketIn(root)).keep('place/demo', '0.9', 'p0', record);
  appendFileSync(join(root, 'releases-v1/place/demo'), line);
  const records = createReleaseRecords(bucketIn(root));
  expect(records.read('place/demo', '1.0', 'p1')).toBeUndefined();
  expect(records.read('place/demo', '0.9', 'p0')).toEqual(record);
});

test('without a cache it remembers for as long as it lives', () => {
  const records = createReleaseRecords(noBucket);
  records.keep('place/demo', '1.0', 'p1', record);
  expect(records.read('place/demo', '1.0', 'p1')).toEqual(record);
});
