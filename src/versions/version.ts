/**
 * Versions as PEP 440 has them: parse, normal form, order.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 *
 * Equality and order are decided by `rank` and `key`, computed once when a version is parsed: a version's number
 * of components stays in its text but does not count (`1.0` equals `1.0.0`). Parsed versions are remembered, so
 * two versions with the same text are usually the same object.
 *
 * Poetry does not lower-case the letters before it reads them: `1.0RC1` is written `1.0rc1` but sorts before
 * `1.0a1`. Its order decides what a lock holds, so it is kept: `spelling` remembers the letters.
 */

import { ParseError } from '../ground/error.ts';

/** The phase of a pre-release. */
export type PrePhase = 'a' | 'b' | 'rc';

/** One version. Immutable; made by `parseVersion` and the functions of `next-version.ts`. */
export interface Version {
  /** Normal form, with as many components as were written: `1.0rc1`, `1!2.0.post1.dev2+cpu`. */
  readonly text: string;
  /** As `text`, but with the letters as written; parsing it gives this very version. */
  readonly spelling: string;
  readonly epoch: number;
  /** The components of the release, at least one. */
  readonly release: readonly number[];
  readonly pre: readonly [PrePhase, number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  /** The local part, lower-case, separated by dots; without the `+`. */
  readonly local: string | undefined;
  /** A number that never decreases where versions increase; versions of the same rank are told apart by `key`. */
  readonly rank: number;
  /** A text that sorts (by code unit) as the versions do; equal versions have equal keys. */
  readonly key: string;
}

/** The version's parts as they stand in its spelling. */
export interface VersionParts {
  /** With its `!`, or empty. */
  readonly epoch: string;
  readonly release: string;
  /** `rc1`, or empty. */
  readonly pre: string;
  /** `.post1`, or empty. */
  readonly post: string;
  /** `.dev1`, or empty. */
  readonly dev: string;
  /** `+cpu`, or empty. */
  readonly local: string;
}

/**
 * A regular expression's source for a version (PEP 440, Appendix B), to be used with the flag `i`. Its groups are epoch,
 * release, pre-release (letter, number), post-release (number after `-`; letter, number), dev-release (letter, number), local.
 */
export const VERSION_PATTERN =
  'v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)' +
  '(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?([0-9]+)?)?' +
  '(?:-([0-9]+)|[._-]?(post|rev|r)[._-]?([0-9]+)?)?' +
  '(?:[._-]?(dev)[._-]?([0-9]+)?)?' +
  '(?:\\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?';

const VERSION = new RegExp(`^\\s*${VERSION_PATTERN}\\s*$`, 'i');

const PRE_PHASES: ReadonlyMap<string, PrePhase> = new Map([
  ['a', 'a'],
  ['alpha', 'a'],
  ['b', 'b'],
  ['beta', 'b'],
  ['rc', 'rc'],
  ['c', 'rc'],
  ['pre', 'rc'],
  ['preview', 'rc'],
]);

/** What `tryParseVersion` has found so far, by the text it was given. */
const parsed = new Map<string, Version>();

/** The version that `text` spells. Throws `ParseError` where it spells none. */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (version === undefined) throw new ParseError(`Invalid PEP 440 version: '${text}'`, text);
  return version;
}

/** The version that `text` spells, or undefined where it spells none. */
export function tryParseVersion(text: string): Version | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const version = parsePlain(text) ?? parseAny(text);
  if (version !== undefined) parsed.set(text, version);
  return version;
}

/** The order of PEP 440: -1 where `a` is before `b`, 0 where they are equal, else 1. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Whether two versions are equal under PEP 440. */
export function sameVersion(a: Version, b: Version): boolean {
  return a === b || (a.rank === b.rank && a.key === b.key);
}

/** Whether the version is a pre-release or a dev-release. */
export function isUnstable(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** The parts of a version's spelling. */
export function versionParts(version: Version): VersionParts {
  const { spelling } = version;
  const end = version.local === undefined ? spelling.length : spelling.indexOf('+');
  const match = VERSION.exec(spelling.slice(0, end)) ?? [];
  const [, epoch, release, preLetter, preNumber, , postLetter, postNumber, devLetter, devNumber] = match;
  return {
    epoch: epoch === undefined ? '' : `${epoch}!`,
    release: release ?? '0',
    pre: preLetter === undefined ? '' : preLetter + preNumber,
    post: postLetter === undefined ? '' : `.${postLetter}${postNumber}`,
    dev: devLetter === undefined ? '' : `.${devLetter}${devNumber}`,
    local: spelling.slice(end),
  };
}

/** The version with these parts. */
export function versionOfParts(parts: VersionParts): Version {
  return parseVersion(parts.epoch + parts.release + parts.pre + parts.post + parts.dev + parts.local);
}

/**
 * The release with a local part that need not follow PEP 440, such as an operating system's `6.1.0-13-amd64`. The local part is
 * one segment, whatever it holds. Undefined where `release` is no version.
 */
export function releaseWithBuild(release: string, build: string): Version | undefined {
  const version = tryParseVersion(release);
  if (version === undefined) return undefined;
  return {
    ...version,
    text: `${version.text}+${build.toLowerCase()}`,
    spelling: `${version.spelling}+${build}`,
    local: build,
    key: version.key + localKey(build),
  };
}

// --- keys -----------------------------------------------------------------------------------------
// A key is: epoch, components without trailing zeros, `!`, then phase and number of the pre-release, the
// post-release and the dev-release, then the local part. A number is a character for its length, then its
// digits; the character is greater than `!` and `#`, and a phase ends in `!`, so that what is shorter comes first.

const COMPONENT_LIMIT = 2 ** 17;
const MAJOR_LIMIT = 2 ** 19;
const NO_PRE = 'z!';
const NO_POST = '!';
const NO_DEV = 'z!';
const PLAIN_END = `!${NO_PRE}${NO_POST}${NO_DEV}`;
const NO_EPOCH = '10';

function numberKey(digits: string): string {
  return String.fromCharCode(0x30 + digits.length) + digits;
}

function rankOf(epoch: number, release: readonly number[]): number {
  const [major = 0, minor = 0, patch = 0] = release;
  if (epoch > 0) return Number.POSITIVE_INFINITY;
  if (major >= MAJOR_LIMIT) return MAJOR_LIMIT * COMPONENT_LIMIT * COMPONENT_LIMIT;
  if (minor >= COMPONENT_LIMIT) return (major + 1) * COMPONENT_LIMIT * COMPONENT_LIMIT - 1;
  return (major * COMPONENT_LIMIT + minor) * COMPONENT_LIMIT + Math.min(patch, COMPONENT_LIMIT - 1);
}

/** A version of digits and dots alone, without leading zeros; undefined for any other text. */
function parsePlain(text: string): Version | undefined {
  const length = text.length;
  if (length === 0) return undefined;
  const release: number[] = [];
  let key = NO_EPOCH;
  let keyOfZeros = '';
  let start = 0;
  for (let index = 0; index <= length; index++) {
    const code = index < length ? text.charCodeAt(index) : 0x2e;
    if (code >= 0x30 && code <= 0x39) continue;
    const digits = index - start;
    if (code !== 0x2e || digits === 0 || digits > 15) return undefined;
    if (digits > 1 && text.charCodeAt(start) === 0x30) return undefined;
    const word = text.slice(start, index);
    const component = +word;
    release.push(component);
    if (component === 0) keyOfZeros += '10';
    else {
      key += keyOfZeros + numberKey(word);
      keyOfZeros = '';
    }
    start = index + 1;
  }
  return {
    text,
    spelling: text,
    epoch: 0,
    release,
    pre: undefined,
    post: undefined,
    dev: undefined,
    local: undefined,
    rank: rankOf(0, release),
    key: key + PLAIN_END,
  };
}

/** A version in any of the spellings that PEP 440 allows. */
function parseAny(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const epoch = plainDigits(match[1]);
  const words = (match[2] ?? '').split('.').map(plainDigits);
  const release = words.map(Number);
  const pre = phased(match[3], match[4], normalPre);
  const post = phased(match[6] ?? (match[5] === undefined ? undefined : 'post'), match[5] ?? match[7], normalPost);
  const dev = phased(match[8], match[9], undefined);
  const local = match[10]?.toLowerCase().replace(/[._-]/g, '.');

  let spelling = (epoch === '0' ? '' : `${epoch}!`) + words.join('.');
  if (pre !== undefined) spelling += pre.phase + pre.digits;
  if (post !== undefined) spelling += `.${post.phase}${post.digits}`;
  if (dev !== undefined) spelling += `.${dev.phase}${dev.digits}`;
  if (local !== undefined) spelling += `+${local}`;
  const known = parsed.get(spelling);
  if (known !== undefined) return known;

  let count = words.length;
  while (count > 0 && words[count - 1] === '0') count--;
  let key = `${numberKey(epoch)}${words.slice(0, count).map(numberKey).join('')}!`;
  if (pre !== undefined) key += `${pre.phase}!${numberKey(pre.digits)}`;
  else key += post === undefined && dev !== undefined ? '!' : NO_PRE;
  key += post === undefined ? NO_POST : `${post.phase}!${numberKey(post.digits)}`;
  key += dev === undefined ? NO_DEV : `${dev.phase}!${numberKey(dev.digits)}`;
  if (local !== undefined) key += local.split('.').map(localKey).join('');

  const version: Version = {
    text: spelling.toLowerCase(),
    spelling,
    epoch: Number(epoch),
    release,
    pre: pre && [PRE_PHASES.get(pre.phase.toLowerCase()) ?? 'rc', Number(pre.digits)],
    post: post && Number(post.digits),
    dev: dev && Number(dev.digits),
    local,
    rank: rankOf(Number(epoch), release),
    key,
  };
  parsed.set(spelling, version);
  return version;
}

interface Phased {
  readonly phase: string;
  readonly digits: string;
}

function phased(
  letter: string | undefined,
  digits: string | undefined,
  normal: ((letter: string) => string) | undefined,
): Phased | undefined {
  if (letter === undefined) return undefined;
  return { phase: normal?.(letter) ?? letter, digits: plainDigits(digits) };
}

function normalPre(letter: string): string {
  return PRE_PHASES.get(letter) ?? letter;
}

function normalPost(letter: string): string {
  return letter === 'r' || letter === 'rev' ? 'post' : letter;
}

/** Digits without leading zeros; `0` for none. */
function plainDigits(digits: string | undefined): string {
  return digits?.replace(/^0+(?=[0-9])/, '') ?? '0';
}

/** Words come before numbers; words by their letters, numbers by their value. */
function localKey(segment: string): string {
  return /^[0-9]+$/.test(segment) ? `#${numberKey(plainDigits(segment))}` : `"${segment}!`;
}
