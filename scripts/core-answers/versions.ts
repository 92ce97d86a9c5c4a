/**
 * Answers of tercet's own rooms to the questions of `core-oracle` about versions, constraints, specifiers and tags: by the
 * question's `op`, a function of its other fields. A question that has no answer throws.
 */

import { compatibleTags, cpythonTags, parseTag } from '../../src/tags/tags.ts';
import { parseConstraint, parseMarkerConstraint } from '../../src/versions/poetry-constraint.ts';
import { specifierContains } from '../../src/versions/specifier.ts';
import { compareVersions, parseVersion } from '../../src/versions/version.ts';
import type { VersionRange } from '../../src/versions/version-range.ts';
import {
  allows,
  allowsAll,
  allowsAny,
  difference,
  formatRange,
  hasUpperBound,
  intersect,
  union,
} from '../../src/versions/version-range.ts';

export type Arguments = Readonly<Record<string, unknown>>;

export const operations: Readonly<Record<string, (question: Arguments) => unknown>> = {
  'version.compare': ({ left, right }) => compareVersions(parseVersion(text(left)), parseVersion(text(right))),
  'version.normalize': ({ text: version }) => parseVersion(text(version)).text,
  'specifier.contains': ({ specifier, version, prereleases }) =>
    specifierContains(text(specifier), text(version), typeof prereleases === 'boolean' ? prereleases : undefined),
  'constraint.parse': ({ text: constraint, mode }) =>
    formatRange(mode === 'marker' ? parseMarkerConstraint(text(constraint)) : parseConstraint(text(constraint))),
  'constraint.allows': ({ constraint, version }) =>
    allows(parseConstraint(text(constraint)), parseVersion(text(version))),
  'constraint.allows_all': ofTwo(allowsAll),
  'constraint.allows_any': ofTwo(allowsAny),
  'constraint.intersect': ofTwo((left, right) => formatRange(intersect(left, right))),
  'constraint.union': ofTwo((left, right) => formatRange(union(left, right))),
  'constraint.difference': ofTwo((left, right) => formatRange(difference(left, right))),
  'constraint.has_upper_bound': ({ constraint }) => hasUpperBound(parseConstraint(text(constraint))),
  'tag.parse': ({ tag }) => [...new Set(parseTag(text(tag)))].sort(),
  'tag.list': ({ python, abis, platforms }) => {
    const [major = 3, minor = 0] = list(python).map(Number);
    const names = list(platforms).map(text);
    return [
      ...cpythonTags([major, minor], list(abis).map(text), names),
      ...compatibleTags([major, minor], `cp${major}${minor}`, names),
    ];
  },
};

function ofTwo(operation: (left: VersionRange, right: VersionRange) => unknown): (question: Arguments) => unknown {
  return ({ left, right }) => operation(parseConstraint(text(left)), parseConstraint(text(right)));
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`not a list: ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}
