/** Splitting fresh installs into lanes that run side by side: two lanes never touch the same path. */

import type { StoredWheel } from './stored-wheel.ts';

/** What is said of a wheel that is to be installed. */
export type LaneWheel = Pick<StoredWheel, 'purelib' | 'plain' | 'placed' | 'scripts' | 'info'>;

/**
 * Distributes `items` over at most `count` lanes of about the same number of files. Wheels that share a top-level name of the
 * same scheme (a namespace package, a file that two own) or a script stay in one lane, in their order.
 */
export function splitIntoLanes<T>(
  items: readonly T[],
  wheelOf: (item: T) => LaneWheel,
  count: number,
): readonly (readonly T[])[] {
  const bundles = splitEvenly(bundlesOf(items, wheelOf), ({ files }) => files, count);
  return bundles
    .map((lane) => new Set(lane.flatMap((bundle) => bundle.items)))
    .map((lane) => items.filter((item) => lane.has(item)))
    .filter((lane) => lane.length > 0);
}

/** The items in `count` lists of about the same weight. */
export function splitEvenly<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  count: number,
): readonly (readonly T[])[] {
  const lists = Array.from({ length: count }, () => ({ weight: 0, items: [] as T[] }));
  for (const item of [...items].sort((a, b) => weightOf(b) - weightOf(a))) {
    const list = lists.reduce((least, one) => (one.weight < least.weight ? one : least));
    list.weight += weightOf(item);
    list.items.push(item);
  }
  return lists.map((list) => list.items);
}

/** How many files installing the wheel makes. */
export function fileCount(wheel: LaneWheel): number {
  return wheel.plain.length + wheel.placed.length + wheel.scripts.length + wheel.info.length;
}

interface Bundle<T> {
  readonly items: readonly T[];
  readonly files: number;
}

/** The items joined where they share a name. */
function bundlesOf<T>(items: readonly T[], wheelOf: (item: T) => LaneWheel): Bundle<T>[] {
  const leader = new Map<T, T>();
  const find = (item: T): T => {
    let at = item;
    for (let next = leader.get(at); next !== undefined; next = leader.get(at)) at = next;
    return at;
  };
  const ownerOf = new Map<string, T>();
  for (const item of items) {
    for (const name of namesOf(wheelOf(item))) {
      const owner = ownerOf.get(name);
      if (owner === undefined) ownerOf.set(name, item);
      else if (find(owner) !== find(item)) leader.set(find(item), find(owner));
    }
  }
  return [...Map.groupBy(items, find).values()].map((joined) => ({
    items: joined,
    files: joined.reduce((sum, item) => sum + fileCount(wheelOf(item)), 0),
  }));
}

/** The names at the top of each scheme that a wheel makes; the two libraries may be one folder. */
function namesOf({ plain, placed, scripts }: LaneWheel): ReadonlySet<string> {
  const names = new Set(plain.map((path) => `lib/${topOf(path)}`));
  for (const { scheme, target } of placed) {
    const isLibrary = scheme === 'root' || scheme === 'purelib' || scheme === 'platlib';
    // Data may land anywhere below the environment, so its wheels stay together.
    names.add(scheme === 'data' ? 'data' : `${isLibrary ? 'lib' : scheme}/${topOf(target)}`);
  }
  for (const { name } of scripts) names.add(`scripts/${name}`);
  return names;
}

function topOf(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}
