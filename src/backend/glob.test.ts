/** Expected lists are what `pathlib.Path.glob` of Python 3.11 gives. */

import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { globSorted } from './glob.ts';

const folder = mkdtempSync(join(tmpdir(), 'glob-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const path of ['a.py', 'b/a.py', 'b/.hidden', 'b/c/d.txt', 'b-c/x', '[x]', 'ü/é.py', 'x]y']) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), '');
}
symlinkSync('b', join(folder, 'link'));
symlinkSync('nowhere', join(folder, 'broken'));

describe('matches', () => {
  test.each<[string, string[]]>([
    ['*.py', ['a.py']],
    ['b', ['b']],
    ['b/*', ['b/.hidden', 'b/a.py', 'b/c']],
    ['b/**', ['b', 'b/c']],
    ['b/**/*', ['b/.hidden', 'b/a.py', 'b/c', 'b/c/d.txt']],
    ['**/*.py', ['a.py', 'b/a.py', 'ü/é.py']],
    ['*/', ['b', 'b-c', 'link', 'ü']],
    ['link/*', ['link/.hidden', 'link/a.py', 'link/c']],
    ['*/a.py', ['b/a.py', 'link/a.py']],
    ['?', ['b', 'ü']],
    ['[a-b]*', ['a.py', 'b', 'b-c', 'broken']],
    ['[!a-b]', ['ü']],
    ['[x]', []],
    ['[[]x]', ['[x]']],
    ['x[]]y', ['x]y']],
    ['[x', []],
    ['[z-a]', []],
    ['./b//a.py', ['b/a.py']],
    ['none', []],
    ['broken', []],
    ['a.py/x', []],
  ])('%s', (pattern, expected) => {
    expect(globSorted(folder, pattern)).toEqual(expected.map((path) => join(folder, path)));
  });
});

describe('refuses', () => {
  test.each([
    ['', "Unacceptable pattern: ''"],
    ['/etc/*', 'Non-relative patterns are unsupported'],
    ['a**', "Invalid pattern: '**' can only be an entire path component"],
  ])('%s', (pattern, message) => {
    expect(() => globSorted(folder, pattern)).toThrow(message);
  });
});
