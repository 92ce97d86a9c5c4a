/**
 * What a user writes to name a package to add: `six`, `six@^1.16`, `six==1.16`, `requests[socks]>=2`, a PEP 508 requirement, a git
 * address, an archive's address, a path. The result is a Poetry table (as in `[tool.poetry.dependencies]`), from which a requirement is made.
 */

import { sep } from 'node:path';
import { ParseError, TercetError } from '../ground/error.ts';
import { formatMarker, isAnyMarker } from '../markers/marker.ts';
import { parseGitUrl } from '../requirements/git-url.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';

/** A Poetry dependency table without name. */
export interface WishTable {
  readonly version?: string;
  readonly git?: string;
  readonly rev?: string;
  readonly subdirectory?: string;
  readonly url?: string;
  readonly path?: string;
  readonly markers?: string;
  readonly extras?: readonly string[];
}

export interface Wish {
  /** As written, normalised where it stood in a PEP 508 requirement; undefined where only the distribution itself can tell (git, url, path). */
  readonly name: string | undefined;
  readonly table: WishTable;
}

/** What stands at a path that is relative to the project; undefined for nothing. */
export type Exists = (path: string) => boolean;

const GIT_ADDRESS = /^git\+(?:https?|ssh):\/\/[^/]/;
const ARCHIVE_ADDRESS = /^https?:\/\/[^/]/;
const LATEST = /@\s*latest$/i;

/** Reads one wish. Throws `wish-invalid` for what is none. */
export function parseWish(text: string, exists: Exists): Wish {
  const wanted = text.trim().replace(LATEST, '').trim();
  const standard = parseStandard(wanted);
  if (standard) return standard;

  const bracket = /\[([\w,\-.\s]+)\]$/.exec(wanted);
  const extras = bracket ? namesIn(bracket[1]) : [];
  const bare = bracket ? wanted.slice(0, bracket.index) : wanted;
  const direct = parseDirect(bare, exists);
  if (direct) return { name: undefined, table: extras.length > 0 ? { ...direct, extras } : direct };
  const simple = parseSimple(bare);
  if (!simple) throw new TercetError('wish-invalid', `Invalid dependency specification: ${text}`);
  return extras.length > 0 ? { ...simple, table: { ...simple.table, extras: simple.table.extras ?? extras } } : simple;
}

/** PEP 508, unless it is of the form `name@^1`. A bare name says nothing more than `parseSimple` finds. */
function parseStandard(text: string): Wish | undefined {
  if (!text.includes(' ; ') && /@[\^~!=<>\d]/.test(text)) return undefined;
  let requirement: Requirement;
  try {
    requirement = parseRequirement(text);
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
  const table: WishTable = {
    ...originTable(requirement),
    ...(isAnyMarker(requirement.marker) ? {} : { markers: formatMarker(requirement.marker) }),
    ...(requirement.extras.length > 0 ? { extras: requirement.extras } : {}),
  };
  return Object.keys(table).length === 0 ? undefined : { name: requirement.name, table };
}

function originTable({ origin, prettyConstraint }: Requirement): WishTable {
  switch (origin.kind) {
    case 'git':
      return {
        git: origin.url,
        ...(origin.reference ? { rev: origin.reference.name } : {}),
        ...(origin.subdirectory ? { subdirectory: origin.subdirectory } : {}),
      };
    case 'url':
      return { url: origin.url, ...(origin.subdirectory ? { subdirectory: origin.subdirectory } : {}) };
    case 'file':
    case 'directory':
      return { path: origin.path };
    case 'index':
      return prettyConstraint === '*' ? {} : { version: prettyConstraint };
  }
}

function parseDirect(text: string, exists: Exists): WishTable | undefined {
  if (GIT_ADDRESS.test(text)) {
    const { url, revision, subdirectory } = parseGitUrl(text);
    return { git: url, ...(revision ? { rev: revision } : {}), ...(subdirectory ? { subdirectory } : {}) };
  }
  if (ARCHIVE_ADDRESS.test(text)) return { url: text };
  if ((text.includes('/') || text.includes(sep)) && exists(text)) return { path: text };
  return undefined;
}

/** `name`, or name and constraint with `@`, `==`, `=`, `:`, a space or nothing but the operator between. */
function parseSimple(text: string): Wish | undefined {
  const pair = text.replace(/^([^@=: ]+)(?:@|==|(?<![<>~!])=|:| )(.*)$/, '$1 $2').trim();
  const space = pair.indexOf(' ');
  if (space > 0) return named(pair.slice(0, space), pair.slice(space + 1).trim());
  const operator = /^([^><=!: ~^]+)((?:>=|<=|>|<|!=|~=|~|\^).*)$/.exec(text);
  return operator ? named(operator[1] ?? '', operator[2]) : named(pair, undefined);
}

function named(name: string, constraint: string | undefined): Wish | undefined {
  const bracket = /\[([\w,\-.\s]*)\]$/.exec(name);
  const plain = bracket ? name.slice(0, bracket.index) : name;
  if (!/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(plain)) return undefined;
  const extras = bracket ? namesIn(bracket[1]) : [];
  return {
    name: plain,
    table: {
      ...(constraint && constraint.toLowerCase() !== 'latest' ? { version: constraint } : {}),
      ...(extras.length > 0 ? { extras } : {}),
    },
  };
}

function namesIn(list = ''): string[] {
  return list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
