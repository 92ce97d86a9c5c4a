/** From a command line to an exit code: global options, the command's name, its input, its run; and what is printed when it fails. */

import type { Context } from '../app/context.ts';
import { TercetError } from '../ground/error.ts';
import { errorText } from '../render/error-text.ts';
import { jsonError, jsonResult } from '../render/json.ts';
import { writeOut } from '../render/output.ts';
import { colours, noColours, takesColours } from '../render/style.ts';
import { catalogue } from './catalogue.ts';
import type { Command, Input } from './command.ts';
import {
  environmentVerbosity,
  type GlobalOptions,
  isMixedBundle,
  splitGlobalOptions,
  takeBundlesApart,
} from './global-options.ts';
import { readInput } from './grammar.ts';
import { modernize } from './legacy.ts';
import { versionLine } from './program.ts';
import { openScreen, type Process } from './screen.ts';

/** Milliseconds that a command has to tidy up after Ctrl-C. */
const GRACE = 500;

/** Runs the command line; never throws. Output is written as it comes. */
export async function dispatch(self: Process): Promise<number> {
  let verbosity = environmentVerbosity(self.env.SHELL_VERBOSITY);
  let clear = (): void => {};
  let json = false;
  let cancel = (): void => {};
  try {
    const { globals, tokens } = splitGlobalOptions(await withoutMixedBundles(self.argv));
    verbosity = globals.verbosity ?? verbosity;
    json = globals.json;
    if (globals.version) {
      if (verbosity >= 0) writeOut('out', `${versionLine(self.argv0)}\n`);
      return 0;
    }
    const screen = openScreen(self, globals, verbosity);
    clear = screen.clear;
    cancel = screen.cancel;
    const modern = modernize(tokens, catalogue.namespaces);
    for (const text of modern.notices) screen.emit({ kind: 'notice', text });
    const code = await runTokens(self, globals, modern.tokens, screen.context);
    if (json && verbosity >= 0) writeOut('out', `${jsonResult(code)}\n`);
    return code;
  } catch (error) {
    if (error instanceof TercetError && error.code === 'interrupted') {
      cancel();
      return error.exitCode;
    }
    clear();
    const paint = takesColours(2, self.env, undefined) ? colours : noColours;
    if (json && verbosity >= 0) writeOut('out', `${jsonError(error)}\n`);
    else if (verbosity >= 0) writeOut('err', `${errorText(error, { verbosity, paint })}\n`);
    return error instanceof TercetError ? error.exitCode : 1;
  } finally {
    clear();
  }
}

/** Which letters of a bundle are the command's own, only the command can tell. */
async function withoutMixedBundles(argv: readonly string[]): Promise<readonly string[]> {
  if (!argv.some(isMixedBundle)) return argv;
  const found = await findCommand(modernize(splitGlobalOptions(argv).tokens, catalogue.namespaces).tokens);
  return found.kind === 'command' ? takeBundlesApart(argv, found.command) : argv;
}

async function runTokens(
  self: Process,
  globals: GlobalOptions,
  tokens: readonly string[],
  makeContext: () => Context,
): Promise<number> {
  const found = await findCommand(tokens);
  if (found.kind === 'none') {
    if (globals.help) return showHelp('list', makeContext());
    const list = await requireCommand('list');
    return list.run(makeContext(), readInput(list, tokens), catalogue);
  }
  if (found.kind === 'unknown') {
    const { unknownCommandText } = await import('./unknown-command.ts');
    const context = makeContext();
    const paint = takesColours(2, self.env, globals.ansi) ? colours : noColours;
    context.emit({ kind: 'notice', text: await unknownCommandText(found.name, catalogue, paint) });
    return 1;
  }
  const { command, rest } = found;
  if (globals.help) return showHelp(command.name, makeContext());
  const input = readCommandInput(command, rest);
  const context = makeContext();
  return Promise.race([command.run(context, input, catalogue), interrupted(context.signal)]);
}

async function showHelp(name: string, context: Context): Promise<number> {
  const help = await requireCommand('help');
  return help.run(context, { arguments: new Map([['command_name', [name]]]), options: new Map() }, catalogue);
}

/** Rejects some time after Ctrl-C: what listens to the signal has until then to end by itself. */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), GRACE), { once: true });
  });
}

type Found =
  | { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'none' };

/** The command that the first word, or the first two or three, name. */
async function findCommand(tokens: readonly string[]): Promise<Found> {
  const first = tokens.findIndex((one) => one === '--' || !one.startsWith('-'));
  const name = first < 0 ? undefined : tokens[first];
  if (name === undefined || name === '--') return { kind: 'none' };
  for (const words of [3, 2, 1]) {
    const command = await catalogue.load(tokens.slice(first, first + words).join(' '));
    if (command) return { kind: 'command', command, rest: [...tokens.slice(0, first), ...tokens.slice(first + words)] };
  }
  return { kind: 'unknown', name };
}

/** `add --optional PKG` of Poetry 1 was a flag: read so where nothing else is left to add. */
function readCommandInput(command: Command, tokens: readonly string[]): Input {
  try {
    return readInput(command, tokens);
  } catch (error) {
    const at = tokens.indexOf('--optional');
    const old =
      command.name === 'add' && at >= 0 && error instanceof TercetError && error.detail.problem === 'too-few-arguments';
    if (!old) throw error;
    return readInput(command, tokens.with(at, '--optional-flag'));
  }
}

async function requireCommand(name: string): Promise<Command> {
  const command = await catalogue.load(name);
  if (!command) throw new Error(`the command ${name} is missing`);
  return command;
}
