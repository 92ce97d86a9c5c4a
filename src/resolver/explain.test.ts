import { describe, expect, test } from 'bun:test';
import { project, searched, type Universe } from './_universe.ts';
import { explain } from './explain.ts';

function explained(wishes: readonly string[], universe: Universe, rest = '') {
  const result = searched(project(wishes, rest), universe);
  if (result.kind !== 'derivation') throw new Error('there is a resolution');
  return explain(result);
}

describe('the cause comes first, the conclusion last', () => {
  test('requirements that exclude each other', () => {
    const universe = { a: { '1': ['c<2'] }, b: { '1': ['c>=2'] }, c: { '1': [], '2': [] } };
    const { message, wishes } = explained(['a', 'b'], universe);
    expect(message).toBe(`No release of c meets all requirements:
  - a requires c (<2)
  - b requires c (>=2)

Because no versions of a match !=1 and a (1) depends on c (<2), every version of a requires c (<2).
And because b (1) depends on c (>=2) and no versions of b match !=1, a is incompatible with b.
So, because root depends on both a (*) and b (*), version solving failed.`);
    expect(wishes.map(({ text }) => text).sort()).toEqual(['a (*)', 'b (*)']);
  });

  test('nothing fits', () => {
    expect(explained(['foo>=3'], { foo: { '1': [], '2.1b1': [] } }).message).toBe(
      `No release of foo fits >=3; the newest is 2.1b1.

Because root depends on foo (>=3) which doesn't match any versions, version solving failed.`,
    );
  });

  test('a project that nobody knows', () => {
    const { message, unknown } = explained(['nope'], {});
    expect(message).toBe(`The index knows no project named nope.

Because root depends on nope (*) which doesn't match any versions, version solving failed.`);
    expect(unknown.map(String)).toEqual(['nope']);
  });

  test('X17: Pythons that a package leaves out', () => {
    const leaf: Universe = { leaf: { '1': [], '2': { python: '>=3.10' }, '3': { python: '>=3.12' } } };
    const { message, hints } = explained(['leaf>=2'], leaf);
    expect(message).toBe(
      `The current project's supported Python range (>=3.9) is not compatible with some of the required packages Python requirement:
  - leaf requires Python >=3.10, so it will not be installable for Python >=3.9,<3.10
  - leaf requires Python >=3.12, so it will not be installable for Python >=3.9,<3.12

Because no versions of leaf match >2,!=3 and leaf (2) requires Python >=3.10, leaf is forbidden.
So, because leaf (3) requires Python >=3.12 and root depends on leaf (>=2), version solving failed.`,
    );
    expect(hints).toEqual([
      'For leaf, a possible solution would be to set the `python` property to ">=3.10", or to narrow `requires-python` of the project.',
    ]);
  });
});

describe('hints', () => {
  test('a yanked release that would fit', () => {
    const bar: Universe = { bar: { '8': [], '9': { yanked: true } } };
    expect(explained(['bar>=9'], bar).hints).toEqual(['bar 9 fits, but is yanked: ask for it with `==9` to use it.']);
  });

  test('a pre-release that is not allowed', () => {
    const rest = '[tool.poetry.dependencies]\nfoo = {allow-prereleases = false}\n';
    expect(explained(['foo>=2'], { foo: { '1': [], '2.1b1': [] } }, rest).hints).toEqual([
      'foo 2.1b1 fits, but is a pre-release: allow it with `allow-prereleases = true`.',
    ]);
  });
});

test('a long proof is cut to its conclusion', () => {
  const versions = Array.from({ length: 30 }, (_, index) => index + 1);
  const universe: Universe = {
    a: Object.fromEntries(versions.map((n) => [`1.${n}`, [`b==1.${n}`]])),
    b: Object.fromEntries(versions.map((n) => [`1.${n}`, [`c>=2.${n}`]])),
    c: { '1': [], ...Object.fromEntries(versions.map((n) => [`2.${n}`, []])) },
  };
  const { message, proof } = explained(['a', 'c<2'], universe);
  expect(proof.length).toBeGreaterThan(16);
  expect(message).toStartWith(
    'No release of c meets all requirements:\n  - a requires b (1.30 or 1.29 or …, depending on its version), which requires c (>=2.1)\n  - root requires c (<2)\n',
  );
  expect(message.split('\n\n').at(-1)).toMatch(/^So, because .*, version solving failed\.$/);
});
