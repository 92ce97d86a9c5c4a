/** Plain values → TOML text on one line, as tomlkit (Poetry's writer) spells it. */

import { asTable } from './read.ts';

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: TOML wants them escaped
const TO_ESCAPE = /["\\\x00-\x1f\x7f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: TOML wants them escaped
const MUST_ESCAPE = /["\\\x00-\x1f\x7f]/;

/** A basic string with its quotes. */
export function tomlString(text: string): string {
  if (!MUST_ESCAPE.test(text)) return `"${text}"`;
  const escaped = text.replace(
    TO_ESCAPE,
    (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** A key: bare where TOML allows it, else quoted. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

/**
 * A value on one line: inline arrays and inline tables without inner padding.
 *
 * @throws Error for what TOML cannot say (null, undefined, functions)
 */
export function tomlValue(value: unknown): string {
  if (typeof value === 'string') return tomlString(value);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  const table = asTable(value);
  if (table === undefined) throw new Error(`not a TOML value: ${String(value)}`);
  return `{${Object.entries(table)
    .map(([key, item]) => `${tomlKey(key)} = ${tomlValue(item)}`)
    .join(', ')}}`;
}
