/** Writing one value into a configuration file. Files are made for their owner alone; all else in them stays as it is. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { atomicWrite } from '../files/atomic-write.ts';
import { readText } from '../files/read-text.ts';
import { isTable, readTable } from './configuration.ts';

/** The value that a file itself has at a path; undefined where it has none. */
export async function readProperty(file: string, path: readonly string[]): Promise<unknown> {
  return valueAt(await readTable(file), path);
}

/** Sets the value, and makes file and folders where they are missing. */
export async function setProperty(file: string, path: readonly string[], value: unknown): Promise<void> {
  const { addTable, removeKey, setKey } = await import('../toml/edit.ts');
  const text = textOf(file) ?? '';
  if (!isTable(value)) {
    write(file, setKey(text, path, value));
    return;
  }
  const entries = Object.entries(value);
  write(file, entries.length === 0 ? setKey(text, path, value) : addTable(removeKey(text, path), path, value));
}

/** Removes the value, and every table above that is empty then. A file that has nothing else stays, empty. */
export async function removeProperty(file: string, path: readonly string[]): Promise<void> {
  if ((await readProperty(file, path)) === undefined) return;
  const [{ removeKey }, { readToml }] = await Promise.all([import('../toml/edit.ts'), import('../toml/read.ts')]);
  let text = removeKey(textOf(file) ?? '', path);
  for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
    const left = valueAt(readToml(text, file), above);
    if (left === undefined) continue;
    if (!isTable(left) || Object.keys(left).length > 0) break;
    text = removeKey(text, above);
  }
  write(file, text);
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  let value = tree;
  for (const key of path) value = isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function textOf(file: string): string | undefined {
  try {
    return readText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function write(file: string, text: string): void {
  const isNew = textOf(file) === undefined;
  if (isNew) mkdirSync(dirname(file), { recursive: true });
  atomicWrite(file, text, isNew ? { mode: 0o600 } : {});
}
