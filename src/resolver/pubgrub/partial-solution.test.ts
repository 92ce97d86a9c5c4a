import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseRequirement } from '../../requirements/pep508.ts';
import { parseConstraint } from '../../versions/poetry-constraint.ts';
import { isEmptyRange, type VersionRange } from '../../versions/version-range.ts';
import { type Dependency, dependencyOf, withRange } from '../universal/dependency.ts';
import { incompatibility } from './incompatibility.ts';
import { type Assignment, PartialSolution } from './partial-solution.ts';
import { implies, intersectTerms, type Term, term } from './term.ts';

const cause = incompatibility([], { kind: 'root' });
const plain = ['0.9', '1.0.dev1', '1.0rc1', '1.0', '1.0.post1', '1.1', '2.0', '3.0'];
const withLocal = [...plain, '1.0+cpu', '1.1+cpu'];

const rangeOf = (versions: readonly string[]) =>
  fc
    .array(fc.tuple(fc.constantFrom('>=', '>', '<=', '<', '==', '!='), fc.constantFrom(...versions)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => parseConstraint(parts.map(([operator, version]) => operator + version).join(',')))
    .filter((one) => !isEmptyRange(one));

type Step = { readonly range: VersionRange; readonly positive: boolean } | 'decide';

const stepOf = (range: fc.Arbitrary<VersionRange>): fc.Arbitrary<Step> =>
  fc.oneof(
    { arbitrary: fc.record({ range, positive: fc.boolean() }), weight: 6 },
    { arbitrary: fc.constant('decide' as const), weight: 1 },
  );

/** Less of `1.0` is more of `1.0+cpu`: what is implied at first is not implied later. */
const OF_LOCAL: [Step[], VersionRange[], number] = [
  [
    { range: parseConstraint('==1.0'), positive: true },
    { range: parseConstraint('>=1.0+cpu'), positive: true },
    { range: parseConstraint('>=1.0.post1'), positive: false },
    { range: parseConstraint('<0.9'), positive: false },
  ],
  [parseConstraint('!=1.0.post1')],
  0,
];

const on = (one: Parameters<typeof withRange>[1]): Dependency =>
  withRange(dependencyOf(parseRequirement('demo'), ''), one);

/** The definition: the first assignment with which all up to it imply the term. */
function definedSatisfier(assignments: readonly Assignment[], wanted: Term): Assignment | undefined {
  let sum: Term | undefined;
  for (const assignment of assignments) {
    sum = sum === undefined ? assignment : intersectTerms(sum, assignment);
    if (sum !== undefined && implies(sum, wanted)) return assignment;
  }
  return undefined;
}

test.each([
  [plain, []],
  [withLocal, [OF_LOCAL]],
])(
  'the satisfier is the first with which the term holds, however many there are, also after some are taken back',
  (versions, examples) => {
    const range = rangeOf(versions);
    const list = fc.array(stepOf(range), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(list, fc.array(range), fc.nat(4), (steps, wishes, level) => {
        const solution = new PartialSolution<string>();
        let assignments: Assignment[] = [];
        let sum: Term | undefined;
        const assign = (one: Step): void => {
          // What is decided is another package: it makes levels that can be taken back.
          if (one === 'decide') {
            const name = `other${solution.level}`;
            solution.decide(name, dependencyOf(parseRequirement(name), ''));
            return;
          }
          const made = term(on(one.range), one.positive);
          const both = sum === undefined ? made : intersectTerms(sum, made);
          // The search never assumes what contradicts itself.
          if (both === undefined) return;
          sum = both;
          const index = assignments.length;
          assignments.push({ ...made, level: solution.level, index, cause });
          solution.derive(made.dependency, one.positive, cause);
        };
        const check = (): void => {
          for (const wanted of wishes.flatMap((one) => [term(on(one), true), term(on(one), false)])) {
            const expected = definedSatisfier(assignments, wanted);
            if (expected === undefined) expect(() => solution.satisfier(wanted)).toThrow('no assignment satisfies');
            else expect(solution.satisfier(wanted).dependency).toBe(expected.dependency);
          }
        };
        steps.forEach(assign);
        check();
        if (level < solution.level) solution.backtrack(level);
        assignments = assignments.filter((one) => one.level <= level);
        sum = assignments.reduce<Term | undefined>((a, b) => (a === undefined ? b : intersectTerms(a, b)), undefined);
        steps.forEach(assign);
        check();
      }),
      { numRuns: 300, examples },
    );
  },
);
