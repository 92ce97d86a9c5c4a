/** Markers with fewer variables: what is left when some are ignored. */

import { intersectionOf, simplifiedAnd, simplifiedOr, unionOf } from './_algebra.ts';
import { memoTable } from './_memo.ts';
import type { Marker } from './_node.ts';
import { anyMarker, emptyMarker, isAtom } from './_node.ts';
import { evaluateMarker } from './evaluate.ts';

const excluded = memoTable<string, Map<number, Marker>>();

/**
 * The marker without what it says of one variable. An `or` with a comparison of that variable among its members
 * always holds then.
 */
export function excludeMarker(marker: Marker, name: string): Marker {
  let table = excluded.get(name);
  if (table === undefined) {
    table = new Map();
    excluded.set(name, table);
  }
  let rest = table.get(marker.id);
  if (rest === undefined) {
    rest = without(marker, name);
    table.set(marker.id, rest);
  }
  return rest;
}

function without(marker: Marker, name: string): Marker {
  switch (marker.kind) {
    case 'any':
    case 'empty':
      return marker;
    case 'and':
      return intersectionOf(
        marker.markers
          .filter((member) => !(isAtom(member) && member.name === name))
          .map((member) => excludeMarker(member, name))
          .filter((member) => member.kind !== 'empty'),
      );
    case 'or': {
      const rests: Marker[] = [];
      for (const member of marker.markers) {
        if (isAtom(member) && member.name === name) return anyMarker;
        rests.push(excludeMarker(member, name));
      }
      return unionOf(rests);
    }
    default:
      return marker.name === name ? anyMarker : marker;
  }
}

/** The marker without what it says of extras. */
export function withoutExtras(marker: Marker): Marker {
  return excludeMarker(marker, 'extra');
}

/** The marker with every comparison of another variable taken for true. */
export function onlyMarkers(marker: Marker, names: readonly string[]): Marker {
  switch (marker.kind) {
    case 'any':
    case 'empty':
      return marker;
    case 'and':
      return simplifiedAnd(marker.markers.map((member) => onlyMarkers(member, names)));
    case 'or':
      return simplifiedOr(marker.markers.map((member) => onlyMarkers(member, names)));
    default:
      return names.includes(marker.name) ? marker : anyMarker;
  }
}

/** The marker where these extras, and no others, are asked for: every comparison of `extra` is settled. */
export function assumeExtras(marker: Marker, extras: readonly string[]): Marker {
  switch (marker.kind) {
    case 'any':
    case 'empty':
      return marker;
    case 'and':
      return simplifiedAnd(marker.markers.map((member) => assumeExtras(member, extras)));
    case 'or':
      return simplifiedOr(marker.markers.map((member) => assumeExtras(member, extras)));
    default:
      if (marker.name !== 'extra') return marker;
      return evaluateMarker(marker, { extra: extras }) ? anyMarker : emptyMarker;
  }
}
