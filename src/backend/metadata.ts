/**
 * METADATA and PKG-INFO of a project from its manifest, version 2.4.
 * https://packaging.python.org/en/latest/specifications/core-metadata/ (PEP 621, 639)
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCodePoints } from '../ground/code-points.ts';
import { TercetError } from '../ground/error.ts';
import { type NamedLicense, namedLicense } from '../manifest/license-classifier.ts';
import { licenseExpression } from '../manifest/license-expression.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { MAIN_GROUP } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { asArray, asString, asStrings, asTable, type TomlTable } from '../toml/read.ts';
import { parseConstraint, parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { allowsAny, exactly, formatRange } from '../versions/version-range.ts';
import { suffix } from './_paths.ts';
import { licenseFiles, licensePath } from './licenses.ts';
import { type BuildSource, poetryTable } from './source.ts';

/** The fields that `setup.py` needs as well. */
export interface CoreFields {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly author: Person | undefined;
  readonly maintainer: Person | undefined;
  readonly homePage: string | undefined;
  readonly requiresPython: string | undefined;
  readonly licenseFiles: readonly string[];
  /** The file's text. */
  readonly text: string;
}

export interface Person {
  readonly name: string;
  readonly email: string | undefined;
}

/** The main requirements that a distribution declares, in the manifest's order. */
export function declaredRequirements(manifest: Manifest): readonly Requirement[] {
  return manifest.groups.find(({ name }) => name === MAIN_GROUP)?.declared ?? [];
}

/** The readme files that the manifest names, relative to the project. */
export function readmePaths(manifest: Manifest): readonly string[] {
  const readme = tables(manifest).project.readme;
  if (readme) {
    const file = asString(readme) ?? asString(asTable(readme)?.file);
    return file === undefined ? [] : [file];
  }
  const own = poetryTable(manifest).readme;
  return (asString(own) === undefined ? asStrings(own) : [String(own)]).filter((path) => path !== '');
}

/**
 * Reads what the manifest refers to and puts the fields together. Throws `readme-unreadable`, `license-not-found` or
 * `author-invalid` in Poetry's words.
 */
export function coreMetadata({ manifest, projectDir, version }: BuildSource): CoreFields {
  const { project, poetry } = tables(manifest);
  const summary = manifest.description;
  const lines = ['Metadata-Version: 2.4', `Name: ${manifest.prettyName}`, `Version: ${version}`, `Summary: ${summary}`];
  const field = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') lines.push(`${name}: ${value}`);
  };
  const license = licenseByHand(manifest, projectDir);
  const expression = asString(project.license) ? licenseExpression(asString(project.license) ?? '') : undefined;
  const description = descriptionOf(manifest, projectDir);
  const author = person('author', project.authors, poetry.authors);
  const files = licenseFiles(manifest, projectDir);
  const maintainer = person('maintainer', project.maintainers, poetry.maintainers);
  const python = requiresPython(manifest);
  field('License', license === undefined ? undefined : indented(license.id));
  field('License-Expression', expression);
  for (const path of files) field('License-File', path);
  field('Keywords', filled(project.keywords, poetry.keywords).join(','));
  field('Author', author?.name);
  field('Author-email', author?.email);
  field('Maintainer', maintainer?.name);
  field('Maintainer-email', maintainer?.email);
  field('Requires-Python', python);
  for (const classifier of classifiers(manifest, license)) lines.push(`Classifier: ${classifier}`);
  for (const extra of [...manifest.extras.keys()].sort(compareCodePoints)) field('Provides-Extra', extra);
  for (const requirement of requirements(manifest, projectDir)) field('Requires-Dist', requirement);
  for (const url of urls(project, poetry)) field('Project-URL', url);
  field('Description-Content-Type', contentType(manifest));
  return {
    name: manifest.prettyName ?? '',
    version,
    summary,
    description,
    author,
    maintainer,
    homePage: homePage(project, poetry),
    requiresPython: python,
    licenseFiles: files,
    text: `${lines.join('\n')}\n${description === undefined ? '' : `\n${description}\n`}`,
  };
}

function tables(manifest: Manifest): { readonly project: TomlTable; readonly poetry: TomlTable } {
  return { project: asTable(manifest.toml.project) ?? {}, poetry: poetryTable(manifest) };
}

/** The standard's list unless it is empty. */
function filled(standard: unknown, own: unknown): readonly string[] {
  return asStrings(standard).length > 0 ? asStrings(standard) : asStrings(own);
}

// --- texts -------------------------------------------------------------------------------------------------------------

/** A licence that is no expression: Poetry's own, the deprecated table of `[project]`, or what was meant for an expression. */
function licenseByHand(manifest: Manifest, projectDir: string): NamedLicense | undefined {
  const { project, poetry } = tables(manifest);
  const written = asString(project.license);
  if (written) return licenseExpression(written) === undefined ? namedLicense(written) : undefined;
  const path = licensePath(manifest);
  const table = asTable(project.license);
  const text =
    path !== undefined
      ? licenseText(projectDir, path)
      : table === undefined
        ? asString(poetry.license)
        : asString(table.text);
  return text ? namedLicense(text) : undefined;
}

function licenseText(projectDir: string, path: string): string {
  try {
    return textOf(join(projectDir, path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new TercetError('root-not-found', `Poetry: license file '${join(projectDir, path)}' not found`, { cause });
  }
}

/** Every line but the first is indented, an empty one too: it would end the headers. A byte order mark is no white space. */
function indented(license: string): string {
  return license
    .replace(/^[^\S\ufeff]+|[^\S\ufeff]+$/g, '')
    .replace(/\r\n|[\n\v\f\r\x85\u2028\u2029]/g, `$&${' '.repeat(9)}`);
}

function descriptionOf(manifest: Manifest, projectDir: string): string | undefined {
  const text = asString(asTable(tables(manifest).project.readme)?.text);
  if (text) return text;
  const paths = readmePaths(manifest);
  return paths.length === 0 ? undefined : paths.map((path) => readmeText(join(projectDir, path))).join('\n');
}

function readmeText(path: string): string {
  try {
    return textOf(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = { ENOENT: 'does not exist', EISDIR: 'is a directory', EACCES: 'is not readable' }[code ?? ''];
    if (why === undefined) throw cause;
    throw new TercetError('root-not-found', `Readme path \`${path}\` ${why}.`, { cause });
  }
}

/** A file as Python reads a text: UTF-8, and every line ends in `\n`. */
function textOf(path: string): string {
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch (cause) {
    throw new TercetError('file-unreadable', `${path} is not UTF-8`, { cause });
  }
}

function contentType(manifest: Manifest): string | undefined {
  const standard = asTable(tables(manifest).project.readme);
  const written = asString(standard?.['content-type']);
  if (written) return written;
  const [first] = readmePaths(manifest);
  if (first === undefined) return undefined;
  const ending = suffix(first);
  if (ending === '.rst') return 'text/x-rst';
  return ending === '.md' || ending === '.markdown' ? 'text/markdown' : 'text/plain';
}

// --- people and addresses ------------------------------------------------------------------------------------------------

/** The first person of a list: `{name, email}` or `Name <mail>`. An address alone stands in the name's place. */
function person(role: 'author' | 'maintainer', standard: unknown, own: unknown): Person | undefined {
  const [entry] = asArray(standard);
  const written = entry === undefined ? asStrings(own)[0] : participant(asTable(entry) ?? {});
  if (written === undefined) return undefined;
  const match = /^([^<>]+?)(?: <(.+?)>)?$/su.exec(written.normalize('NFC'));
  if (match === null || written.includes('\n')) {
    throw new TercetError(
      'author-invalid',
      `Invalid ${role} string. Must be in the format: John Smith <john@example.com>`,
    );
  }
  return { name: match[1] ?? '', email: match[2] };
}

function participant({ name, email }: TomlTable): string {
  return name && email ? `${name} <${email}>` : String(name || email);
}

/** The names that Poetry knows come first, in its spelling; the rest as written. In the order of their first letters. */
function urls(project: TomlTable, poetry: TomlTable): readonly string[] {
  const found = new Map<string, string>();
  const standard = Object.entries(asTable(project.urls) ?? {});
  for (const name of WELL_KNOWN) {
    const url = wellKnownUrl(name, project, poetry);
    if (url) found.set(name, url);
  }
  const others =
    standard.length > 0
      ? standard.filter(([key]) => !WELL_KNOWN.some((name) => name.toLowerCase() === key.toLowerCase()))
      : Object.entries(asTable(poetry.urls) ?? {});
  for (const [name, url] of others) found.set(name, String(url));
  return [...found]
    .map(([name, url]) => `${name}, ${url}`)
    .sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
}

const WELL_KNOWN = ['Homepage', 'Repository', 'Documentation'] as const;

/** In `[project]` under its name in any case, else by itself in `[tool.poetry]`. */
function wellKnownUrl(name: (typeof WELL_KNOWN)[number], project: TomlTable, poetry: TomlTable): string | undefined {
  const standard = Object.entries(asTable(project.urls) ?? {});
  if (standard.length === 0) return asString(poetry[name.toLowerCase()]);
  return asString(standard.filter(([key]) => key.toLowerCase() === name.toLowerCase()).at(-1)?.[1]);
}

function homePage(project: TomlTable, poetry: TomlTable): string | undefined {
  return wellKnownUrl('Homepage', project, poetry) || wellKnownUrl('Repository', project, poetry);
}

// --- requirements, Python and classifiers --------------------------------------------------------------------------------

function requirements(manifest: Manifest, projectDir: string): string[] {
  return declaredRequirements(manifest)
    .filter(({ optional, inExtras }) => !optional || inExtras.length > 0)
    .map((one) => formatRequirement(one, { base: projectDir }))
    .sort(compareCodePoints);
}

const PYTHON = 'Programming Language :: Python';
const PYTHONS = ['2', '2.7', '3', ...Array.from({ length: 12 }, (_, minor) => `3.${minor + 4}`)];

/** As written where `[project]` has any; else those of `[tool.poetry]` with those that follow from Python range and licence. */
function classifiers(manifest: Manifest, license: NamedLicense | undefined): readonly string[] {
  const { project, poetry } = tables(manifest);
  const written = asStrings(project.classifiers);
  if (written.length > 0) return written;
  const own = PYTHONS.filter((version) =>
    allowsAny(
      manifest.python,
      version.includes('.') ? exactly(parseVersion(version)) : parseMarkerConstraint(`${version}.*`),
    ),
  ).map((version) => `${PYTHON} :: ${version}`);
  const all = [...asStrings(poetry.classifiers), ...(license === undefined ? [] : [license.classifier])];
  const others = [...new Set(all)].filter((one) => !own.includes(one)).sort(compareCodePoints);
  const at = others.findIndex((one) => compareCodePoints(one, PYTHON) > 0);
  return at < 0 ? [...others, ...own] : [...others.slice(0, at), ...own, ...others.slice(at)];
}

/** `requires-python`, else Poetry's `python` as specifiers: alternatives become exclusions, version by version. */
function requiresPython({ requiresPython: written, pythonVersions, python }: Manifest): string | undefined {
  if (written !== undefined && written !== '*') return written;
  if (pythonVersions === '*') return undefined;
  if (python.kind === 'version') return narrowed(python.version);
  if (python.kind !== 'union') return formatRange(python);
  const isAllowed = (version: string): boolean => allowsAny(python, parseConstraint(`${version}.*`));
  const lowest = PYTHON_RELEASES.find(isAllowed);
  const excluded = PYTHON_RELEASES.filter((version) => !isAllowed(version)).map((version) => `!=${version}.*`);
  return [...(lowest === undefined ? [] : [`>=${lowest}`]), ...excluded].join(', ');
}

const PYTHON_RELEASES = ['2.7', ...Array.from({ length: 16 }, (_, minor) => `3.${minor}`)];

/** A Python version without all its parts stands for the whole series: `3.6` for `~3.6`, `3` for `^3.0`. */
function narrowed({ text, release }: Version): string {
  if (release.length >= 3) return `==${text}`;
  return formatRange(parseConstraint(release.length === 2 ? `~${text}` : `^${text}.0`));
}
