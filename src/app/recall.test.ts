import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketFolder } from '../cache/bucket.ts';
import type { ConsultedPage } from '../index/consulted-pages.ts';
import type { Source } from '../manifest/manifest.ts';
import { projectName } from '../names/name.ts';
import { type FoundLock, keepLock, type LockQuestion, type Pages, RECALL_BUCKET, recalledLock } from './recall.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'tercet-test-'));
const folder = bucketFolder({ root: cacheDir, ...RECALL_BUCKET });
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

const question: LockQuestion = {
  program: '1',
  manifestText: 'm',
  previousText: undefined,
  regenerate: false,
  update: [],
};
const found: FoundLock = {
  lockText: 'lock\ntext\n',
  changed: true,
  changes: { packages: 1, added: [{ name: 'a', version: '1' }], removed: [] },
  events: [{ kind: 'warning', text: 'careful' }],
  depths: [['a', '1', 0]],
};
const sources: readonly Source[] = [{ name: 'own', url: 'https://index.example/simple/', priority: 'primary' }];
const page: ConsultedPage = { source: 'PyPI', project: projectName('a'), print: '1-2' };
const pages = (now: readonly ConsultedPage[] | undefined): Pages => ({
  consulted: () => now,
  areUnchanged: async (before) => before.every((one) => now?.some((other) => other.print === one.print) === true),
});

test('the same question and the same pages: the same lock', async () => {
  keepLock(cacheDir, question, { ...found, sources }, pages([page]));
  expect(await recalledLock(cacheDir, question, async () => pages([page]))).toMatchObject(found);
  expect(await recalledLock(cacheDir, question, async () => pages([{ ...page, print: '1-3' }]))).toBeUndefined();
});

test('the sources are kept with it, but no login', async () => {
  const asked: unknown[] = [];
  const open = async (kept: readonly Source[] | undefined) => {
    asked.push(kept);
    return pages([page]);
  };
  keepLock(cacheDir, question, { ...found, sources }, pages([page]));
  expect(await recalledLock(cacheDir, question, open)).toMatchObject(found);
  const secret: Source = { name: 'own', url: 'https://me:secret@index.example/simple/', priority: 'primary' };
  keepLock(cacheDir, question, { ...found, sources: [...sources, secret] }, pages([page]));
  expect(await recalledLock(cacheDir, question, open)).toMatchObject(found);
  expect(asked).toEqual([sources, undefined]);
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('secret');
});

test.each([
  { program: '2' },
  { manifestText: 'n' },
  { previousText: '' },
  { regenerate: true },
  { update: 'all' },
  { update: ['a'] },
] as const)('another question: %p', async (other) => {
  keepLock(cacheDir, question, { ...found, sources }, pages([page]));
  expect(await recalledLock(cacheDir, { ...question, ...other }, async () => pages([page]))).toBeUndefined();
});

test('what rests on more than pages is not kept', async () => {
  const other = { ...question, manifestText: 'other' };
  keepLock(cacheDir, other, { ...found, sources }, pages(undefined));
  expect(await recalledLock(cacheDir, other, async () => pages([page]))).toBeUndefined();
});

test('those used last are kept', async () => {
  for (let number = 0; number < 20; number += 1) {
    keepLock(cacheDir, { ...question, manifestText: `${number}` }, { ...found, sources }, pages([page]));
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), number, number);
    await recalledLock(cacheDir, { ...question, manifestText: '0' }, async () => pages([page]));
  }
  expect(readdirSync(folder).length).toBe(16);
  expect(await recalledLock(cacheDir, { ...question, manifestText: '0' }, async () => pages([page]))).toBeDefined();
  expect(await recalledLock(cacheDir, { ...question, manifestText: '19' }, async () => pages([page]))).toBeDefined();
});
