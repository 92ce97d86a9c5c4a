/**
 * Markers and the Python versions they hold for: `python_version >= "3.8"` as a version range and back, and markers reduced
 * by what a project's Python range settles already.
 */

import { ParseError } from '../ground/error.ts';
import { stableOf } from '../versions/next-version.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import type { Version } from '../versions/version.ts';
import { versionOfParts, versionParts } from '../versions/version.ts';
import type { Stretch, VersionRange } from '../versions/version-range.ts';
import { allowsAll, allowsAny, anyVersion, noVersion } from '../versions/version-range.ts';
import { dnf, intersectMarkers, simplifiedAnd, simplifiedOr } from './_algebra.ts';
import { memoTable } from './_memo.ts';
import type { Atom, Marker, SingleMarker } from './_node.ts';
import { anyMarker, emptyMarker, isAtom } from './_node.ts';
import { pythonText } from './_python-range.ts';
import { isPythonVariable, PYTHON_VARIABLES } from './_single.ts';
import { formatMarker } from './format.ts';
import { InvalidMarker } from './invalid-marker.ts';
import { parseMarker } from './parse.ts';
import { onlyMarkers } from './restrict.ts';
import type { StringConstraint } from './string-constraint.ts';

// --- from markers to versions ------------------------------------------------------------------

const ranges = memoTable<number, VersionRange>();

/** The Python versions for which the marker can hold. */
export function pythonConstraintOf(marker: Marker): VersionRange {
  let range = ranges.get(marker.id);
  if (range === undefined) {
    const python = onlyMarkers(marker, PYTHON_VARIABLES);
    range = python.kind === 'any' ? anyVersion : python.kind === 'empty' ? noVersion : namedPythons(marker);
    ranges.set(marker.id, range);
  }
  return range;
}

/**
 * The Python versions that each alternative of the marker names; every version where one names none. It differs from
 * `pythonConstraintOf` for a marker that never holds: that one names nothing.
 */
export function namedPythons(marker: Marker): VersionRange {
  const alternatives = new Map<string, readonly SingleMarker[]>();
  for (const atoms of alternativesOf(marker)) {
    const comparisons = atoms.filter((atom) => atom.kind === 'single').filter(({ name }) => isPythonVariable(name));
    if (comparisons.length === 0) return anyVersion;
    alternatives.set(comparisons.map(({ operator, value }) => `${operator}\0${value}`).join('\0'), comparisons);
  }
  const texts = [...alternatives.values()].map((comparisons) => comparisons.map(pythonText).join(' '));
  return parseMarkerConstraint(texts.join(' || '));
}

/** The atoms of each member of the disjunctive normal form. */
export function alternativesOf(marker: Marker): (readonly Atom[])[] {
  const normal = dnf(marker);
  return (normal.kind === 'or' ? normal.markers : [normal]).map((alternative) => {
    if (alternative.kind === 'any' || alternative.kind === 'empty') return [];
    return (alternative.kind === 'and' ? alternative.markers : [alternative]).map((member) => {
      if (isAtom(member)) return member;
      throw new InvalidMarker(`no normal form of "${formatMarker(marker)}"`, formatMarker(marker));
    });
  });
}

// --- from versions to markers ------------------------------------------------------------------

/** The marker that holds for these Python versions. Throws `ParseError` for the range of no version. */
export function markerFromPython(range: VersionRange): Marker {
  return parseMarker(nestedMarker('python_version', range));
}

/**
 * A constraint on one variable as a marker's text; nothing where it always holds. Bounds of `python_version` that a
 * minor release cannot express are written with `python_full_version`. Throws `ParseError` where nothing is allowed.
 */
export function nestedMarker(name: string, constraint: VersionRange | StringConstraint): string {
  switch (constraint.kind) {
    case 'any':
    case 'any-text':
      return '';
    case 'all-of':
      return constraint.members.map((member) => nestedMarker(name, member)).join(' and ');
    case 'one-of':
      return constraint.members
        .map((member) => {
          const text = nestedMarker(name, member);
          return member.kind === 'all-of' || member.kind === 'one-of' ? `(${text})` : text;
        })
        .join(' or ');
    case 'text':
      return `${name} ${constraint.operator} "${constraint.value}"`;
    case 'union':
      return constraint.ranges.map((range) => `(${nestedMarker(name, range)})`).join(' or ');
    case 'version':
      return `${fullNameFor(name, constraint.version)} == "${constraint.version.text}"`;
    case 'range':
      return boundTexts(name, constraint).join(' and ');
    case 'empty':
    case 'no-text':
      throw new ParseError(`no marker for a constraint on ${name} that nothing meets`, '');
  }
}

function boundTexts(name: string, { min, max, includeMin, includeMax }: Stretch): string[] {
  const texts: string[] = [];
  if (min !== undefined) texts.push(boundText(name, includeMin ? '>=' : '>', min));
  if (max !== undefined) texts.push(boundText(name, includeMax ? '<=' : '<', max));
  return texts;
}

function boundText(name: string, operator: string, bound: Version): string {
  const isLoose = operator === '>' || operator === '<=';
  if (isLoose && name === 'python_version' && bound.release.length < 3) {
    return `python_full_version ${operator} "${withPatch(bound).text}"`;
  }
  return `${fullNameFor(name, bound)} ${operator} "${stableOf(bound).text}"`;
}

function fullNameFor(name: string, version: Version): string {
  return name === 'python_version' && version.release.length >= 3 ? 'python_full_version' : name;
}

function withPatch(version: Version): Version {
  const parts = versionParts(version);
  return versionOfParts({ ...parts, release: parts.release + '.0'.repeat(3 - version.release.length) });
}

// --- reducing by a project's Python ------------------------------------------------------------

const reduced = new WeakMap<VersionRange, Map<number, Marker>>();

/** The marker without what holds, or cannot hold, for all versions in `python`. */
export function reduceByPython(marker: Marker, python: VersionRange): Marker {
  let table = reduced.get(python);
  if (table === undefined) {
    table = new Map();
    reduced.set(python, table);
  }
  let result = table.get(marker.id);
  if (result === undefined) {
    result = reduce(marker, python);
    table.set(marker.id, result);
  }
  return result;
}

function reduce(marker: Marker, python: VersionRange): Marker {
  switch (marker.kind) {
    case 'single':
      return isPythonVariable(marker.name) ? reduceComparison(marker, python) : marker;
    case 'and':
      return simplifiedAnd(marker.markers.map((member) => reduceByPython(member, python)));
    case 'or': {
      if (python.kind === 'any' || python.kind === 'range' || python.kind === 'union') {
        const pythonOnly = marker.markers.filter((member) => member.key === onlyMarkers(member, PYTHON_VARIABLES).key);
        if (allowsAll(pythonConstraintOf(simplifiedOr(pythonOnly)), python)) return anyMarker;
      }
      return simplifiedOr(marker.markers.map((member) => reduceByPython(member, python)));
    }
    default:
      return marker;
  }
}

function reduceComparison(marker: SingleMarker, python: VersionRange): Marker {
  const range = pythonConstraintOf(marker);
  if (allowsAll(range, python)) return anyMarker;
  if (!allowsAny(range, python)) return emptyMarker;
  const both = intersectMarkers(marker, markerFromPython(python));
  return both.kind === 'single' ? both : marker;
}
