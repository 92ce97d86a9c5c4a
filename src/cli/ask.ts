/** Questions to the person at the terminal, in Poetry's form. Prompts go to stderr, so that stdout keeps only results. */

import type { Interface } from 'node:readline';
import type { Ask } from '../app/context.ts';
import { TercetError } from '../ground/error.ts';
import { isTerminal } from '../process/terminal.ts';
import type { Paint } from '../render/style.ts';
import type { TerminalInput } from './terminal-input.ts';

export interface AskOptions {
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** Aborted by Ctrl-C: an open question then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Whether keys may be read one by one; else answers are lines. */
  readonly keyboard: boolean;
  /** Of the terminal. */
  readonly rows: () => number;
  readonly columns: () => number;
}

/** Wrong answers to a choice before it gives up. */
const ATTEMPTS = 3;

/** Asks at the terminal, or where there is none takes answers line by line from stdin, which is opened with the first question. */
export function createAsk(options: AskOptions): Ask {
  const { write, paint, signal } = options;
  const fromPipe = pipeLines(signal);
  let opened: TerminalInput | undefined;

  async function terminal(): Promise<TerminalInput> {
    opened ??= (await import('./terminal-input.ts')).openTerminalInput(signal);
    return opened;
  }

  /** What was answered; a line that was broken off is ended, so that nothing stands behind it. */
  function answered<T>(answer: T | undefined): T {
    if (answer === undefined) write('\n');
    signal.throwIfAborted();
    if (answer === undefined) throw new TercetError('aborted', 'Aborted');
    return answer;
  }

  async function readLine(prompt: string, choices?: readonly string[]): Promise<string> {
    if (!options.keyboard) {
      write(prompt);
      return answered(await fromPipe()).trim();
    }
    const start = prompt.lastIndexOf('\n') + 1;
    write(prompt.slice(0, start));
    return answered(await (await terminal()).line(prompt.slice(start), choices)).trim();
  }

  /** A question, and within brackets what counts where nothing is typed, in Poetry's colours. */
  function painted(prompt: string): string {
    const [, before, fallback = '', after = ''] = /^(.*\[)([^\],]+)(.*)$/s.exec(prompt) ?? [];
    if (before === undefined) return paint('c1', prompt);
    return paint('c1', before) + paint('comment', fallback) + paint('c1', after);
  }

  const ask: Ask = {
    text: (prompt) => readLine(`${painted(prompt)} `),
    async secret(prompt) {
      if (!options.keyboard) return ask.text(prompt);
      let typed = '';
      const input = await terminal();
      const begin = (): void => write(`${painted(prompt)} `);
      const secret = answered(
        await input.keys(begin, ({ name, ctrl, sequence = '' }) => {
          if (name === 'return' || name === 'enter') return typed;
          if (name === 'backspace') typed = typed.slice(0, -1);
          else if (ctrl && name === 'u') typed = '';
          else if (!ctrl && sequence >= ' ' && !sequence.startsWith('\u001b')) typed += sequence;
          return undefined;
        }),
      );
      write('\n');
      return secret;
    },
    async confirm(question, fallback) {
      const prompt = `${paint('c1', `${question} (yes/no)`)} [${paint('comment', fallback ? 'yes' : 'no')}] `;
      const answer = await readLine(prompt);
      return answer === '' ? fallback : /^y/i.test(answer);
    },
    async choice(question, choices) {
      const digits = String(choices.length - 1).length + 1;
      const listed = choices.map((one, at) => ` [${paint('comment', String(at).padStart(digits))}] ${one}`);
      for (let attempt = 1; ; attempt++) {
        write(`${[`${paint('c1', question)} [${paint('comment', choices.at(-1) ?? '')}]:`, ...listed].join('\n')}\n`);
        const answer = await readLine(' > ', choices);
        if (answer === '' || choices.includes(answer)) return answer || (choices.at(-1) ?? '');
        const chosen = /^\d+$/.test(answer) ? choices[Number(answer)] : undefined;
        if (chosen !== undefined) return chosen;
        const problem = `Value ${JSON.stringify(answer)} is invalid`;
        if (attempt >= ATTEMPTS) throw new TercetError('answer-invalid', problem);
        write(`${paint('error', problem)}\n`);
      }
    },
    async select(question, items) {
      if (options.keyboard && options.rows() > 4) {
        const { selectFromList } = await import('./select-from-list.ts');
        return answered(await selectFromList(question, items, { ...options, input: await terminal() }));
      }
      const selected = new Set<number>();
      for (const [at, item] of items.entries()) if (await ask.confirm(`${item}?`, true)) selected.add(at);
      return selected;
    },
  };
  return ask;
}

/** Whether questions can be asked key by key: where both ends are a terminal that can move its cursor. */
export function hasKeyboard(env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal(0) && isTerminal(2) && env.TERM !== 'dumb';
}

/** Lines of a pipe; undefined at its end. */
function pipeLines(signal: AbortSignal): () => Promise<string | undefined> {
  const answers: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let lines: Interface | undefined;
  let ended = false;

  const take = (line: string | undefined): void => {
    const resolve = waiting;
    waiting = undefined;
    if (resolve) resolve(line);
    else if (line !== undefined) answers.push(line);
  };

  async function open(): Promise<void> {
    const { createInterface } = await import('node:readline');
    lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', take);
    signal.addEventListener('abort', () => take(undefined), { once: true });
    lines.on('close', () => {
      ended = true;
      take(undefined);
    });
  }

  return async () => {
    if (!lines) await open();
    return answers.shift() ?? (ended ? undefined : new Promise<string | undefined>((resolve) => (waiting = resolve)));
  };
}
