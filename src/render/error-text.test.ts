import { describe, expect, test } from 'bun:test';
import { ParseError, TercetError } from '../ground/error.ts';
import { errorText, position } from './error-text.ts';
import { noColours } from './style.ts';

const plain = { verbosity: 0, paint: noColours };

describe('errorText', () => {
  test('message and hints', () => {
    const error = new TercetError('lock-stale', 'The lock is old.', { hints: ['run `poetry lock`'] });
    expect(errorText(error, plain)).toBe('\nThe lock is old.\n\nhint: run `poetry lock`');
    expect(errorText(error, { ...plain, verbosity: 1 })).toStartWith('\nTercetError [lock-stale]\n\nThe lock is old.');
  });

  test('a mark under the place', () => {
    const source = 'a = 1\nb = = 2\n';
    const error = new ParseError('a value is missing', source, { start: 10, end: 11 });
    expect(errorText(error, plain)).toBe('\na value is missing\n  |\n2 | b = = 2\n  |     ^');
    expect(errorText(new TercetError('x', 'broken', { cause: error }), plain)).toContain('2 | b = = 2');
  });

  test('errors of the system say where: of a copy that does not fit, its target', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/from', dest: '/to' });
    expect(errorText(full, plain)).toBe('\n/to: there is no space left on the device (ENOSPC)');
    expect(errorText(Object.assign(full, { code: 'EACCES' }), plain)).toBe('\n/from: permission denied (EACCES)');
    expect(errorText(Object.assign(full, { code: 'EISDIR' }), plain)).toBe(
      '\n/to: it is a folder, not a file (EISDIR)',
    );
    expect(errorText(Object.assign(full, { code: 'EACCES', syscall: 'chdir' }), plain)).toStartWith('\n/to: ');
    expect(errorText(Object.assign(new Error('x'), { code: 'ENOSPC' }), plain)).toContain(
      'The command could not go on: ',
    );
  });

  test('bugs have a stack', () => {
    expect(errorText(new TypeError('oops'), plain)).toMatch(/^\nTypeError: oops\n {4}at /);
  });
});

test('position', () => {
  expect(position('ab\ncd', 0)).toEqual({ line: 1, column: 1, lineStart: 0 });
  expect(position('ab\ncd', 3)).toEqual({ line: 2, column: 1, lineStart: 3 });
  expect(position('ab\ncd', 99)).toEqual({ line: 2, column: 3, lineStart: 3 });
});
