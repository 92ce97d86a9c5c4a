/**
 * Terms: statements about which versions of a package are selected, true or false of a set of versions.
 * See docs/resolver.md, "Terms".
 *
 * A term remembers its answers about other terms. That is more than speed: requirements change while the
 * search runs (dependency.ts), and an answer once given stays. It is remembered where it is forgotten first: assignments come and
 * go, what is known stays.
 */

import { sameMarker, unionMarkers } from '../../markers/marker.ts';
import {
  allowsAll,
  allowsAny,
  difference,
  intersect,
  isEmptyRange,
  union,
  type VersionRange,
} from '../../versions/version-range.ts';
import { type Dependency, isDirect, samePackage, transitiveMarker, withRange } from '../universal/dependency.ts';

export interface Term {
  readonly dependency: Dependency;
  /** False: the package is not selected, or at a version that the requirement does not allow. */
  readonly positive: boolean;
  /** Its place among all terms, in the order in which they were made. */
  readonly serial: number;
  /** How it relates to others, as far as they were told and it is not a matter of course: sorted by serial, see `rememberedRelation`. */
  told: number[] | undefined;
  /** Its intersections with older terms. */
  intersections: Intersection[] | undefined;
  /** Who was last asked how it relates to this one, and the answer: most questions are repeated at once. */
  asked: Term | undefined;
  answer: Relation | undefined;
  /** What is assumed about the package; set when a partial solution first looks for it. */
  standing: Standing | undefined;
}

/** The intersection of `a` and `b`, one of which remembers it. */
interface Intersection {
  readonly a: Term;
  readonly b: Term;
  readonly found: Term | undefined;
}

/** What is assumed about one package at present: the term that its assignments add up to. */
export interface Standing {
  assumed: Term | undefined;
}

/** How the versions of one term relate to those of another. */
export type Relation = 'subset' | 'disjoint' | 'overlapping';

export function term(dependency: Dependency, positive: boolean): Term {
  made += 1;
  return {
    dependency,
    positive,
    serial: made,
    told: undefined,
    intersections: undefined,
    asked: undefined,
    answer: undefined,
    standing: undefined,
  };
}

/** How many terms were made so far. */
let made = 0;

/** The term that says the opposite. */
export function inverse(of: Term): Term {
  return term(of.dependency, !of.positive);
}

/** How `a` relates to `b`, a term about the same package. */
export function relation(a: Term, b: Term): Relation {
  if (b.asked === a && b.answer !== undefined) return b.answer;
  const found = mayChange(a, b) ? rememberedRelation(a, b) : computedRelation(a, b);
  b.asked = a;
  b.answer = found;
  return found;
}

/** False where ranges alone decide, which never change. Markers may, and origins that have yet to tell their version. */
function mayChange(a: Term, b: Term): boolean {
  const ours = a.dependency;
  const theirs = b.dependency;
  if (ours.source !== undefined || theirs.source !== undefined) return true;
  return a.positive && !b.positive && allowsAll(theirs.constraint, ours.constraint);
}

const RELATIONS = ['subset', 'disjoint', 'overlapping'] as const;

/** The relation as it was told first. Kept are numbers, four times the serial and which relation: there are millions, most never asked for again. */
function rememberedRelation(a: Term, b: Term): Relation {
  a.told ??= [];
  const { told } = a;
  const least = 4 * b.serial;
  const at = placeFor(least, told);
  const known = told[at];
  if (known !== undefined && known < least + 4) return RELATIONS[known - least] ?? computedRelation(a, b);
  const found = computedRelation(a, b);
  const entry = least + RELATIONS.indexOf(found);
  if (at === told.length) told.push(entry);
  else told.splice(at, 0, entry);
  return found;
}

/** Where the first number that is not below `least` stands, or would stand. */
function placeFor(least: number, sorted: readonly number[]): number {
  let high = sorted.length;
  const last = sorted[high - 1];
  if (last === undefined || last < least) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True where `b` holds whenever `a` does. */
export function implies(a: Term, b: Term): boolean {
  return a.dependency.completeName === b.dependency.completeName && relation(a, b) === 'subset';
}

/** The term for what both allow; undefined where they exclude each other. */
export function intersectTerms(a: Term, b: Term): Term | undefined {
  const younger = a.serial > b.serial ? a : b;
  if (younger.intersections === undefined) younger.intersections = [];
  else for (const known of younger.intersections) if (known.a === a && known.b === b) return known.found;
  const found = computedIntersection(a, b);
  younger.intersections.push({ a, b, found });
  return found;
}

/** The term for what `a` allows and `b` does not; undefined where nothing is left. */
export function subtractTerm(a: Term, b: Term): Term | undefined {
  return computedIntersection(a, inverse(b));
}

function computedRelation(a: Term, b: Term): Relation {
  const ours = a.dependency.constraint;
  const theirs = b.dependency.constraint;
  const compatible = areCompatible(a.dependency, b.dependency);
  if (b.positive) {
    if (a.positive) {
      if (!compatible) return 'disjoint';
      if (allowsAll(theirs, ours)) return 'subset';
      return allowsAny(ours, theirs) ? 'overlapping' : 'disjoint';
    }
    return compatible && allowsAll(ours, theirs) ? 'disjoint' : 'overlapping';
  }
  if (a.positive) {
    if (!compatible || !allowsAny(theirs, ours)) return 'subset';
    // Where the markers differ the requirement is derived once more, so that its marker is widened.
    const covered =
      allowsAll(theirs, ours) && sameMarker(transitiveMarker(a.dependency), transitiveMarker(b.dependency));
    return covered ? 'disjoint' : 'overlapping';
  }
  return compatible && allowsAll(ours, theirs) ? 'subset' : 'overlapping';
}

function computedIntersection(a: Term, b: Term): Term | undefined {
  if (!areCompatible(a.dependency, b.dependency)) {
    if (a.positive === b.positive) return undefined;
    return a.positive ? a : b;
  }
  const ours = a.dependency.constraint;
  const theirs = b.dependency.constraint;
  if (a.positive && b.positive) return narrowed(a, b, intersect(ours, theirs), true);
  if (a.positive) return narrowed(a, b, difference(ours, theirs), true);
  if (b.positive) return narrowed(a, b, difference(theirs, ours), true);
  return narrowed(a, b, union(ours, theirs), false);
}

/** The older term's requirement for another range; the newer one's where only that is a direct origin. */
function narrowed(a: Term, b: Term, constraint: VersionRange, positive: boolean): Term | undefined {
  if (isEmptyRange(constraint)) return undefined;
  const from = !isDirect(a.dependency) && isDirect(b.dependency) ? b.dependency : a.dependency;
  const dependency = withRange(from, constraint);
  if (positive && b.positive) {
    dependency.transitive = unionMarkers(transitiveMarker(a.dependency), transitiveMarker(b.dependency));
  }
  return term(dependency, positive);
}

function areCompatible(a: Dependency, b: Dependency): boolean {
  if (a.isRoot || b.isRoot) return true;
  if (a.source === b.source) return a.completeName === b.completeName;
  return samePackage(b, a) || (a.completeName === b.completeName && isDirect(a) !== isDirect(b));
}
