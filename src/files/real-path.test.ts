import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPath } from './real-path.ts';

test('links are followed as far as the path exists, the rest is kept', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-real-path-')));
  try {
    mkdirSync(join(folder, 'real/deep'), { recursive: true });
    symlinkSync('real', join(folder, 'link'));
    expect(realPath(join(folder, 'link/deep'))).toBe(join(folder, 'real/deep'));
    expect(realPath(join(folder, 'link/missing/more.txt'))).toBe(join(folder, 'real/missing/more.txt'));
    expect(realPath('/nowhere/at/all')).toBe('/nowhere/at/all');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
