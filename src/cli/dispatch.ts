/** From a command line to an exit code: global options, the command's name, its input, its run; and what is printed when it fails. */

import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { type Context, createContext } from '../app/context.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { isTerminal, terminalSize } from '../process/terminal.ts';
import { errorText } from '../render/error-text.ts';
import { jsonError, jsonLine, jsonResult } from '../render/json.ts';
import { writeOut } from '../render/output.ts';
import { plainChunks } from '../render/plain.ts';
import { colours, noColours, takesColours } from '../render/style.ts';
import { createTerminal } from '../render/terminal.ts';
import { createAsk, hasKeyboard } from './ask.ts';
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
import { TERCET_VERSION, versionLine } from './program.ts';

/** Milliseconds that a command has to tidy up after Ctrl-C. */
const GRACE = 500;

/** The process as the command line sees it. */
export interface Process {
  readonly argv: readonly string[];
  /** The name the program was called by. */
  readonly argv0: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

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

interface Screen {
  readonly emit: Emit;
  readonly clear: () => void;
  /** `clear` after Ctrl-C. */
  readonly cancel: () => void;
  /** Made late: it checks the folders of `-C` and `-P`. */
  readonly context: () => Context;
}

function openScreen(self: Process, globals: GlobalOptions, verbosity: Context['verbosity']): Screen {
  const decorated = !globals.json && takesColours(1, self.env, globals.ansi);
  const out = decorated ? colours : noColours;
  const err = takesColours(2, self.env, globals.ansi) ? colours : noColours;
  const options = { verbosity, out, err };
  const columns = (): number => Number(self.env.COLUMNS) || terminalSize()?.columns || 80;
  const rows = (): number => terminalSize()?.rows || 24;
  const isLive = decorated && isTerminal(1);
  const terminal = isLive
    ? createTerminal({
        ...options,
        columns,
        rows,
        now: () => performance.now(),
        write: writeOut,
      })
    : undefined;
  const emitJson: Emit = (event) => {
    const text = jsonLine(event, verbosity);
    if (text !== undefined) writeOut('out', `${text}\n`);
  };
  // Operations end by the dozen: those that are told in one go are written in one go, or whoever reads is woken for each.
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') writeOut('out', text);
  };
  const emitPlain: Emit =
    terminal?.emit ??
    ((event) => {
      for (const { stream, text } of plainChunks(event, options)) {
        if (event.kind === 'operation-finished') {
          if (held === '') queueMicrotask(flush);
          held += text;
        } else {
          flush();
          writeOut(stream, text);
        }
      }
    });
  const emit = globals.json ? emitJson : emitPlain;
  const clear = terminal?.clear ?? (() => {});

  const context = (): Context => {
    const cwd = folder(process.cwd(), globals.directory, globals.directory);
    if (globals.directory !== undefined) process.chdir(cwd);
    const signal = interruption(clear);
    const ask = createAsk({
      paint: err,
      signal,
      keyboard: hasKeyboard(self.env),
      rows,
      columns,
      write(text) {
        clear();
        writeOut('err', text);
      },
    });
    return createContext({
      cwd,
      projectOption: globals.project === undefined ? undefined : folder(cwd, throughLinks(cwd, globals.project)),
      env: self.env,
      home: self.env.HOME || homedir(),
      emit,
      ask,
      interactive: isInteractive(self.env, globals, verbosity),
      verbosity,
      decorated,
      columns: columns(),
      noCache: globals.noCache,
      offline: globals.offline || isSwitchedOn(self.env.TERCET_OFFLINE),
      noPlugins: globals.noPlugins,
      signal,
      toolVersion: TERCET_VERSION,
    });
  };
  return { emit, clear, cancel: terminal?.cancel ?? clear, context };
}

/** Questions are asked where stdin is a terminal, as in Poetry; `TERCET_INTERACTIVE=1` also takes answers from a pipe. */
function isInteractive(env: Process['env'], globals: GlobalOptions, verbosity: number): boolean {
  if (globals.noInteraction || globals.json || verbosity < 0) return false;
  return isTerminal(0) || env.TERCET_INTERACTIVE === '1';
}

/** Whether a variable of our own says yes. */
function isSwitchedOn(text: string | undefined): boolean {
  return text === '1' || text?.toLowerCase() === 'true';
}

/** `path` seen from `from`. Throws `usage` where there is no folder, and calls it `shown`: Poetry shows `-C` as it was given, `-P` in full. */
function folder(from: string, path: string | undefined, shown?: string): string {
  if (path === undefined) return from;
  const full = resolve(from, path);
  if (!statSync(full, { throwIfNoEntry: false })?.isDirectory()) {
    throw new TercetError('usage', `Specified path '${shown ?? full}' is not a valid directory.`);
  }
  return full;
}

/** As Poetry, which looks upwards from where a relative `-P` leads to; an absolute one is taken as it is. */
function throughLinks(from: string, path: string): string {
  try {
    return isAbsolute(path) ? path : realpathSync.native(`${from}/${path}`);
  } catch {
    return path;
  }
}

/** Aborted by the first Ctrl-C, so that what runs can tidy up; the second one ends the process at once. */
function interruption(clear: () => void): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      clear();
      process.exit(1);
    }
    controller.abort(new TercetError('interrupted', 'Interrupted'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
