/**
 * One release, two universal wheels: `py2` and `py3` wheels that were built apart may require different things. Their metadata are
 * merged into what one wheel would have said, as Poetry does.
 */

import { ParseError } from '../ground/error.ts';
import { intersectMarkers, parseMarker } from '../markers/marker.ts';
import { formatRequirement, parseRequirement } from '../requirements/pep508.ts';
import { withMarker } from '../requirements/requirement.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { formatRange, union } from '../versions/version-range.ts';
import type { RawMetadata } from './raw-metadata.ts';

/** The metadata of a pair. Where a line of either cannot be read, those of the Python 3 wheel alone. */
export function mergeMetadata(py2: RawMetadata, py3: RawMetadata): RawMetadata {
  try {
    return {
      ...py2,
      requiresPython: mergedPython(py2.requiresPython, py3.requiresPython),
      requiresDist: mergedRequirements(py2.requiresDist ?? [], py3.requiresDist ?? []),
    };
  } catch (error) {
    if (error instanceof ParseError) return py3;
    throw error;
  }
}

function mergedPython(py2: string, py3: string): string {
  if (py2 === '' && py3 === '') return '';
  return formatRange(union(parseMarkerConstraint(py2 || '^2.7'), parseMarkerConstraint(py3 || '^3')));
}

function mergedRequirements(py2: readonly string[], py3: readonly string[]): readonly string[] {
  if (py3.length === 0) return py2;
  if (py2.length === 0) return py3;
  const both = new Set<string>();
  const first = new Set(py2.map(canonical));
  const second = new Set(py3.map(canonical));
  for (const text of first) both.add(second.has(text) ? text : narrowed(text, "python_version == '2.7'"));
  for (const text of second) if (!first.has(text)) both.add(narrowed(text, "python_version >= '3'"));
  return [...both].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function canonical(text: string): string {
  return formatRequirement(parseRequirement(text));
}

function narrowed(text: string, marker: string): string {
  const requirement = parseRequirement(text);
  return formatRequirement(withMarker(requirement, intersectMarkers(requirement.marker, parseMarker(marker))));
}
