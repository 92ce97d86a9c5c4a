/**
 * Widens markers of a lock until what its packages require is installed along with them.
 * See docs/resolver.md, "Soundness".
 */

import type { LockedPackage } from '../../lock/lock.ts';
import {
  anyMarker,
  emptyMarker,
  intersectMarkers,
  type Marker,
  parseMarker,
  pythonConstraintOf,
  reduceByPython,
  unionMarkers,
  withoutExtras,
} from '../../markers/marker.ts';
import { type GroupName, MAIN_GROUP } from '../../names/name.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import { allowsAll, intersect, type VersionRange } from '../../versions/version-range.ts';
import { pythonRange } from './package.ts';
import { type Gap, gapsIn, isMetBy, type LockFacts } from './soundness.ts';

/** Each round widens by one step along the requirements; deeper chains than this do not occur. */
const MOST_ROUNDS = 20;

/** What a lock holds, and what of it is not right. */
export interface Judged {
  readonly packages: readonly LockedPackage[];
  readonly gaps: readonly Gap[];
}

/** The packages with wider markers, and what could not be mended this way. */
export function widened({ packages, gaps }: Judged, facts: LockFacts): Judged {
  let present: Judged = { packages, gaps };
  for (let round = 0; round < MOST_ROUNDS && present.gaps.length > 0; round += 1) {
    const next = widenedOnce(present, facts.python);
    if (next === undefined) break;
    present = { packages: next, gaps: gapsIn(next, facts) };
  }
  return present;
}

function widenedOnce({ packages, gaps }: Judged, python: VersionRange): readonly LockedPackage[] | undefined {
  const changed = new Map<LockedPackage, LockedPackage>();
  for (const { kind, groups, extras, locked, requirement } of gaps) {
    const remedy = packages.find((one) => isMetBy(requirement, one));
    if (kind !== 'missing' || remedy === undefined) continue;
    for (const group of groups) {
      if (!(locked ?? requirement).groups.includes(group)) continue;
      const reached = reachedWhere(locked, requirement, group);
      const pythons = intersect(python, pythonConstraintOf(reached));
      if (!allowsAll(pythonRange(remedy.pythonVersions), pythons)) continue;
      const before = changed.get(remedy) ?? remedy;
      const known = before.groups.includes(group) ? (before.markers.get(group) ?? anyMarker) : emptyMarker;
      const marker = reduceByPython(unionMarkers(known, reached), python);
      changed.set(remedy, {
        ...before,
        optional: before.optional && extras.length > 0,
        groups: before.groups.includes(group) ? before.groups : [...before.groups, group].sort(mainFirst),
        markers: new Map(before.markers).set(group, marker),
      });
    }
  }
  return changed.size === 0 ? undefined : packages.map((locked) => changed.get(locked) ?? locked);
}

/** Where a requirement of a package, or of the project, may be needed in a group. */
function reachedWhere(locked: LockedPackage | undefined, { marker, inExtras }: Requirement, group: GroupName): Marker {
  if (locked !== undefined) return intersectMarkers(locked.markers.get(group) ?? anyMarker, withoutExtras(marker));
  if (inExtras.length === 0) return marker;
  return intersectMarkers(marker, parseMarker(inExtras.map((extra) => `extra == "${extra}"`).join(' or ')));
}

function mainFirst(a: GroupName, b: GroupName): number {
  if (a === MAIN_GROUP || b === MAIN_GROUP) return a === b ? 0 : a === MAIN_GROUP ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
