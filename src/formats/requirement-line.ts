/**
 * One requirement as pip reads it: PEP 508, a path, an archive's address, a repository's address with or without `#egg=`.
 * https://pip.pypa.io/en/stable/reference/requirement-specifiers/
 */

import { ParseError } from '../ground/error.ts';
import { percentDecoded } from '../ground/percent.ts';
import { formatMarker, isAnyMarker, parseMarker } from '../markers/marker.ts';
import { isArchiveName } from '../requirements/direct-origin.ts';
import { parseGitUrl } from '../requirements/git-url.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { tryParseVersion } from '../versions/version.ts';

/** A Poetry table with the name it is for; `self` where the requirement is the project's own folder. */
export interface ReadRequirement {
  readonly name: string | undefined;
  readonly wish: Readonly<Record<string, unknown>>;
  /** The version that the text pins exactly, if it does. */
  readonly exact?: string;
  /** The project's own folder, with these extras of it. */
  readonly self?: readonly string[];
}

const VCS = /^(?:git\+|git:|git@)/;
const OTHER_VCS = /^(?:hg|svn|bzr)\+/;

/**
 * Reads a requirement without options. Throws `ParseError` where it is none, or of a kind that Poetry has not.
 *
 * @param editable it stood behind `-e`
 */
export function readRequirementText(text: string, { editable = false } = {}): ReadRequirement {
  const develop = editable ? { develop: true } : {};
  if (OTHER_VCS.test(text)) throw new ParseError(`only git repositories can be required: ${text}`, text);
  const place = placeOf(text);
  if (place === undefined) return named(text);
  const { address, name, extras, markers } = place;
  const more = { ...(extras.length > 0 ? { extras } : {}), ...(markers === '' ? {} : { markers: canonical(markers) }) };
  if (VCS.test(address)) {
    const { url, revision, subdirectory } = parseGitUrl(address);
    const within = subdirectory === undefined ? {} : { subdirectory };
    const git = { git: url, ...(revision === undefined ? {} : { rev: revision }), ...within };
    return { name, wish: { ...git, ...develop, ...more } };
  }
  if (/^https?:\/\//.test(address)) {
    const subdirectory = /[#&]subdirectory=([^&]+)/.exec(address)?.[1];
    const url = address.replace(/#.*$/s, '');
    return { name: name ?? nameOfFile(url), wish: { url, ...(subdirectory ? { subdirectory } : {}), ...more } };
  }
  const path = pathOf(address);
  if (path === '.' || path === './') return { name, wish: {}, self: extras };
  const isFile = isArchiveName(path);
  return { name: name ?? (isFile ? nameOfFile(path) : undefined), wish: { path, ...(isFile ? {} : develop), ...more } };
}

/** The Poetry table of a requirement that was parsed already. */
function wishOf({ origin, prettyConstraint, extras, marker }: Requirement): Readonly<Record<string, unknown>> {
  const more = {
    ...(extras.length > 0 ? { extras } : {}),
    ...(isAnyMarker(marker) ? {} : { markers: formatMarker(marker) }),
  };
  switch (origin.kind) {
    case 'index':
      return { ...(prettyConstraint === '*' ? {} : { version: prettyConstraint }), ...more };
    case 'url':
      return { url: origin.url, ...within(origin.subdirectory), ...more };
    case 'git': {
      const { url, reference, subdirectory } = origin;
      return { git: url, ...(reference ? { [reference.kind]: reference.name } : {}), ...within(subdirectory), ...more };
    }
    case 'file':
    case 'directory':
      return { path: origin.path, ...within(origin.subdirectory), ...more };
  }
}

function within(subdirectory: string | undefined): Readonly<Record<string, string>> {
  return subdirectory === undefined ? {} : { subdirectory };
}

/** `name===1.0` is `name==1.0` where that is a version at all. */
function named(text: string): ReadRequirement {
  const plain = text.replace(/===\s*([^\s;,]+)/g, (whole, version: string) =>
    tryParseVersion(version) === undefined ? whole : `==${version}`,
  );
  const requirement = parseRequirement(plain);
  const wish = wishOf(requirement);
  const { constraint } = requirement;
  return {
    name: requirement.prettyName,
    wish,
    ...(constraint.kind === 'version' ? { exact: constraint.version.text } : {}),
  };
}

interface Place {
  readonly address: string;
  readonly name: string | undefined;
  readonly extras: readonly string[];
  /** '' for none. */
  readonly markers: string;
}

/** What a text says that starts with a place instead of a name. */
function placeOf(text: string): Place | undefined {
  const [before = '', markers = ''] = split(text, /\s+;\s*|;\s+/);
  const bare = before.trim();
  const isPlace =
    VCS.test(bare) ||
    /^(?:https?|file):/.test(bare) ||
    /^[./~\\]/.test(bare) ||
    /^[A-Za-z]:[\\/]/.test(bare) ||
    (/[/\\]/.test(bare) && !/@|[<>=~!]/.test(bare)) ||
    (!/\s@\s/.test(bare) && isArchiveName(bare.replace(/\[[^\]]*\]$/, '')));
  if (!isPlace) return undefined;
  const egg = /[#&]egg=([^&]+)/.exec(bare)?.[1];
  const named = egg === undefined ? undefined : /^([^[]+)(?:\[([^\]]*)\])?/.exec(percentDecoded(egg));
  const bracket = egg === undefined ? /\[([^\]]*)\]$/.exec(bare) : null;
  return {
    address: bracket === null ? bare : bare.slice(0, bracket.index),
    name: named?.[1]?.replace(/-\d.*$/, ''),
    extras: (named?.[2] ?? bracket?.[1] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    markers: markers.trim(),
  };
}

function split(text: string, at: RegExp): [string, string] {
  const found = at.exec(text);
  return found === null ? [text, ''] : [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

function canonical(marker: string): string {
  return formatMarker(parseMarker(marker));
}

function pathOf(address: string): string {
  const plain = address.replace(/#.*$/s, '');
  const file = /^file:(?:\/\/(?:localhost)?)?(.*)$/.exec(plain)?.[1];
  return file === undefined ? plain : percentDecoded(file);
}

/** The project that an archive's name states; undefined where it states none. */
function nameOfFile(path: string): string | undefined {
  const file = percentDecoded(path.split(/[?#]/)[0]?.split('/').at(-1) ?? '');
  if (file.endsWith('.whl')) return /^([^-]+)-/.exec(file)?.[1];
  return /^(.+)-\d[^-]*\.(?:tar\.\w+|zip|tgz)$/.exec(file)?.[1];
}
