import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUnusedFor, noteUse } from './age.ts';

const folder = mkdtempSync(join(tmpdir(), 'tercet-test-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is used is young again, and what is not there has no age', () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  const long = Date.now() / 1000 - 40 * 86_400;
  expect(isUnusedFor(30, path)).toBe(false);
  utimesSync(path, long, long);
  expect(isUnusedFor(30, path)).toBe(true);
  noteUse(path);
  expect(isUnusedFor(30, path)).toBe(false);
  const hour = Date.now() / 1000 - 3600;
  utimesSync(path, hour, hour);
  noteUse(path);
  expect(statSync(path).mtimeMs / 1000).toBeCloseTo(hour, 1);
  noteUse(join(folder, 'none'));
  expect(isUnusedFor(30, join(folder, 'none'))).toBe(false);
});
