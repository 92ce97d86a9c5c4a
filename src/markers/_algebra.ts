/**
 * `and`, `or` and the two normal forms, with Poetry's simplifications in Poetry's order: the text of a lock's markers
 * is the result of exactly these steps.
 *
 * `simplifiedAnd` and `simplifiedOr` absorb neighbours until nothing changes; `cnf` and `dnf` are built of them; `intersectionOf` and
 * `unionOf` take the simplest of what was given, its conjunctive and its disjunctive form.
 *
 * Simplifying may ask for the very union or intersection that is being worked out. Then the inner question is
 * abandoned, and the nearest normalisation that can do without its second form goes on without it.
 */

import { allowsAll } from '../versions/version-range.ts';
import { simplifiedChoicesOf } from './_choices.ts';
import { memoTable, pairOf } from './_memo.ts';
import { type Joint, mergeAtoms } from './_merge.ts';
import type { Atom, Conjunction, Disjunction, Marker } from './_node.ts';
import {
  anyMarker,
  conjunctionOf,
  disjunctionOf,
  emptyMarker,
  flatten,
  hasMember,
  isAsSimple,
  isAtom,
} from './_node.ts';
import { pythonRangeOf } from './_python-range.ts';
import { unlessReentered, withoutReentry } from './_reentry.ts';
import { isPythonVariable } from './_single.ts';

/** What two terms may still be, to count as a simplification. */
const TWO_TERMS = { comparisons: 2, terms: 2 };

// --- two markers -------------------------------------------------------------------------------

/** `a and b`, simplified. Not symmetric: the order shows in the text. */
export function intersectMarkers(a: Marker, b: Marker): Marker {
  switch (a.kind) {
    case 'any':
      return b;
    case 'empty':
      return a;
    case 'and':
    case 'or':
      return intersectionOf([a, b]);
    default:
      if (isAtom(b)) return joinAtoms(a, b, 'and');
      return intersectMarkers(b, a);
  }
}

/** `a or b`, simplified. Not symmetric: the order shows in the text. */
export function unionMarkers(a: Marker, b: Marker): Marker {
  switch (a.kind) {
    case 'any':
      return a;
    case 'empty':
      return b;
    case 'and':
    case 'or':
      return unionOf([a, b]);
    default:
      if (isAtom(b)) return joinAtoms(a, b, 'or');
      return unionMarkers(b, a);
  }
}

const joined = { and: memoTable<number, Marker>(), or: memoTable<number, Marker>() };

/** The two merged, else side by side. */
function joinAtoms(a: Atom, b: Atom, joint: Joint): Marker {
  const pair = pairOf(a.id, b.id);
  let result = joined[joint].get(pair);
  if (result === undefined) {
    result = mergeAtoms(a, b, joint) ?? (joint === 'and' ? conjunctionOf : disjunctionOf)([a, b]);
    joined[joint].set(pair, result);
  }
  return result;
}

// --- any number of markers ---------------------------------------------------------------------

/** The conjunction of the markers in its simplest known form; of none, the marker that always holds. */
export function intersectionOf(markers: readonly Marker[]): Marker {
  return intersection(markers);
}

const intersection = withoutReentry((markers) => {
  const plain = unwrapped(conjunctionOf(markers));
  const disjunction = dnf(plain);
  if (disjunction.kind !== 'or') return disjunction;
  const conjunction = unlessReentered(() => cnf(disjunction));
  if (conjunction === undefined) return simplest(disjunction, plain);
  return conjunction.kind === 'and' ? simplest(disjunction, conjunction, plain) : conjunction;
});

/** The disjunction of the markers in its simplest known form; of none, the marker that never holds. */
export function unionOf(markers: readonly Marker[]): Marker {
  return union(markers);
}

const union = withoutReentry((markers) => {
  const plain = unwrapped(disjunctionOf(markers));
  const conjunction = cnf(plain);
  if (conjunction.kind !== 'and') return conjunction;
  const disjunction = unlessReentered(() => dnf(conjunction));
  if (disjunction === undefined) return simplest(conjunction, plain);
  return disjunction.kind === 'or' ? simplest(disjunction, conjunction, plain) : disjunction;
});

function unwrapped(marker: Marker): Marker {
  let inner = marker;
  while ((inner.kind === 'and' || inner.kind === 'or') && inner.markers.length === 1) {
    inner = inner.markers[0] ?? inner;
  }
  return inner;
}

/** The first of those that none is simpler than. */
function simplest(first: Marker, ...others: readonly Marker[]): Marker {
  return others.reduce((best, marker) => (isAsSimple(best, marker) ? best : marker), first);
}

// --- normal forms ------------------------------------------------------------------------------

const conjunctive = memoTable<number, Marker>();
const disjunctive = memoTable<number, Marker>();

/** The marker in conjunctive normal form. */
export function cnf(marker: Marker): Marker {
  const known = conjunctive.get(marker.key);
  if (known !== undefined) return known;
  let result = marker;
  if (marker.kind === 'or') {
    const factors = marker.markers.map((member) => membersOf(cnf(member), 'and'));
    result = simplifiedAnd(simplifiedChoices(factors, 'or'));
  } else if (marker.kind === 'and') {
    result = simplifiedAnd(marker.markers.map(cnf));
  }
  conjunctive.set(marker.key, result);
  return result;
}

/** The marker in disjunctive normal form. */
export function dnf(marker: Marker): Marker {
  const known = disjunctive.get(marker.key);
  if (known !== undefined) return known;
  let result = marker;
  if (marker.kind === 'and') {
    const summands = marker.markers.map((member) => membersOf(dnf(member), 'or'));
    result = simplifiedOr(simplifiedChoices(summands, 'and'));
  } else if (marker.kind === 'or') {
    result = simplifiedOr(marker.markers.map(dnf));
  }
  disjunctive.set(marker.key, result);
  return result;
}

/** One of each list, in all ways, each choice joined and simplified. */
function simplifiedChoices(lists: readonly (readonly Marker[])[], joint: Joint): readonly Marker[] {
  return simplifiedChoicesOf(lists, joint === 'or' ? IN_OR : IN_AND);
}

function membersOf(marker: Marker, kind: 'and' | 'or'): readonly Marker[] {
  return marker.kind === kind ? marker.markers : [marker];
}

// --- absorbing neighbours ----------------------------------------------------------------------

/** The conjunction of the markers, each absorbed by an earlier one where that simplifies, until nothing changes. */
export function simplifiedAnd(markers: readonly Marker[]): Marker {
  let now = flatten(markers, 'and');
  let before: readonly Marker[] = [];
  while (!sameList(before, now)) {
    before = now;
    now = [];
    for (const marker of before) {
      if (hasMember(now, marker) || marker.kind === 'any') continue;
      const absorbed = absorbInAnd(now, marker);
      if (absorbed === 'never') return emptyMarker;
      if (absorbed) now = flatten(now, 'and');
      else now.push(marker);
    }
  }
  for (const marker of now) if (marker.kind === 'empty') return emptyMarker;
  const first = now[0];
  if (first === undefined) return anyMarker;
  return now.length === 1 ? first : conjunctionOf(now);
}

/** Whether one of `kept` took the marker in; `never` where the two exclude each other. */
function absorbInAnd(kept: Marker[], marker: Marker): boolean | 'never' {
  for (let index = 0; index < kept.length; index++) {
    const mark = kept[index];
    if (mark === undefined) break;
    const or = mark.kind === 'or' ? mark : marker.kind === 'or' ? marker : undefined;
    if (or !== undefined) {
      const simpler = narrowedOr(or, or === mark ? marker : mark);
      if (simpler !== undefined) {
        kept[index] = simpler;
        return true;
      }
    } else if (isAtom(mark)) {
      const merged = intersectMarkers(mark, marker);
      if (merged.kind === 'empty') return 'never';
      if (isAtom(merged)) {
        kept[index] = merged;
        return true;
      }
    }
  }
  return false;
}

/** The disjunction of the markers, each absorbed by an earlier one where that simplifies, until nothing changes. */
export function simplifiedOr(markers: readonly Marker[]): Marker {
  let now = flatten(markers, 'or');
  let before: readonly Marker[] = [];
  while (!sameList(before, now)) {
    before = now;
    now = [];
    for (const marker of before) {
      if (hasMember(now, marker) || marker.kind === 'empty') continue;
      const absorbed = absorbInOr(now, marker);
      if (absorbed === 'always') return anyMarker;
      if (absorbed) now = flatten(now, 'or');
      else now.push(marker);
    }
  }
  for (const marker of now) if (marker.kind === 'any') return anyMarker;
  const first = now[0];
  if (first === undefined) return emptyMarker;
  return now.length === 1 ? first : disjunctionOf(now);
}

/** Whether one of `kept` took the marker in; `always` where one of the two must hold. */
function absorbInOr(kept: Marker[], marker: Marker): boolean | 'always' {
  for (let index = 0; index < kept.length; index++) {
    const mark = kept[index];
    if (mark === undefined) break;
    const and = mark.kind === 'and' ? mark : marker.kind === 'and' ? marker : undefined;
    if (and !== undefined) {
      const simpler = widenedAnd(and, and === mark ? marker : mark);
      if (simpler !== undefined) {
        kept[index] = simpler;
        return true;
      }
    } else if (isAtom(mark)) {
      const merged = unionMarkers(mark, marker);
      if (merged.kind === 'any') return 'always';
      if (isAtom(merged) || (merged.kind === 'and' && isAsSimple(merged, TWO_TERMS))) {
        kept[index] = merged;
        return true;
      }
    }
  }
  return false;
}

/** A simpler marker for `or and other`, where one of the easy ways finds it. */
function narrowedOr(or: Disjunction, other: Marker): Marker | undefined {
  if (hasMember(or.markers, other)) return other;
  if (other.kind === 'single' && isPythonVariable(other.name)) {
    for (const marker of or.markers) {
      if (marker.kind !== 'single' || !isPythonVariable(marker.name)) continue;
      if (allowsAll(pythonRangeOf(marker), pythonRangeOf(other))) return other;
    }
  }
  if (other.kind !== 'or') return undefined;
  const shared = members(or.markers, other.markers, true);
  if (shared.length === or.markers.length) return or;
  if (shared.length === other.markers.length) return other;
  if (shared.length === 0) return undefined;
  const ours = members(or.markers, other.markers, false);
  const theirs = members(other.markers, or.markers, false);
  const rest = intersectMarkers(disjunctionOf(ours), disjunctionOf(theirs));
  if (isAtom(rest) || rest.kind === 'empty' || (rest.kind === 'or' && isAsSimple(rest, TWO_TERMS))) {
    return unionMarkers(rest, disjunctionOf(shared));
  }
  return undefined;
}

/** A simpler marker for `and or other`, where one of the easy ways finds it. */
function widenedAnd(and: Conjunction, other: Marker): Marker | undefined {
  if (hasMember(and.markers, other)) return other;
  if (other.kind === 'single' && isPythonVariable(other.name)) {
    for (const marker of and.markers) {
      if (marker.kind !== 'single' || !isPythonVariable(marker.name)) continue;
      if (allowsAll(pythonRangeOf(other), pythonRangeOf(marker))) return other;
    }
  }
  if (other.kind !== 'and') return undefined;
  const shared = members(and.markers, other.markers, true);
  if (shared.length === and.markers.length) return and;
  if (shared.length === other.markers.length) return other;
  if (shared.length === 0) return undefined;
  const ours = members(and.markers, other.markers, false);
  const theirs = members(other.markers, and.markers, false);
  const rest = unionMarkers(conjunctionOf(ours), conjunctionOf(theirs));
  if (isAtom(rest) || rest.kind === 'any' || (rest.kind === 'and' && isAsSimple(rest, TWO_TERMS))) {
    return intersectMarkers(rest, conjunctionOf(shared));
  }
  return undefined;
}

/** Those of `list` that are in `others`, or those that are not. */
function members(list: readonly Marker[], others: readonly Marker[], shared: boolean): readonly Marker[] {
  const found: Marker[] = [];
  for (const marker of list) if (hasMember(others, marker) === shared) found.push(marker);
  return found;
}

const IN_OR = { joint: 'or', simplified: simplifiedOr, absorb: absorbInOr, decided: anyMarker } as const;
const IN_AND = { joint: 'and', simplified: simplifiedAnd, absorb: absorbInAnd, decided: emptyMarker } as const;

function sameList(a: readonly Marker[], b: readonly Marker[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index]?.key !== b[index]?.key) return false;
  return true;
}
