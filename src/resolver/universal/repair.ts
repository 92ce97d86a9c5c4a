/**
 * Widens markers of a lock until what its packages require is installed along with them.
 * See docs/resolver.md, "Soundness".
 */

import type { LockedPackage } from '../../lock/lock.ts';
import {
  anyMarker,
  emptyMarker,
  intersectMarkers,
  pythonConstraintOf,
  reduceByPython,
  unionMarkers,
  withoutExtras,
} from '../../markers/marker.ts';
import { type GroupName, MAIN_GROUP } from '../../names/name.ts';
import { parseMarkerConstraint } from '../../versions/poetry-constraint.ts';
import { allowsAll, intersect, type VersionRange } from '../../versions/version-range.ts';
import { type Gap, gapsIn, type LockFacts } from './soundness.ts';

/** Each round widens by one step along the requirements; deeper chains than this do not occur. */
const MOST_ROUNDS = 20;

export interface Widened {
  readonly packages: readonly LockedPackage[];
  /** What could not be mended this way. */
  readonly gaps: readonly Gap[];
}

/** The packages with wider markers. */
export function widened(packages: readonly LockedPackage[], facts: LockFacts): Widened {
  let present = packages;
  let gaps = gapsIn(present, facts);
  for (let round = 0; round < MOST_ROUNDS && gaps.length > 0; round += 1) {
    const next = widenedOnce(present, gaps, facts.python);
    if (next === present) break;
    present = next;
    gaps = gapsIn(present, facts);
  }
  return { packages: present, gaps };
}

function widenedOnce(
  packages: readonly LockedPackage[],
  gaps: readonly Gap[],
  python: VersionRange,
): readonly LockedPackage[] {
  const changed = new Map<LockedPackage, LockedPackage>();
  for (const { group, locked, requirement, remedy } of gaps) {
    if (remedy === undefined) continue;
    const reached = intersectMarkers(locked.markers.get(group) ?? anyMarker, withoutExtras(requirement.marker));
    const supported = remedy.pythonVersions === '*' ? undefined : parseMarkerConstraint(remedy.pythonVersions);
    if (supported !== undefined && !allowsAll(supported, intersect(python, pythonConstraintOf(reached)))) continue;
    const before = changed.get(remedy) ?? remedy;
    const known = before.groups.includes(group) ? (before.markers.get(group) ?? anyMarker) : emptyMarker;
    const marker = reduceByPython(unionMarkers(known, reached), python);
    changed.set(remedy, {
      ...before,
      groups: before.groups.includes(group) ? before.groups : [...before.groups, group].sort(mainFirst),
      markers: new Map(before.markers).set(group, marker),
    });
  }
  return changed.size === 0 ? packages : packages.map((locked) => changed.get(locked) ?? locked);
}

function mainFirst(a: GroupName, b: GroupName): number {
  if (a === MAIN_GROUP || b === MAIN_GROUP) return a === b ? 0 : a === MAIN_GROUP ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
