/** What is loaded before anything is decided: a module of the runtime that need not be there costs every start. */

import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file and all that it imports before it runs. */
function loadedBy(file: string, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, path = ''] of text.matchAll(/^(?:import|export) (?!type ).*from '(\.[^']+)';$/gm))
    loadedBy(join(dirname(file), path), found);
  return found;
}

test('the entry loads a handful of small files and no module of the runtime', () => {
  const loaded = loadedBy(join(import.meta.dir, '../../src/main.ts'));
  expect(loaded.size).toBeGreaterThan(2);
  expect(loaded.size).toBeLessThan(8);
  for (const text of loaded.values()) expect(text).not.toMatch(/^import .*from '(?!\.)/m);
});
