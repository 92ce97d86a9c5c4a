/**
 * Joins the results of runs that cover different environments. See docs/resolver.md, "Merging runs".
 */

import {
  emptyMarker,
  intersectMarkers,
  type Marker,
  reduceByPython,
  sameMarker,
  simplifiedAnd,
  unionMarkers,
} from '../../markers/marker.ts';
import type { GroupName } from '../../names/name.ts';
import type { VersionRange } from '../../versions/version-range.ts';
import { sameDependency } from './dependency.ts';
import type { Placed } from './graph-markers.ts';
import { markerWithoutExtras, type Overrides } from './overrides.ts';
import { sourceKey } from './source.ts';

/** What one run found, and what it assumed. */
export interface RunOutcome {
  readonly overrides: Overrides;
  readonly packages: readonly Placed[];
}

/** A package as one run has it, with the environments of that run. */
interface Part {
  readonly placed: Placed;
  readonly world: Marker;
}

/** The packages of all runs, each with the conditions of its runs. `python` are the project's Pythons. */
export function merged(outcomes: readonly RunOutcome[], python: VersionRange): readonly Placed[] {
  const parts = new Map<string, Part[]>();
  for (const { overrides, packages } of outcomes) {
    const world = reduceByPython(markerWithoutExtras(overrides), python);
    for (const placed of packages) {
      const part = {
        placed: { ...placed, markers: mapped(placed.markers, (marker) => without(marker, world)) },
        world,
      };
      const key = packageKey(placed);
      const known = parts.get(key);
      if (known === undefined) parts.set(key, [part]);
      else known.push(part);
    }
  }
  return [...parts.values()].map(joined).filter((placed) => placed !== undefined);
}

function joined(parts: readonly Part[]): Placed | undefined {
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  const { pack, optional } = first.placed;
  for (const { placed } of others) {
    for (const dependency of placed.pack.requires) {
      if (!pack.requires.some((known) => sameDependency(known, dependency))) pack.requires.push(dependency);
    }
  }
  return {
    pack,
    optional,
    depth: Math.max(...parts.map(({ placed }) => placed.depth)),
    groups: new Set(parts.flatMap(({ placed }) => [...placed.groups])),
    markers: joinedMarkers(first, others),
  };
}

function joinedMarkers(first: Part, others: readonly Part[]): ReadonlyMap<GroupName, Marker> {
  const own = first.placed.markers;
  if (others.every(({ placed }) => sameMarkers(placed.markers, own))) {
    let world: Marker = emptyMarker;
    for (const part of [first, ...others]) world = unionMarkers(world, part.world);
    return mapped(own, (marker) => intersectMarkers(world, marker));
  }
  const markers = new Map(mapped(own, (marker) => intersectMarkers(first.world, marker)));
  for (const { placed, world } of others) {
    for (const [group, marker] of placed.markers) {
      markers.set(group, unionMarkers(markers.get(group) ?? emptyMarker, intersectMarkers(world, marker)));
    }
  }
  return markers;
}

/** The marker without the condition `world`, where that stands in it as it is: it is added again later. */
function without(marker: Marker, world: Marker): Marker {
  if (marker.kind !== 'and' || (world.kind !== 'single' && world.kind !== 'and')) return marker;
  const conditions = world.kind === 'and' ? world.markers : [world];
  const isIn = (one: Marker, list: readonly Marker[]): boolean => list.some((other) => sameMarker(one, other));
  if (!conditions.every((condition) => isIn(condition, marker.markers))) return marker;
  return simplifiedAnd(marker.markers.filter((one) => !isIn(one, conditions)));
}

function sameMarkers(a: ReadonlyMap<GroupName, Marker>, b: ReadonlyMap<GroupName, Marker>): boolean {
  if (a.size !== b.size) return false;
  for (const [group, marker] of a) {
    const other = b.get(group);
    if (other === undefined || !sameMarker(marker, other)) return false;
  }
  return true;
}

function mapped(
  markers: ReadonlyMap<GroupName, Marker>,
  change: (marker: Marker) => Marker,
): ReadonlyMap<GroupName, Marker> {
  return new Map([...markers].map(([group, marker]) => [group, change(marker)]));
}

function packageKey({ pack: { name, version, source } }: Placed): string {
  return `${name}\n${version.text}${sourceKey(source)}\n${source?.resolvedReference ?? source?.reference ?? ''}`;
}
