/**
 * The step in the middle of both normal forms: one member of each list, in all ways, each choice joined and simplified. There may be a
 * million choices, of which a few thousand differ once simplified. So a choice is not written out: it is a set, by which a choice of
 * the same members as an earlier one is left out, and a state, which is how far the simplification of its members has come. Choices that
 * have come to the same state go on alike.
 */

import type { Joint } from './_merge.ts';
import { flatten, hasMember, type Marker } from './_node.ts';

/** How members are joined. */
export interface Joining {
  readonly joint: Joint;
  /** The members joined and simplified. */
  readonly simplified: (markers: readonly Marker[]) => Marker;
  /** The whole, where that decides. */
  readonly decided: Marker;
  /** Whether one of `kept` took the marker in; `always` or `never` where that decides about the whole. */
  readonly absorb: (kept: Marker[], marker: Marker) => boolean | 'always' | 'never';
}

/** How far the members chosen so far have been simplified. */
interface State {
  /** What is left of them; undefined where the whole is decided. */
  readonly kept: readonly Marker[] | undefined;
  /** The keys of those that were among them and may come again. */
  readonly seen: ReadonlySet<number>;
}

/**
 * The simplified choices in the order of the choices, the last list varying fastest; what is the same as an earlier one may be left out.
 * Poetry, which makes every choice before it compares, needs minutes where this needs seconds.
 */
export function simplifiedChoicesOf(lists: readonly (readonly Marker[])[], joining: Joining): readonly Marker[] {
  const placeOf = placesOf(lists);
  const later = membersLater(lists, joining.joint);
  const sets = placeOf.size <= MOST_BITS ? new SmallSets(placeOf.size) : new LargeSets();
  // States are numbered in the order in which choices come to them; `at` has the number for each set.
  let states: readonly State[] = [{ kept: [], seen: new Set() }];
  let at: readonly number[] = [0];
  for (const [level, list] of lists.entries()) {
    const { length } = list;
    const found: State[] = [];
    const known = new Map<string, number>();
    const next = new Array<number>(states.length * length).fill(-1);
    const widerAt: number[] = [];
    const may = later[level] ?? new Set<number>();
    for (const way of sets.widen(list.map(({ key }) => placeOf.get(key) ?? 0))) {
      const index = Math.floor(way / length);
      const choice = way - index * length;
      const step = (at[index] ?? 0) * length + choice;
      let number = next[step] ?? -1;
      if (number === -1) {
        const state = states[at[index] ?? 0];
        const marker = list[choice];
        if (state === undefined || marker === undefined) continue;
        number = numbered(advanced(state, marker, { joining, may }), known, found);
        next[step] = number;
      }
      widerAt.push(number);
    }
    states = found;
    at = widerAt;
  }
  return states.map(({ kept }) => (kept === undefined ? joining.decided : joining.simplified(kept)));
}

/** Numbers the keys that occur, from 0 on. */
function placesOf(lists: readonly (readonly Marker[])[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const list of lists) for (const { key } of list) if (!places.has(key)) places.set(key, places.size);
  return places;
}

/** Different sets of places, as bits of a number; at first the empty one alone. There may be millions of them. */
class SmallSets {
  #sets: readonly number[] = [0];
  /** One bit for each set there can be: whether it was made already. */
  readonly #made: Uint32Array;

  constructor(places: number) {
    this.#made = new Uint32Array(Math.ceil(2 ** places / 32));
  }

  /**
   * Replaces each set by those with one more place, the sets in order and for each the places in order, leaving out what was made
   * before. Returns how each was made: the index of the set before it, times the number of places, plus the index of the place.
   */
  widen(places: readonly number[]): readonly number[] {
    const made = this.#made;
    const wider: number[] = [];
    const ways: number[] = [];
    let way = 0;
    for (const set of this.#sets) {
      for (const place of places) {
        const one = set | (1 << place);
        const word = made[one >>> 5] ?? 0;
        const bit = 1 << (one & 31);
        if ((word & bit) === 0) {
          made[one >>> 5] = word | bit;
          wider.push(one);
          ways.push(way);
        }
        way += 1;
      }
    }
    for (const one of wider) made[one >>> 5] = 0;
    this.#sets = wider;
    return ways;
  }
}

/** Above this a bit for each set there can be would be too many. */
const MOST_BITS = 26;

/** The same for any number of places. */
class LargeSets {
  #sets: readonly bigint[] = [0n];

  widen(places: readonly number[]): readonly number[] {
    const made = new Set<bigint>();
    const ways: number[] = [];
    let way = 0;
    for (const set of this.#sets) {
      for (const place of places) {
        const { size } = made;
        if (made.add(set | (1n << BigInt(place))).size > size) ways.push(way);
        way += 1;
      }
    }
    this.#sets = [...made];
    return ways;
  }
}

/** For each list the keys of what comes in the lists after it. */
function membersLater(lists: readonly (readonly Marker[])[], joint: Joint): readonly ReadonlySet<number>[] {
  const later: ReadonlySet<number>[] = [];
  let all: ReadonlySet<number> = new Set();
  for (const list of [...lists].reverse()) {
    later.push(all);
    all = new Set([...all, ...flatten(list, joint).map(({ key }) => key)]);
  }
  return later.reverse();
}

interface Advance {
  readonly joining: Joining;
  /** The keys of what may come after. */
  readonly may: ReadonlySet<number>;
}

/** The state with one more member: one step of the first round of simplifying (`simplifiedAnd`, `simplifiedOr`). */
function advanced(state: State, marker: Marker, { joining, may }: Advance): State {
  const { joint, absorb } = joining;
  const neutral = joint === 'or' ? 'empty' : 'any';
  const seen = new Set(state.seen);
  let kept = state.kept === undefined ? undefined : [...state.kept];
  for (const member of flatten([marker], joint)) {
    if (kept === undefined) break;
    if (seen.has(member.key)) continue;
    seen.add(member.key);
    if (hasMember(kept, member) || member.kind === neutral) continue;
    const absorbed = absorb(kept, member);
    if (absorbed === false) kept.push(member);
    else kept = absorbed === true ? flatten(kept, joint) : undefined;
  }
  if (kept === undefined) return { kept, seen: new Set() };
  for (const key of seen) if (!may.has(key)) seen.delete(key);
  return { kept, seen };
}

/** The number of a state; one that is new gets the next. */
function numbered(state: State, known: Map<string, number>, found: State[]): number {
  let text = state.kept === undefined ? 'decided' : '';
  for (const { id } of state.kept ?? []) text += `${id},`;
  if (state.seen.size > 0) text += `|${Float64Array.from(state.seen).sort().join()}`;
  let number = known.get(text);
  if (number === undefined) {
    number = found.length;
    found.push(state);
    known.set(text, number);
  }
  return number;
}
