/** A program in a pseudo-terminal, and what a person would see there: lines, colours left out, the cursor, whether typing is echoed. */

import { TERCET } from './run-tercet.ts';

export const KEYS = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  backspace: '\u007f',
  end: '\u0004',
} as const;

/** Local modes of a terminal (termios) that a shell expects to find as it left them. */
const MODES = process.platform === 'darwin' ? { echo: 0x8, lines: 0x100 } : { echo: 0x8, lines: 0x2 };

/** Milliseconds to wait for what is expected on the screen. */
const PATIENCE = 10_000;

export interface TerminalRun {
  /** Presses keys, once `awaited` stands on the screen: in the text since the last call. */
  press(awaited: string | RegExp, ...keys: readonly string[]): Promise<void>;
  /** Resolves once this stands in the text since the last call; rejects with the screen where it does not come. */
  until(awaited: string | RegExp): Promise<void>;
  /** What stands on the screen and above it, without spaces at the ends of lines. */
  screen(): string;
  /** All that was written, escapes too. */
  readonly written: () => string;
  readonly cursorVisible: () => boolean;
  /** Whether the terminal reads lines and echoes, as a shell needs it. */
  readonly cooked: () => boolean;
  /** Ctrl-C. */
  interrupt(): void;
  readonly exited: Promise<number>;
  [Symbol.dispose](): void;
}

export interface TerminalRunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** Makes the terminal the one that signals come from; where there is no such program, Ctrl-C is sent as the signal. */
const setsid = Bun.which('setsid');
const CONTROLLED = setsid === null ? [] : [setsid, '--ctty'];

/** Starts tercet in a terminal of its own. */
export function runInTerminal(args: readonly string[], options: TerminalRunOptions): TerminalRun {
  const columns = options.columns ?? 80;
  let text = '';
  let seen = 0;
  let changed = (): void => {};
  const decoder = new TextDecoder();
  const terminal = new Bun.Terminal({
    cols: columns,
    rows: options.rows ?? 24,
    data(_terminal, data) {
      text += decoder.decode(data, { stream: true });
      changed();
    },
  });
  const child = Bun.spawn([...CONTROLLED, TERCET, ...args], {
    cwd: options.cwd,
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.env },
    terminal,
  });
  const exited = child.exited.then(async (code) => {
    // What was written last may still be on its way.
    await Bun.sleep(20);
    changed();
    return code;
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
    changed();
  });

  async function until(awaited: string | RegExp): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const fresh = plain(text.slice(seen));
      if (typeof awaited === 'string' ? fresh.includes(awaited) : awaited.test(fresh)) {
        seen = text.length;
        return;
      }
      const left = deadline - performance.now();
      if (ended || left <= 0) throw new Error(`${awaited} did not come; on the screen:\n${screenOf(text, columns)}`);
      await Promise.race([new Promise<void>((resolve) => (changed = resolve)), Bun.sleep(left)]);
    }
  }

  const cooked = (): boolean => (terminal.localFlags & MODES.echo) !== 0 && (terminal.localFlags & MODES.lines) !== 0;

  return {
    until,
    async press(awaited, ...keys) {
      await until(awaited);
      for (const key of keys) terminal.write(key);
    },
    screen: () => screenOf(text, columns),
    written: () => text,
    cursorVisible: () => text.lastIndexOf('\u001b[?25l') <= text.lastIndexOf('\u001b[?25h'),
    cooked,
    interrupt() {
      if (CONTROLLED.length > 0 || !cooked()) terminal.write('\u0003');
      else child.kill('SIGINT');
    },
    exited,
    [Symbol.dispose]() {
      child.kill('SIGKILL');
      terminal.close();
    },
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one.
const ESCAPE = /\u001b\[([?\d;]*)([A-Za-z])|\u001b[78=>]|[\r\n\b\u0007]|[^\u001b\r\n\b\u0007]+/gu;

function plain(text: string): string {
  return text.replace(ESCAPE, (token) => (token.startsWith('\u001b') ? '' : token)).replaceAll('\r', '');
}

/** A terminal that never scrolls: it only grows downwards. Knows the escapes that programs with a live region use. */
function screenOf(text: string, columns: number): string {
  const rows: string[][] = [[]];
  let [y, x] = [0, 0];
  const row = (): string[] => {
    while (rows.length <= y) rows.push([]);
    return rows[y] ?? [];
  };
  const control = (count: number, letter: string): void => {
    if (letter === 'A' || letter === 'F') y = Math.max(0, y - count);
    if (letter === 'B' || letter === 'E') y += count;
    if (letter === 'E' || letter === 'F') x = 0;
    if (letter === 'C') x = Math.min(columns - 1, x + count);
    if (letter === 'D') x = Math.max(0, x - count);
    if (letter === 'G') x = count - 1;
    if (letter === 'J' || letter === 'K') row().length = Math.min(row().length, x);
    if (letter === 'J') rows.length = y + 1;
  };
  for (const [token, parameter = '', letter] of text.matchAll(ESCAPE)) {
    if (letter !== undefined) control(Number(parameter) || 1, letter);
    else if (token === '\r') x = 0;
    else if (token === '\n') y += 1;
    else if (token === '\b') x = Math.max(0, x - 1);
    else if (!token.startsWith('\u001b') && token !== '\u0007') {
      for (const character of token) {
        if (x >= columns) [y, x] = [y + 1, 0];
        const cells = row();
        while (cells.length < x) cells.push(' ');
        cells[x++] = character;
      }
    }
  }
  row();
  return rows.map((cells) => cells.join('').trimEnd()).join('\n');
}
