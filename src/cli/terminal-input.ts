/**
 * What is typed at a terminal: a line with its editing keys, a password that nobody sees, single keys. The terminal is in raw mode only while
 * one of these is awaited; what is typed meanwhile stays with the terminal until it is asked for.
 */

import { createInterface, emitKeypressEvents, type Interface } from 'node:readline';

/** A key as `node:readline` names it: `up`, `return`, `space`, `c`. */
export interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
  /** The characters that the key sends. */
  readonly sequence?: string;
}

export interface TerminalInput {
  /** A line; Up, Down and Tab offer `choices`. Undefined at the end of input (Ctrl-D), and after Ctrl-C. */
  line(prompt: string, choices?: readonly string[]): Promise<string | undefined>;
  /** Calls `begin` once nothing is echoed any more, then hands on key by key until `take` answers with something. Undefined as in `line`. */
  keys<T>(begin: () => void, take: (key: Key) => T | undefined): Promise<T | undefined>;
}

/** Input from stdin, shown on stderr; `signal` ends whatever is awaited. */
export function openTerminalInput(signal: AbortSignal): TerminalInput {
  const { stdin, stderr } = process;
  let offered: readonly string[] = [];
  /** Lines that were pasted with the one that was asked for. */
  const pasted: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let lines: Interface | undefined;

  function open(): Interface {
    const opened = createInterface({
      input: stdin,
      output: stderr,
      terminal: true,
      historySize: 0,
      completer: (line: string) => [offered.filter((one) => one !== '' && one.startsWith(line)), line],
    });
    opened.on('line', (line) => (waiting ? waiting(line) : pasted.push(line)));
    opened.on('SIGINT', interrupt);
    // Back from Ctrl-Z.
    opened.on('SIGCONT', () => opened.prompt(true));
    opened.on('close', () => {
      lines = undefined;
      waiting?.(undefined);
    });
    return opened;
  }

  /** In raw mode until `start` has called its `done`. */
  function raw<T>(start: (done: (answer: T | undefined) => void) => () => void): Promise<T | undefined> {
    return new Promise((resolve) => {
      stdin.setRawMode(true);
      const stop = start(done);
      const abort = (): void => done(undefined);
      signal.addEventListener('abort', abort, { once: true });
      function done(answer: T | undefined): void {
        signal.removeEventListener('abort', abort);
        stop();
        stdin.pause();
        stdin.setRawMode(false);
        resolve(answer);
      }
    });
  }

  return {
    line(prompt, choices = []) {
      const before = pasted.shift();
      if (before !== undefined) {
        stderr.write(`${prompt}${before}\n`);
        return Promise.resolve(before);
      }
      return raw<string>((done) => {
        lines ??= open();
        const editor = lines;
        const arrows = choosing(editor, choices);
        offered = choices;
        waiting = done;
        stdin.on('keypress', arrows);
        editor.resume();
        editor.setPrompt(prompt);
        editor.prompt();
        return () => {
          waiting = undefined;
          stdin.off('keypress', arrows);
          // It is closed by Ctrl-D.
          if (lines === editor) editor.pause();
        };
      });
    },
    keys<T>(begin: () => void, take: (key: Key) => T | undefined) {
      // An editor would answer the same keys.
      lines?.close();
      return raw<T>((done) => {
        const onKey = (_text: string | undefined, key: Key): void => {
          if (key.ctrl && key.name === 'c') interrupt();
          const ended = key.ctrl === true && key.name === 'd';
          const answer = ended ? undefined : take(key);
          if (ended || answer !== undefined) done(answer);
        };
        emitKeypressEvents(stdin);
        stdin.on('keypress', onKey);
        begin();
        stdin.resume();
        return () => stdin.off('keypress', onKey);
      });
    },
  };
}

/** Raw mode hands Ctrl-C on as a character; to the rest of the program it is the signal it always is. */
function interrupt(): void {
  process.kill(process.pid, 'SIGINT');
}

/** Up and Down put one of the choices into the line. */
function choosing(editor: Interface, choices: readonly string[]): (text: string | undefined, key: Key) => void {
  let at = -1;
  return (_text, key) => {
    if (choices.length === 0 || (key.name !== 'up' && key.name !== 'down')) return;
    at = key.name === 'down' ? at + 1 : Math.max(at, 0) - 1;
    at = (at + choices.length) % choices.length;
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
    editor.write(choices[at] ?? '');
  };
}
