/** A run goes on where a wider one stopped: what is found is what runs find that begin anew. */

import { describe, expect, spyOn, test } from 'bun:test';
import fc from 'fast-check';
import { project, resolved, searched, summary, type Universe } from '../_universe.ts';
import { PartialSolution } from '../pubgrub/partial-solution.ts';

const { decide } = PartialSolution.prototype;

/** What is found, and how many decisions that took. */
function found(manifest: string, universe: Universe, anew: boolean) {
  const decisions = spyOn(PartialSolution.prototype, 'decide').mockImplementation(decide);
  try {
    return { packages: summary(resolved(manifest, universe, { anew })), decisions: decisions.mock.calls.length };
  } finally {
    decisions.mockRestore();
  }
}

/** `first` to `fifth` are decided before `split` is, whose requirements differ with the environment. */
const chain: Universe = {
  first: { '1': ['second'] },
  second: { '1': ['third'] },
  third: { '1': ['fourth'] },
  fourth: { '1': ['fifth'] },
  fifth: { '1': ['split'] },
  split: { '1': ['leaf <2; sys_platform == "win32"', 'leaf >=2; sys_platform != "win32"'] },
  leaf: { '1': [], '2': [] },
};

describe('a run that is split', () => {
  test('is gone on with by the first part, and the other begins anew', () => {
    const here = found(project(['first']), chain, false);
    const there = found(project(['first']), chain, true);
    expect(here.packages).toEqual(there.packages);
    expect(here.packages).toContain('leaf 1 ; sys_platform == "win32"');
    // The project, five packages, then for each part split and leaf; the second part decides the six again.
    expect(here.decisions).toBe(6 + 2 + 8);
    expect(there.decisions).toBe(6 + 8 + 8);
  });

  test('is gone on with only where what was ruled out stays so', () => {
    const universe: Universe = {
      first: { '1': { requires: ['split'], python: '>=3.9' }, '2': { requires: ['split'], python: '>=3.11' } },
      split: { '1': ['leaf <2; python_version >= "3.11"', 'leaf >=2; python_version < "3.11"'] },
      leaf: { '1': [], '2': [] },
    };
    const here = found(project(['first']), universe, false);
    expect(here.packages).toEqual(found(project(['first']), universe, true).packages);
    expect(here.packages).toContain('first 2 ; python_version >= "3.11"');
    expect(here.packages).toContain('first 1 ; python_version < "3.11"');
  });

  test('is gone on with only where its requirements still matter', () => {
    const universe: Universe = {
      first: { '1': ['old; python_version < "3.11"', 'split'] },
      old: { '1': [] },
      split: { '1': ['leaf <2; python_version >= "3.11"', 'leaf >=2; python_version < "3.11"'] },
      leaf: { '1': [], '2': [] },
    };
    const here = found(project(['first']), universe, false);
    expect(here.packages).toEqual(found(project(['first']), universe, true).packages);
    expect(here.packages).toContain('old 1 ; python_version < "3.11"');
  });
});

const names = ['ash', 'birch', 'cedar', 'elm', 'fir', 'oak'];
const versions = ['1', '2', '3'];
const markers = [
  '',
  '; python_version < "3.11"',
  '; python_version >= "3.11"',
  '; python_version >= "3.13"',
  '; sys_platform == "win32"',
  '; sys_platform != "win32"',
  '; sys_platform == "linux" and python_version < "3.12"',
];

const requirement = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '', ' <2', ' >=2', ' <3', ' ==2'), fc.constantFrom(...markers))
  .map((parts) => parts.join(''));
/** Two alternatives, of which one is for each environment. */
const alternatives = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...versions), fc.constantFrom([1, 2], [4, 5]))
  .map(([name, version, [here = 0, there = 0]]) => [
    `${name} <=${version}${markers[here]}`,
    `${name} >=${version}${markers[there]}`,
  ]);
const requires = fc
  .tuple(fc.array(requirement, { maxLength: 3 }), fc.option(alternatives, { nil: [], freq: 2 }))
  .map(([single, both]) => [...single, ...both]);
const release = fc.record({
  requires,
  python: fc.constantFrom('*', '*', '*', '>=3.10', '>=3.11', '<3.12', '>=3.9'),
});
const releases = fc.dictionary(fc.constantFrom(...versions), release, { minKeys: 1 });
const drawn = fc.record({
  universe: fc
    .tuple(...names.map(() => releases))
    .map((all) => Object.fromEntries(names.map((name, at) => [name, all[at] ?? {}]))),
  wanted: fc.array(requirement, { minLength: 1, maxLength: 4 }),
});

/** All that a search comes to, or how it fails. */
function outcome(manifest: string, universe: Universe, anew: boolean) {
  try {
    const result = searched(manifest, universe, { anew, patience: 400 });
    return result.kind === 'resolution' ? { packages: result.packages, gaps: result.gaps } : 'no resolution';
  } catch (error) {
    return String(error);
  }
}

test('drawn universes: going on finds what beginning anew finds', () => {
  fc.assert(
    fc.property(drawn, ({ universe, wanted }) => {
      const manifest = project(wanted);
      const anew = outcome(manifest, universe, true);
      // Going on takes fewer decisions, so it may come to an end where there was no patience for more.
      fc.pre(!String(anew).includes('too long'));
      expect(outcome(manifest, universe, false)).toEqual(anew);
    }),
    { numRuns: 300 },
  );
});
