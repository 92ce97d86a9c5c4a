/** How much work a search is, counted in steps: what is decided again must not cost more each time. */

import { describe, expect, spyOn, test } from 'bun:test';
import { nameOf, universe, WANTED } from '../../bench/universe.ts';
import { project, resolved } from './_universe.ts';
import { Facts } from './pubgrub/facts.ts';
import { PartialSolution } from './pubgrub/partial-solution.ts';

/** How often a search with much conflict decides, adds what is known, and asks how what is assumed relates to a term. */
function steps(packages: number) {
  const decide = spyOn(PartialSolution.prototype, 'decide');
  const relation = spyOn(PartialSolution.prototype, 'relation');
  const add = spyOn(Facts.prototype, 'add');
  try {
    const wanted = Array.from({ length: WANTED }, (_, at) => nameOf(at));
    const drawn = universe({ packages, conflict: 0.2 });
    const { packages: found } = resolved(
      project(wanted),
      Object.fromEntries([...drawn].map(([name, releases]) => [name, Object.fromEntries(releases)])),
    );
    const distinct = new Set(add.mock.calls.map(([incompatibility]) => incompatibility));
    return {
      found: found.length,
      decisions: decide.mock.calls.length,
      relations: relation.mock.calls.length,
      added: add.mock.calls.length,
      distinct: distinct.size,
    };
  } finally {
    for (const spy of [decide, relation, add]) spy.mockRestore();
  }
}

describe('a search that goes back often', () => {
  const few = steps(50);
  const many = steps(200);

  test('decides most packages many times', () => {
    expect(many.found).toBe(200);
    expect(many.decisions).toBeGreaterThan(10 * many.found);
  });

  test('knows no more of a package than once what it requires', () => {
    expect(many.added).toBeGreaterThan(3 * many.decisions);
    expect(many.distinct).toBeLessThan(10 * many.found);
  });

  test('does as much for a decision in a large universe as in a small one', () => {
    expect(many.relations / many.decisions).toBeLessThan(1.25 * (few.relations / few.decisions));
  });
});
