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
  /** Those that were among them and may come again, as bits (`Repeated`). */
  readonly seen: bigint;
}

/**
 * The simplified choices in the order of the choices, the last list varying fastest; what is the same as an earlier one may be left out.
 * Poetry, which makes every choice before it compares, needs minutes where this needs seconds.
 */
export function simplifiedChoicesOf(lists: readonly (readonly Marker[])[], joining: Joining): readonly Marker[] {
  let choices = 1;
  let members = 0;
  for (const { length } of lists) {
    choices *= length;
    members += length;
  }
  return choices <= FEW && members <= BITS ? simplifiedOneByOne(lists, joining) : simplifiedTogether(lists, joining);
}

/** Up to so many choices are made one by one: that is nearly all questions, and nothing has to be prepared for it. */
const FEW = 24;
/** Of a number that operators for bits take. */
const BITS = 31;

function simplifiedOneByOne(lists: readonly (readonly Marker[])[], { simplified }: Joining): readonly Marker[] {
  const keys: number[] = [];
  let sets: number[] = [0];
  let choices: (readonly Marker[])[] = [[]];
  for (const list of lists) {
    const widerSets: number[] = [];
    const widerChoices: (readonly Marker[])[] = [];
    const bits = list.map(({ key }) => {
      const place = keys.indexOf(key);
      return 1 << (place === -1 ? keys.push(key) - 1 : place);
    });
    for (let index = 0; index < sets.length; index++) {
      for (let at = 0; at < list.length; at++) {
        const wider = (sets[index] ?? 0) | (bits[at] ?? 0);
        const marker = list[at];
        if (marker === undefined || widerSets.includes(wider)) continue;
        widerSets.push(wider);
        widerChoices.push([...(choices[index] ?? []), marker]);
      }
    }
    sets = widerSets;
    choices = widerChoices;
  }
  return choices.map(simplified);
}

function simplifiedTogether(lists: readonly (readonly Marker[])[], joining: Joining): readonly Marker[] {
  const placeOf = placesOf(lists);
  const members = lists.map((list) => list.map((marker) => flatten([marker], joining.joint)));
  const repeated = repeatedIn(members);
  const sets = placeOf.size <= MOST_BITS ? new SmallSets(placeOf.size) : new LargeSets();
  // States are numbered in the order in which choices come to them; `at` has the number for each set.
  let states: readonly State[] = [{ kept: [], seen: 0n }];
  let at: readonly number[] = [0];
  for (const [level, list] of lists.entries()) {
    const { length } = list;
    const found = new States();
    const next = new Array<number>(states.length * length).fill(-1);
    const widerAt: number[] = [];
    const later = repeated.after[level] ?? 0n;
    for (const way of sets.widen(list.map(({ key }) => placeOf.get(key) ?? 0))) {
      const index = Math.floor(way / length);
      const choice = way - index * length;
      const step = (at[index] ?? 0) * length + choice;
      let number = next[step] ?? -1;
      if (number === -1) {
        const state = states[at[index] ?? 0];
        const added = members[level]?.[choice];
        if (state === undefined || added === undefined) continue;
        number = found.numberOf(advanced(state, added, { joining, bits: repeated.bits, later }));
        next[step] = number;
      }
      widerAt.push(number);
    }
    states = found.all;
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

/** What comes in more than one list. */
interface Repeated {
  /** By key, the bit of what does. */
  readonly bits: ReadonlyMap<number, bigint>;
  /** For each list the bits of what comes in the lists after it. */
  readonly after: readonly bigint[];
}

/** `members` are those of each marker of each list. */
function repeatedIn(members: readonly (readonly (readonly Marker[])[])[]): Repeated {
  const once = new Set<number>();
  const bits = new Map<number, bigint>();
  const keys = members.map((list) => new Set(list.flatMap((one) => one.map(({ key }) => key))));
  for (const list of keys) {
    for (const key of list) {
      if (!once.has(key)) once.add(key);
      else if (!bits.has(key)) bits.set(key, 1n << BigInt(bits.size));
    }
  }
  const after: bigint[] = [];
  let all = 0n;
  for (const list of keys.toReversed()) {
    after.push(all);
    for (const key of list) all |= bits.get(key) ?? 0n;
  }
  return { bits, after: after.reverse() };
}

interface Advance {
  readonly joining: Joining;
  readonly bits: Repeated['bits'];
  /** The bits of what may come after. */
  readonly later: bigint;
}

/** The state with one more marker, given as its members: one step of the first round of simplifying (`simplifiedAnd`, `simplifiedOr`). */
function advanced(state: State, members: readonly Marker[], { joining, bits, later }: Advance): State {
  const { joint, absorb } = joining;
  if (state.kept === undefined) return DECIDED;
  const neutral = joint === 'or' ? 'empty' : 'any';
  let { seen } = state;
  let kept = [...state.kept];
  for (const member of members) {
    const bit = bits.get(member.key);
    if (bit !== undefined) {
      if ((seen & bit) !== 0n) continue;
      seen |= bit;
    }
    if (hasMember(kept, member) || member.kind === neutral) continue;
    const absorbed = absorb(kept, member);
    if (absorbed === false) kept.push(member);
    else if (absorbed === true) kept = flatten(kept, joint);
    else return DECIDED;
  }
  return { kept, seen: seen & later };
}

const DECIDED: State = { kept: undefined, seen: 0n };

/** Different states, numbered in the order in which they come. */
class States {
  readonly all: State[] = [];
  /** By hash, the latest state; and for each state the one before it of the same hash. */
  readonly #latest = new Map<number, number>();
  readonly #before: number[] = [];

  /** The number of a state; one that is new gets the next. */
  numberOf(state: State): number {
    const hash = hashOf(state);
    const latest = this.#latest.get(hash) ?? -1;
    for (let number = latest; number !== -1; number = this.#before[number] ?? -1) {
      const known = this.all[number];
      if (known !== undefined && isSameState(known, state)) return number;
    }
    const number = this.all.push(state) - 1;
    this.#before.push(latest);
    this.#latest.set(hash, number);
    return number;
  }
}

function hashOf({ kept, seen }: State): number {
  let hash = seen === 0n ? 0 : Number(BigInt.asUintN(30, seen));
  if (kept === undefined) return -1;
  for (const { id } of kept) hash = (Math.imul(hash, 31) + id) | 0;
  return hash;
}

function isSameState(a: State, b: State): boolean {
  if (a.kept === undefined || b.kept === undefined) return a.kept === b.kept;
  if (a.seen !== b.seen || a.kept.length !== b.kept.length) return false;
  for (let index = 0; index < a.kept.length; index++) if (a.kept[index]?.id !== b.kept[index]?.id) return false;
  return true;
}
