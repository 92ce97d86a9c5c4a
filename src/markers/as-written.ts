/**
 * Markers as their texts say them, with nothing simplified: made in a fraction of the time, and good for one question, whether they
 * hold.
 */

import { type ExtraName, extraName } from '../names/name.ts';
import { allowsAny, type VersionRange } from '../versions/version-range.ts';
import { memoTable } from './_memo.ts';
import type { SingleMarker } from './_node.ts';
import { isPythonVariable, singleMarker } from './_single.ts';
import type { MarkerEnvironment } from './environment.ts';
import { evaluateMarker } from './evaluate.ts';
import { type Alternatives, readAlternatives } from './parse.ts';

/** Holds where all parts of one of the lists do. */
export type WrittenMarker = readonly (readonly (SingleMarker | WrittenMarker)[])[];

const read = memoTable<string, WrittenMarker>();

/** The marker that a text says. Throws as `parseMarker` does. */
export function readAsWritten(text: string): WrittenMarker {
  let marker = read.get(text);
  if (marker === undefined) {
    if (text === '<empty>') marker = [];
    else if (text === '' || text === '*') marker = [[]];
    else marker = written(readAlternatives(text));
    read.set(text, marker);
  }
  return marker;
}

/** Whether the marker holds; the answer is that of `evaluateMarker` for what `parseMarker` makes of the same text. */
export function holdsAsWritten(marker: WrittenMarker, environment: MarkerEnvironment): boolean {
  return marker.some((parts) =>
    parts.every((part) => ('kind' in part ? evaluateMarker(part, environment) : holdsAsWritten(part, environment))),
  );
}

/** Environments of which only these are known: the Pythons, and the extras that are asked for. */
export interface KnownEnvironments {
  readonly python: VersionRange;
  readonly extras: readonly ExtraName[];
}

/** False where the marker holds in none of the environments, as far as its comparisons tell one by one. */
export function mayHoldAsWritten(marker: WrittenMarker, environments: KnownEnvironments): boolean {
  return marker.some((parts) =>
    parts.every((part) => ('kind' in part ? mayHold(part, environments) : mayHoldAsWritten(part, environments))),
  );
}

function mayHold({ name, operator, value, range }: SingleMarker, { python, extras }: KnownEnvironments): boolean {
  if (name === 'extra') return operator !== '==' || extras.includes(extraName(value));
  return range === undefined || !isPythonVariable(name) || allowsAny(python, range);
}

function written(alternatives: Alternatives): WrittenMarker {
  return alternatives.map((parts) =>
    parts.map((part) =>
      part.kind === 'group' ? written(part.alternatives) : singleMarker(part.name, part.text, part.swapped),
    ),
  );
}
