/** Lists, tables and texts as Python's `pprint.pformat` lays them out, 80 columns wide: what a generated `setup.py` holds. */

import { compareCodePoints } from '../ground/code-points.ts';
import { textRepr } from '../ground/python-repr.ts';

export type PythonValue = string | readonly PythonValue[] | { readonly [key: string]: PythonValue };

const WIDTH = 80;

/** The text; tables in the order of their keys. */
export function pformat(value: PythonValue): string {
  return format(value, { indent: 0, allowance: 0, level: 1 });
}

/** Where a value stands: columns before it, columns needed behind it, how deep. */
interface Place {
  readonly indent: number;
  readonly allowance: number;
  readonly level: number;
}

function format(value: PythonValue, place: Place): string {
  const flat = repr(value);
  if (flat.length <= WIDTH - place.indent - place.allowance) return flat;
  if (typeof value === 'string') return formatText(value, place);
  return isList(value) ? formatList(value, place) : formatTable(value, place);
}

function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

function entriesOf(table: { readonly [key: string]: PythonValue }): readonly (readonly [string, PythonValue])[] {
  return Object.entries(table).sort(([a], [b]) => compareCodePoints(a, b));
}

function repr(value: PythonValue): string {
  if (typeof value === 'string') return textRepr(value);
  if (isList(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${entriesOf(value)
    .map(([key, item]) => `${textRepr(key)}: ${repr(item)}`)
    .join(', ')}}`;
}

function formatList(items: readonly PythonValue[], { indent, allowance, level }: Place): string {
  const lines = items.map((item, index) => {
    const isLast = index === items.length - 1;
    return format(item, { indent: indent + 1, allowance: isLast ? allowance + 1 : 1, level: level + 1 });
  });
  return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
}

function formatTable(table: { readonly [key: string]: PythonValue }, { indent, allowance, level }: Place): string {
  const entries = entriesOf(table);
  const lines = entries.map(([name, item], index) => {
    const key = textRepr(name);
    const isLast = index === entries.length - 1;
    const inner = { indent: indent + key.length + 3, allowance: isLast ? allowance + 1 : 1, level: level + 1 };
    return `${key}: ${format(item, inner)}`;
  });
  return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

/** A text that is too long is broken behind white space, into literals that follow each other. */
function formatText(text: string, place: Place): string {
  const isOutermost = place.level === 1;
  const indent = place.indent + (isOutermost ? 1 : 0);
  const allowance = place.allowance + (isOutermost ? 1 : 0);
  const width = WIDTH - indent;
  const lines = text.split(/(?<=\n)/);
  const chunks: string[] = [];
  lines.forEach((line, index) => {
    const isLastLine = index === lines.length - 1;
    if (textRepr(line).length <= width - (isLastLine ? allowance : 0)) {
      chunks.push(textRepr(line));
      return;
    }
    let current = '';
    const parts = line.match(/\S+\s*|\s+/g) ?? [];
    parts.forEach((part, at) => {
      const isLast = isLastLine && at === parts.length - 1;
      if (textRepr(current + part).length > width - (isLast ? allowance : 0)) {
        if (current !== '') chunks.push(textRepr(current));
        current = part;
      } else current += part;
    });
    if (current !== '') chunks.push(textRepr(current));
  });
  const joined = chunks.join(`\n${' '.repeat(indent)}`);
  return isOutermost && chunks.length > 1 ? `(${joined})` : joined;
}
