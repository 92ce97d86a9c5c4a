/**
 * Every command, argument and option of Poetry 2.5.1 and its export plug-in is known. `poetry-2.5.1.json` holds their names and shapes, as
 * the real Poetry told them; `docs/commands.md` says which tests cover each command, and every option is given in one of these.
 */

import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../src/cli/catalogue.ts';
import type { Command, Option } from '../../src/cli/command.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/global-options.ts';
import { SCENARIOS } from '../compat/scenarios.ts';
import facts from './poetry-2.5.1.json';

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

const listed = [...commands.values()].map(({ name }) => name);

test('every row is a command', () => {
  expect([...rows.keys()].filter((name) => !commands.has(name))).toEqual([]);
});

test.each(listed)('%s: is tested, and each of its options', (name) => {
  const files = [...(rows.get(name) ?? '').matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect({ file, exists: existsSync(join(ROOT, file)) }).toEqual({ file, exists: true });
  const texts = files.map((file) => (file === COMPAT ? compatLines(name) : readFileSync(join(ROOT, file), 'utf8')));
  const options = commands.get(name)?.options.filter(({ hidden }) => hidden !== true) ?? [];
  const untested = options.filter((option) => !texts.some((text) => isGivenIn(text, option)));
  expect(untested.map((option) => option.name)).toEqual([]);
});

const COMPAT = 'tests/compat/scenarios.ts';

/** The command lines of the comparison with Poetry that are this command's, one below the other, each word in quotes. */
function compatLines(name: string): string {
  return SCENARIOS.flatMap(({ lines }) => lines)
    .filter((line) => line === name || line.startsWith(`${name} `))
    .map((line) => `'${line.replaceAll(' ', "' '")}'`)
    .join('\n');
}

/** Whether a text has the option as a word of a command line: `'--group'`, `'--group=x'`, `'-G'`, `'-Gx'`. */
function isGivenIn(text: string, { name, short }: Option): boolean {
  const long = `--${name}(?=['"\`= ,])`;
  return new RegExp(short === undefined ? long : `${long}|(?<=['"\` ])-${short}(?=['"\` ,=\\w])`).test(text);
}
