/**
 * Environment markers (PEP 508, "Environment Markers") as boolean functions that print as Poetry prints them. Markers are
 * immutable and interned; every operation returns what it returned before for equal arguments.
 *
 * Poetry's equality is structural and keeps order: `a and b` is not `b and a`. `intersectMarkers` and `unionMarkers` simplify
 * in a fixed order of steps, so their result depends on the order of the arguments, and a lock's text depends on it.
 */

import type { ExtraName } from '../names/name.ts';
import { extraName } from '../names/name.ts';
import type { Marker, SingleMarker } from './_node.ts';
import { anyMarker, atomicConjunction, atomicDisjunction, conjunctionOf, disjunctionOf, emptyMarker } from './_node.ts';
import { singleMarker } from './_single.ts';
import { formatMarker } from './format.ts';
import { InvalidMarker } from './invalid-marker.ts';
import { parseMarker } from './parse.ts';
import { alternativesOf } from './python.ts';
import { invertStrings } from './string-constraint.ts';

export { cnf, dnf, intersectMarkers, simplifiedAnd, unionMarkers, unionOf } from './_algebra.ts';
export { clearMarkerCaches } from './_memo.ts';
export type { Marker } from './_node.ts';
export { anyMarker, emptyMarker } from './_node.ts';
export { holdsAsWritten, readAsWritten, type WrittenMarker } from './as-written.ts';
export type { MarkerEnvironment } from './environment.ts';
export { evaluateMarker } from './evaluate.ts';
export { excludeEachOther } from './exclusive.ts';
export { formatMarker } from './format.ts';
export { InvalidMarker } from './invalid-marker.ts';
export { parseMarker } from './parse.ts';
export { markerFromPython, namedPythons, nestedMarker, pythonConstraintOf, reduceByPython } from './python.ts';
export { assumeExtras, excludeMarker, onlyMarkers, withoutExtras } from './restrict.ts';

/** Whether the marker always holds. */
export function isAnyMarker(marker: Marker): boolean {
  return marker.kind === 'any';
}

/** Whether the marker never holds. */
export function isEmptyMarker(marker: Marker): boolean {
  return marker.kind === 'empty';
}

/** Poetry's `==`: the same comparisons in the same order. */
export function sameMarker(a: Marker, b: Marker): boolean {
  return a.key === b.key;
}

/** A number that two markers share only if they are the same by `sameMarker`. */
export function markerKey(marker: Marker): number {
  return marker.key;
}

const OPPOSITE: Readonly<Record<string, string>> = {
  '===': '!=',
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  in: 'not in',
  'not in': 'in',
};

/** The marker that holds where this one does not; `and` and `or` are exchanged, nothing is simplified. */
export function invertMarker(marker: Marker): Marker {
  switch (marker.kind) {
    case 'any':
      return emptyMarker;
    case 'empty':
      return anyMarker;
    case 'and':
      return disjunctionOf(marker.markers.map(invertMarker));
    case 'or':
      return conjunctionOf(marker.markers.map(invertMarker));
    case 'single':
      return invertComparison(marker);
    case 'atomic-and': {
      const members = marker.strings.members.map(invertStrings).filter((member) => member.kind === 'text');
      return atomicDisjunction(marker.name, { kind: 'one-of', members });
    }
    case 'atomic-or': {
      const members = marker.strings.members.map(invertStrings).filter((member) => member.kind === 'text');
      return atomicConjunction(marker.name, { kind: 'all-of', members, extra: marker.name === 'extra' });
    }
  }
}

function invertComparison(marker: SingleMarker): Marker {
  const { name, operator, value, range } = marker;
  const opposite = OPPOSITE[operator];
  if (opposite !== undefined) {
    return parseMarker(marker.swapped ? `"${value}" ${opposite} ${name}` : `${name} ${opposite} "${value}"`);
  }
  if (range === undefined || range.kind === 'empty' || range.kind === 'union' || range.kind === 'any') {
    throw new InvalidMarker(`"${operator}" compares versions only: ${formatMarker(marker)}`, formatMarker(marker));
  }
  return invertMarker(
    conjunctionOf([
      singleMarker(name, `${range.includeMin ? '>=' : '>'} ${range.min?.text}`),
      singleMarker(name, `${range.includeMax ? '<=' : '<'} ${range.max?.text}`),
    ]),
  );
}

/**
 * The extras that the marker names with `==`, normalised, in the order of its disjunctive normal form. An extra that several
 * alternatives name beside others is repeated.
 */
export function extrasOf(marker: Marker): readonly ExtraName[] {
  const alternatives = new Map<string, ExtraName[]>();
  for (const atoms of alternativesOf(marker)) {
    const about = atoms.filter((atom) => atom.name === 'extra');
    const written = about.map(formatMarker).join('\0');
    if (alternatives.has(written)) continue;
    alternatives.set(
      written,
      about.flatMap((atom) => {
        if (atom.kind === 'single') return atom.operator === '==' ? [extraName(atom.value)] : [];
        return atom.strings.members.filter(({ operator }) => operator === '==').map(({ value }) => extraName(value));
      }),
    );
  }
  return [...alternatives.values()].flat();
}

/** Whether the marker, in its disjunctive normal form, says anything of extras. */
export function namesExtra(marker: Marker): boolean {
  return alternativesOf(marker).some((atoms) => atoms.some((atom) => atom.name === 'extra'));
}
