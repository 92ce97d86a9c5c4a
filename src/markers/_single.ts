/**
 * How one comparison is understood: which variables are versions, what lists mean, and how Python versions that are
 * written short are completed.
 */

import { ParseError } from '../ground/error.ts';
import { parseMarkerConstraint, parseReleaseConstraint } from '../versions/poetry-constraint.ts';
import { memoTable } from './_memo.ts';
import type { SingleMarker } from './_node.ts';
import { internSingle } from './_node.ts';
import { InvalidMarker } from './invalid-marker.ts';
import { parseStringConstraint, SUBSTRING_TEST } from './string-constraint.ts';

/** The two variables that say which Python runs. */
export const PYTHON_VARIABLES: readonly string[] = ['python_version', 'python_full_version'];

/** Whether the variable says which Python runs. */
export function isPythonVariable(name: string): boolean {
  return name === 'python_version' || name === 'python_full_version';
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
]);

const COMPARISON = /^(~=|!=|>=?|<=?|==?=?|not in |in )?\s*([^\n]+)(?=\n?$)/i;
const LIST_SEPARATOR = /[ ,|]+/;

const seen = memoTable<string, SingleMarker>();

/**
 * The comparison of `name` with `text`: an operator and a value (`>= 3.8`; none is `==`), or, where `swapped`, a quoted
 * value and `in` or `not in` (`"linux" in`). Throws `InvalidMarker`.
 */
export function singleMarker(name: string, text: string, swapped = false): SingleMarker {
  const written = `${swapped ? 1 : 0}${name} ${text}`;
  let marker = seen.get(written);
  if (marker === undefined) {
    marker = understood(name, text, swapped);
    seen.set(written, marker);
  }
  return marker;
}

function understood(name: string, text: string, swapped: boolean): SingleMarker {
  const match = (swapped ? SUBSTRING_TEST : COMPARISON).exec(text);
  if (match === null) throw invalid(name, text);
  const operator = ((swapped ? match[3] : match[1]) ?? '==').trim();
  let value = match[2] ?? '';
  let meaning = text;
  const isList = operator === 'in' || operator === 'not in';
  const versionLike = isPythonVariable(name) || (name === 'platform_release' && !swapped);
  if (versionLike) {
    if (isList) {
      meaning = versionList(operator, value);
    } else if (name === 'python_full_version' && !swapped) {
      const missing = '.0'.repeat(Math.max(0, 2 - dots(value)));
      value += missing;
      meaning += missing;
    }
  } else if (isList && !swapped) {
    const [symbol, glue] = operator === 'in' ? ['==', ' || '] : ['!=', ', '];
    meaning = value
      .split(LIST_SEPARATOR)
      .map((item) => `${symbol} ${item}`)
      .join(glue);
  }
  const comparison = { name: ALIASES.get(name) ?? name, operator, value, swapped };
  try {
    if (versionLike) {
      const range = (name === 'platform_release' ? parseReleaseConstraint : parseMarkerConstraint)(meaning);
      return internSingle(comparison, { range, strings: undefined });
    }
    const strings = parseStringConstraint(meaning, name === 'extra' ? 'extra' : 'plain');
    return internSingle(comparison, { range: undefined, strings });
  } catch (error) {
    if (error instanceof ParseError) throw invalid(name, text);
    throw error;
  }
}

/** A list of versions as a constraint: items of one or two components stand for all releases that begin with them. */
export function versionList(operator: string, value: string): string {
  const isIn = operator === 'in';
  return value
    .split(LIST_SEPARATOR)
    .map((item) => (dots(item) < 2 ? `${isIn ? '' : '!='}${item}.*` : `${isIn ? '==' : '!='}${item}`))
    .join(isIn ? ' || ' : ', ');
}

/** How many dots a text has. */
export function dots(text: string): number {
  return text.split('.').length - 1;
}

function invalid(name: string, text: string): InvalidMarker {
  return new InvalidMarker(`Invalid marker for '${name}': ${text}`, text);
}
