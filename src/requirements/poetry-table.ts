/** Requirements as Poetry's tables hold them, in `pyproject.toml` and in locks: a constraint, or a table of wishes. */

import { ParseError } from '../ground/error.ts';
import { anyMarker, intersectMarkers, isAnyMarker, nestedMarker, parseMarker } from '../markers/marker.ts';
import { parseStringConstraint } from '../markers/string-constraint.ts';
import type { GroupName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { originOfPath } from './direct-origin.ts';
import { parseGitUrl } from './git-url.ts';
import type { GitReference, Origin, Requirement } from './requirement.ts';
import { plainRequirement, requestedExtras, withMarker } from './requirement.ts';

type Table = Readonly<Record<string, unknown>>;

/**
 * The requirement that `name = value` states. `groups` default to `main`. A `path` is a folder unless its name is an
 * archive's. Throws `ParseError` where a value is of the wrong type or cannot be read.
 */
export function requirementFromTable(
  name: string,
  value: string | Table,
  options: { readonly groups?: readonly GroupName[] } = {},
): Requirement {
  const plain = plainRequirement(name);
  const groups = options.groups ?? plain.groups;
  if (typeof value === 'string') {
    return { ...plain, groups, constraint: parseConstraint(value), prettyConstraint: value };
  }
  const origin = originOf(value);
  const requirement: Requirement = {
    ...plain,
    groups,
    extras: requestedExtras(texts(value, 'extras')),
    origin,
    ...constraintOf(value, origin),
    // A `file` is never optional of itself: Poetry passes the wish on for `path` and `url` only.
    optional: flag(value, 'optional') === true && value.file === undefined,
    source: text(value, 'source'),
  };
  const marker = markerOf(value);
  return isAnyMarker(marker) ? requirement : withMarker(requirement, marker);
}

function originOf(table: Table): Origin {
  const subdirectory = text(table, 'subdirectory');
  const develop = flag(table, 'develop') ?? false;
  const within = subdirectory ? { subdirectory } : {};
  const git = text(table, 'git');
  if (git !== undefined) {
    const reference = gitReference(table);
    return { kind: 'git', url: parseGitUrl(git).url, ...(reference ? { reference } : {}), ...within, develop };
  }
  const file = text(table, 'file');
  if (file !== undefined) return { kind: 'file', path: file, ...within };
  const path = text(table, 'path');
  if (path !== undefined) return originOfPath(path, { subdirectory, develop });
  const url = text(table, 'url');
  if (url === undefined) return { kind: 'index' };
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]/.test(url)) {
    throw new ParseError(`${url} does not seem like a valid url`, url);
  }
  return { kind: 'url', url, ...within };
}

function gitReference(table: Table): GitReference | undefined {
  for (const kind of ['branch', 'tag', 'rev'] as const) {
    const name = text(table, kind);
    if (name) return { kind, name };
  }
  return undefined;
}

function constraintOf(
  table: Table,
  origin: Origin,
): Pick<Requirement, 'constraint' | 'prettyConstraint' | 'allowPrereleases'> {
  if (origin.kind === 'index') {
    const version = text(table, 'version') ?? '*';
    return {
      constraint: parseConstraint(version),
      prettyConstraint: version,
      allowPrereleases: flag(table, 'allow-prereleases'),
    };
  }
  const reference = origin.kind === 'git' ? origin.reference : undefined;
  const prettyConstraint =
    origin.kind !== 'git' ? '*' : reference === undefined ? '' : `${reference.kind} ${reference.name}`;
  return { constraint: parseConstraint('*'), prettyConstraint, allowPrereleases: true };
}

function markerOf(table: Table) {
  const markers = text(table, 'markers');
  let marker = markers ? parseMarker(markers) : anyMarker;
  const python = text(table, 'python');
  if (python) {
    marker = intersectMarkers(marker, parseMarker(nestedMarker('python_version', parseConstraint(python))));
  }
  const platform = text(table, 'platform');
  if (platform) {
    marker = intersectMarkers(marker, parseMarker(nestedMarker('sys_platform', parseStringConstraint(platform))));
  }
  return marker;
}

function text(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new ParseError(`"${key}" must be a string`, JSON.stringify(value));
}

function flag(table: Table, key: string): boolean | undefined {
  const value = table[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new ParseError(`"${key}" must be true or false`, JSON.stringify(value));
}

function texts(table: Table, key: string): readonly string[] {
  const value = table[key];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ParseError(`"${key}" must be a list of strings`, JSON.stringify(value));
}
