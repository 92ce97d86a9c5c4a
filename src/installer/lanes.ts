/** Splitting fresh installs into lanes that run side by side: two lanes never touch the same path. */

import type { StoredWheel } from './store.ts';

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
  const bundles = bundlesOf(items, wheelOf).sort((a, b) => b.files - a.files);
  const lanes = Array.from({ length: count }, () => ({ files: 0, items: new Set<T>() }));
  for (const bundle of bundles) {
    const lane = lanes.reduce((least, one) => (one.files < least.files ? one : least));
    lane.files += bundle.files;
    for (const item of bundle.items) lane.items.add(item);
  }
  return lanes.map((lane) => items.filter((item) => lane.items.has(item))).filter((lane) => lane.length > 0);
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
