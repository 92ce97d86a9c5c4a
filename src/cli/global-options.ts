/**
 * The options every command has. Poetry takes them before and after the command's name, so they are picked out of the
 * command line first; what is left is the name and what belongs to it.
 */

import type { Verbosity } from '../app/context.ts';
import type { Command, Option } from './command.ts';
import { usageError } from './usage-error.ts';

/** In the order of the help. `verbose` is listed last and spelled `-v|vv|vvv`. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { name: 'help', short: 'h', description: 'Show the help of a command; without one, the list of commands.' },
  { name: 'quiet', short: 'q', description: 'Print nothing, ask nothing.' },
  { name: 'version', short: 'V', description: 'Print the version of this program.' },
  { name: 'ansi', description: 'Colours, whatever the output is.' },
  { name: 'no-ansi', description: 'No colours.' },
  { name: 'no-interaction', short: 'n', description: 'Take the default answer to every question.' },
  { name: 'no-plugins', description: 'Load no plugins.' },
  {
    name: 'no-cache',
    description: 'Neither read nor reuse cached metadata and files in this call; nothing is deleted.',
  },
  { name: 'json', description: 'Print JSON, one object a line, for programs; ask nothing.' },
  { name: 'offline', description: 'Do not use the network: what is not in the cache is missing.' },
  {
    name: 'project',
    short: 'P',
    takesValue: true,
    description: "The project's folder. Relative arguments stay relative to the working directory.",
  },
  {
    name: 'directory',
    short: 'C',
    takesValue: true,
    description: 'Change to this folder first. Relative arguments are relative to it.',
  },
  {
    name: 'verbose',
    short: 'v|vv|vvv',
    description: 'Say more: once for details, twice for more, three times to debug.',
  },
];

export interface GlobalOptions {
  readonly help: boolean;
  readonly version: boolean;
  readonly ansi: boolean | undefined;
  readonly noInteraction: boolean;
  readonly noPlugins: boolean;
  readonly noCache: boolean;
  readonly offline: boolean;
  readonly json: boolean;
  /** As given. */
  readonly project: string | undefined;
  readonly directory: string | undefined;
  /** Undefined: not given on the command line. */
  readonly verbosity: Verbosity | undefined;
}

/** A command line taken apart. */
export interface CommandLine {
  readonly globals: GlobalOptions;
  /** All that is no global option, in order: the command's name, its options and arguments. */
  readonly tokens: readonly string[];
}

const LETTERS: Readonly<Record<string, string>> = { h: 'help', q: 'quiet', V: 'version', n: 'no-interaction' };
const FLAGS: ReadonlySet<string> = new Set([
  'help',
  'quiet',
  'version',
  'ansi',
  'no-ansi',
  'no-interaction',
  'no-plugins',
  'no-cache',
  'offline',
  'json',
]);
const VALUED_LETTERS: Readonly<Record<string, 'project' | 'directory'>> = { P: 'project', C: 'directory' };
/** Letters that are global options without a value, any number of them. */
const BUNDLE = /^-[hqVnv]+$/;

/** Commands after whose name only global options up to the first other word are ours. */
const PASS_THROUGH: ReadonlySet<string> = new Set(['run', 'script', 'task']);
/** The one option of theirs that takes a value, which is not yet the first other word. */
const PASS_THROUGH_VALUED = '--env-file';

/**
 * Picks the global options out of `argv` (without the program's name). Everything from `--` on is left alone, and so is
 * everything from the first argument of `run` on. Letters are taken out of a bundle only if all of it is global; see
 * `takeBundlesApart` for the others.
 */
export function splitGlobalOptions(argv: readonly string[]): CommandLine {
  const given: Given = { flags: new Set() };
  const tokens: string[] = [];
  let name: string | undefined;
  let at = 0;
  /** The value of an option: attached to it, else the next word. */
  const takeValue = (option: string, attached: string | undefined): string => {
    const value = attached ?? argv[++at];
    if (value === undefined) throw usageError('value-missing', `The "--${option}" option requires a value`);
    return value;
  };

  for (; at < argv.length; at++) {
    const token = argv[at] ?? '';
    const isPassedThrough = name !== undefined && PASS_THROUGH.has(name);
    if (token === '--') {
      tokens.push(...argv.slice(at));
      break;
    }
    if (!token.startsWith('-') || token === '-') {
      if (isPassedThrough) {
        tokens.push('--', ...argv.slice(at));
        break;
      }
      name ??= token;
      tokens.push(token);
    } else if (isPassedThrough && token === PASS_THROUGH_VALUED) {
      tokens.push(token, ...argv.slice(++at, at + 1));
    } else {
      const valued = valuedOption(token);
      if (valued !== undefined) given[valued.option] = takeValue(valued.option, valued.attached);
      else if (!takeFlags(given, token)) tokens.push(token);
    }
  }
  return { tokens, globals: globalsOf(given) };
}

/** What was found so far. */
interface Given {
  readonly flags: Set<string>;
  project?: string;
  directory?: string;
  verbosity?: Verbosity;
}

/** The global option with a value that a word is, and the value where it is attached: `--project=x`, `-Px`. */
function valuedOption(
  token: string,
): { readonly option: 'project' | 'directory'; readonly attached: string | undefined } | undefined {
  if (!token.startsWith('--')) {
    const option = VALUED_LETTERS[token.charAt(1)];
    return option && { option, attached: token.length > 2 ? token.slice(2) : undefined };
  }
  const [, option, attached] = /^--(project|directory)(?:=(.*))?$/s.exec(token) ?? [];
  return option === 'project' || option === 'directory' ? { option, attached } : undefined;
}

/** Takes a word that is a global option without a value, or the letters of several; false where it is anything else. */
function takeFlags(given: Given, token: string): boolean {
  if (token === '--verbose') given.verbosity = louder(given.verbosity, 1);
  else if (token.startsWith('--')) {
    if (!FLAGS.has(token.slice(2))) return false;
    given.flags.add(token.slice(2));
  } else {
    if (!BUNDLE.test(token)) return false;
    const loud = token.replace(/[^v]/g, '').length;
    if (loud > 0) given.verbosity = louder(given.verbosity, Math.min(loud, 3) as Verbosity);
    for (const letter of token.slice(1)) {
      const flag = LETTERS[letter];
      if (flag) given.flags.add(flag);
    }
  }
  return true;
}

function louder(one: Verbosity | undefined, other: Verbosity): Verbosity {
  return one === undefined || one < other ? other : one;
}

function globalsOf({ flags, project, directory, verbosity }: Given): GlobalOptions {
  return {
    help: flags.has('help'),
    version: flags.has('version'),
    ansi: flags.has('ansi') ? true : flags.has('no-ansi') ? false : undefined,
    noInteraction: flags.has('no-interaction'),
    noPlugins: flags.has('no-plugins'),
    noCache: flags.has('no-cache'),
    offline: flags.has('offline'),
    json: flags.has('json'),
    project,
    directory,
    verbosity: flags.has('quiet') ? -1 : verbosity,
  };
}

/** True for letters in one word of which some, but not all, are global options: `-sn`. */
export function isMixedBundle(token: string): boolean {
  return /^-\w*[hqVnv]/.test(token) && !BUNDLE.test(token) && VALUED_LETTERS[token.charAt(1)] === undefined;
}

/** `argv` with mixed bundles as one word a letter, up to the first that takes a value; `options` are those of the command. */
export function takeBundlesApart(
  argv: readonly string[],
  { name, options }: Pick<Command, 'name' | 'options'>,
): readonly string[] {
  if (PASS_THROUGH.has(name)) return argv;
  const end = argv.indexOf('--');
  return argv.flatMap((token, at) => {
    if (!isMixedBundle(token) || (end >= 0 && at > end)) return [token];
    const letters = [...token.slice(1)];
    const valued = letters.findIndex((letter) =>
      options.some(({ short, takesValue }) => short === letter && takesValue),
    );
    const flags = valued < 0 ? letters : letters.slice(0, valued);
    return [...flags.map((letter) => `-${letter}`), ...(valued < 0 ? [] : [`-${letters.slice(valued).join('')}`])];
  });
}

/** What `SHELL_VERBOSITY` asks for; 0 where it says nothing sensible. */
export function environmentVerbosity(text: string | undefined): Verbosity {
  return text === '-1' ? -1 : text === '1' ? 1 : text === '2' ? 2 : text === '3' ? 3 : 0;
}
