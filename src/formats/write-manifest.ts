/** A foreign project written down as `pyproject.toml`: text → text. */

import { TercetError } from '../ground/error.ts';
import { createManifest } from '../manifest/create.ts';
import { addRequirements } from '../manifest/edit.ts';
import { projectName } from '../names/name.ts';
import { addTable, pushItem, setKey } from '../toml/edit.ts';
import { asArray, asTable, readToml, tableAt } from '../toml/read.ts';
import { tomlKey, tomlString, tomlValue } from '../toml/write.ts';
import type { ForeignMetadata, ForeignProject, ForeignRequirement, ForeignSource } from './foreign-project.ts';

/** A requirement whose name is known by now. */
export type NamedRequirement = ForeignRequirement & { readonly name: string };

/** What a new file needs and the foreign one may not say. */
export interface NewManifest {
  readonly name: string;
  readonly author: string | undefined;
  readonly requiresPython: string;
  /** Where the package is; `none`: the project is not one. */
  readonly layout: 'flat' | 'src' | 'none';
  /** `packages` of `[tool.poetry]`, where the package is not found by the project's name. */
  readonly packages: readonly Readonly<Record<string, string>>[];
  readonly readme: string | undefined;
}

/** A `pyproject.toml` with what the foreign files say of the project, still without requirements. */
export function newManifest({ metadata }: ForeignProject, more: NewManifest, existing: string): string {
  const { name, author, requiresPython, layout, packages, readme } = more;
  let text = createManifest(
    {
      name: metadata.name ?? name,
      ...(metadata.version === undefined ? {} : { version: metadata.version }),
      ...(metadata.description === undefined ? {} : { description: oneLine(metadata.description) }),
      ...((metadata.author ?? author) === undefined ? {} : { author: metadata.author ?? author ?? '' }),
      ...(metadata.license === undefined ? {} : { license: metadata.license }),
      ...(readme === undefined ? {} : { readme }),
      requiresPython,
      layout: 'flat',
    },
    existing,
  );
  text = withMetadata(text, metadata);
  if (layout === 'none') return addTable(text, ['tool', 'poetry'], { 'package-mode': false });
  return packages.length === 0 ? text : addTable(text, ['tool', 'poetry'], { packages });
}

/** One blank line before each table of a file that is new. */
export function spaced(text: string): string {
  return text.replace(/\n+(?=\[{1,2}[\w."-]+\]{1,2}\n)/g, '\n\n');
}

/** The text with the requirements and sources in it. */
export function withForeign(
  text: string,
  requirements: readonly NamedRequirement[],
  sources: readonly ForeignSource[],
  base: string,
): string {
  let now = text;
  const sections = new Map<string, NamedRequirement[]>();
  for (const one of requirements.filter(({ beside }) => beside !== true)) {
    const key = JSON.stringify([one.group, one.extra]);
    sections.set(key, [...(sections.get(key) ?? []), one]);
  }
  for (const own of sections.values()) {
    const [{ group, extra } = { group: 'main' }] = own;
    const target = { group, base, ...(extra === undefined ? {} : { extra }) };
    now = addRequirements(
      now,
      own.map(({ name, wish }) => ({ name, wish })),
      target,
    );
  }
  now = withBeside(
    now,
    requirements.filter(({ beside }) => beside === true),
  );
  return withSources(now, sources);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function withMetadata(text: string, metadata: ForeignMetadata): string {
  let now = text;
  const { keywords = [], classifiers = [], urls, entryPoints } = metadata;
  if (keywords.length > 0) now = setKey(now, ['project', 'keywords'], keywords);
  if (classifiers.length > 0) {
    const lines = classifiers.map((one) => `    ${tomlString(one)}`).join(',\n');
    now = setKey(now, ['project', 'classifiers'], { value: classifiers, text: `[\n${lines}\n]` });
  }
  if (urls !== undefined && urls.size > 0) now = addTable(now, ['project', 'urls'], Object.fromEntries(urls));
  for (const [group, entries] of entryPoints ?? []) {
    if (entries.size === 0) continue;
    const table = SCRIPTS[group];
    const path = table === undefined ? ['project', 'entry-points', group] : ['project', table];
    now = addTable(now, path, Object.fromEntries(entries));
  }
  return now;
}

const SCRIPTS: Readonly<Record<string, string>> = { console_scripts: 'scripts', gui_scripts: 'gui-scripts' };

/** Tables for what a standard section holds already; several for one name make an array, told apart by their markers. */
function withBeside(text: string, requirements: readonly NamedRequirement[]): string {
  const tables = new Map<string, { readonly path: readonly string[]; readonly wishes: unknown[] }>();
  for (const { name, group, wish } of requirements) {
    const path = ['tool', 'poetry', ...(group === 'main' ? [] : ['group', group]), 'dependencies', name];
    const key = path.map((one, at) => (at === path.length - 1 ? projectName(one) : one)).join('\n');
    const known = tables.get(key) ?? { path, wishes: [] };
    known.wishes.push(wish);
    tables.set(key, known);
  }
  let now = text;
  for (const { path, wishes } of tables.values()) {
    const parent = path.slice(0, -1);
    const value = wishes.length === 1 ? wishes[0] : wishes;
    if (tableAt(readToml(now, 'pyproject.toml'), ...parent) === undefined) {
      now = addTable(now, parent, { [path.at(-1) ?? '']: value });
    } else now = setKey(now, path, value);
  }
  return now;
}

/** Sources that the file does not have yet, as `[[tool.poetry.source]]` at its end. */
function withSources(text: string, sources: readonly ForeignSource[]): string {
  const toml = readToml(text, 'pyproject.toml');
  const present = asArray(tableAt(toml, 'tool', 'poetry')?.source).map((one) => asTable(one) ?? {});
  const isPresent = ({ name, url }: ForeignSource): boolean =>
    present.some((one) => one.name === name || (url !== '' && one.url === url));
  const fresh = sources.filter((one) => !isPresent(one));
  if (fresh.length === 0) return text;
  const tables = fresh.map(({ name, url, priority }) => ({ name, ...(url === '' ? {} : { url }), priority }));
  if (present.length > 0 && !/^\s*\[\[\s*tool\s*\.\s*poetry\s*\.\s*source\s*\]\]/m.test(text)) {
    return tables.reduce((now, table) => pushItem(now, ['tool', 'poetry', 'source'], table), text);
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const blocks = tables.map((table) =>
    [
      '',
      '[[tool.poetry.source]]',
      ...Object.entries(table).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`),
      '',
    ].join(newline),
  );
  const result = (text === '' || text.endsWith('\n') ? text : text + newline) + blocks.join('');
  const after = asArray(tableAt(readToml(result, 'pyproject.toml'), 'tool', 'poetry')?.source);
  if (after.length !== present.length + fresh.length) {
    throw new TercetError('manifest-odd', 'The sources could not be added to pyproject.toml: add them by hand.');
  }
  return result;
}
