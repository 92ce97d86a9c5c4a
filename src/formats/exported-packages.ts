/** Which packages of a lock an export holds, and under which condition each is needed. */

import type { Lock, LockedPackage } from '../lock/lock.ts';
import { anyMarker, assumeExtras, emptyMarker, isEmptyMarker, type Marker, unionMarkers } from '../markers/marker.ts';
import { compareGroups, type ExtraName, type GroupName } from '../names/name.ts';

export interface ExportedPackage {
  readonly locked: LockedPackage;
  /** When it is needed, with the extras settled and without the project's Python range. */
  readonly marker: Marker;
  /** The extras that are named with it. Default: none. */
  readonly extras?: readonly ExtraName[];
  /** The marker speaks of the Pythons of the project and of the package already. Default: false. */
  readonly settled?: boolean;
}

/** What is exported. */
export interface ExportSelection {
  readonly groups: readonly GroupName[];
  readonly extras: readonly ExtraName[];
}

/**
 * The packages of these groups that can be needed with these extras, in the lock's order. Meant for locks from 2.1 on; older ones know
 * no groups and give nothing.
 */
export function exportedPackages(lock: Pick<Lock, 'packages'>, selection: ExportSelection): readonly ExportedPackage[] {
  const groups = selection.groups.toSorted(compareGroups);
  return lock.packages.flatMap((locked) => {
    const member = groups.filter((group) => locked.groups.includes(group));
    const needed = member.reduce<Marker>(
      (marker, group) => unionMarkers(marker, locked.markers.get(group) ?? anyMarker),
      emptyMarker,
    );
    const marker = assumeExtras(needed, selection.extras);
    return isEmptyMarker(marker) ? [] : [{ locked, marker }];
  });
}
