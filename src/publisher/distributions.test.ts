import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readyFiles } from './distributions.ts';

const root = mkdtempSync(join(tmpdir(), 'ready-'));
afterAll(() => rmSync(root, { recursive: true }));

test.each<[string, string[], string | undefined, string[]]>([
  ['nothing', [], undefined, []],
  ['other projects', ['other-1.tar.gz', 'my_demo_x-1.tar.gz', 'my_demo-1.zip', 'my_demo-1.whl'], undefined, []],
  [
    'sdist before wheels',
    ['my_demo-1.0-py3-none-any.whl', 'my_demo-1.0-cp39-cp39-linux_x86_64.whl', 'my_demo-1.0.tar.gz'],
    '1.0',
    ['my_demo-1.0.tar.gz', 'my_demo-1.0-cp39-cp39-linux_x86_64.whl', 'my_demo-1.0-py3-none-any.whl'],
  ],
  [
    'the highest version, not the last name',
    ['my_demo-1.9.tar.gz', 'my_demo-1.10.tar.gz', 'my_demo-1.10rc1.tar.gz', 'my_demo-rubbish.tar.gz'],
    '1.10',
    ['my_demo-1.10.tar.gz'],
  ],
  ['what is no version, where there is nothing else', ['my_demo-x.tar.gz'], 'x', ['my_demo-x.tar.gz']],
])('%s', (name, files, version, expected) => {
  const folder = join(root, name);
  mkdirSync(join(folder, 'my_demo-99.tar.gz'), { recursive: true });
  for (const file of files) writeFileSync(join(folder, file), '');
  const ready = readyFiles(folder, 'my_demo');
  expect(ready?.version).toBe(version);
  expect((ready?.files ?? []).map((file) => basename(file))).toEqual(expected);
});

test('no folder', () => {
  expect(readyFiles(join(root, 'none'), 'demo')).toBeUndefined();
});
