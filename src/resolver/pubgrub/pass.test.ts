import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { plainRequirement } from '../../requirements/requirement.ts';
import { dependencyOf } from '../universal/dependency.ts';
import { Facts } from './facts.ts';
import { type Incompatibility, incompatibility } from './incompatibility.ts';
import { term } from './term.ts';

function requirement(of: string, other: string): Incompatibility {
  const [self, needed] = [of, other].map((name) => dependencyOf(plainRequirement(name), ''));
  if (self === undefined || needed === undefined) throw new Error('two names make a requirement');
  return incompatibility([term(self, true), term(needed, false)], { kind: 'requirement' });
}

/** What is looked at, in order, where something is derived about a package (or nothing) after each look. */
function looks(facts: Facts, derived: (nth: number, one: Incompatibility) => string | undefined): Incompatibility[] {
  const pass = facts.about('a');
  const seen: Incompatibility[] = [];
  for (let one = pass.next(); one !== undefined; one = pass.next()) {
    seen.push(one);
    const name = derived(seen.length, one);
    if (name !== undefined) pass.noteDerived(name);
  }
  return seen;
}

describe('a pass', () => {
  const ab = requirement('a', 'b');
  const ac = requirement('a', 'c');
  const facts = new Facts();
  for (const one of [ab, ac, ab, ac, ab]) facts.add(one);

  test('comes by each incompatibility once, the newest first', () => {
    expect(looks(facts, () => undefined)).toEqual([ab, ac]);
  });

  test('comes by an older place where something was derived about a package of it', () => {
    expect(looks(facts, (nth) => (nth === 2 ? 'b' : undefined))).toEqual([ab, ac, ab]);
    expect(looks(facts, (nth) => (nth <= 3 ? 'a' : undefined))).toEqual([ab, ac, ab, ac, ab]);
    expect(looks(facts, (nth) => (nth === 2 ? 'd' : undefined))).toEqual([ab, ac]);
  });

  test('an incompatibility that is added again has something to teach again', () => {
    facts.contradict(ab, 1);
    facts.add(ab);
    expect(ab.contradicted).toBe(false);
  });

  test('leaves out of the copies of an incompatibility only those that could not say anything else', () => {
    const names = ['b', 'c', 'd'];
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { maxLength: 200 }),
        fc.array(fc.option(fc.constantFrom('a', ...names), { nil: undefined, freq: 2 }), { maxLength: 200 }),
        (added, said) => {
          const all = ['b', 'c', 'd', 'b'].map((name) => requirement('a', name));
          const known = new Facts();
          const list = added.flatMap((at) => all[at] ?? []);
          for (const one of list) known.add(one);
          // What is derived at a place depends on the place alone; it is told by how often an incompatibility was added before it.
          const script = list.map((_, at) => said[at]);
          const expected: Incompatibility[] = [];
          const stale = new Map(all.map((one) => [one, true]));
          for (let at = list.length - 1; at >= 0; at--) {
            const one = list[at];
            if (one === undefined || stale.get(one) === false) continue;
            stale.set(one, false);
            expected.push(one);
            const name = script[expected.length - 1];
            if (name === undefined) continue;
            for (const other of all) if (speaksOf(other, name)) stale.set(other, true);
          }
          expect(looks(known, (nth) => script[nth - 1])).toEqual(expected);
        },
      ),
    );
  });
});

function speaksOf({ terms }: Incompatibility, name: string): boolean {
  return terms.some(({ dependency }) => dependency.completeName === name);
}
