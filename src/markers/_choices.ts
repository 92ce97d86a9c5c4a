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
  /** By the key of the next member. */
  readonly next: Map<number, State>;
}

/** Two numbers of so many bits make an exact one. */
const HALF = 26;
const HIGH = 2 ** HALF;

/**
 * The simplified choices in the order of the choices, the last list varying fastest; what is the same as an earlier one may be left out.
 * Poetry, which makes every choice before it compares, needs minutes where this needs seconds.
 */
export function simplifiedChoicesOf(lists: readonly (readonly Marker[])[], joining: Joining): readonly Marker[] {
  const places = placesOf(lists);
  const later = membersLater(lists, joining.joint);
  let sets: SetOfPlaces[] = [places.size <= 2 * HALF ? 0 : 0n];
  let states: State[] = [{ kept: [], seen: new Set(), next: new Map() }];
  for (const [level, list] of lists.entries()) {
    const taken = new Set<SetOfPlaces>();
    const widerSets: SetOfPlaces[] = [];
    const widerStates: State[] = [];
    const known = new Map<string, State>();
    const may = later[level] ?? new Set<number>();
    for (let index = 0; index < sets.length; index++) {
      const set = sets[index];
      const state = states[index];
      if (set === undefined || state === undefined) break;
      for (const marker of list) {
        const wider = withPlace(set, places.get(marker.key) ?? 0);
        if (taken.has(wider)) continue;
        taken.add(wider);
        widerSets.push(wider);
        let next = state.next.get(marker.key);
        if (next === undefined) {
          next = interned(advanced(state, marker, { joining, may }), known);
          state.next.set(marker.key, next);
        }
        widerStates.push(next);
      }
    }
    sets = widerSets;
    states = widerStates;
  }
  return Array.from(new Set(states), ({ kept }) => (kept === undefined ? joining.decided : joining.simplified(kept)));
}

/** Numbers the keys that occur, from 0 on. */
function placesOf(lists: readonly (readonly Marker[])[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const list of lists) for (const { key } of list) if (!places.has(key)) places.set(key, places.size);
  return places;
}

/** A set of places as bits. */
type SetOfPlaces = number | bigint;

function withPlace(set: SetOfPlaces, place: number): SetOfPlaces {
  if (typeof set === 'bigint') return set | (1n << BigInt(place));
  const half = place < HALF ? set % HIGH : Math.floor(set / HIGH);
  const isIn = ((half >> (place < HALF ? place : place - HALF)) & 1) === 1;
  return isIn ? set : set + 2 ** place;
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
  if (kept === undefined) return { kept, seen: new Set(), next: new Map() };
  for (const key of seen) if (!may.has(key)) seen.delete(key);
  return { kept, seen, next: new Map() };
}

/** The state that is known to be the same, else this one. */
function interned(state: State, known: Map<string, State>): State {
  let text = state.kept === undefined ? 'decided' : '';
  for (const { id } of state.kept ?? []) text += `${id},`;
  if (state.seen.size > 0) text += `|${Float64Array.from(state.seen).sort().join()}`;
  const same = known.get(text);
  if (same !== undefined) return same;
  known.set(text, state);
  return state;
}
