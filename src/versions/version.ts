/**
 * Versions as PEP 440 has them: parse, normal form, order.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 *
 * Equality and order are decided by `rank` and `tie`, computed once when a version is parsed. A version's number
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
  /** A number that never decreases where versions increase; versions of the same rank are told apart by `tie`. */
  readonly rank: number;
  /** A text that sorts (by code unit) as the versions of one rank do; equal versions have equal ranks and ties. */
  readonly tie: string;
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

/** The parts of the version `0`: what a version lacks is empty. */
export const ZERO_PARTS: VersionParts = { epoch: '', release: '0', pre: '', post: '', dev: '', local: '' };

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
  if (a.tie === b.tie) return 0;
  return a.tie < b.tie ? -1 : 1;
}

/** Whether two versions are equal under PEP 440. */
export function sameVersion(a: Version, b: Version): boolean {
  return a === b || (a.rank === b.rank && a.tie === b.tie);
}

/** Whether the version is a pre-release or a dev-release. */
export function isUnstable(version: Version): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** Whether the version is a release's number alone. */
function isPlain({ epoch, pre, post, dev, local }: Version): boolean {
  return epoch === 0 && pre === undefined && post === undefined && dev === undefined && local === undefined;
}

/** The parts of a version's spelling. */
export function versionParts(version: Version): VersionParts {
  const { spelling } = version;
  if (isPlain(version)) return { epoch: '', release: spelling, pre: '', post: '', dev: '', local: '' };
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
    tie: version.tie + localKey(build),
  };
}

// --- order ----------------------------------------------------------------------------------------
// The rank holds the first three components, each below its limit. The tie holds what the rank cannot: the epoch and all
// components where there is an epoch, the components from the first that is too large, those after the third; then `!`,
// phase and number of the pre-release, the post-release and the dev-release, and the local part. A number is a character
// for its length, then its digits; the character is greater than `!` and `#`, and a phase ends in `!`, so that what is shorter comes first.

const COMPONENT_LIMIT = 2 ** 17;
const MAJOR_LIMIT = 2 ** 19;
const NO_PRE = 'z!';
const NO_POST = '!';
const NO_DEV = 'z!';
const PLAIN_TIE = `!${NO_PRE}${NO_POST}${NO_DEV}`;

function numberKey(digits: string): string {
  return String.fromCharCode(0x30 + digits.length) + digits;
}

/** The rank, and how many components it says all about. */
function rankOf(epoch: number, major: number, minor: number, patch: number): readonly [number, 0 | 1 | 2 | 3] {
  if (epoch > 0) return [Number.POSITIVE_INFINITY, 0];
  if (major >= MAJOR_LIMIT) return [MAJOR_LIMIT * COMPONENT_LIMIT * COMPONENT_LIMIT, 0];
  const top = COMPONENT_LIMIT - 1;
  if (minor >= top) return [packed(major, top, top), 1];
  return patch >= top ? [packed(major, minor, top), 2] : [packed(major, minor, patch), 3];
}

function packed(major: number, minor: number, patch: number): number {
  return (major * COMPONENT_LIMIT + minor) * COMPONENT_LIMIT + patch;
}

/** A version of up to three small numbers without leading zeros; undefined for any other text. */
function parsePlain(text: string): Version | undefined {
  const release: number[] = [];
  let component = 0;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2e) {
      if (digits === 0 || release.push(component) === 3) return undefined;
      component = 0;
      digits = 0;
    } else {
      if (code < 0x30 || code > 0x39 || digits === 5 || (digits > 0 && component === 0)) return undefined;
      component = component * 10 + code - 0x30;
      digits++;
    }
  }
  if (digits === 0) return undefined;
  release.push(component);
  return {
    text,
    spelling: text,
    epoch: 0,
    release,
    pre: undefined,
    post: undefined,
    dev: undefined,
    local: undefined,
    rank: packed(release[0] ?? 0, release[1] ?? 0, release[2] ?? 0),
    tie: PLAIN_TIE,
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

  const [major = 0, minor = 0, patch = 0] = release;
  const [rank, ranked] = rankOf(Number(epoch), major, minor, patch);
  let count = words.length;
  while (count > ranked && words[count - 1] === '0') count--;
  let tie = epoch === '0' ? '' : numberKey(epoch);
  for (const word of words.slice(ranked, count)) tie += numberKey(word);
  tie += '!';
  if (pre !== undefined) tie += `${pre.phase}!${numberKey(pre.digits)}`;
  else tie += post === undefined && dev !== undefined ? '!' : NO_PRE;
  tie += post === undefined ? NO_POST : `${post.phase}!${numberKey(post.digits)}`;
  tie += dev === undefined ? NO_DEV : `${dev.phase}!${numberKey(dev.digits)}`;
  if (local !== undefined) tie += local.split('.').map(localKey).join('');

  const version: Version = {
    text: spelling.toLowerCase(),
    spelling,
    epoch: Number(epoch),
    release,
    pre: pre && [PRE_PHASES.get(pre.phase.toLowerCase()) ?? 'rc', Number(pre.digits)],
    post: post && Number(post.digits),
    dev: dev && Number(dev.digits),
    local,
    rank,
    tie,
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
  if (digits === undefined) return '0';
  return digits.length > 1 && digits.startsWith('0') ? digits.replace(/^0+(?=[0-9])/, '') : digits;
}

/** Words come before numbers; words by their letters, numbers by their value. */
function localKey(segment: string): string {
  return /^[0-9]+$/.test(segment) ? `#${numberKey(plainDigits(segment))}` : `"${segment}!`;
}
