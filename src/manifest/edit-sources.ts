/** Edits of `[[tool.poetry.source]]`, text → text: sources come, change and go, everything else stays as it is. */

import { isKeyValue, pushTable, removeItem, removeKey, replaceItem, setKey } from '../toml/edit.ts';
import { asArray, asString, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import { modernSource } from './_sources.ts';
import type { Source } from './manifest.ts';
import { SOURCE_PRIORITIES } from './manifest.ts';

const PATH = ['tool', 'poetry', 'source'] as const;

/** The sources that are written down, in the order of the file; PyPI is among them only where it is written. */
export function writtenSources(toml: TomlTable): readonly Source[] {
  return asArray(tableAt(toml, 'tool', 'poetry')?.source).flatMap((entry) => {
    const table = asTable(modernSource(entry));
    const name = asString(table?.name);
    if (table === undefined || name === undefined) return [];
    const priority = SOURCE_PRIORITIES.find((known) => known === table.priority) ?? 'primary';
    return [{ name, url: asString(table.url), priority }];
  });
}

/** The text with the source in it. One of the same name, in any case, is changed where it stands. */
export function putSource(text: string, source: Source): string {
  const at = positionOf(text, source.name);
  const url = source.url === undefined ? {} : { url: source.url };
  const table = { name: source.name, ...url, priority: source.priority };
  if (at < 0) return pushTable(text, PATH, table);
  if (isKeyValue(text, PATH)) return replaceItem(text, PATH, at, table);
  const place = [...PATH, at];
  const named = setKey(text, [...place, 'name'], source.name);
  const located =
    source.url === undefined ? removeKey(named, [...place, 'url']) : setKey(named, [...place, 'url'], source.url);
  const plain = removeKey(removeKey(located, [...place, 'default']), [...place, 'secondary']);
  return setKey(plain, [...place, 'priority'], source.priority);
}

/** The text without the source of that name, in any case; the same text where there is none. */
export function removeSource(text: string, name: string): string {
  const at = positionOf(text, name);
  if (at < 0) return text;
  const only = writtenSources(readToml(text, 'pyproject.toml')).length === 1;
  if (!only && isKeyValue(text, PATH)) return removeItem(text, PATH, at);
  return removeKey(text, only ? PATH : [...PATH, at]);
}

function positionOf(text: string, name: string): number {
  const sources = writtenSources(readToml(text, 'pyproject.toml'));
  return sources.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
}
