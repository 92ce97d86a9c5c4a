/**
 * Reads what stands after a command's name, by the command's table, in Poetry's grammar: options anywhere, `--name value`,
 * `--name=value`, `-nvalue`, bundled letters, `--` ends the options. The last argument may take all that is left.
 */

import type { Argument, Command, Input, Option } from './command.ts';
import { similarNames } from './suggest.ts';
import { usageError } from './usage-error.ts';

type Table = Pick<Command, 'name' | 'arguments' | 'options'>;

/**
 * The input that `tokens` (without the command's name and global options) mean, with defaults filled in.
 * Throws a `usage` error with Poetry's words.
 */
export function readInput(table: Table, tokens: readonly string[]): Input {
  const options = new Map<string, string[]>();
  const positional: string[] = [];
  const rest = [...tokens];
  let optionsEnded = false;

  const add = (option: Option, given: string | undefined): void => {
    const known = options.get(option.name) ?? [];
    known.push(valueFor(option, given, rest));
    options.set(option.name, known);
  };

  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (optionsEnded || token === '' || token === '-' || !token.startsWith('-')) positional.push(token);
    else if (token === '--') optionsEnded = true;
    else if (token.startsWith('--')) readLong(table, token, add);
    else readShort(table, token, add);
  }

  for (const option of table.options) {
    if (option.default !== undefined && !options.has(option.name)) options.set(option.name, [option.default]);
  }
  return { options, arguments: place(table, positional, options) };
}

type Add = (option: Option, given: string | undefined) => void;

function readLong(table: Table, token: string, add: Add): void {
  const equals = token.indexOf('=');
  const name = token.slice(2, equals < 0 ? undefined : equals);
  const option = table.options.find((one) => one.name === name);
  if (!option) throw usageError('unknown-option', `The option "--${name}" does not exist`, optionHint(table, name));
  add(option, equals < 0 ? undefined : token.slice(equals + 1));
}

/** The option that could have been meant. */
function optionHint(table: Table, name: string): string | undefined {
  const [near] = similarNames(
    name,
    table.options.map((one) => one.name),
  );
  return near === undefined ? undefined : `did you mean \`--${near}\`?`;
}

/** `-G dev`, `-Gdev`, or flags in one word, of which the last may take a value. */
function readShort(table: Table, token: string, add: Add): void {
  for (let at = 1; at < token.length; at++) {
    const letter = token.charAt(at);
    const option = table.options.find((one) => one.short === letter);
    if (!option) {
      throw usageError('unknown-option', `The option "${token.length === 2 ? `-${letter}` : letter}" does not exist`);
    }
    if (option.takesValue) {
      add(option, at + 1 < token.length ? token.slice(at + 1) : undefined);
      return;
    }
    add(option, undefined);
  }
}

/** The option's value: as attached, else the next token unless that is an option; `-` alone is none. */
function valueFor(option: Option, given: string | undefined, rest: string[]): string {
  if (!option.takesValue) {
    if (given !== undefined) {
      throw usageError('value-unexpected', `The "--${option.name}" option does not accept a value`);
    }
    return '';
  }
  if (given !== undefined && given !== '') return given;
  const next = rest[0];
  if (next !== undefined && (next === '-' || !next.startsWith('-'))) {
    rest.shift();
    return next;
  }
  if (given !== undefined) return given;
  throw usageError('value-missing', `The "--${option.name}" option requires a value`);
}

function place(
  table: Table,
  positional: readonly string[],
  options: Input['options'],
): ReadonlyMap<string, readonly string[]> {
  const placed = new Map<string, readonly string[]>();
  let at = 0;
  for (const argument of table.arguments) {
    if (argument.multiple) {
      if (at < positional.length) placed.set(argument.name, positional.slice(at));
      at = positional.length;
    } else {
      const value = positional[at++];
      if (value !== undefined) placed.set(argument.name, [value]);
    }
  }
  const extra = positional[at];
  if (extra !== undefined) throw usageError('too-many-arguments', tooMany(table, extra));
  const missing = table.arguments.filter(
    ({ name, required, unless = '' }) => required !== false && !placed.has(name) && !options.has(unless),
  );
  if (missing.length > 0) {
    throw usageError('too-few-arguments', `Not enough arguments (missing: "${missing.map(nameOf).join(', ')}")`);
  }
  for (const argument of table.arguments) {
    if (argument.default !== undefined && !placed.has(argument.name)) placed.set(argument.name, [argument.default]);
  }
  return placed;
}

function tooMany(table: Table, extra: string): string {
  if (table.arguments.length === 0) return `No arguments expected for "${table.name}" command, got "${extra}"`;
  const expected = table.arguments.map((one) => `"${one.name}"`).join(' ');
  return `Too many arguments to "${table.name}" command, expected arguments ${expected}`;
}

function nameOf(argument: Argument): string {
  return argument.name;
}
