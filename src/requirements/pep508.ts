/**
 * Requirements as PEP 508 strings, read with Poetry's grammar: `name[extras] (>=1,<2) ; marker` or `name @ address ; marker`.
 * `===` and a version without operator do not exist in it.
 */

import { ParseError } from '../ground/error.ts';
import type { Marker } from '../markers/marker.ts';
import { InvalidMarker } from '../markers/marker.ts';
import { parseMarkerExpression } from '../markers/parse.ts';
import type { GroupName } from '../names/name.ts';
import { projectName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import type { VersionRange } from '../versions/version-range.ts';
import { isEmptyRange } from '../versions/version-range.ts';
import { isArchiveName, originOfUrl, wheelNamedBy } from './direct-origin.ts';
import type { Requirement } from './requirement.ts';
import { plainRequirement, requestedExtras, withConstraint, withMarker } from './requirement.ts';

export { formatRequirement } from './format-requirement.ts';

/** The parts of a requirement as written. */
interface Parts {
  readonly name: string;
  readonly extras: readonly string[];
  readonly constraint: string;
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
}

const known = new Map<string, Requirement>();

/**
 * The requirement that a text states. A comment (` #…`) is cut off. `groups` default to `main`. Throws `ParseError` where the text
 * does not follow the grammar or no version can meet it, and its kind `InvalidMarker` where only the marker is at fault.
 */
export function parseRequirement(text: string, options: { readonly groups?: readonly GroupName[] } = {}): Requirement {
  let requirement = known.get(text);
  if (requirement === undefined) {
    requirement = understood(parts(withoutComment(text)), text);
    known.set(text, requirement);
  }
  return options.groups === undefined ? requirement : { ...requirement, groups: options.groups };
}

/**
 * The requirement of a `Requires-Dist` line. A marker that means nothing is left out; a line that cannot be read at all is
 * skipped, with the reason.
 */
export function tryParseMetadataRequirement(
  text: string,
): { readonly requirement: Requirement } | { readonly skipped: string } {
  try {
    return { requirement: parseRequirement(text) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const beforeMarker = text.split(';', 1)[0]?.trim() ?? '';
    if (error instanceof InvalidMarker && beforeMarker !== text) return tryParseMetadataRequirement(beforeMarker);
    return { skipped: error.message };
  }
}

function understood({ name, extras, constraint, url, marker }: Parts, text: string): Requirement {
  const requested = requestedExtras(extras);
  let requirement: Requirement;
  if (url === undefined) {
    if (isArchiveName(name)) throw new ParseError(`The requirement is invalid: "${name}" is no name`, text);
    requirement = { ...withConstraint(plainRequirement(name), satisfiable(constraint, text)), extras: requested };
  } else {
    const origin = originOfUrl(url);
    const wheel = wheelNamedBy(url);
    const named = plainRequirement(wheel?.name ?? name);
    requirement = {
      ...named,
      name: projectName(named.prettyName),
      extras: requested,
      origin,
      constraint: parseConstraint(wheel?.version ?? '*'),
      prettyConstraint: origin.kind === 'git' ? (origin.reference ? `rev ${origin.reference.name}` : '') : '*',
      allowPrereleases: true,
    };
  }
  return marker === undefined ? requirement : withMarker(requirement, marker);
}

function satisfiable(constraint: string, text: string): VersionRange {
  let range: VersionRange;
  try {
    range = parseConstraint(constraint);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError(`The requirement is invalid: invalid version constraint "${constraint}"`, text, error.span);
  }
  if (isEmptyRange(range)) {
    throw new ParseError(`The requirement is invalid: unsatisfiable requirement: "${constraint}"`, text);
  }
  return range;
}

/** The text without what follows ` #`, up to a marker. */
function withoutComment(text: string): string {
  const start = text.indexOf(' #');
  if (start < 0) return text.trim();
  const comment = text.slice(start + 2);
  const marker = comment.indexOf(' ;');
  return text.slice(0, start).trim() + (marker < 0 ? '' : comment.slice(marker));
}

const NAME = /[a-zA-Z0-9][a-zA-Z0-9\-_.]*/y;
const SPECIFIER = /(?:~=|==|!=|<=|>=|<|>)\s*[^,;\s)]*/y;
const ADDRESS = /[^ ]+/y;
const SPACE = /[ \t]*/y;
const OPENING_BRACKET = /\[/y;
const CLOSING_BRACKET = /\]/y;
const OPENING_PARENTHESIS = /\(/y;
const CLOSING_PARENTHESIS = /\)/y;
const COMMA = /,/y;
const AT = /@/y;
const SEMICOLON = /;/y;
const END = /$/y;

/** A text that is read from left to right. */
interface Reading {
  readonly text: string;
  at: number;
}

function take(reading: Reading, token: RegExp): string | undefined {
  const { text } = reading;
  SPACE.lastIndex = reading.at;
  reading.at += SPACE.exec(text)?.[0].length ?? 0;
  token.lastIndex = reading.at;
  const found = token.exec(text)?.[0];
  reading.at += found?.length ?? 0;
  return found;
}

function expect(reading: Reading, token: RegExp): string {
  const found = take(reading, token);
  if (found !== undefined) return found;
  const { text, at } = reading;
  const message = `The requirement is invalid: Unexpected character at column ${at + 1}\n\n${text}`;
  throw new ParseError(message, text, { start: at, end: text.length });
}

function parts(text: string): Parts {
  const reading: Reading = { text, at: 0 };
  const name = expect(reading, NAME);
  const extras: string[] = [];
  if (take(reading, OPENING_BRACKET) !== undefined && take(reading, CLOSING_BRACKET) === undefined) {
    do extras.push(expect(reading, NAME));
    while (take(reading, COMMA) !== undefined);
    expect(reading, CLOSING_BRACKET);
  }
  const specifiers: string[] = [];
  let url: string | undefined;
  if (take(reading, AT) !== undefined) {
    url = expect(reading, ADDRESS);
  } else {
    const isEnclosed = take(reading, OPENING_PARENTHESIS) !== undefined;
    const first = isEnclosed ? expect(reading, SPECIFIER) : take(reading, SPECIFIER);
    if (first !== undefined) {
      specifiers.push(first);
      while (take(reading, COMMA) !== undefined) specifiers.push(expect(reading, SPECIFIER));
      if (isEnclosed) expect(reading, CLOSING_PARENTHESIS);
    }
  }
  const marker = take(reading, SEMICOLON) === undefined ? undefined : parseMarkerExpression(text.slice(reading.at));
  if (marker === undefined) expect(reading, END);
  return { name, extras, constraint: specifiers.join(',') || '*', url, marker };
}
