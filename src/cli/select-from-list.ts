/** A list at the terminal in which several can be chosen: Up and Down move, Space switches one, `a` all, Enter is done. */

import type { Paint } from '../render/style.ts';
import { cut } from '../render/terminal.ts';
import type { Key, TerminalInput } from './terminal-input.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

interface ListState {
  readonly selected: ReadonlySet<number>;
  readonly at: number;
}

interface ListScreen {
  readonly input: TerminalInput;
  readonly write: (text: string) => void;
  readonly paint: Paint;
  readonly rows: () => number;
  readonly columns: () => number;
}

/** Where in `items` those stand that were chosen; all are to begin with. Undefined where the question was broken off. */
export async function selectFromList(
  question: string,
  items: readonly string[],
  { input, write, paint, rows, columns }: ListScreen,
): Promise<ReadonlySet<number> | undefined> {
  let state: ListState = { selected: new Set(items.keys()), at: 0 };
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}F\u001b[J`);
  const draw = (): void => {
    const lines = listLines(items, state, Math.max(1, rows() - 3), paint);
    write(erase() + lines.map((line) => `${cut(line, columns() - 1)}\n`).join(''));
    drawn = lines.length;
  };
  const begin = (): void => {
    write(`${paint('c1', question)} ${paint('faint', '(space: one, a: all or none, enter: go on)')}\n${HIDE_CURSOR}`);
    draw();
  };
  const done = await input.keys(begin, (key) => {
    if (key.name === 'return' || key.name === 'enter') return true;
    state = pressed(state, key, items.length);
    draw();
    return undefined;
  });
  write(erase() + SHOW_CURSOR);
  return done ? state.selected : undefined;
}

/** The list after a key. */
export function pressed({ selected, at }: ListState, { name }: Key, count: number): ListState {
  switch (name) {
    case 'up':
    case 'k':
      return { selected, at: (at + count - 1) % count };
    case 'down':
    case 'j':
      return { selected, at: (at + 1) % count };
    case 'space': {
      const changed = new Set(selected);
      if (!changed.delete(at)) changed.add(at);
      return { selected: changed, at };
    }
    case 'a':
      return { selected: new Set(selected.size === count ? [] : Array.from({ length: count }, (_, one) => one)), at };
    default:
      return { selected, at };
  }
}

/** The lines around the current one, at most `most`. */
export function listLines(items: readonly string[], { selected, at }: ListState, most: number, paint: Paint): string[] {
  const first = Math.min(Math.max(0, at - Math.floor(most / 2)), Math.max(0, items.length - most));
  return items.slice(first, first + most).map((item, offset) => {
    const one = first + offset;
    const box = selected.has(one) ? paint('success', '[x]') : '[ ]';
    return `${one === at ? paint('c1', '>') : ' '} ${box} ${item}`;
  });
}
