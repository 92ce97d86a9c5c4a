/**
 * Edits of a TOML text that leave everything else as it is: comments, spaces, line ends, the order of keys. New text
 * is laid out as tomlkit (Poetry's writer) lays it out.
 *
 * Every edit reads its result again and compares it with what was meant, so that a wrong edit is an error and never a
 * damaged file.
 */

import type { AST } from 'toml-eslint-parser';
import {
  type ArrayLayout,
  type ArrayPart,
  arrayLayout,
  arrayText,
  pushValue,
  removeValue,
  replaceValue,
} from './_array-layout.ts';
import {
  type Entry,
  innerEntries,
  type Key,
  lineEnd,
  lineStart,
  type Outline,
  outlineOf,
  type Region,
  samePath,
  startsWith,
} from './_outline.ts';
import { asTable, readToml } from './read.ts';
import { tomlKey, tomlValue } from './write.ts';

/** Keys from the root of the document; numbers count the elements of an array of tables. */
export type TomlPath = readonly (string | number)[];

/** TOML text for a value, where the layout matters: several lines, for instance. */
export interface Laid {
  readonly value: unknown;
  readonly text: string;
}

/**
 * Sets a key. Where it exists its value is replaced, and the comment behind it stays; else it comes last in its table,
 * which is made where it is missing.
 *
 * @throws ParseError where `text` is no TOML
 */
export function setKey(text: string, path: TomlPath, value: unknown | Laid): string {
  const laid = isLaid(value) ? value : { value, text: tomlValue(value) };
  return guarded(
    text,
    (outline) => withKey(outline, path, laid.text),
    (root) => assign(root, path, laid.value),
  );
}

/** Removes a key, or a table with all that is in it. Nothing happens where there is none. */
export function removeKey(text: string, path: TomlPath): string {
  return guarded(
    text,
    (outline) => withoutKey(outline, path),
    (root, edited) => unassign(root, path, edited),
  );
}

/** Adds an item to the end of an array. */
export function pushItem(text: string, path: TomlPath, value: unknown): string {
  return editArray(
    text,
    path,
    (layout) => pushValue(layout, tomlValue(value)),
    (items) => [...items, value],
  );
}

/** Puts another value in the place of an array's item. */
export function replaceItem(text: string, path: TomlPath, index: number, value: unknown): string {
  return editArray(
    text,
    path,
    (layout) => replaceValue(layout, index, tomlValue(value)),
    (items) => items.with(index, value),
  );
}

/** Takes an item out of an array. */
export function removeItem(text: string, path: TomlPath, index: number): string {
  return editArray(
    text,
    path,
    (layout) => removeValue(layout, index),
    (items) => items.toSpliced(index, 1),
  );
}

/**
 * Adds a table with its header behind what its parent holds already, a blank line before it.
 *
 * @param blankAfter leave a blank line behind it as well. Default: false
 */
export function addTable(
  text: string,
  path: readonly string[],
  entries: Readonly<Record<string, unknown>>,
  options: { readonly blankAfter?: boolean } = {},
): string {
  const values = Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, isLaid(value) ? value.value : value]),
  );
  return guarded(
    text,
    (outline) => {
      const lines = Object.entries(entries).map(
        ([key, value]) => `${tomlKey(key)} = ${isLaid(value) ? value.text : tomlValue(value)}`,
      );
      return withTable(outline, path, lines, options.blankAfter ?? false);
    },
    (root) => assign(root, path, { ...(asTable(at(root, path)) ?? {}), ...values }),
  );
}

/**
 * Adds a table to an array of tables, which is made where it is missing: behind the tables that are there, a blank line before and
 * behind it. An array that is written in brackets gets one more item.
 */
export function pushTable(text: string, path: readonly string[], entries: Readonly<Record<string, unknown>>): string {
  if (isKeyValue(text, path)) return pushItem(text, path, entries);
  const before = at(readToml(text, 'pyproject.toml') as Values, path);
  const count = Array.isArray(before) ? before.length : 0;
  return guarded(
    text,
    (outline) => {
      const lines = Object.entries(entries).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`);
      return withTable(outline, [...path, count], lines, true);
    },
    (root) => assign(root, path, [...(Array.isArray(before) ? before : []), entries]),
  );
}

/** Whether what stands at `path` is written as `key = value`, and not as tables with headers. */
export function isKeyValue(text: string, path: TomlPath): boolean {
  return findEntry(outlineOf(text), path) !== undefined;
}

function isLaid(value: unknown): value is Laid {
  return (
    typeof value === 'object' &&
    value !== null &&
    'text' in value &&
    'value' in value &&
    Object.keys(value).length === 2
  );
}

// --- the guard -----------------------------------------------------------------------------------------------------

type Values = Record<Key, unknown>;

/** @param mean does to the values what `edit` does to the text; it is shown what became of the text */
function guarded(
  text: string,
  edit: (outline: Outline) => string,
  mean: (root: Values, edited: Values) => void,
): string {
  const intended = structuredClone(readToml(text, 'pyproject.toml')) as Values;
  const edited = edit(outlineOf(text));
  const values = readToml(edited, 'the edited text') as Values;
  mean(intended, values);
  if (!sameValue(values, intended)) throw new Error('a TOML edit went wrong; nothing was written');
  return edited;
}

function at(root: Values, path: TomlPath): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Values)[key];
  }
  return value;
}

function assign(root: Values, path: TomlPath, value: unknown): void {
  let table = root;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(table, key)) define(table, key, {});
    table = table[key] as Values;
  }
  const last = path.at(-1);
  if (last !== undefined) define(table, last, structuredClone(value));
}

/** Also for `__proto__`, which plain assignment would misread. */
function define(table: Values, key: Key, value: unknown): void {
  Object.defineProperty(table, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Tables above that are empty then and had no header of their own go as well. */
function unassign(root: Values, path: TomlPath, edited: Values): void {
  const parent = at(root, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent !== 'object' || parent === null || last === undefined) return;
  if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
  else delete (parent as Values)[last];
  const isGone = path.length > 1 && Object.keys(parent).length === 0 && at(edited, path.slice(0, -1)) === undefined;
  if (isGone) unassign(root, path.slice(0, -1), edited);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  const [left, right] = [asTable(a), asTable(b)];
  if (left === undefined || right === undefined) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}

// --- finding -------------------------------------------------------------------------------------------------------

interface Found {
  readonly entry: Entry;
  /** The inline table it is in. */
  readonly inline: AST.TOMLInlineTable | undefined;
}

function findEntry(outline: Outline, path: TomlPath): Found | undefined {
  for (const region of outline.regions) {
    if (!startsWith(path, region.path)) continue;
    const found = findAmong(region.entries, undefined, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findAmong(entries: readonly Entry[], inline: Found['inline'], path: TomlPath): Found | undefined {
  for (const entry of entries) {
    if (!startsWith(path, entry.path)) continue;
    if (samePath(path, entry.path)) return { entry, inline };
    if (entry.value.type === 'TOMLInlineTable')
      return findAmong(innerEntries(entry.value, entry.path), entry.value, path);
  }
  return undefined;
}

// --- keys ----------------------------------------------------------------------------------------------------------

function withKey(outline: Outline, path: TomlPath, value: string): string {
  const { text } = outline;
  const found = findEntry(outline, path);
  if (found !== undefined) return splice(text, found.entry.valueStart, found.entry.valueEnd, value);
  const parent = path.slice(0, -1);
  const key = tomlKey(String(path.at(-1)));
  const holder = findEntry(outline, parent);
  if (holder?.entry.value.type === 'TOMLInlineTable')
    return withInlineKey(text, holder.entry.value, `${key} = ${value}`);
  const region = outline.regions.find((each) => samePath(each.path, parent));
  if (region !== undefined) return withLine(outline, region, `${region.indent}${key} = ${value}`);
  const dotted = lastDotted(outline, parent);
  if (dotted !== undefined) {
    const prefix = parent.slice(dotted.region.path.length).map((step) => tomlKey(String(step)));
    const line = `${dotted.region.indent}${[...prefix, key].join('.')} = ${value}`;
    return insertLines(outline, lineEnd(text, dotted.entry.end), [line]);
  }
  return withTable(outline, parent.map(String), [`${key} = ${value}`], false);
}

/** The last entry whose dotted keys lead into the table at `path`. */
function lastDotted(outline: Outline, path: TomlPath): { readonly region: Region; readonly entry: Entry } | undefined {
  for (const region of outline.regions) {
    if (!startsWith(path, region.path)) continue;
    const entry = region.entries.findLast((each) => each.path.length > path.length && startsWith(each.path, path));
    if (entry !== undefined) return { region, entry };
  }
  return undefined;
}

/** A line at the end of a region: behind its last key or comment, before the blank lines that end it. */
function withLine(outline: Outline, region: Region, line: string): string {
  const lastEntry = region.entries.at(-1)?.end ?? -1;
  const lastComment =
    outline.comments.findLast(({ start, end }) => start >= region.bodyStart && end <= region.end)?.end ?? -1;
  const last = Math.max(lastEntry, lastComment);
  const offset = last < 0 ? region.bodyStart : lineEnd(outline.text, last);
  const next = outline.regions.find(({ start, kind }) => kind !== 'root' && start === offset);
  const blank = next !== undefined && startsWith(next.path, region.path) ? [''] : [];
  return insertLines(outline, offset, [line, ...blank]);
}

function insertLines({ text, newline }: Outline, offset: number, lines: readonly string[]): string {
  const before = text.slice(0, offset);
  const missing = before !== '' && !before.endsWith('\n') ? newline : '';
  return before + missing + lines.map((line) => line.replaceAll('\n', newline) + newline).join('') + text.slice(offset);
}

function withInlineKey(text: string, table: AST.TOMLInlineTable, entry: string): string {
  const last = table.body.at(-1);
  if (last === undefined) return splice(text, table.range[0], table.range[1], `{${entry}}`);
  return splice(text, last.range[1], last.range[1], `, ${entry}`);
}

function withoutKey(outline: Outline, path: TomlPath): string {
  const found = findEntry(outline, path);
  if (found?.inline !== undefined) return withoutInlineKey(outline.text, found.inline, found.entry);
  const cuts: (readonly [number, number])[] = [];
  for (const region of outline.regions) {
    if (region.kind !== 'root' && startsWith(region.path, path)) {
      cuts.push([region.start, bannerStart(outline, region) ?? region.end]);
      continue;
    }
    for (const entry of region.entries) {
      if (startsWith(entry.path, path))
        cuts.push([lineStart(outline.text, entry.start), lineEnd(outline.text, entry.end)]);
    }
  }
  return cuts.reduceRight((text, [start, end]) => splice(text, start, end, ''), outline.text);
}

/** Where comments begin that follow a region's last key after a blank line: they speak of what comes next. */
function bannerStart({ text, comments }: Outline, region: Region): number | undefined {
  let last = lineEnd(text, (region.entries.at(-1)?.end ?? region.bodyStart) - 1);
  for (const { start } of comments.filter((comment) => comment.start >= last && comment.end <= region.end)) {
    const line = lineStart(text, start);
    if (text.slice(last, line).includes('\n')) return line;
    last = lineEnd(text, start);
  }
  return undefined;
}

function withoutInlineKey(text: string, table: AST.TOMLInlineTable, entry: Entry): string {
  const index = table.body.findIndex((node) => node.range[0] === entry.start);
  const next = table.body[index + 1];
  const previous = table.body[index - 1];
  if (next !== undefined) return splice(text, entry.start, next.range[0], '');
  if (previous !== undefined) return splice(text, previous.range[1], entry.end, '');
  return splice(text, entry.start, entry.end, '');
}

// --- tables --------------------------------------------------------------------------------------------------------

/** A new header with its lines, at the end of what its nearest existing ancestor holds. A number at the end: of an array of tables. */
function withTable(outline: Outline, path: TomlPath, lines: readonly string[], blankAfter: boolean): string {
  const { text, newline, regions } = outline;
  const name = path.filter((key) => typeof key === 'string').map(tomlKey);
  const header = typeof path.at(-1) === 'number' ? `[[${name.join('.')}]]` : `[${name.join('.')}]`;
  const tail = blankAfter ? [''] : [];
  const child = regions.find((region) => region.kind !== 'root' && startsWith(region.path, path));
  if (child !== undefined) return insertLines(outline, child.start, [header, ...lines, '']);
  const family = endOfFamily(regions, path);
  const before = text.slice(0, family?.end ?? text.length);
  const isBare = family !== undefined && family.bodyStart === family.end && startsWith(path, family.path);
  const isApart = isBare || before.trim() === '' || !before.endsWith('\n') || /\n[ \t]*\r?\n$/.test(before);
  const complete = before === '' || before.endsWith('\n') ? before : before + newline;
  const added = [...(isApart ? [] : ['']), header, ...lines, ...tail];
  return complete + added.map((line) => line.replaceAll('\n', newline) + newline).join('') + text.slice(before.length);
}

/** The last of the tables that share the longest beginning with `path`; if they stand apart, of the first of them. */
function endOfFamily(regions: readonly Region[], path: TomlPath): Region | undefined {
  for (let depth = path.length - 1; depth > 0; depth--) {
    const family = path.slice(0, depth);
    const first = regions.findIndex((region) => startsWith(region.path, family));
    if (first < 0) continue;
    const stranger = regions.findIndex((region, index) => index > first && !startsWith(region.path, family));
    return regions[stranger < 0 ? regions.length - 1 : stranger - 1];
  }
  return undefined;
}

// --- arrays --------------------------------------------------------------------------------------------------------

function editArray(
  text: string,
  path: TomlPath,
  edit: (layout: ArrayLayout) => void,
  mean: (items: readonly unknown[]) => unknown[],
): string {
  const meant = (root: Values) => assign(root, path, mean((at(root, path) as readonly unknown[] | undefined) ?? []));
  return guarded(
    text,
    (outline) => {
      const found = findEntry(outline, path)?.entry;
      if (found?.value.type !== 'TOMLArray') throw new Error(`no array at ${path.join('.')}`);
      const inner = { start: found.valueStart + 1, end: found.valueEnd - 1 };
      const layout = arrayLayout(text.slice(inner.start, inner.end), partsOf(outline, found.value, inner));
      edit(layout);
      return splice(text, inner.start, inner.end, arrayText(layout));
    },
    meant,
  );
}

function partsOf(
  { comments }: Outline,
  array: AST.TOMLArray,
  inner: { readonly start: number; readonly end: number },
): ArrayPart[] {
  const values = array.elements.map(({ range }): ArrayPart => ({ kind: 'value', start: range[0], end: range[1] }));
  const own = comments.filter(
    ({ start, end }) =>
      start >= inner.start && end <= inner.end && !values.some((value) => start >= value.start && end <= value.end),
  );
  return [...values, ...own.map(({ start, end }): ArrayPart => ({ kind: 'comment', start, end }))]
    .sort((a, b) => a.start - b.start)
    .map(({ kind, start, end }) => ({ kind, start: start - inner.start, end: end - inner.start }));
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
