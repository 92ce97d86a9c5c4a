/**
 * A command as data: its arguments and options are a table from which the command line is read (`grammar.ts`) and the
 * help is written (`render/help.ts`). Each file in `commands/` exports one as `command`.
 */

import type { Context } from '../app/context.ts';

export interface Argument {
  readonly name: string;
  readonly description: string;
  /** Default: true. */
  readonly required?: boolean;
  /** The option in whose presence it may be missing all the same. */
  readonly unless?: string;
  /** Takes all that is left; only the last argument may. Default: false. */
  readonly multiple?: boolean;
  /** Shown in the help, and what `argument()` answers where none was given. */
  readonly default?: string;
}

export interface Option {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter, without dash. */
  readonly short?: string;
  readonly description: string;
  /** Takes a value (`--group dev`, `--group=dev`, `-Gdev`). Default: false, a flag. */
  readonly takesValue?: boolean;
  /** May be given more than once, every value counts. Default: false, the last value counts. */
  readonly multiple?: boolean;
  /** Shown in the help, and what `value()` answers where none was given. */
  readonly default?: string;
  /** Accepted, but not in the help: spellings of older Poetry versions. Default: false. */
  readonly hidden?: boolean;
}

/** What was written on the command line, already checked against the command's table. */
export interface Input {
  readonly arguments: ReadonlyMap<string, readonly string[]>;
  /** Values in order given; a flag that was given has the one value ''. Without global options. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

export interface Command {
  /** One word, or two with one space: `env info`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Longer text below the options; may have several lines. */
  readonly help?: string;
  /** Works, but `list` does not name it. Default: false. */
  readonly hidden?: boolean;
  /** Whether an unknown command line is taken as it is: everything after the name is an argument. Default: false. */
  readonly passThrough?: boolean;
  /** Does the work and answers with the exit code; throws `TercetError` for what ends it with a message. */
  run(context: Context, input: Input, catalogue: Catalogue): Promise<number>;
}

/** All commands there are. Nothing is loaded before it is asked for. */
export interface Catalogue {
  /** First words of the commands of two words. */
  readonly namespaces: ReadonlySet<string>;
  /** The command of that exact name; undefined where there is none. */
  load(name: string): Promise<Command | undefined>;
  /** Every command, for the list and for suggestions. */
  loadAll(): Promise<readonly Command[]>;
}

/** Whether the flag was given. */
export function flag(input: Input, name: string): boolean {
  return input.options.has(name);
}

/** The last value given, or undefined. Defaults of the table are filled in by the grammar. */
export function value(input: Input, name: string): string | undefined {
  return input.options.get(name)?.at(-1);
}

/** All values given, in order. */
export function values(input: Input, name: string): readonly string[] {
  return input.options.get(name) ?? [];
}

/** An argument's (first) value, or undefined. */
export function argument(input: Input, name: string): string | undefined {
  return input.arguments.get(name)?.[0];
}

/** All values of an argument that takes several. */
export function argumentList(input: Input, name: string): readonly string[] {
  return input.arguments.get(name) ?? [];
}
