import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import type { Marker, MarkerEnvironment } from './marker.ts';
import {
  cnf,
  dnf,
  evaluateMarker,
  formatMarker,
  holdsAsWritten,
  intersectMarkers,
  invertMarker,
  parseMarker,
  pythonConstraintOf,
  readAsWritten,
  reduceByPython,
  sameMarker,
  unionMarkers,
} from './marker.ts';

const operator = fc.constantFrom('==', '!=');
const order = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const written = (name: string, operators: fc.Arbitrary<string>, ...values: string[]) =>
  fc.tuple(operators, fc.constantFrom(...values)).map(([op, value]) => `${name} ${op} "${value}"`);
const comparison = fc.oneof(
  written('python_version', order, '3.8', '3.9', '3.10', '3.11'),
  written('python_full_version', order, '3.8.0', '3.9.1', '3.10.0', '3.11.4'),
  written('sys_platform', operator, 'linux', 'win32', 'darwin'),
  written('os_name', operator, 'posix', 'nt'),
  written('extra', operator, 'a', 'b'),
);
const text: fc.Arbitrary<string> = fc.letrec<{ marker: string }>((tie) => ({
  marker: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc
      .tuple(tie('marker'), fc.constantFrom('and', 'or'), tie('marker'))
      .map(([a, joint, b]) => `(${a}) ${joint} (${b})`),
  ),
})).marker;
const marker = text.map(parseMarker);

const grid: readonly MarkerEnvironment[] = [
  '3.7.2',
  '3.8.0',
  '3.8.5',
  '3.9.0',
  '3.9.1',
  '3.10.0',
  '3.10.3',
  '3.11.4',
  '3.12.0',
].flatMap((python) =>
  [
    ['linux', 'posix'],
    ['win32', 'nt'],
    ['darwin', 'posix'],
  ].flatMap(([platform = '', os = '']) =>
    [[], ['a'], ['a', 'b']].map((extra) => ({
      python_full_version: python,
      python_version: python.replace(/\.\d+$/, ''),
      sys_platform: platform,
      os_name: os,
      extra,
    })),
  ),
);

/** In which environments of the grid the marker holds. */
const holds = (one: Marker) => grid.map((environment) => evaluateMarker(one, environment));
const law = (check: (a: Marker, b: Marker) => void) => fc.assert(fc.property(marker, marker, check), { numRuns: 300 });

test('the intersection holds where both hold', () => {
  law((a, b) => {
    const [ofA, ofB] = [holds(a), holds(b)];
    expect(holds(intersectMarkers(a, b))).toEqual(ofA.map((value, index) => value && ofB[index] === true));
  });
});

test('the union holds where either holds', () => {
  law((a, b) => {
    const [ofA, ofB] = [holds(a), holds(b)];
    expect(holds(unionMarkers(a, b))).toEqual(ofA.map((value, index) => value || ofB[index] === true));
  });
});

test('the inversion holds where the marker does not', () => {
  law((a) => expect(holds(invertMarker(a))).toEqual(holds(a).map((value) => !value)));
});

test('normal forms hold where the marker holds', () => {
  law((a) => {
    expect(holds(cnf(a))).toEqual(holds(a));
    expect(holds(dnf(a))).toEqual(holds(a));
  });
});

test('a marker holds for no Python outside its range', () => {
  law((a) => {
    const range = pythonConstraintOf(a);
    for (const environment of grid) {
      if (!evaluateMarker(a, environment)) continue;
      expect(allows(range, parseVersion(environment.python_full_version ?? ''))).toBe(true);
    }
  });
});

test('reducing by a Python range changes nothing within it', () => {
  const python = parseMarkerConstraint('>=3.9,<3.11');
  law((a) => {
    const reduced = reduceByPython(a, python);
    for (const environment of grid) {
      if (!allows(python, parseVersion(environment.python_full_version ?? ''))) continue;
      expect(evaluateMarker(reduced, environment)).toBe(evaluateMarker(a, environment));
    }
  });
});

test('the text of a marker says the marker', () => {
  law((a) => expect(holds(parseMarker(formatMarker(a)))).toEqual(holds(a)));
});

test('an answer does not change', () => {
  law((a, b) => {
    expect(unionMarkers(a, b)).toBe(unionMarkers(a, b));
    expect(intersectMarkers(a, b)).toBe(intersectMarkers(a, b));
    expect(sameMarker(a, b)).toBe(formatMarker(a) === formatMarker(b));
  });
});

test('as it is written, a marker holds where it holds when it has been simplified', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.constantFrom('', '*', '<empty>')), (drawn) => {
      const [simplified, plain] = [parseMarker(drawn), readAsWritten(drawn)];
      for (const environment of grid) {
        expect(holdsAsWritten(plain, environment)).toBe(evaluateMarker(simplified, environment));
      }
    }),
    { numRuns: 300 },
  );
});
