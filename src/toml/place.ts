/** Where the value of a path stands in a TOML text, for messages that point at it. */

import type { AST } from 'toml-eslint-parser';
import { outlineOf, startsWith } from './_outline.ts';
import type { TomlPath } from './edit.ts';

/** A value with its line. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** As written: `key = value`; of an array's item the item alone. */
  readonly text: string;
}

/** The place of what stands at `path`; undefined where nothing does. `text` must be TOML. */
export function placeOf(text: string, path: TomlPath): Place | undefined {
  for (const { entries } of outlineOf(text).regions) {
    for (const entry of entries) {
      if (!startsWith(path, entry.path)) continue;
      const rest = path.slice(entry.path.length);
      const range = rest.length === 0 ? ([entry.start, entry.end] as const) : within(entry.value, rest);
      if (range === undefined) continue;
      return { line: text.slice(0, range[0]).split('\n').length, text: text.slice(range[0], range[1]) };
    }
  }
  return undefined;
}

function within(node: AST.TOMLContentNode, path: TomlPath): readonly [number, number] | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return node.range;
  if (node.type === 'TOMLArray') {
    const item = typeof key === 'number' ? node.elements[key] : undefined;
    return item === undefined ? undefined : within(item, rest);
  }
  if (node.type !== 'TOMLInlineTable') return undefined;
  for (const entry of node.body) {
    const keys = entry.key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value));
    if (!startsWith(path, keys)) continue;
    if (keys.length === path.length) return entry.range;
    const found = within(entry.value, path.slice(keys.length));
    if (found !== undefined) return found;
  }
  return undefined;
}
