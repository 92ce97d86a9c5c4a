/**
 * Answers of tercet's own rooms to the questions of `core-oracle` about markers, strings and requirements: by the
 * question's `op`, a function of its other fields. A question that has no answer throws.
 */

import {
  cnf,
  dnf,
  evaluateMarker,
  excludeMarker,
  formatMarker,
  intersectMarkers,
  invertMarker,
  isAnyMarker,
  type Marker,
  type MarkerEnvironment,
  namedPythons,
  nestedMarker,
  onlyMarkers,
  parseMarker,
  pythonConstraintOf,
  reduceByPython,
  unionMarkers,
  withoutExtras,
} from '../../src/markers/marker.ts';
import {
  formatStringConstraint,
  intersectStrings,
  invertStrings,
  parseStringConstraint,
  type StringConstraint,
  uniteStrings,
} from '../../src/markers/string-constraint.ts';
import { formatRequirement, parseRequirement } from '../../src/requirements/pep508.ts';
import { requirementFromTable } from '../../src/requirements/poetry-table.ts';
import type { Requirement } from '../../src/requirements/requirement.ts';
import { parseMarkerConstraint } from '../../src/versions/poetry-constraint.ts';
import { formatRange } from '../../src/versions/version-range.ts';

export type Arguments = Readonly<Record<string, unknown>>;

export const operations: Readonly<Record<string, (question: Arguments) => unknown>> = {
  'string.intersect': ofTwoStrings(intersectStrings),
  'string.union': ofTwoStrings(uniteStrings),
  'string.invert': ({ constraint }) => formatStringConstraint(invertStrings(parseStringConstraint(text(constraint)))),
  'marker.parse': ofMarker((marker) => marker),
  'marker.intersect': ofTwoMarkers(intersectMarkers),
  'marker.union': ofTwoMarkers(unionMarkers),
  'marker.invert': ofMarker(invertMarker),
  'marker.without_extras': ofMarker(withoutExtras),
  'marker.only': ({ marker, names }) => formatMarker(onlyMarkers(parseMarker(text(marker)), texts(names))),
  'marker.exclude': ({ marker, name }) => formatMarker(excludeMarker(parseMarker(text(marker)), text(name))),
  'marker.reduce_by_python': ({ marker, python }) =>
    formatMarker(reduceByPython(parseMarker(text(marker)), parseMarkerConstraint(text(python)))),
  'marker.evaluate': ({ marker, environment }) => evaluateMarker(parseMarker(text(marker)), environmentOf(environment)),
  'marker.python': ({ marker }) => formatRange(pythonConstraintOf(parseMarker(text(marker)))),
  'marker.nested': ({ name, constraint }) =>
    nestedMarker(
      text(name),
      (text(name).startsWith('python') ? parseMarkerConstraint : parseStringConstraint)(text(constraint)),
    ),
  'marker.cnf': ofMarker(cnf),
  'marker.dnf': ofMarker(dnf),
  'requirement.parse': ({ text: requirement }) => described(parseRequirement(text(requirement))),
  'dependency.parse': ({ name, value }) =>
    described(requirementFromTable(text(name), typeof value === 'string' ? value : fields(value))),
};

/** What the search and the lock see of a requirement. */
function described(requirement: Requirement): unknown {
  return {
    pep508: formatRequirement(requirement),
    pep508_without_extras: formatRequirement(requirement, { extras: false }),
    name: requirement.prettyName,
    extras: requirement.extras,
    constraint: formatRange(requirement.constraint),
    written: requirement.prettyConstraint,
    marker: formatMarker(requirement.marker),
    in_extras: requirement.inExtras,
    python: isAnyMarker(requirement.marker) ? '*' : formatRange(namedPythons(requirement.marker)),
    optional: requirement.optional,
    prereleases: requirement.allowPrereleases ?? null,
  };
}

function ofMarker(operation: (marker: Marker) => Marker): (question: Arguments) => unknown {
  return ({ marker }) => formatMarker(operation(parseMarker(text(marker))));
}

function ofTwoMarkers(operation: (left: Marker, right: Marker) => Marker): (question: Arguments) => unknown {
  return ({ left, right }) => formatMarker(operation(parseMarker(text(left)), parseMarker(text(right))));
}

function ofTwoStrings(
  operation: (left: StringConstraint, right: StringConstraint) => StringConstraint,
): (question: Arguments) => unknown {
  return ({ left, right }) =>
    formatStringConstraint(operation(parseStringConstraint(text(left)), parseStringConstraint(text(right))));
}

function environmentOf(value: unknown): MarkerEnvironment {
  const { extra, ...rest } = fields(value);
  const variables = Object.fromEntries(Object.entries(rest).map(([name, content]) => [name, text(content)]));
  return extra === undefined ? variables : { ...variables, extra: texts(extra) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`no table: ${JSON.stringify(value)}`);
  return { ...value };
}

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`no list: ${JSON.stringify(value)}`);
  return value.map(text);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}
