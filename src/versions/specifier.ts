/**
 * PEP 440's own version specifiers, `>=1.0,<2,!=1.5.*`, and membership in them as `packaging` 26 decides it: the rules that
 * pip and the index apply to `Requires-Python`. Poetry's dependencies use `poetry-constraint.ts` instead.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */

import { ParseError } from '../ground/error.ts';
import { firstDevrelease, nextDevrelease, nextPostrelease, nextStable, withoutLocal } from './next-version.ts';
import type { Version } from './version.ts';
import {
  compareVersions,
  isUnstable,
  sameVersion,
  tryParseVersion,
  versionOfParts,
  versionParts,
  ZERO_PARTS,
} from './version.ts';

/** Whether one version fits one specifier; `text` is the version as it was given, undefined `version` where that is none. */
type Test = (version: Version | undefined, text: string) => boolean;

const SPECIFIER = /^(===|~=|==|!=|<=|>=|<|>)\s*(.*)$/s;
const PREFIX = /^v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*(?=\.\*$)/i;
const ARBITRARY = /^[^\s;)]*$/;

const cache = new Map<string, readonly Test[]>();

/**
 * Whether `version` fits all of `specifiers` (separated by commas; none fit everything). Pre- and dev-releases fit unless `prereleases`
 * is false. A text that is no version fits `===` alone. Throws `ParseError` where a specifier is invalid.
 */
export function specifierContains(specifiers: string, version: Version | string, prereleases?: boolean): boolean {
  let tests = cache.get(specifiers);
  if (tests === undefined) {
    tests = specifiers.split(',').map(trimmed).filter(Boolean).map(parseSpecifier);
    cache.set(specifiers, tests);
  }
  const text = typeof version === 'string' ? version : version.text;
  const parsed = typeof version === 'string' ? tryParseVersion(version.toLowerCase()) : version;
  if (prereleases === false && parsed !== undefined && isUnstable(parsed)) return false;
  return tests.every((test) => test(parsed, text));
}

function trimmed(text: string): string {
  return text.trim();
}

function parseSpecifier(specifier: string): Test {
  const match = SPECIFIER.exec(specifier);
  if (match === null) throw invalid(specifier);
  const [, operator = '', operand = ''] = match;
  if (operator === '===') {
    if (!ARBITRARY.test(operand)) throw invalid(specifier);
    const wanted = operand.toLowerCase();
    return (_, text) => text.toLowerCase() === wanted;
  }
  const equality = operator === '==' || operator === '!=';
  const prefix = equality ? PREFIX.exec(operand)?.[0] : undefined;
  const version = tryParseVersion((prefix ?? operand).toLowerCase());
  if (version === undefined || operand === '') throw invalid(specifier);
  if (version.local !== undefined && !equality) throw invalid(specifier);
  if (operator === '~=' && version.release.length < 2) throw invalid(specifier);

  const fits = prefix === undefined ? testOf(operator, version) : testOfPrefix(operator, version);
  return (candidate) => candidate !== undefined && fits(candidate);
}

function testOf(operator: string, version: Version): (candidate: Version) => boolean {
  switch (operator) {
    case '>=':
      return (candidate) => compareVersions(candidate, version) >= 0;
    case '<=':
      return (candidate) => compareVersions(withoutLocal(candidate), version) <= 0;
    case '==':
      return (candidate) => sameOrLocal(version, candidate);
    case '!=':
      return (candidate) => !sameOrLocal(version, candidate);
    case '<': {
      // A stable version's own pre-releases are not below it.
      const bound = isUnstable(version) ? version : firstDevrelease(version);
      return (candidate) => compareVersions(candidate, bound) < 0;
    }
    case '>':
      return above(version);
    default: {
      const { epoch, release } = versionParts(version);
      const prefix = versionOfParts({ ...ZERO_PARTS, epoch, release: release.replace(/\.[0-9]+$/, '') });
      const end = firstDevrelease(nextStable(prefix));
      return (candidate) => compareVersions(candidate, version) >= 0 && compareVersions(candidate, end) < 0;
    }
  }
}

/** `>V`: neither V's local variants nor, unless V is one itself, its post-releases are above it. */
function above(version: Version): (candidate: Version) => boolean {
  if (version.dev !== undefined) {
    const next = nextDevrelease(version);
    return (candidate) => compareVersions(candidate, next) >= 0;
  }
  if (version.post !== undefined) {
    const next = firstDevrelease(nextPostrelease(version));
    return (candidate) => compareVersions(candidate, next) >= 0;
  }
  return (candidate) => {
    if (compareVersions(candidate, version) <= 0) return false;
    const { epoch, release, pre } = versionParts(candidate);
    return !sameVersion(versionOfParts({ ...ZERO_PARTS, epoch, release, pre }), version);
  };
}

function testOfPrefix(operator: string, version: Version): (candidate: Version) => boolean {
  const begin = firstDevrelease(version);
  const end = firstDevrelease(nextStable(version));
  const within = (candidate: Version) => compareVersions(candidate, begin) >= 0 && compareVersions(candidate, end) < 0;
  return operator === '==' ? within : (candidate) => !within(candidate);
}

/** Whether the versions are equal, where a version without local part equals its local variants. */
function sameOrLocal(version: Version, candidate: Version): boolean {
  return sameVersion(version, version.local === undefined ? withoutLocal(candidate) : candidate);
}

function invalid(specifier: string): ParseError {
  return new ParseError(`Invalid specifier: '${specifier}'`, specifier);
}
