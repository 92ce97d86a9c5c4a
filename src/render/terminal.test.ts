import { describe, expect, test } from 'bun:test';
import type { Event } from '../ground/events.ts';
import { noColours } from './style.ts';
import { createTerminal, cut } from './terminal.ts';

const ESC = '\u001b';

/** What erases the live region: the number of its lines. */
const ERASE = new RegExp(`^${ESC}\\[(\\d+)F${ESC}\\[J`);

/** What is on the screen after `events`: a screen that knows the two escapes used. */
function screen(events: readonly Event[], verbosity = 0, end = true): string {
  let lines: string[] = [];
  let now = 0;
  const terminal = createTerminal({
    verbosity,
    out: noColours,
    err: noColours,
    columns: () => 60,
    rows: () => 6,
    now: () => now,
    write(_stream, text) {
      const up = ERASE.exec(text);
      if (up) lines = lines.slice(0, -Number(up[1]));
      const rest = up ? text.slice(up[0].length) : text;
      if (rest !== '') lines.push(...rest.replace(/\n$/, '').split('\n'));
    },
  });
  for (const event of events) {
    terminal.emit(event);
    now += 100;
  }
  const live = lines.join('\n');
  terminal.clear();
  return end ? lines.join('\n') : live;
}

const six = { kind: 'install', name: 'six', version: '1.17.0' } as const;
const toml = { kind: 'install', name: 'toml', version: '0.10' } as const;

describe('the terminal', () => {
  test('shows what is under way, below what is done', () => {
    const events: Event[] = [
      { kind: 'operation-started', operation: six },
      { kind: 'operation-started', operation: toml },
      { kind: 'operation-finished', operation: six },
      { kind: 'download-started', file: 'toml.whl', project: 'toml', bytes: 2_000_000 },
      { kind: 'download-progressed', file: 'toml.whl', bytes: 500_000 },
    ];
    expect(screen(events, 0, false)).toBe(
      '  - Installing six (1.17.0)\n  - Installing toml (0.10): Downloading... 25% of 2.0 MB',
    );
    expect(screen(events)).toBe('  - Installing six (1.17.0)');
  });

  test('keeps the line of a resolution with its time', () => {
    const events: Event[] = [
      { kind: 'resolve-started' },
      { kind: 'resolve-finished', milliseconds: 1234, packages: 1 },
    ];
    expect(screen(events)).toBe('Resolving dependencies... (1.2s)');
    expect(screen(events.slice(0, 1))).toBe('Resolving dependencies... (0.1s)');
  });

  test('is never taller than the window', () => {
    const events = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(
      (name) => ({ kind: 'operation-started', operation: { ...six, name } }) as const,
    );
    const lines = screen(events, 0, false).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toBe('  … and 4 more');
  });

  test('is quiet with --quiet', () => {
    expect(screen([{ kind: 'operation-started', operation: six }, { kind: 'resolve-started' }], -1, false)).toBe('');
  });
});

/** What is written: events, then `end` on a terminal that has another width by then. */
function written(events: readonly Event[], end: 'clear' | 'cancel', columnsThen = 60): string {
  let columns = 60;
  let text = '';
  const terminal = createTerminal({
    verbosity: 0,
    out: noColours,
    err: noColours,
    columns: () => columns,
    rows: () => 6,
    now: () => 0,
    write: (_stream, more) => {
      text += more;
    },
  });
  for (const event of events) terminal.emit(event);
  columns = columnsThen;
  terminal[end]();
  return text;
}

test('lines that a narrower window has wrapped are taken away whole', () => {
  const started = { kind: 'operation-started', operation: six } as const;
  expect(written([started], 'clear')).toEndWith(`${ESC}[1F${ESC}[J`);
  expect(written([started], 'clear', 30)).toEndWith(`${ESC}[2F${ESC}[J`);
});

test('an upload that begins just after a line was written is shown at once', () => {
  const events: Event[] = [
    { kind: 'line', text: 'Publishing demo (1.0) to corp' },
    { kind: 'upload-started', file: 'demo.whl' },
  ];
  expect(written(events, 'clear')).toBe(`Publishing demo (1.0) to corp\n - Uploading demo.whl 0%\n${ESC}[1F${ESC}[J`);
});

test('what Ctrl-C met is said', () => {
  const started = { kind: 'operation-started', operation: six } as const;
  expect(written([started], 'cancel')).toEndWith(`${ESC}[J  - Installing six (1.17.0): Cancelled\n`);
  expect(written([], 'cancel')).toBe(`\r${ESC}[K`);
});

test('a line is cut without cutting colours', () => {
  expect(cut('abcdef', 3)).toBe('abc\u001b[0m');
  expect(cut('\u001b[31mab\u001b[39m', 2)).toBe('\u001b[31mab\u001b[39m');
});
