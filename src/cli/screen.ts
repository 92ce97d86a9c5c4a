/** The screen of a command: where its events go, as a terminal, plain lines or JSON, and the context that it runs in. */

import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { type Context, createContext } from '../app/context.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { isTerminal, terminalSize } from '../process/terminal.ts';
import { jsonLine } from '../render/json.ts';
import { writeOut } from '../render/output.ts';
import { type PlainOptions, plainChunks } from '../render/plain.ts';
import { colours, noColours, takesColours } from '../render/style.ts';
import { createTerminal } from '../render/terminal.ts';
import { createAsk, hasKeyboard } from './ask.ts';
import type { GlobalOptions } from './global-options.ts';
import { TERCET_VERSION } from './program.ts';

/** The process as the command line sees it. */
export interface Process {
  readonly argv: readonly string[];
  /** The name the program was called by. */
  readonly argv0: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Screen {
  readonly emit: Emit;
  readonly clear: () => void;
  /** `clear` after Ctrl-C. */
  readonly cancel: () => void;
  /** Made late: it checks the folders of `-C` and `-P`. */
  readonly context: () => Context;
}

/** Opens the screen that the options and the environment ask for. Nothing is written before the first event. */
export function openScreen(self: Process, globals: GlobalOptions, verbosity: Context['verbosity']): Screen {
  const decorated = !globals.json && takesColours(1, self.env, globals.ansi);
  const out = decorated ? colours : noColours;
  const err = takesColours(2, self.env, globals.ansi) ? colours : noColours;
  const options = { verbosity, out, err };
  const columns = (): number => Number(self.env.COLUMNS) || terminalSize()?.columns || 80;
  const rows = (): number => terminalSize()?.rows || 24;
  const terminal =
    decorated && isTerminal(1)
      ? createTerminal({ ...options, columns, rows, now: () => performance.now(), write: writeOut })
      : undefined;
  const emit = globals.json ? emitJson(verbosity) : (terminal?.emit ?? emitPlain(options));
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

/** Events as JSON, one a line. */
function emitJson(verbosity: number): Emit {
  return (event) => {
    const text = jsonLine(event, verbosity);
    if (text !== undefined) writeOut('out', `${text}\n`);
  };
}

/** Events as plain lines. Operations end by the dozen: those that are told in one go are written in one go, or whoever reads is woken for each. */
function emitPlain(options: PlainOptions): Emit {
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') writeOut('out', text);
  };
  return (event) => {
    for (const { stream, text } of plainChunks(event, options)) {
      if (event.kind === 'operation-finished') {
        if (held === '') queueMicrotask(flush);
        held += text;
      } else {
        flush();
        writeOut(stream, text);
      }
    }
  };
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
