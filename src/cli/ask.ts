/** Questions to the person at the terminal, in Poetry's form. Prompts go to stderr, so that stdout keeps only results. */

import type { Interface } from 'node:readline';
import type { Ask } from '../app/context.ts';
import { TercetError } from '../ground/error.ts';
import type { Paint } from '../render/style.ts';

export interface AskOptions {
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** Aborted by Ctrl-C: an open question then rejects with its reason. */
  readonly signal: AbortSignal;
}

/** Reads answers line by line from stdin, which is opened with the first question. */
export function createAsk({ write, paint, signal }: AskOptions): Ask {
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

  const giveUp = (): void => {
    if (waiting === undefined) return;
    // What follows is not to stand behind the prompt.
    write('\n');
    take(undefined);
  };

  async function open(): Promise<void> {
    const { createInterface } = await import('node:readline');
    lines = createInterface({ input: process.stdin, terminal: false });
    lines.on('line', take);
    signal.addEventListener('abort', giveUp, { once: true });
    lines.on('close', () => {
      ended = true;
      take(undefined);
    });
  }

  async function readLine(): Promise<string> {
    if (!lines) await open();
    const line = answers.shift() ?? (ended ? undefined : await new Promise<string | undefined>(wait));
    signal.throwIfAborted();
    if (line === undefined) throw new TercetError('aborted', 'Aborted');
    return line.trim();
  }

  function wait(resolve: (line: string | undefined) => void): void {
    waiting = resolve;
  }

  return {
    async text(prompt) {
      write(`${paint('info', prompt)} `);
      return readLine();
    },
    async confirm(question, fallback) {
      write(`${paint('info', `${question} (yes/no)`)} [${paint('comment', fallback ? 'yes' : 'no')}] `);
      const answer = await readLine();
      return answer === '' ? fallback : /^y/i.test(answer);
    },
  };
}
