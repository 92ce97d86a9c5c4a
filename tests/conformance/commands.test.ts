/**
 * Every command, argument and option of Poetry 2.5.1 and its export plug-in is known. `poetry-2.5.1.json` holds their names and shapes, as
 * the real Poetry told them; `docs/commands.md` says which tests cover each command.
 */

import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../src/cli/catalogue.ts';
import type { Command } from '../../src/cli/command.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/global-options.ts';
import facts from './poetry-2.5.1.json';

/** Commands that are not there yet: take a name off the list when it is. */
const MISSING: ReadonlySet<string> = new Set(['publish', 'python install', 'python list', 'python remove']);

const ROOT = join(import.meta.dir, '../..');
const commands = new Map((await catalogue.loadAll()).map((command) => [command.name, command]));

test('every global option', () => {
  for (const { name, takesValue, ...rest } of facts.globals) {
    const own = GLOBAL_OPTIONS.find((one) => one.name === name);
    expect(own?.name).toBe(name);
    expect(own?.takesValue ?? false).toBe(takesValue);
    expect(own?.short).toBe('short' in rest ? rest.short : undefined);
  }
});

test.each(facts.commands.map(({ name }) => name))('%s: every argument and option', (name) => {
  const theirs = facts.commands.find((one) => one.name === name);
  const ours = commands.get(name);
  if (ours === undefined && MISSING.has(name)) return;
  expect(ours?.name).toBe(name);
  expect(ours?.hidden ?? false).toBe(theirs?.hidden ?? false);
  expect(ours?.arguments.map(argumentShape)).toEqual(theirs?.arguments);
  for (const option of theirs?.options ?? []) expect(shapeOf(ours, option.name)).toEqual(option);
});

function argumentShape({ name, required, multiple }: Command['arguments'][number]) {
  return { name, required: required ?? true, multiple: multiple ?? false };
}

function shapeOf(command: Command | undefined, name: string) {
  const own = command?.options.find((one) => one.name === name);
  if (own === undefined) return undefined;
  return {
    name,
    ...(own.short === undefined ? {} : { short: own.short }),
    takesValue: own.takesValue ?? false,
    multiple: own.multiple ?? false,
    ...(own.default === undefined ? {} : { default: own.default }),
  };
}

const rows = new Map(
  readFileSync(join(ROOT, 'docs/commands.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, tests] = /^\| `([^`]+)` \|(.*)\|$/.exec(line) ?? [];
      return name === undefined || tests === undefined ? [] : [[name, tests] as const];
    }),
);

test.each(facts.commands.map(({ name }) => name))('%s: has a row that says where it is tested', (name) => {
  const row = rows.get(name);
  if (row === undefined) throw new Error(`docs/commands.md has no row for \`${name}\``);
  const files = [...row.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  if (!MISSING.has(name)) expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect({ file, exists: existsSync(join(ROOT, file)) }).toEqual({ file, exists: true });
});
