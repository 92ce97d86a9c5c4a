/**
 * Whether two markers exclude each other. Their conjunction tells, but to simplify it may take long where markers speak of many
 * extras, and mostly an environment that meets both is soon found: then there is nothing to simplify.
 */

import { dnf, intersectMarkers } from './_algebra.ts';
import { memoTable } from './_memo.ts';
import { isAtom, type Marker } from './_node.ts';
import type { MarkerEnvironment } from './environment.ts';
import { evaluateMarker } from './evaluate.ts';

/**
 * True where `a and b`, simplified, is the marker that never holds. As with `intersectMarkers` the order counts where one is the
 * marker that always holds: beside it `a` is simplified, `b` is taken as it is.
 */
export function excludeEachOther(a: Marker, b: Marker): boolean {
  if (a.kind === 'empty' || b.kind === 'empty') return true;
  if (a.kind === 'any') return false;
  return haveOpposites(a, b) || (!isMetWith(a, b) && intersectMarkers(a, b).kind === 'empty');
}

/** True where something that `a` demands excludes something that `b` demands; false says nothing. */
function haveOpposites(a: Marker, b: Marker): boolean {
  for (const ours of demandsOf(a)) {
    for (const theirs of demandsOf(b)) {
      if (isAtom(ours) && isAtom(theirs) && intersectMarkers(ours, theirs).kind === 'empty') return true;
    }
  }
  return false;
}

function demandsOf(marker: Marker): readonly Marker[] {
  return marker.kind === 'and' ? marker.markers : [marker];
}

/** True where an environment is known that meets both; false says nothing. */
function isMetWith(a: Marker, b: Marker): boolean {
  if (!isOrdinary(a) || !isOrdinary(b)) return false;
  const wanted = extrasIn(b);
  for (const environment of environmentsOf(a)) {
    if (evaluateMarker(b, environment)) return true;
    if (wanted.length === 0) continue;
    const wider = { ...environment, extra: [...(environment.extra ?? []), ...wanted] };
    if (evaluateMarker(b, wider) && evaluateMarker(a, wider)) return true;
  }
  return false;
}

/** Variables of which the environments below have a value. */
const KNOWN = new Set([
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_system',
  'platform_machine',
  'platform_python_implementation',
  'implementation_name',
  'extra',
]);

const ordinary = memoTable<number, boolean>();

/** True where all comparisons are plain and about variables that are known. */
function isOrdinary(marker: Marker): boolean {
  let known = ordinary.get(marker.id);
  if (known === undefined) {
    known = isPlain(marker);
    ordinary.set(marker.id, known);
  }
  return known;
}

function isPlain(marker: Marker): boolean {
  switch (marker.kind) {
    case 'any':
    case 'empty':
      return true;
    case 'and':
    case 'or':
      return marker.markers.every(isOrdinary);
    case 'single': {
      if (!KNOWN.has(marker.name) || marker.swapped) return false;
      const { strings } = marker;
      return (
        strings === undefined || (strings.kind === 'text' && (strings.operator === '==' || strings.operator === '!='))
      );
    }
    default:
      return KNOWN.has(marker.name);
  }
}

const MINORS = ['3.11', '3.13', '3.9', '3.14', '3.12', '3.10', '3.8', '3.7', '2.7'];
const PLATFORMS: readonly MarkerEnvironment[] = [
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'x86_64' },
  { os_name: 'nt', sys_platform: 'win32', platform_system: 'Windows', platform_machine: 'AMD64' },
  { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'arm64' },
  { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux', platform_machine: 'aarch64' },
];
const CPYTHON: MarkerEnvironment = { platform_python_implementation: 'CPython', implementation_name: 'cpython' };
/** So many combinations of extras are tried. */
const MOST_EXTRAS = 12;

const environments = memoTable<number, readonly MarkerEnvironment[]>();

/** Some environments that meet a marker. */
function environmentsOf(marker: Marker): readonly MarkerEnvironment[] {
  let found = environments.get(marker.id);
  if (found === undefined) {
    found = search(marker);
    environments.set(marker.id, found);
  }
  return found;
}

function search(marker: Marker): readonly MarkerEnvironment[] {
  const found: MarkerEnvironment[] = [];
  for (const extra of extrasOfAlternatives(marker)) {
    for (const minor of MINORS) {
      for (const platform of PLATFORMS) {
        const python = { python_version: minor, python_full_version: `${minor}.99` };
        const environment = { ...platform, ...CPYTHON, ...python, extra };
        if (evaluateMarker(marker, environment)) found.push(environment);
      }
    }
  }
  return found;
}

/** The extras that each alternative of a marker asks for. */
function extrasOfAlternatives(marker: Marker): readonly (readonly string[])[] {
  const normal = dnf(marker);
  const lists = new Map<string, readonly string[]>();
  if (extrasIn(marker).length === 0) return [[]];
  for (const alternative of normal.kind === 'or' ? normal.markers : [normal]) {
    const extras = extrasIn(alternative);
    lists.set(extras.join(), extras);
    if (lists.size === MOST_EXTRAS) break;
  }
  return [...lists.values()];
}

const asked = memoTable<number, readonly string[]>();

/** The extras that a marker asks for anywhere, each once. */
function extrasIn(marker: Marker): readonly string[] {
  let extras = asked.get(marker.id);
  if (extras === undefined) {
    const found = new Set<string>();
    collect(marker, found);
    extras = [...found].sort();
    asked.set(marker.id, extras);
  }
  return extras;
}

function collect(marker: Marker, found: Set<string>): void {
  switch (marker.kind) {
    case 'any':
    case 'empty':
      return;
    case 'and':
    case 'or':
      for (const member of marker.markers) collect(member, found);
      return;
    default: {
      if (marker.name !== 'extra' || marker.strings === undefined) return;
      const { strings } = marker;
      const members = strings.kind === 'text' ? [strings] : marker.kind === 'single' ? [] : marker.strings.members;
      for (const { operator, value } of members) if (operator === '==') found.add(value);
    }
  }
}
