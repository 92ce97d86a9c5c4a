/**
 * TOML 1.0 text → plain values. What is wrong is said with its place in the text.
 *
 * Tables are objects, arrays are arrays, dates and times `Date`s; integers and floats are both `number`s.
 */

import { parse, TomlError } from 'smol-toml';
import { ParseError, type Span } from '../ground/error.ts';

/** A TOML table as plain values. */
export type TomlTable = Readonly<Record<string, unknown>>;

/**
 * The document as a plain object.
 *
 * @param source what the text is, for messages: `pyproject.toml`
 * @throws ParseError with the span of the first offence (duplicate keys, bad syntax, nesting beyond any sense)
 */
export function readToml(text: string, source: string): Record<string, unknown> {
  try {
    return parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof TomlError) {
      throw new ParseError(
        `Invalid TOML file ${source}: ${reason(error)}`,
        text,
        spanAt(text, error.line, error.column),
      );
    }
    if (error instanceof RangeError) {
      throw new ParseError(`Invalid TOML file ${source}: nested too deeply`, text, { start: 0, end: text.length });
    }
    throw error;
  }
}

/** `value` if it is a table, else undefined. */
export function asTable(value: unknown): TomlTable | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as TomlTable)
    : undefined;
}

/** `value` if it is an array, else an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings among the array's items; none where `value` is no array. */
export function asStrings(value: unknown): string[] {
  return asArray(value).filter((item): item is string => typeof item === 'string');
}

/** `value` if it is a string, else undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The table at a path of keys, if every step is a table. */
export function tableAt(table: TomlTable, ...path: readonly string[]): TomlTable | undefined {
  let at: TomlTable | undefined = table;
  for (const key of path) {
    at = at !== undefined && Object.hasOwn(at, key) ? asTable(at[key]) : undefined;
  }
  return at;
}

function reason(error: TomlError): string {
  const first = error.message.split('\n', 1)[0] ?? '';
  return `${first.replace(/^Invalid TOML document: /, '')} (at line ${error.line}, column ${error.column})`;
}

/** `line` and `column` count from one. */
function spanAt(text: string, line: number, column: number): Span {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  start = Math.min(start + Math.max(column - 1, 0), text.length);
  return { start, end: Math.min(start + 1, text.length) };
}
