/** Whether a marker holds in an environment. */

import { extraName } from '../names/name.ts';
import { parseMarkerConstraint, parseReleaseConstraint } from '../versions/poetry-constraint.ts';
import { allows } from '../versions/version-range.ts';
import type { Marker, SingleMarker } from './_node.ts';
import type { MarkerEnvironment } from './environment.ts';
import { formatMarker } from './format.ts';
import { InvalidMarker } from './invalid-marker.ts';
import type { StringComparison } from './string-constraint.ts';
import { allowsText } from './string-constraint.ts';

/**
 * Whether the marker holds. What the environment does not say is taken for true. Throws `ParseError` where a variable that is
 * compared as a version is none, and `InvalidMarker` for a list of extras (`extra in "a b"`).
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment): boolean {
  switch (marker.kind) {
    case 'any':
      return true;
    case 'empty':
      return false;
    case 'single':
      return marker.name === 'extra' ? extraHolds(marker, environment) : holds(marker, environment);
    case 'atomic-and':
    case 'atomic-or': {
      const { name, strings } = marker;
      if (name === 'extra') {
        const test = (member: StringComparison) => extraIs(member, environment);
        return marker.kind === 'atomic-and' ? strings.members.every(test) : marker.strings.members.some(test);
      }
      const value = known(environment, name);
      return value === undefined || allowsText(strings, value);
    }
    case 'and':
      return marker.markers.every((member) => evaluateMarker(member, environment));
    case 'or':
      return marker.markers.some((member) => evaluateMarker(member, environment));
  }
}

function holds(marker: SingleMarker, environment: MarkerEnvironment): boolean {
  const value = known(environment, marker.name);
  if (value === undefined) return true;
  if (marker.strings !== undefined) return allowsText(marker.strings, value);
  if (marker.range === undefined) return true;
  const version = (marker.name === 'platform_release' ? parseReleaseConstraint : parseMarkerConstraint)(value);
  if (version.kind !== 'version')
    throw new InvalidMarker(`${marker.name} is no version: ${value}`, formatMarker(marker));
  return allows(marker.range, version.version);
}

function extraHolds(marker: SingleMarker, environment: MarkerEnvironment): boolean {
  if (environment.extra === undefined) return true;
  if (marker.strings?.kind !== 'text') {
    throw new InvalidMarker(`no list of extras can be tested: ${formatMarker(marker)}`, formatMarker(marker));
  }
  return extraIs(marker.strings, environment);
}

function extraIs({ operator, value }: StringComparison, environment: MarkerEnvironment): boolean {
  if (environment.extra === undefined) return true;
  const wanted = extraName(value);
  const isActive = environment.extra.some((extra) => extraName(extra) === wanted);
  return operator === '==' ? isActive : !isActive;
}

/** A variable's value without surrounding space; undefined where it is not known. */
function known(environment: MarkerEnvironment, name: string): string | undefined {
  const value: unknown = Reflect.get(environment, name);
  return typeof value === 'string' ? value.trim() : undefined;
}
