/**
 * Core metadata: the headers of `METADATA` and `PKG-INFO` files, in the form of an e-mail's (RFC 822), and UTF-8.
 * https://packaging.python.org/en/latest/specifications/core-metadata/ (PEP 241, 314, 345, 566, 643, 685)
 *
 * Values are kept as they are written; nobody promises that they are valid.
 */

import { ParseError } from '../ground/error.ts';
import { readHeaders } from './_headers.ts';

/** The fields that resolving and installing need. */
export interface CoreMetadata {
  /** `2.1`; empty where it is missing. */
  readonly metadataVersion: string;
  readonly name: string;
  readonly version: string;
  /** Empty where it is missing or given twice. */
  readonly summary: string;
  readonly requiresPython?: string;
  readonly requiresDist: readonly string[];
  readonly providesExtra: readonly string[];
  /** Names of the fields that a build may change (PEP 643), as written. */
  readonly dynamic: readonly string[];
}

/** How the fields are read. */
export interface MetadataOptions {
  /**
   * Read the fields as Poetry reads those of a file or a folder at hand (with pkginfo): only the fields that the stated metadata version
   * has, which must be known; folded lines are joined by a space, and `UNKNOWN` is no value. Default: false, as Poetry reads metadata that
   * an index serves: whatever is there, folded lines keep their line breaks.
   */
  readonly atHand?: boolean;
}

/**
 * The metadata in `text`. Throws `ParseError` where there is no name or no version; at hand, also where the version of the metadata is
 * missing or of an unknown major.
 */
export function parseCoreMetadata(text: string, options: MetadataOptions = {}): CoreMetadata {
  const headers = readHeaders(text);
  const has = options.atHand ? fieldsOf(headers.get('metadata-version')?.[0] ?? '') : () => true;
  const all = (name: string) =>
    has(name) ? (headers.get(name) ?? []).map((value) => (options.atHand ? unfolded(value) : value)) : [];
  const one = (name: string) => {
    const [value, second] = all(name);
    return options.atHand ? known(value) : second === undefined ? value : undefined;
  };
  const [name] = all('name');
  const [version] = all('version');
  if (!name?.trim() || !version?.trim()) {
    throw new ParseError(`Core metadata without a ${name?.trim() ? 'version' : 'name'}`, text.slice(0, SHOWN));
  }
  const requiresPython = one('requires-python');
  return {
    metadataVersion: one('metadata-version')?.trim() ?? '',
    name: name.trim(),
    version: version.trim(),
    summary: one('summary') ?? '',
    ...(requiresPython === undefined ? {} : { requiresPython }),
    requiresDist: all('requires-dist'),
    providesExtra: all('provides-extra'),
    dynamic: all('dynamic'),
  };
}

/** What of a metadata file `parseCoreMetadata` reads: its bytes up to the first empty line, as text. The rest may be a book. */
export function headerText(bytes: Uint8Array): string {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10 || (bytes[at + 1] === 13 && bytes[at + 2] === 10)) {
      return new TextDecoder().decode(bytes.subarray(0, at + 3));
    }
  }
  return new TextDecoder().decode(bytes);
}

/** A metadata file at hand as text: UTF-8, else, as pkginfo has it for old ones, Latin-1. */
export function fileText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}

/** What metadata state about the licence. */
export interface LicenseFields {
  /** `License-Expression` (PEP 639). */
  readonly licenseExpression?: string;
  /** `License`, which may be a whole text. */
  readonly license?: string;
  /** Classifiers that begin with `License ::`. */
  readonly licenseClassifiers: readonly string[];
}

/** The fields of the licence in `text`, whatever else it holds. */
export function parseLicenseFields(text: string): LicenseFields {
  const headers = readHeaders(text);
  const [licenseExpression] = headers.get('license-expression') ?? [];
  const license = known(headers.get('license')?.[0]);
  const classifiers = headers.get('classifier') ?? [];
  return {
    ...(licenseExpression ? { licenseExpression } : {}),
    ...(license ? { license } : {}),
    licenseClassifiers: classifiers.filter((one) => one.startsWith('License ::')),
  };
}

/** How much of a text that is no metadata an error shows. */
const SHOWN = 200;

/** The versions of the metadata that pkginfo knows. */
const VERSIONS = ['1.0', '1.1', '1.2', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5'];

/** In which version a field came; those that are not named are as old as metadata are. */
const SINCE: Readonly<Record<string, string>> = {
  'requires-python': '1.2',
  'requires-dist': '1.2',
  'provides-extra': '2.1',
  dynamic: '2.2',
};

/**
 * Which fields metadata of a version have. A version that is newer than all has those of the newest, any other that is not known only
 * what every version has. Throws `ParseError` where the major is not known.
 */
function fieldsOf(text: string): (name: string) => boolean {
  const stated = unfolded(text);
  const [major = '', minor = ''] = stated.split('.');
  if (major !== '1' && major !== '2')
    throw new ParseError('Core metadata of an unknown version', stated.slice(0, SHOWN));
  const version = major === '2' && /^\d+$/.test(minor) && Number(minor) > 5 ? '2.5' : stated;
  return (name) => {
    const since = SINCE[name];
    return since === undefined || VERSIONS.indexOf(version) >= VERSIONS.indexOf(since);
  };
}

/** What Python's `str.splitlines` takes for the end of a line, without ASCII's four separators. */
const ANY_LINE_END = /\r\n|[\n\v\f\r\x85\u2028\u2029]/;

/** The lines of a folded value, joined by spaces. */
function unfolded(value: string): string {
  return value
    .split(ANY_LINE_END)
    .map((line) => line.trim())
    .join(' ');
}

/** A value, unless an old tool wrote `UNKNOWN` for none. */
function known(value: string | undefined): string | undefined {
  return value === 'UNKNOWN' ? undefined : value;
}
