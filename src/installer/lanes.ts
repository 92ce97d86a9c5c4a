/** Fresh installs in bundles that may be made side by side: two bundles never touch the same path. */

import type { StoredWheel } from './stored-wheel.ts';
import { topOf } from './wheel-paths.ts';

/** What is said of a wheel that is to be installed. */
export type LaneWheel = Pick<StoredWheel, 'tops' | 'count' | 'wholes' | 'loose' | 'placed' | 'scripts' | 'info'>;

/**
 * The items in bundles, those with most files first. Wheels that share a top-level name of the same scheme (a namespace package, a
 * file that two own) or a script are in one bundle, in their order.
 */
export function bundlesOf<T>(
  items: readonly T[],
  wheelOf: (item: T) => LaneWheel,
  byFolder = false,
): readonly (readonly T[])[] {
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
  const bundles = [...Map.groupBy(items, find).values()];
  const weights = new Map(
    bundles.map((bundle) => [bundle, bundle.reduce((sum, one) => sum + fileCount(wheelOf(one), byFolder), 0)]),
  );
  return bundles.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0));
}

/** How many files installing the wheel makes, or links where that is done `byFolder`. */
export function fileCount(wheel: LaneWheel, byFolder = false): number {
  const inRoot = byFolder ? wheel.wholes.length + wheel.loose.length : wheel.count;
  return inRoot + wheel.placed.length + wheel.scripts.length + wheel.info.length;
}

/** The names at the top of each scheme that a wheel makes; the two libraries may be one folder. */
function namesOf({ tops, placed, scripts }: LaneWheel): ReadonlySet<string> {
  const names = new Set(tops.map((top) => `lib/${top}`));
  for (const { scheme, target } of placed) {
    const isLibrary = scheme === 'root' || scheme === 'purelib' || scheme === 'platlib';
    // Data may land anywhere below the environment, so its wheels stay together.
    names.add(scheme === 'data' ? 'data' : `${isLibrary ? 'lib' : scheme}/${topOf(target)}`);
  }
  for (const { name } of scripts) names.add(`scripts/${name}`);
  return names;
}
