/**
 * Poetry's language of version constraints: PEP 440's operators and `^1.2`, `~1.2`, `1.*`, `*`, joined by commas or
 * spaces (and) and by `|` or `||` (or). https://python-poetry.org/docs/dependency-specification/
 *
 * There are two modes. For dependencies, `<2.0` means `<2.0.dev0`, and `1.*` begins at `1.dev0`: PEP 440 has `<V` exclude V's
 * own pre-releases. For Python's versions (`python`, `requires-python`, markers), bounds stay as they are written.
 */

import { ParseError } from '../ground/error.ts';
import {
  firstDevrelease,
  nextBreaking,
  nextCompatible,
  nextDevrelease,
  nextMajor,
  nextMinor,
  nextPostrelease,
  nextPrerelease,
  nextStable,
  stableOf,
} from './next-version.ts';
import type { Version } from './version.ts';
import { isUnstable, releaseWithBuild, tryParseVersion, VERSION_PATTERN } from './version.ts';
import type { VersionRange } from './version-range.ts';
import { allBut, anyVersion, between, difference, exactly, intersect, unionOf } from './version-range.ts';

/** How a constraint is read. */
interface Mode {
  /** Bounds stay raw. */
  readonly marker: boolean;
  /** Versions of operating systems (`6.1.0-13-amd64`) are allowed where PEP 440's do not fit. */
  readonly loose: boolean;
}

const NORMAL: Mode = { marker: false, loose: false };
const MARKER: Mode = { marker: true, loose: false };
const LOOSE: Mode = { marker: true, loose: true };

const normalCache = new Map<string, VersionRange>();
const markerCache = new Map<string, VersionRange>();
const looseCache = new Map<string, VersionRange>();

/** The versions that a dependency's constraint allows. Throws `ParseError` where it is none. */
export function parseConstraint(text: string): VersionRange {
  return cached(normalCache, text, NORMAL);
}

/** The versions that a constraint on Python's version allows, as it stands in markers and `requires-python`. Throws `ParseError`. */
export function parseMarkerConstraint(text: string): VersionRange {
  return cached(markerCache, text, MARKER);
}

/** The Pythons that a release's Requires-Python, or a project's, allows; all of them where it cannot be read. */
export function pythonsOf(text: string): VersionRange {
  try {
    return parseMarkerConstraint(text);
  } catch {
    return anyVersion;
  }
}

/** As `parseMarkerConstraint`, but also takes an operating system's version (`platform_release`). Throws `ParseError`. */
export function parseReleaseConstraint(text: string): VersionRange {
  return cached(looseCache, text, LOOSE);
}

function cached(cache: Map<string, VersionRange>, text: string, mode: Mode): VersionRange {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const range = parse(text, mode);
  cache.set(text, range);
  return range;
}

const HAS_PARTS = /[ ,]/;
const LAST_COMMAS = /,+$/;
const ORDER = /^[<>]=?$/;
const OR = /\s*\|\|?\s*/;
/** A comma or blanks: not right after an operator, and not beside a hyphen. */
const AND = /(?<!^)(?<![\^~=>< ,]) *(?<!-)[, ](?!-) *(?!,|$)/;

function parse(text: string, mode: Mode): VersionRange {
  if (text === '*') return anyVersion;
  const alternatives: VersionRange[] = [];
  for (const alternative of text.includes('|') ? text.trim().split(OR) : [text.trim()]) {
    const parts = HAS_PARTS.test(alternative)
      ? alternative.replace(LAST_COMMAS, '').trimEnd().split(AND)
      : [alternative];
    let range: VersionRange | undefined;
    for (const part of parts) {
      const single = parseSingle(part, mode);
      range = range === undefined ? single : intersect(range, single);
    }
    if (range !== undefined) alternatives.push(range);
  }
  const [only] = alternatives;
  return alternatives.length === 1 && only !== undefined ? only : unionOf(alternatives);
}

/** What most constraints are. */
const PLAIN = /^(<>|!=|>=?|<=?|==?|\^|~=?)?\s*([0-9]+(?:\.[0-9]+)*)$/;
const ANYTHING = /^v?[x*](?:\.[x*])*$/i;
const RELATIVE = new RegExp(`^(\\^|~=|~(?!=))\\s*(${VERSION_PATTERN})$`, 'i');
const WILDCARD = /^(!=|==)?\s*v?([0-9]+(?:\.[0-9]+){0,2})(?:\.\*)+$/;
const BASIC = new RegExp(`^(<>|!=|>=?|<=?|==?)?\\s*(${VERSION_PATTERN}|dev)(\\.\\*)?$`, 'i');
const LOOSE_RELEASE = /^(<>|!=|>=?|<=?|==?)?\s*([0-9]+(?:\.[0-9]+)*)(?:[+-]?([0-9a-z+-]+(?:\.[0-9a-z+-]+)*))?$/i;

/** Where VERSION_PATTERN's own groups end in BASIC. */
const BASIC_WILDCARD_GROUP = 13;

function parseSingle(text: string, mode: Mode): VersionRange {
  const plain = PLAIN.exec(text);
  if (plain !== null) return comparison(plain[1] ?? '', versionIn(plain[2], text), mode);
  if (ANYTHING.test(text)) return anyVersion;

  const relative = RELATIVE.exec(text);
  if (relative !== null) {
    return comparison(relative[1] ?? '', versionIn(relative[2], text), mode);
  }

  const wildcard = WILDCARD.exec(text);
  if (wildcard !== null) return wildcardRange(versionIn(wildcard[2], text), wildcard[1] === '!=', mode);

  const basic = BASIC.exec(text);
  if (basic !== null) {
    const operator = basic[1] ?? '';
    const version = versionIn(basic[2] === 'dev' ? '0.0.dev0' : basic[2], text);
    const isOrder = ORDER.test(operator);
    if (basic[BASIC_WILDCARD_GROUP] === undefined || isOrder) return comparison(operator, version, mode);
    return wildcardRange(version, operator === '!=', mode);
  }

  const loose = mode.loose ? LOOSE_RELEASE.exec(text) : null;
  if (loose !== null) {
    return comparison(loose[1] ?? '', looseVersion(loose[2], loose[3], text), mode);
  }
  throw unparsable(text);
}

/** The versions that an operator (empty: `==`) and a version allow. `<>` means `==`, as in Poetry. */
function comparison(operator: string, version: Version, mode: Mode): VersionRange {
  switch (operator) {
    case '<':
      return between(undefined, exclusive(version, mode), false, false);
    case '<=':
      return between(undefined, version, false, true);
    case '>':
      return between(version, undefined, false, false);
    case '>=':
      return between(version, undefined, true, false);
    case '!=':
      return allBut(version);
    case '^':
    case '~':
    case '~=':
      return between(version, exclusive(endOf(operator, version), mode), true, false);
    default:
      return exactly(version);
  }
}

/** Where the range of `^`, `~` or `~=` ends. */
function endOf(operator: '^' | '~' | '~=', version: Version): Version {
  if (operator === '^') return nextBreaking(version);
  if (operator === '~=') return nextCompatible(version);
  return version.release.length === 1 ? nextMajor(stableOf(version)) : nextMinor(stableOf(version));
}

/** The bound that `<version` means: a stable version's own pre-releases are not below it. */
function exclusive(version: Version, mode: Mode): Version {
  return mode.marker || isUnstable(version) ? version : firstDevrelease(version);
}

/** `version.*`: all versions that begin with it. */
function wildcardRange(version: Version, inverted: boolean, mode: Mode): VersionRange {
  let min = version;
  let max = afterPrefix(version);
  if (!mode.marker) {
    min = firstDevrelease(min);
    if (max.dev === undefined) max = firstDevrelease(max);
  }
  const range = between(min, max, true, false);
  return inverted ? difference(anyVersion, range) : range;
}

/** The first version that no longer begins with `version`. */
function afterPrefix(version: Version): Version {
  if (version.post !== undefined) return nextPostrelease(version);
  if (!isUnstable(version)) return nextStable(version);
  return version.pre !== undefined ? nextPrerelease(version) : nextDevrelease(version);
}

function versionIn(version: string | undefined, text: string): Version {
  const found = version === undefined ? undefined : tryParseVersion(version);
  if (found === undefined) throw unparsable(text);
  return found;
}

function looseVersion(release = '', build: string | undefined, text: string): Version {
  const version = build === undefined ? tryParseVersion(release) : releaseWithBuild(release, build);
  if (version === undefined) throw unparsable(text);
  return version;
}

function unparsable(text: string): ParseError {
  return new ParseError(`Could not parse version constraint: ${text}`, text);
}
