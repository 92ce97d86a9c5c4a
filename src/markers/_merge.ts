/**
 * What two atoms about one variable make together: `python_version >= "3.8"` and `python_version >= "3.9"` are
 * `python_version >= "3.9"`, and so on.
 */

import type { VersionRange } from '../versions/version-range.ts';
import {
  between,
  formatRange,
  intersect,
  isAnyRange,
  isEmptyRange,
  isSimpleRange,
  sameRange,
  union,
} from '../versions/version-range.ts';
import { memoTable, pairOf } from './_memo.ts';
import type { Atom, Marker, SingleMarker } from './_node.ts';
import { anyMarker, atomicConjunction, atomicDisjunction, conjunctionOf, emptyMarker } from './_node.ts';
import { pythonRangeOf } from './_python-range.ts';
import { dots, singleMarker } from './_single.ts';
import type { StringComparison, StringConstraint } from './string-constraint.ts';
import { formatStringConstraint, intersectStrings, sameStringConstraint, uniteStrings } from './string-constraint.ts';

/** How two markers are joined. */
export type Joint = 'and' | 'or';

const merged = { and: memoTable<number, Marker | undefined>(), or: memoTable<number, Marker | undefined>() };

/** One marker for `a and b` or `a or b`; undefined where the two have to stay side by side. */
export function mergeAtoms(a: Atom, b: Atom, joint: Joint): Marker | undefined {
  const table = merged[joint];
  const key = pairOf(a.key, b.key);
  let result = table.get(key);
  if (result === undefined && !table.has(key)) {
    result = merge(a, b, joint);
    table.set(key, result);
  }
  return result;
}

function merge(a: Atom, b: Atom, joint: Joint): Marker | undefined {
  if (a.kind === 'single' && b.kind === 'single') {
    if (a.name === 'python_version' && b.name === 'python_full_version') return mergePythons(a, b, joint);
    if (a.name === 'python_full_version' && b.name === 'python_version') return mergePythons(b, a, joint);
    if (a.name !== b.name) return undefined;
    if (a.range !== undefined && b.range !== undefined) return mergeVersions(a, a.range, b, b.range, joint);
  }
  // `platform_release` may be compared as a version and searched as a string: these two cannot be merged.
  if (a.name !== b.name || a.strings === undefined || b.strings === undefined) return undefined;
  return mergeStrings(a, a.strings, b, b.strings, joint);
}

function mergeStrings(
  a: Atom,
  ofA: StringConstraint,
  b: Atom,
  ofB: StringConstraint,
  joint: Joint,
): Marker | undefined {
  const result = (joint === 'and' ? intersectStrings : uniteStrings)(ofA, ofB);
  if (result.kind === 'no-text') return emptyMarker;
  if (result.kind === 'any-text') return anyMarker;
  if (sameStringConstraint(result, ofA)) return a;
  if (sameStringConstraint(result, ofB)) return b;
  if (result.kind === 'text') return singleMarker(a.name, formatStringConstraint(result));
  const operators = a.name === 'extra' ? ['==', '!='] : [result.kind === 'one-of' ? '==' : '!='];
  const isPlain = (member: StringConstraint): member is StringComparison =>
    member.kind === 'text' && operators.includes(member.operator);
  if (result.kind === 'all-of') return result.members.every(isPlain) ? atomicConjunction(a.name, result) : undefined;
  const { members } = result;
  return members.every(isPlain) ? atomicDisjunction(a.name, { kind: 'one-of', members }) : undefined;
}

function mergeVersions(
  a: SingleMarker,
  ofA: VersionRange,
  b: SingleMarker,
  ofB: VersionRange,
  joint: Joint,
): Marker | undefined {
  const result = (joint === 'and' ? intersect : union)(ofA, ofB);
  if (isEmptyRange(result)) return emptyMarker;
  if (isAnyRange(result)) return anyMarker;
  if (sameRange(result, ofA)) return a;
  if (sameRange(result, ofB)) return b;
  if (isSimpleRange(result)) return singleMarker(a.name, formatRange(result));
  if (a.name !== 'python_version') return undefined;
  if (joint === 'and') return result.kind === 'range' ? oneMinorRelease(result, a, b) : undefined;
  return result.kind === 'union' ? joinedMinorReleases(a, b) : undefined;
}

/** `== "3.8"` for `>= "3.8" and < "3.9"`; the empty marker for `> "3.8" and < "3.9"`. */
function oneMinorRelease(
  result: Extract<VersionRange, { kind: 'range' }>,
  a: SingleMarker,
  b: SingleMarker,
): Marker | undefined {
  if (result.min !== undefined) {
    const candidate = singleMarker(a.name, `== ${result.min.text}`);
    if (sameRange(pythonRangeOf(candidate), result)) return candidate;
  }
  return isEmptyRange(intersect(pythonRangeOf(a), pythonRangeOf(b))) ? emptyMarker : undefined;
}

/** `>= "3.8" and < "3.10"` for `== "3.8" or == "3.9"`, and what else the minor releases make together. */
function joinedMinorReleases(a: SingleMarker, b: SingleMarker): Marker | undefined {
  const result = union(pythonRangeOf(a), pythonRangeOf(b));
  if (isAnyRange(result)) return anyMarker;
  if (isSimpleRange(result)) return singleMarker(a.name, formatRange(result));
  if (result.kind !== 'range') return undefined;
  const { min, max, includeMin, includeMax } = result;
  return conjunctionOf([
    singleMarker(a.name, formatRange(between(min, undefined, includeMin, false))),
    singleMarker(a.name, formatRange(between(undefined, max, false, includeMax))),
  ]);
}

/** `python_version` and `python_full_version` are compared as full versions, and written as short as they can be. */
function mergePythons(version: SingleMarker, full: SingleMarker, joint: Joint): Marker | undefined {
  const normalized = singleMarker('python_full_version', formatRange(pythonRangeOf(version)));
  const result = mergeAtoms(normalized, full, joint);
  if (result?.key === normalized.key) return version;
  return result?.kind === 'single' ? withFittingPrecision(result) : result;
}

/** The comparison with three components, or as `python_version` where two say the same. */
function withFittingPrecision(marker: SingleMarker): Marker {
  const { operator, value } = marker;
  const isBound = operator === '<' || operator === '>=';
  const precision = dots(value) + 1;
  if (precision < 3) {
    const wanted = isBound ? 2 : 3;
    const padded = value + '.0'.repeat(Math.max(0, wanted - precision));
    return singleMarker(isBound ? 'python_version' : marker.name, `${operator} ${padded}`);
  }
  if (precision > 3 || !isBound || !value.endsWith('.0')) return marker;
  return singleMarker('python_version', `${operator} ${value.slice(0, -2)}`);
}
