/** JSON as Python's `json.dumps` writes it: a space after `,` and `:`, ASCII only. Lock hashes, lists and metadata depend on it. */

import { compareCodePoints } from './code-points.ts';

export interface PythonJsonOptions {
  /** Order the keys of tables by code point (`sort_keys`). Default: as they come. */
  readonly sortKeys?: boolean;
}

/** The text of a value made of tables, arrays, strings, numbers, booleans and null. Throws a `TypeError` for dates, as Python does. */
export function pythonJson(value: unknown, options: PythonJsonOptions = {}): string {
  if (typeof value === 'string') return asciiString(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item, options)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  if (value instanceof Date) throw new TypeError('dates and times have no JSON form');
  const entries = Object.entries(value);
  if (options.sortKeys === true) entries.sort(([a], [b]) => compareCodePoints(a, b));
  return `{${entries.map(([key, item]) => `${asciiString(key)}: ${pythonJson(item, options)}`).join(', ')}}`;
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Non-integers as Python's `repr`; a float without fraction cannot be told from an integer any more. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Number.isInteger(value)) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}
