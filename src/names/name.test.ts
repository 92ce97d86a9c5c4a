/** Normalised names. */

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { extraName, groupName, projectName } from './name.ts';

test.each([
  ['Foo', 'foo'],
  ['zope.interface', 'zope-interface'],
  ['a_-._b', 'a-b'],
  ['A__B', 'a-b'],
  ['-x-', '-x-'],
])('%p is %p', (written, normal) => {
  for (const name of [projectName, extraName, groupName]) expect<string>(name(written)).toBe(normal);
});

test('a normal name stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(projectName(projectName(text))).toBe(projectName(text));
    }),
  );
});
