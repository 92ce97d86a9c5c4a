/** Events on a terminal: permanent lines above, and below them a live region which is redrawn in place. */

import type { Emit, Event } from '../ground/events.ts';
import { frame, IDLE, type LiveState, live, seconds } from './live.ts';
import { operationText } from './operation-text.ts';
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
  /** The same after Ctrl-C: what was under way stays as a line that says so. */
  readonly cancel: () => void;
}

/** A terminal on stdout. */
export function createTerminal(options: TerminalOptions): Terminal {
  let state: LiveState = IDLE;
  /** The visible width of each line of the frame that stands on the screen. */
  let drawn: readonly number[] = [];
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setInterval> | undefined;

  /** Takes the frame away: more rows than lines where the terminal became narrower since and has wrapped them. */
  const erasure = (): string => {
    if (drawn.length === 0) return '';
    const columns = Math.max(1, options.columns());
    const rows = drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return `\u001b[${rows}F\u001b[J`;
  };
  const clear = (): void => {
    if (drawn.length > 0) options.write('out', erasure());
    drawn = [];
  };
  const draw = (): void => {
    const lines = frame(state, options.now(), Math.max(1, options.rows() - 2), options.out);
    const columns = options.columns();
    if (lines.length > 0 || drawn.length > 0) {
      options.write('out', erasure() + lines.map((line) => `${cut(line, columns)}\n`).join(''));
    }
    drawn = lines.map((line) => Math.min(columns, visibleLength(line)));
    drawnAt = options.now();
    if (drawn.length > 0) {
      timer ??= setInterval(draw, FRAME_INTERVAL);
      timer.unref();
    } else if (timer) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  const end = (): void => {
    clear();
    if (timer) clearInterval(timer);
    timer = undefined;
    if (state.resolving && options.verbosity >= 0) {
      options.write('out', resolvedLine(options.now() - state.resolving.since, options));
    }
    state = IDLE;
  };

  return {
    clear: end,
    cancel() {
      const { operations } = state;
      // The keyboard's echo, `^C`, stands on the line that is next.
      if (drawn.length === 0) options.write('out', '\r\u001b[K');
      end();
      if (options.verbosity < 0) return;
      for (const operation of operations.values()) {
        const cancelled = options.out('warning', 'Cancelled');
        options.write('out', `  - ${operationText(operation, options.out)}: ${cancelled}\n`);
      }
    },
    emit(event) {
      const before = state;
      state = live(state, event, options.now());
      const chunks = permanent(event, before, options);
      if (chunks.length > 0) clear();
      for (const chunk of chunks) options.write(chunk.stream, chunk.text);
      const { operations, downloads, uploads, builds } = state;
      const idle =
        state === IDLE || (!state.resolving && operations.size + downloads.size + uploads.size + builds.size === 0);
      const due = options.now() - drawnAt >= FRAME_INTERVAL;
      if (options.verbosity >= 0 && (chunks.length > 0 || idle !== (drawn.length === 0) || due)) draw();
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
  if (event.kind === 'upload-started' || event.kind === 'upload-progressed') return [];
  if (event.kind === 'upload-finished' && options.verbosity >= 0) {
    return [
      { stream: 'out' as const, text: ` - Uploading ${options.out('c1', event.file)} ${outcome(event, options)}\n` },
    ];
  }
  return plainChunks(event, options);
}

function outcome({ outcome }: Event & { readonly kind: 'upload-finished' }, { out }: TerminalOptions): string {
  if (outcome === 'uploaded') return out('success', '100%');
  return outcome === 'exists' ? out('warning', 'File exists. Skipping') : out('error', 'FAILED');
}

function resolvedLine(milliseconds: number, { out }: TerminalOptions): string {
  return `${out('info', 'Resolving dependencies...')} ${out('faint', `(${seconds(milliseconds)})`)}\n`;
}

/** Characters that are seen: all but colours. */
function visibleLength(line: string): number {
  let visible = 0;
  for (let at = 0; at < line.length; at++) {
    if (line.charCodeAt(at) !== 0x1b) {
      visible++;
      continue;
    }
    at = line.indexOf('m', at);
    if (at < 0) break;
  }
  return visible;
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
