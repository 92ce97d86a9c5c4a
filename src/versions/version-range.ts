/**
 * Sets of versions, and the algebra on them that Poetry's solver, locks and messages rest on. All values are immutable.
 *
 * A set is nothing, one version, one stretch between bounds, or several of these in ascending order. Two rules of
 * PEP 440 make it more than interval arithmetic: a version without local part also stands for its local
 * variants (`1.0` allows `1.0+cpu`), and `>1.0` allows neither `1.0.post1` nor `1.0+cpu`. Poetry applies them in
 * some operations and not in others; since its results end up in locks, the operations here follow it case by case
 * (checked against poetry-core by `scripts/core-answers.ts`).
 */

import {
  allowsHigher,
  allowsLower,
  boundsExclude,
  compareStretches,
  isAdjacent,
  isStrictlyLower,
  sameBound,
} from './_bounds.ts';
import {
  nextDevrelease,
  nextPatch,
  nextPostrelease,
  stableOf,
  withoutLocal,
  withoutPostrelease,
} from './next-version.ts';
import type { Version } from './version.ts';
import { compareVersions, sameVersion } from './version.ts';

export { excludesSingleWildcard, formatRange } from './_range-text.ts';

/** Every version. */
export interface AnyRange {
  readonly kind: 'any';
  readonly min: undefined;
  readonly max: undefined;
  readonly includeMin: false;
  readonly includeMax: false;
}

/** No version. */
export interface EmptyRange {
  readonly kind: 'empty';
}

/** One version, with its local variants where it has no local part itself. */
export interface ExactVersion {
  readonly kind: 'version';
  readonly version: Version;
  readonly min: Version;
  readonly max: Version;
  readonly includeMin: true;
  readonly includeMax: true;
}

/** What lies between two bounds, at least one of which is given. May be empty: see `isEmptyRange`. */
export interface BoundedRange {
  readonly kind: 'range';
  readonly min: Version | undefined;
  readonly max: Version | undefined;
  readonly includeMin: boolean;
  readonly includeMax: boolean;
}

/** A set without gaps. */
export type Stretch = AnyRange | ExactVersion | BoundedRange;

/** Two or more stretches that neither overlap nor touch, in ascending order. */
export interface UnionRange {
  readonly kind: 'union';
  readonly ranges: readonly Stretch[];
  /** The version that is missing, where exactly one is: `!=1.0`. */
  readonly excluded: Version | undefined;
}

export type VersionRange = Stretch | EmptyRange | UnionRange;

export const anyVersion: AnyRange = {
  kind: 'any',
  min: undefined,
  max: undefined,
  includeMin: false,
  includeMax: false,
};

export const noVersion: EmptyRange = { kind: 'empty' };

/** `==version`. */
export function exactly(version: Version): ExactVersion {
  return { kind: 'version', version, min: version, max: version, includeMin: true, includeMax: true };
}

/** The versions between two bounds; an undefined bound is none. Not normalised: `between(v, v, true, true)` stays a range. */
export function between(
  min: Version | undefined,
  max: Version | undefined,
  includeMin: boolean,
  includeMax: boolean,
): AnyRange | BoundedRange {
  if (min === undefined && max === undefined) return anyVersion;
  return { kind: 'range', min, max, includeMin, includeMax };
}

/** `!=version`. */
export function allBut(version: Version): UnionRange {
  return unionOfSorted([between(undefined, version, false, false), between(version, undefined, false, false)]);
}

// --- questions ------------------------------------------------------------------------------------

/** Whether every version is in it. */
export function isAnyRange(range: VersionRange): boolean {
  return range.kind === 'any';
}

/** Whether no version is in it; also true of a range whose bounds exclude each other. */
export function isEmptyRange(range: VersionRange): boolean {
  if (range.kind === 'empty') return true;
  return range.kind === 'range' && boundsExclude(range.min, range.max, range.includeMin && range.includeMax);
}

/** Whether there is a version that nothing in it exceeds. */
export function hasUpperBound(range: VersionRange): boolean {
  if (range.kind === 'empty') return true;
  if (range.kind !== 'union') return range.max !== undefined;
  for (const stretch of range.ranges) if (stretch.max === undefined) return false;
  return true;
}

/** Whether it is a single version, a half-line, or all but one version (Poetry's `is_simple`). */
export function isSimpleRange(range: VersionRange): boolean {
  if (range.kind === 'union') return range.excluded !== undefined;
  return range.kind !== 'range' || range.min === undefined || range.max === undefined;
}

/** Whether it is `!=V`. */
export function excludesSingleVersion(range: VersionRange): boolean {
  return range.kind === 'union' && range.excluded !== undefined;
}

/** Poetry's `==`: equal bounds. A single version equals a range from it to itself; an empty range on the right equals nothing. */
export function sameRange(a: VersionRange, b: VersionRange): boolean {
  if (a === b) return true;
  if (a.kind === 'empty') return isEmptyRange(b);
  if (b.kind === 'empty') return false;
  if (a.kind === 'union') {
    if (b.kind !== 'union' || a.ranges.length !== b.ranges.length) return false;
    for (let index = 0; index < a.ranges.length; index++) {
      if (!sameRange(a.ranges[index] ?? noVersion, b.ranges[index] ?? noVersion)) return false;
    }
    return true;
  }
  if (b.kind === 'union') return false;
  if (!sameBound(a.min, b.min) || !sameBound(a.max, b.max)) return false;
  if (a.kind === 'version') return b.includeMin || b.includeMax;
  return a.includeMin === b.includeMin && a.includeMax === b.includeMax;
}

/** Whether the version is in the range. Pre-releases are members wherever the order puts them (5.3 of the lock's specification). */
export function allows(range: VersionRange, version: Version): boolean {
  switch (range.kind) {
    case 'any':
      return true;
    case 'empty':
      return false;
    case 'version':
      return versionAllows(range.version, version);
    case 'range':
      return rangeAllows(range, version);
    case 'union':
      if (range.excluded !== undefined) return !versionAllows(range.excluded, version);
      for (const stretch of range.ranges) if (allows(stretch, version)) return true;
      return false;
  }
}

/** Whether every version of `other` is in `range`. */
export function allowsAll(range: VersionRange, other: VersionRange): boolean {
  if (range.kind === 'empty') return isEmptyRange(other);
  if (range.kind === 'union') return unionAllowsAll(range, other);
  if (range.kind === 'any' || isEmptyRange(other)) return true;
  if (range.kind === 'version') {
    return other.kind === 'version' ? versionAllows(range.version, other.version) : sameRange(other, range);
  }
  if (other.kind === 'version') {
    const { version } = other;
    if (!rangeAllows(range, version)) return false;
    // `1.0` also stands for `1.0+cpu`, which a bound such as `<1.0+b` may leave out.
    if (version.local !== undefined || range.max?.local === undefined) return true;
    return !sameVersion(withoutLocal(range.max), version);
  }
  if (other.kind === 'union') {
    for (const stretch of other.ranges) if (!allowsAll(range, stretch)) return false;
    return true;
  }
  return other.kind !== 'empty' && !allowsLower(other, range) && !allowsHigher(other, range);
}

/** Whether some version is in both. */
export function allowsAny(range: VersionRange, other: VersionRange): boolean {
  if (range.kind === 'empty' || other.kind === 'empty') return false;
  if (range.kind === 'union') return unionAllowsAny(range, stretchesOf(other));
  if (range.kind === 'version') return !isEmptyRange(intersect(range, other));
  if (other.kind === 'union') {
    for (const stretch of other.ranges) if (allowsAny(range, stretch)) return true;
    return false;
  }
  if (other.kind === 'version') {
    if (allows(range, other.version)) return true;
    // `>=1.0+a` does not allow `1.0`, but both allow `1.0+a`.
    return range.min?.local !== undefined && versionAllows(other.version, range.min);
  }
  return !isEmptyRange(other) && !isStrictlyLower(other, range) && !isStrictlyLower(range, other);
}

// --- operations -----------------------------------------------------------------------------------

/** The versions in both. */
export function intersect(a: VersionRange, b: VersionRange): VersionRange {
  if (a.kind === 'empty' || b.kind === 'empty') return noVersion;
  if (a.kind === 'version') {
    if (b.kind !== 'version') return intersect(b, a);
    if (versionAllows(a.version, b.version)) return b;
    return versionAllows(b.version, a.version) ? a : noVersion;
  }
  if (a.kind === 'union') return intersectUnion(a, b);
  if (b.kind === 'union') return intersectUnion(b, a);
  if (b.kind === 'version') return intersectVersion(a, b);
  return intersectBounds(a, b);
}

/** The versions in either. */
export function union(a: VersionRange, b: VersionRange): VersionRange {
  if (a.kind === 'empty') return b;
  if (a.kind === 'union') return unionOf([a, b]);
  if (a.kind === 'version') {
    if (b.kind === 'version') {
      if (versionAllows(b.version, a.version)) return b;
      return versionAllows(a.version, b.version) ? a : unionOf([a, b]);
    }
    return union(b, a);
  }
  if (b.kind === 'version') return unionVersion(a, b);
  if (b.kind === 'empty' || b.kind === 'union') return unionOf([a, b]);
  return unionBounds(a, b);
}

/** The versions in `a` and not in `b`. */
export function difference(a: VersionRange, b: VersionRange): VersionRange {
  if (a.kind === 'empty') return a;
  if (a.kind === 'union') return unionMinus(a, stretchesOf(b));
  if (a.kind === 'version') {
    if (allowsAll(b, a)) return noVersion;
    if (!allowsAny(b, a)) return a;
    // Only some local variants are taken away: what is left needs bounds.
    const { version } = a;
    const upper = version.dev === undefined ? nextPostrelease(version) : nextDevrelease(version);
    return difference(between(version, upper, true, false), b);
  }
  if (isEmptyRange(b)) return a;
  if (b.kind === 'version') return boundsMinusVersion(a, b);
  if (b.kind === 'union') return stretchMinusUnion(a, b);
  return b.kind === 'empty' ? a : boundsMinus(a, b);
}

/** The versions in any of `ranges`. */
export function unionOf(ranges: readonly VersionRange[]): VersionRange {
  const stretches: Stretch[] = [];
  let ascends = true;
  for (const range of ranges) {
    if (range.kind === 'any') return anyVersion;
    for (const stretch of stretchesOf(range)) {
      if (isEmptyRange(stretch)) continue;
      const last = stretches.at(-1);
      ascends &&= last === undefined || compareStretches(last, stretch) <= 0;
      stretches.push(stretch);
    }
  }
  if (!ascends) stretches.sort(compareStretches);

  const merged: Stretch[] = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last === undefined || !(allowsAny(last, stretch) || isAdjacent(last, stretch))) {
      merged.push(stretch);
      continue;
    }
    const joined = union(last, stretch);
    merged.pop();
    merged.push(...stretchesOf(joined));
  }
  const [first] = merged;
  if (first === undefined) return noVersion;
  return merged.length === 1 ? first : unionOfSorted(merged);
}

/** The stretches of a range, in ascending order. */
export function stretchesOf(range: VersionRange): readonly Stretch[] {
  if (range.kind === 'union') return range.ranges;
  return range.kind === 'empty' ? [] : [range];
}

// --- membership -----------------------------------------------------------------------------------

function versionAllows(version: Version, candidate: Version): boolean {
  if (version === candidate) return true;
  if (version.rank !== candidate.rank) return false;
  if (version.local === undefined && candidate.local !== undefined)
    return sameVersion(version, withoutLocal(candidate));
  return version.tie === candidate.tie;
}

function rangeAllows(range: BoundedRange, candidate: Version): boolean {
  const { min, max } = range;
  if (min !== undefined) {
    let version = candidate;
    if (version.post !== undefined && !range.includeMin && min.post === undefined)
      version = withoutPostrelease(version);
    if (version.local !== undefined && min.local === undefined) version = withoutLocal(version);
    const order = compareVersions(version, min);
    if (order < 0 || (order === 0 && !range.includeMin)) return false;
  }
  if (max !== undefined) {
    const version = candidate.local !== undefined && max.local === undefined ? withoutLocal(candidate) : candidate;
    const order = compareVersions(version, max);
    if (order > 0 || (order === 0 && !range.includeMax)) return false;
  }
  return true;
}

function unionAllowsAll(range: UnionRange, other: VersionRange): boolean {
  const theirs = stretchesOf(other);
  let covered = 0;
  for (const stretch of range.ranges) {
    for (; covered < theirs.length; covered++) {
      if (!allowsAll(stretch, theirs[covered] ?? noVersion)) break;
    }
  }
  return covered === theirs.length;
}

function unionAllowsAny(range: UnionRange, theirs: readonly Stretch[]): boolean {
  const ours = range.ranges;
  for (let index = 0, theirIndex = 0; ; ) {
    const our = ours[index];
    const their = theirs[theirIndex];
    if (our === undefined || their === undefined) return false;
    if (allowsAny(our, their)) return true;
    if (allowsHigher(their, our)) index++;
    else theirIndex++;
  }
}

// --- intersection ---------------------------------------------------------------------------------

function intersectUnion(a: UnionRange, b: Stretch | UnionRange): VersionRange {
  const ours = a.ranges;
  const theirs = stretchesOf(b);
  const found: VersionRange[] = [];
  for (let index = 0, theirIndex = 0; ; ) {
    const our = ours[index];
    const their = theirs[theirIndex];
    if (our === undefined || their === undefined) return unionOf(found);
    const common = intersect(our, their);
    if (!isEmptyRange(common)) found.push(common);
    if (allowsHigher(their, our)) index++;
    else theirIndex++;
  }
}

function intersectVersion(a: AnyRange | BoundedRange, b: ExactVersion): VersionRange {
  if (allows(a, b.version)) return b;
  const { min } = a;
  if (min?.local === undefined || b.version.local !== undefined || !versionAllows(b.version, min)) return noVersion;
  return boundedOrEmpty(min, nextPatch(stableOf(b.version)), a.includeMin, false);
}

function intersectBounds(a: AnyRange | BoundedRange, b: AnyRange | BoundedRange): VersionRange {
  if (isEmptyRange(b)) return noVersion;
  let lower: AnyRange | BoundedRange;
  if (allowsLower(a, b)) {
    if (isStrictlyLower(a, b)) return noVersion;
    lower = b;
  } else {
    if (isStrictlyLower(b, a)) return noVersion;
    lower = a;
  }
  const upper = allowsHigher(a, b) ? b : a;
  if (lower.min !== undefined && upper.max !== undefined && sameVersion(lower.min, upper.max)) {
    return lower.includeMin && upper.includeMax ? exactly(lower.min) : noVersion;
  }
  return boundedOrEmpty(lower.min, upper.max, lower.includeMin, upper.includeMax, lower === upper ? lower : undefined);
}

// --- union ----------------------------------------------------------------------------------------

function unionVersion(a: AnyRange | BoundedRange, b: ExactVersion): VersionRange {
  const { version } = b;
  let { min, max, includeMin, includeMax }: { -readonly [Key in keyof BoundedRange]: BoundedRange[Key] } = {
    ...a,
    kind: 'range',
  };
  // A bound at a local variant of the version moves out, so that all variants are in.
  const lowerMoves = min?.local !== undefined && version.local === undefined && versionAllows(version, min);
  const upperMoves = max?.local !== undefined && version.local === undefined && versionAllows(version, max);
  if (lowerMoves) {
    min = version;
    includeMin = true;
  }
  if (upperMoves) {
    max = nextPatch(stableOf(version));
    includeMax = false;
  }
  if (lowerMoves || upperMoves) return boundedOrEmpty(min, max, includeMin, includeMax);
  if (allows(a, version)) return a;
  if (min !== undefined && sameVersion(min, version)) return between(min, max, true, includeMax);
  if (max !== undefined && sameVersion(max, version)) return between(min, max, includeMin, true);
  return unionOf([a, b]);
}

function unionBounds(a: AnyRange | BoundedRange, b: AnyRange | BoundedRange): VersionRange {
  const touches =
    (sameBound(a.max, b.min) && (a.includeMax || b.includeMin)) ||
    (sameBound(a.min, b.max) && (a.includeMin || b.includeMax));
  if (!touches && !allowsAny(a, b)) return unionOf([a, b]);
  const lower = allowsLower(a, b) ? a : b;
  const upper = allowsHigher(a, b) ? a : b;
  if (lower === upper) return lower;
  return between(lower.min, upper.max, lower.includeMin, upper.includeMax);
}

// --- difference -----------------------------------------------------------------------------------

function boundsMinusVersion(a: AnyRange | BoundedRange, b: ExactVersion): VersionRange {
  const { version } = b;
  if (!allows(a, version)) return a;
  const atMin = a.min !== undefined && sameVersion(a.min, version);
  if (atMin) return a.includeMin ? boundedOrEmpty(a.min, a.max, false, a.includeMax) : a;
  const atMax = a.max !== undefined && sameVersion(a.max, version);
  if (atMax) return a.includeMax ? boundedOrEmpty(a.min, a.max, a.includeMin, false) : a;
  return unionOf([
    boundedOrEmpty(a.min, version, a.includeMin, false),
    boundedOrEmpty(version, a.max, false, a.includeMax),
  ]);
}

function boundsMinus(a: AnyRange | BoundedRange, b: AnyRange | BoundedRange): VersionRange {
  if (!allowsAny(a, b)) return a;
  let before: VersionRange = noVersion;
  if (allowsLower(a, b)) {
    if (a.min !== undefined && sameBound(a.min, b.min)) before = exactly(a.min);
    else before = boundedOrEmpty(a.min, b.min, a.includeMin, !b.includeMin);
  }
  let after: VersionRange = noVersion;
  if (allowsHigher(a, b)) {
    if (a.max !== undefined && sameBound(a.max, b.max)) after = exactly(a.max);
    else after = boundedOrEmpty(b.max, a.max, !b.includeMax, a.includeMax);
  }
  if (before.kind === 'empty') return after;
  return after.kind === 'empty' ? before : unionOf([before, after]);
}

function stretchMinusUnion(a: AnyRange | BoundedRange, b: UnionRange): VersionRange {
  const found: Stretch[] = [];
  let current: Stretch = a;
  for (const stretch of b.ranges) {
    if (isStrictlyLower(stretch, current)) continue;
    if (isStrictlyLower(current, stretch)) break;
    const rest = difference(current, stretch);
    if (isEmptyRange(rest)) return noVersion;
    const pieces = stretchesOf(rest);
    found.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? current;
  }
  return found.length === 0 ? current : unionOf([...found, current]);
}

/** As Poetry has it: nothing taken away leaves nothing. */
function unionMinus(a: UnionRange, theirs: readonly Stretch[]): VersionRange {
  const found: Stretch[] = [];
  let index = 0;
  let theirIndex = 0;
  let current = a.ranges[0];
  let their = theirs[0];
  if (their === undefined) return noVersion;
  while (current !== undefined && their !== undefined) {
    if (isStrictlyLower(their, current)) {
      their = theirs[++theirIndex];
      continue;
    }
    if (isStrictlyLower(current, their)) {
      found.push(current);
      current = a.ranges[++index];
      continue;
    }
    const rest = difference(current, their);
    const pieces = stretchesOf(rest);
    const last = pieces.at(-1);
    if (last === undefined || isEmptyRange(rest)) {
      current = a.ranges[++index];
      continue;
    }
    found.push(...pieces.slice(0, -1));
    current = last;
    if (rest.kind === 'union' || allowsHigher(current, their)) their = theirs[++theirIndex];
    else {
      found.push(current);
      current = a.ranges[++index];
    }
  }
  if (current !== undefined) found.push(current, ...a.ranges.slice(index + 1));
  const [first] = found;
  if (first === undefined) return noVersion;
  return found.length === 1 ? first : unionOf(found);
}

// --- bounds ---------------------------------------------------------------------------------------

/** The range between the bounds, or nothing; `same` is returned where it is that range already. */
function boundedOrEmpty(
  min: Version | undefined,
  max: Version | undefined,
  includeMin: boolean,
  includeMax: boolean,
  same?: AnyRange | BoundedRange,
): VersionRange {
  if (boundsExclude(min, max, includeMin && includeMax)) return noVersion;
  return same ?? between(min, max, includeMin, includeMax);
}

function unionOfSorted(ranges: readonly Stretch[]): UnionRange {
  const [first, second] = ranges;
  let excluded: Version | undefined;
  if (ranges.length === 2 && first !== undefined && second !== undefined) {
    const open = first.min === undefined && second.max === undefined && !first.includeMax && !second.includeMin;
    if (open && first.max !== undefined && sameBound(first.max, second.min)) excluded = first.max;
  }
  return { kind: 'union', ranges, excluded };
}
