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
/** Compound markers by their members' ids, one branch for each. */
interface Branch {
  readonly id: number;
  /** The first child, which mostly stays the only one. */
  only: Branch | undefined;
  /** The other children by their ids. */
  children: Map<number, Branch> | undefined;
  marker: Conjunction | Disjunction | undefined;
  /** The key of those whose members have these numbers for keys. */
  key: number | undefined;
}
const compounds: Readonly<Record<'and' | 'or', Branch>> = { and: newBranch(0), or: newBranch(0) };
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
  let node = compounds[kind];
  let comparisons = 0;
  let terms = 0;
  let twins = false;
  for (const marker of markers) {
    node = childOf(node, marker.id);
    comparisons += marker.comparisons;
    terms += marker.terms;
    twins ||= marker.id !== marker.key;
  }
  if (node.marker !== undefined) return node.marker;
  const id = newId();
  let equal = node;
  if (twins) {
    equal = compounds[kind];
    for (const { key } of markers) equal = childOf(equal, key);
  }
  equal.key ??= id;
  const { key } = equal;
  const made: Conjunction | Disjunction = { kind, id, key, comparisons, terms, markers };
  node.marker = made;
  return made;
}

function childOf(node: Branch, id: number): Branch {
  if (node.only?.id === id) return node.only;
  let child = node.children?.get(id);
  if (child === undefined) {
    child = newBranch(id);
    if (node.only === undefined) {
      node.only = child;
    } else {
      node.children ??= new Map();
      node.children.set(id, child);
    }
  }
  return child;
}

function newBranch(id: number): Branch {
  return { id, only: undefined, children: undefined, marker: undefined, key: undefined };
}

/** By key, in which call of `flatten` a marker was last seen. */
let seen = new Uint32Array(4096);
let call = 0;

/** The markers with members of that kind unfolded, each once, in the order first seen. */
export function flatten(markers: readonly Marker[], kind: 'and' | 'or'): Marker[] {
  call += 1;
  const flat: Marker[] = [];
  for (const marker of markers) {
    if (marker.kind !== kind) {
      if (isNew(marker)) flat.push(marker);
    } else {
      for (const member of marker.markers) if (isNew(member)) flat.push(member);
    }
  }
  return flat;
}

/** True the first time that this call of `flatten` sees a marker. */
function isNew({ key }: Marker): boolean {
  if (key >= seen.length) {
    const longer = new Uint32Array(2 * key);
    longer.set(seen);
    seen = longer;
  }
  if (seen[key] === call) return false;
  seen[key] = call;
  return true;
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
