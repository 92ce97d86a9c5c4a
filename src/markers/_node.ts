/**
 * The shape of markers, and how they are made. Every marker is interned: two that are written alike are one object.
 *
 * `key` is Poetry's equality as a number. It is coarser than identity in one place: a comparison equals its twin with
 * the sides swapped (`"linux" in sys_platform` and `sys_platform in "linux"`), though they mean different things.
 * Order counts: `a and b` and `b and a` have different keys.
 *
 * The constructors flatten and drop repetitions, but do not simplify.
 */

import type { VersionRange } from '../versions/version-range.ts';
import type { StringComparison, StringConjunction, StringConstraint, StringDisjunction } from './string-constraint.ts';
import { stringConstraintKey } from './string-constraint.ts';

interface Interned {
  /** Identity. */
  readonly id: number;
  /** Poetry's equality. */
  readonly key: number;
  /** How many elementary comparisons it holds. */
  readonly comparisons: number;
  /** The same with several values of one variable counted once. */
  readonly terms: number;
}

/** Always true; its text is empty. */
export interface AnyMarker extends Interned {
  readonly kind: 'any';
}

/** Never true; its text is `<empty>`. */
export interface EmptyMarker extends Interned {
  readonly kind: 'empty';
}

/** One comparison, `name operator "value"`, or `"value" operator name` where `swapped`. */
export interface SingleMarker extends Interned {
  readonly kind: 'single';
  readonly name: string;
  readonly operator: string;
  readonly value: string;
  readonly swapped: boolean;
  /** What the comparison allows; undefined for variables that are compared as strings. */
  readonly range: VersionRange | undefined;
  /** What the comparison allows; undefined for variables that are compared as versions. */
  readonly strings: StringConstraint | undefined;
}

/** `name != "a" and name != "b"`; for extras, `==` may stand beside `!=`. */
export interface AtomicConjunction extends Interned {
  readonly kind: 'atomic-and';
  readonly name: string;
  readonly strings: StringConjunction;
}

/** `name == "a" or name == "b"`; for extras, `!=` may stand beside `==`. */
export interface AtomicDisjunction extends Interned {
  readonly kind: 'atomic-or';
  readonly name: string;
  readonly strings: StringDisjunction & { readonly members: readonly StringComparison[] };
}

/** All of `markers`; none of them is an `and`. */
export interface Conjunction extends Interned {
  readonly kind: 'and';
  readonly markers: readonly Marker[];
}

/** Any of `markers`; none of them is an `or`. */
export interface Disjunction extends Interned {
  readonly kind: 'or';
  readonly markers: readonly Marker[];
}

/** A marker about one variable. */
export type Atom = SingleMarker | AtomicConjunction | AtomicDisjunction;
export type Marker = AnyMarker | EmptyMarker | Atom | Conjunction | Disjunction;

export const anyMarker: AnyMarker = { kind: 'any', id: 0, key: 0, comparisons: 1, terms: 1 };
export const emptyMarker: EmptyMarker = { kind: 'empty', id: 1, key: 1, comparisons: 1, terms: 1 };

const singles = new Map<string, SingleMarker>();
const singleKeys = new Map<string, number>();
const atoms = new Map<string, AtomicConjunction | AtomicDisjunction>();
const compounds = { and: new Map<string, Conjunction>(), or: new Map<string, Disjunction>() };
const compoundKeys = { and: new Map<string, number>(), or: new Map<string, number>() };
let nextId = 2;

/** A number that no other node has: a few thousand nodes make up even a large lock. */
function newId(): number {
  nextId += 1;
  return nextId;
}

/** The comparison, interned. `allowed` is what its text means and is only used for a comparison that is new. */
export function internSingle(
  comparison: Pick<SingleMarker, 'name' | 'operator' | 'value' | 'swapped'>,
  allowed: Pick<SingleMarker, 'range' | 'strings'>,
): SingleMarker {
  const { name, operator, value, swapped } = comparison;
  const text = `${name}\0${operator}\0${value}`;
  const written = swapped ? `\0${text}` : text;
  const known = singles.get(written);
  if (known !== undefined) return known;
  const id = newId();
  const key = singleKeys.get(text) ?? id;
  singleKeys.set(text, key);
  const { range, strings } = allowed;
  const made: SingleMarker = {
    kind: 'single',
    id,
    key,
    comparisons: 1,
    terms: 1,
    name,
    operator,
    value,
    swapped,
    range,
    strings,
  };
  singles.set(written, made);
  return made;
}

/** `name != "a" and name != "b"` as one atom. */
export function atomicConjunction(name: string, strings: StringConjunction): AtomicConjunction {
  const text = `${name}\0${stringConstraintKey(strings)}`;
  const known = atoms.get(text);
  if (known?.kind === 'atomic-and') return known;
  const id = newId();
  const comparisons = strings.members.length;
  const made: AtomicConjunction = { kind: 'atomic-and', id, key: id, comparisons, terms: 1, name, strings };
  atoms.set(text, made);
  return made;
}

/** `name == "a" or name == "b"` as one atom. */
export function atomicDisjunction(name: string, strings: AtomicDisjunction['strings']): AtomicDisjunction {
  const text = `${name}\0${stringConstraintKey(strings)}`;
  const known = atoms.get(text);
  if (known?.kind === 'atomic-or') return known;
  const id = newId();
  const comparisons = strings.members.length;
  const made: AtomicDisjunction = { kind: 'atomic-or', id, key: id, comparisons, terms: 1, name, strings };
  atoms.set(text, made);
  return made;
}

/** `a and b and …`, flattened; of no marker at all, a conjunction without members. */
export function conjunctionOf(markers: readonly Marker[]): Conjunction {
  return compound('and', flatten(markers, 'and'));
}

/** `a or b or …`, flattened; of no marker at all, a disjunction without members. */
export function disjunctionOf(markers: readonly Marker[]): Disjunction {
  return compound('or', flatten(markers, 'or'));
}

function compound(kind: 'and', markers: readonly Marker[]): Conjunction;
function compound(kind: 'or', markers: readonly Marker[]): Disjunction;
function compound(kind: 'and' | 'or', markers: readonly Marker[]): Conjunction | Disjunction {
  let written = '';
  let comparisons = 0;
  let terms = 0;
  let twins = false;
  for (const marker of markers) {
    written += `${marker.id},`;
    comparisons += marker.comparisons;
    terms += marker.terms;
    twins ||= marker.id !== marker.key;
  }
  const known = compounds[kind].get(written);
  if (known !== undefined) return known;
  const id = newId();
  const equal = twins ? markers.map(({ key }) => `${key},`).join('') : written;
  const key = compoundKeys[kind].get(equal) ?? id;
  compoundKeys[kind].set(equal, key);
  if (kind === 'and') {
    const made: Conjunction = { kind, id, key, comparisons, terms, markers };
    compounds.and.set(written, made);
    return made;
  }
  const made: Disjunction = { kind, id, key, comparisons, terms, markers };
  compounds.or.set(written, made);
  return made;
}

/** The markers with members of that kind unfolded, each once, in the order first seen. */
export function flatten(markers: readonly Marker[], kind: 'and' | 'or'): Marker[] {
  const flat: Marker[] = [];
  for (const marker of markers) {
    if (marker.kind !== kind) {
      if (!hasMember(flat, marker)) flat.push(marker);
      continue;
    }
    for (const member of marker.markers) if (!hasMember(flat, member)) flat.push(member);
  }
  return flat;
}

/** Whether an equal marker is in the list. */
export function hasMember(list: readonly Marker[], wanted: Marker): boolean {
  for (const marker of list) {
    if (marker.key === wanted.key) return true;
  }
  return false;
}

/** Whether the marker speaks of one variable only, as one atom. */
export function isAtom(marker: Marker): marker is Atom {
  return marker.kind === 'single' || marker.kind === 'atomic-and' || marker.kind === 'atomic-or';
}

/** Whether `a` is simpler than `b`, or as simple: fewer comparisons, then fewer terms. */
export function isAsSimple(a: Marker, b: Pick<Marker, 'comparisons' | 'terms'>): boolean {
  return a.comparisons < b.comparisons || (a.comparisons === b.comparisons && a.terms <= b.terms);
}
