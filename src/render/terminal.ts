/** Events on a terminal: permanent lines above, and below them a live region which is redrawn in place. */

import type { Emit, Event } from '../ground/events.ts';
import { frame, IDLE, type LiveState, live, seconds } from './live.ts';
import { type PlainOptions, plainChunks, type Stream } from './plain.ts';

/** Milliseconds between two frames. */
const FRAME_INTERVAL = 80;

export interface TerminalOptions extends PlainOptions {
  readonly columns: () => number;
  readonly rows: () => number;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  readonly write: (stream: Stream, text: string) => void;
}

export interface Terminal {
  readonly emit: Emit;
  /** Removes the live region; call it before anything else writes, and at the end. */
  readonly clear: () => void;
}

/** A terminal on stdout. */
export function createTerminal(options: TerminalOptions): Terminal {
  let state: LiveState = IDLE;
  let drawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setInterval> | undefined;

  const clear = (): void => {
    if (drawn > 0) options.write('out', `\u001b[${drawn}F\u001b[J`);
    drawn = 0;
  };
  const draw = (): void => {
    const lines = frame(state, options.now(), Math.max(1, options.rows() - 2), options.out);
    const erase = drawn > 0 ? `\u001b[${drawn}F\u001b[J` : '';
    if (lines.length > 0 || drawn > 0) {
      options.write('out', erase + lines.map((line) => `${cut(line, options.columns())}\n`).join(''));
    }
    drawn = lines.length;
    drawnAt = options.now();
    if (drawn > 0) {
      timer ??= setInterval(draw, FRAME_INTERVAL);
      timer.unref();
    } else if (timer) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return {
    clear() {
      clear();
      if (timer) clearInterval(timer);
      timer = undefined;
      if (state.resolving && options.verbosity >= 0) {
        options.write('out', resolvedLine(options.now() - state.resolving.since, options));
      }
      state = IDLE;
    },
    emit(event) {
      const before = state;
      state = live(state, event, options.now());
      const chunks = permanent(event, before, options);
      if (chunks.length > 0) clear();
      for (const chunk of chunks) options.write(chunk.stream, chunk.text);
      const idle = state === IDLE || (!state.resolving && state.operations.size + state.downloads.size === 0);
      const due = options.now() - drawnAt >= FRAME_INTERVAL;
      if (options.verbosity >= 0 && (chunks.length > 0 || idle !== (drawn === 0) || due)) draw();
    },
  };
}

/** The lines that stay. A resolution's line stays once it is done, with its time. */
function permanent(event: Event, before: LiveState, options: TerminalOptions) {
  if (event.kind === 'resolve-started') return [];
  if (event.kind === 'resolve-finished') {
    if (options.verbosity < 0 || !before.resolving) return [];
    return [{ stream: 'out' as const, text: resolvedLine(event.milliseconds, options) }];
  }
  return plainChunks(event, options);
}

function resolvedLine(milliseconds: number, { out }: TerminalOptions): string {
  return `${out('info', 'Resolving dependencies...')} ${out('faint', `(${seconds(milliseconds)})`)}\n`;
}

/** The line's first `columns` visible characters, colours kept and ended. */
export function cut(line: string, columns: number): string {
  let visible = 0;
  for (let at = 0; at < line.length; at++) {
    if (line.charCodeAt(at) === 0x1b) {
      at = line.indexOf('m', at);
      if (at < 0) return line;
    } else if (++visible > columns) return `${line.slice(0, at)}\u001b[0m`;
  }
  return line;
}
