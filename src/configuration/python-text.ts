/** Values as Python prints them, since scripts compare what `config` prints: `repr(value)`. */

import { textRepr } from '../ground/python-repr.ts';
import { isTable } from './configuration.ts';

/** `str` of a dictionary or a plain value: texts inside are quoted, a text by itself is not. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return textRepr(value);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (isTable(value)) {
    const items = Object.entries(value).map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`);
    return `{${items.join(', ')}}`;
  }
  return String(value);
}
