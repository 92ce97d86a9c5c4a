import { describe, expect, test } from 'bun:test';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { pathFault, unsafeEntry } from './safe-path.ts';

describe('pathFault', () => {
  test.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['C:/x', 'names a drive'],
    ['a/c:x', 'names a drive'],
    ['a\\b', 'has a backslash'],
    ['\\\\host\\share', 'has a backslash'],
    ['../x', 'leaves the archive'],
    ['a/../b', 'leaves the archive'],
    ['a/./b', 'leaves the archive'],
    ['a/..', 'leaves the archive'],
    ['a//b', 'has an empty segment'],
    ['a/', 'has an empty segment'],
    ['a\u0000b', 'has a control character'],
    ['a\nb', 'has a control character'],
    ['a/b.', 'has a segment that ends in a dot or a space'],
    ['a /b', 'has a segment that ends in a dot or a space'],
    ['a/b ', 'has a segment that ends in a dot or a space'],
  ] as const)('%j %s', (path, fault) => {
    expect(pathFault(path)).toBe(fault);
    expect(unsafeEntry('x.whl', path, fault).message).toStartWith('x.whl is refused');
  });

  test.each([256, 5000])('%d bytes are too long', (length) => {
    expect(pathFault('x'.repeat(length))).toBe('is too long');
    expect(pathFault('é'.repeat(length / 2))).toBe('is too long');
    expect(pathFault('x/'.repeat(length).slice(0, -1))).toBe(length > 2048 ? 'is too long' : undefined);
  });

  test.each(['a', 'a/b.py', '.hidden/x', '..a/b', 'a..b', 'naïve/ü.txt', 'with space/x y', 'x(1).txt', 'a#b'])(
    'takes %j',
    (path) => {
      expect(pathFault(path)).toBeUndefined();
    },
  );

  test('a folder may end in a dot where that makes another folder', () => {
    expect(pathFault('simsimd./libgomp.so')).toBeUndefined();
    expect(pathFault('simsimd.', 'folder')).toBeUndefined();
    expect(pathFault('simsimd.')).toBeDefined();
  });

  test('a path that passes stays inside any folder', () => {
    const part = fc.constantFrom('.', '..', 'a', '/', '\\', ':', ' ', 'é', '\0', '...', 'c:');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = parts.join('');
        if (pathFault(path) !== undefined) return;
        const inside = relative('/root/folder', join('/root/folder', path));
        expect(inside).toBe(path);
        expect(inside.split('/')).not.toContain('..');
      }),
    );
  });
});
