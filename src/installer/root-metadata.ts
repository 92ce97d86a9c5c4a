/**
 * METADATA of a project from its manifest, as it stands in the dist-info of an editable installation.
 * https://packaging.python.org/en/latest/specifications/core-metadata/
 */

import { type NamedLicense, namedLicense } from '../manifest/license-classifier.ts';
import { licenseExpression } from '../manifest/license-expression.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { MAIN_GROUP } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { asArray, asString, asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';
import { parseConstraint, parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion, type Version } from '../versions/version.ts';
import { allowsAny, exactly, formatRange } from '../versions/version-range.ts';

/** What stands in files beside the manifest. */
export interface RootFiles {
  /** The readmes' texts in their order. */
  readonly readmes: readonly string[];
  /** Licence files' paths below the project. */
  readonly licenses: readonly string[];
  /** The text of the file that `project.license.file` names. */
  readonly licenseText?: string | undefined;
}

/** The file that `project.license.file` names where no `text` is given, relative to the project. */
export function licensePath({ toml }: Manifest): string | undefined {
  const license = asTable(tables(toml).project.license);
  return asString(license?.text) ? undefined : asString(license?.file);
}

/** The readme files that the manifest names, relative to the project. */
export function readmePaths({ toml }: Manifest): readonly string[] {
  const { project, poetry } = tables(toml);
  const readme = project.readme ?? poetry.readme;
  const file = asString(readme) ?? asString(asTable(readme)?.file);
  return file === undefined ? asStrings(readme) : [file];
}

/** The text of METADATA, fields in the order of Poetry's own backend. */
export function rootMetadata(manifest: Manifest, files: RootFiles): string {
  const { project, poetry } = tables(manifest.toml);
  const lines = [
    'Metadata-Version: 2.4',
    `Name: ${manifest.prettyName}`,
    `Version: ${manifest.version}`,
    `Summary: ${manifest.description}`,
  ];
  const field = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') lines.push(`${name}: ${value}`);
  };
  const license = asString(project.license);
  field('License-Expression', license === undefined ? undefined : (licenseExpression(license) ?? license));
  const named = licenseByHand(project, poetry, files.licenseText);
  field('License', named?.id.trim().replaceAll('\n', `\n${' '.repeat(9)}`));
  for (const path of [...files.licenses].sort()) field('License-File', path);
  field(
    'Keywords',
    (asStrings(project.keywords).length > 0 ? asStrings(project.keywords) : asStrings(poetry.keywords)).join(','),
  );
  const author = person(project.authors ?? poetry.authors);
  field('Author', author?.name);
  field('Author-email', author?.email);
  const maintainer = person(project.maintainers ?? poetry.maintainers);
  field('Maintainer', maintainer?.name);
  field('Maintainer-email', maintainer?.email);
  field('Requires-Python', requiresPython(manifest));
  for (const classifier of classifiers(manifest, named, project, poetry)) field('Classifier', classifier);
  for (const extra of [...manifest.extras.keys()].sort()) field('Provides-Extra', extra);
  for (const requirement of requirements(manifest)) field('Requires-Dist', requirement);
  for (const url of urls(project, poetry)) field('Project-URL', url);
  const [first] = readmePaths(manifest);
  field(
    'Description-Content-Type',
    asString(asTable(project.readme)?.['content-type']) ?? (first === undefined ? undefined : contentType(first)),
  );
  const text = asString(asTable(project.readme)?.text);
  const description = text ?? (files.readmes.length > 0 ? files.readmes.join('\n') : undefined);
  return `${lines.join('\n')}\n${description === undefined ? '' : `\n${description}\n`}`;
}

function tables(toml: TomlTable): { readonly project: TomlTable; readonly poetry: TomlTable } {
  return { project: asTable(toml.project) ?? {}, poetry: tableAt(toml, 'tool', 'poetry') ?? {} };
}

/** A licence that is no expression: Poetry's own, or the deprecated table of `[project]`. */
function licenseByHand(project: TomlTable, poetry: TomlTable, fileText: string | undefined): NamedLicense | undefined {
  if (asString(project.license)) return undefined;
  const table = asTable(project.license);
  const text = table === undefined ? asString(poetry.license) : asString(table.text) || fileText;
  return text ? namedLicense(text) : undefined;
}

/** The first person of a list: `{name, email}` or `Name <mail>`. */
function person(
  written: unknown,
): { readonly name: string | undefined; readonly email: string | undefined } | undefined {
  const [first] = asArray(written);
  const table = asTable(first);
  // An address without a name stands in the place of the name, as with Poetry.
  if (table !== undefined)
    return asString(table.name) === undefined
      ? { name: asString(table.email), email: undefined }
      : { name: asString(table.name), email: asString(table.email) };
  const match = /^(.*?)(?:\s*<([^>]*)>)?$/.exec(asString(first) ?? '');
  return match === null ? undefined : { name: match[1], email: match[2] };
}

function requirements(manifest: Manifest): string[] {
  const main = manifest.groups.find(({ name }) => name === MAIN_GROUP)?.requirements ?? [];
  return main
    .filter(({ optional, inExtras }) => !optional || inExtras.length > 0)
    .map((one) => formatRequirement(one))
    .sort();
}

const PYTHON = 'Programming Language :: Python';
const PYTHONS = ['2', '2.7', '3', ...Array.from({ length: 12 }, (_, minor) => `3.${minor + 4}`)];

function classifiers(
  manifest: Manifest,
  license: NamedLicense | undefined,
  project: TomlTable,
  poetry: TomlTable,
): readonly string[] {
  const written =
    asStrings(project.classifiers).length > 0 ? asStrings(project.classifiers) : asStrings(poetry.classifiers);
  const isDynamic = asStrings(project.dynamic).includes('classifiers') || project.classifiers === undefined;
  if (!isDynamic) return written;
  const own = PYTHONS.filter((version) =>
    allowsAny(
      manifest.python,
      version.includes('.') ? exactly(parseVersion(version)) : parseMarkerConstraint(`${version}.*`),
    ),
  ).map((version) => `${PYTHON} :: ${version}`);
  const others = [...new Set([...written, ...(license === undefined ? [] : [license.classifier])])]
    .filter((one) => !own.includes(one))
    .sort();
  const at = others.findIndex((one) => one > PYTHON);
  return at < 0 ? [...others, ...own] : [...others.slice(0, at), ...own, ...others.slice(at)];
}

/** `requires-python`, else Poetry's `python` as specifiers: alternatives become exclusions, version by version. */
function requiresPython({ requiresPython: written, pythonVersions, python }: Manifest): string | undefined {
  if (written !== undefined) return written;
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

function urls(project: TomlTable, poetry: TomlTable): readonly string[] {
  const written = asTable(project.urls) ?? {
    ...(poetry.homepage === undefined ? {} : { Homepage: poetry.homepage }),
    ...(poetry.repository === undefined ? {} : { Repository: poetry.repository }),
    ...(poetry.documentation === undefined ? {} : { Documentation: poetry.documentation }),
    ...asTable(poetry.urls),
  };
  return Object.entries(written)
    .map(([name, url]) => `${name}, ${String(url)}`)
    .sort((a, b) => (a.charAt(0) < b.charAt(0) ? -1 : a.charAt(0) > b.charAt(0) ? 1 : 0));
}

function contentType(readme: string): string {
  if (readme.endsWith('.rst')) return 'text/x-rst';
  return /\.(md|markdown)$/.test(readme) ? 'text/markdown' : 'text/plain';
}
