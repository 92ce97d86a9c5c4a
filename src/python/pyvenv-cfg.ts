/** `pyvenv.cfg` (PEP 405): `key = value` lines, keys in any case. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The keys, in lower case, and values of `prefix`'s `pyvenv.cfg`; undefined when there is none. */
export function readPyvenvCfg(prefix: string): ReadonlyMap<string, string> | undefined {
  let text: string;
  try {
    text = readFileSync(join(prefix, 'pyvenv.cfg'), 'utf8');
  } catch {
    return undefined;
  }
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return values;
}

/** `pyvenv.cfg`'s text from keys and values. Line breaks in a value would make further keys: they become spaces. */
export function formatPyvenvCfg(values: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [key, value] of values) text += `${key} = ${value.replace(/[\r\n]+/g, ' ')}\n`;
  return text;
}
