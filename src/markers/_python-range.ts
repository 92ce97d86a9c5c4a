/**
 * The full Python versions that one comparison of `python_version` or `python_full_version` stands for: `python_version` names
 * minor releases, so `> "3.8"` begins with 3.9.
 */

import { nextMinor } from '../versions/next-version.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion } from '../versions/version.ts';
import type { VersionRange } from '../versions/version-range.ts';
import { memoTable } from './_memo.ts';
import type { SingleMarker } from './_node.ts';
import { dots, versionList } from './_single.ts';

const ranges = memoTable<number, VersionRange>();

/** The versions that the comparison stands for. Throws `ParseError` where its value is no version. */
export function pythonRangeOf(marker: SingleMarker): VersionRange {
  let range = ranges.get(marker.id);
  if (range === undefined) {
    range = parseMarkerConstraint(pythonText(marker));
    ranges.set(marker.id, range);
  }
  return range;
}

/** The same as a constraint's text. */
export function pythonText({ operator, value }: SingleMarker): string {
  const isShort = dots(value) < 2 && !value.includes('*');
  switch (operator) {
    case '==':
      return isShort ? `~${withMinor(value)}` : `==${value}`;
    case '!=':
      return isShort ? `!=${withMinor(value)}.*` : `!=${value}`;
    case '<=':
    case '>': {
      const version = parseVersion(value);
      if (version.release.length >= 3) return operator + value;
      return (operator === '<=' ? '<' : '>=') + nextMinor(version).text;
    }
    case 'in':
    case 'not in':
      return versionList(operator, value);
    default:
      return operator + value;
  }
}

function withMinor(value: string): string {
  return dots(value) === 0 ? `${value}.0` : value;
}
