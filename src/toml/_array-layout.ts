/**
 * The inside of an array as it is laid out: each item with the white space before it, the comma and the comment behind
 * it. Where a new item goes, and what leaves with a removed one, is as in tomlkit (Poetry's writer).
 */

/** What one item brings along; a slot without `value` is a comment or white space of its own. */
interface Slot {
  indent: string;
  value: string | undefined;
  /** The comma with the white space before it; empty where there is none. */
  comma: string;
  comment: string;
}

/** Where the values and comments of an array are: offsets relative to the text given with them, in order. */
export interface ArrayPart {
  readonly kind: 'value' | 'comment';
  readonly start: number;
  readonly end: number;
}

/** Mutable while an edit is made; `text` gives the array back. */
export interface ArrayLayout {
  readonly slots: Slot[];
}

/**
 * @param inner the text between the brackets
 * @param parts the values and comments in it
 */
export function arrayLayout(inner: string, parts: readonly ArrayPart[]): ArrayLayout {
  const slots: Slot[] = [];
  let current = emptySlot();
  let started = false;
  let afterComment = false;
  const next = (indent = '') => {
    if (started) slots.push(current);
    current = { ...emptySlot(), indent };
    started = true;
    afterComment = false;
  };
  const blank = (text: string) => {
    if (text === '') return;
    const comma = text.indexOf(',');
    if (comma < 0) {
      next(text);
      return;
    }
    const before = text.slice(0, comma + 1);
    if (afterComment) next(before);
    else current.comma = before;
    started = true;
    blank(text.slice(comma + 1));
  };
  let at = 0;
  for (const part of parts) {
    const between = inner.slice(at, part.start);
    const text = inner.slice(part.start, part.end);
    if (part.kind === 'comment') {
      // The white space between an item and the comment on its line belongs to the comment.
      const gap = between.slice(between.lastIndexOf(',') + 1);
      const own = gap.includes('\n') ? '' : gap;
      blank(between.slice(0, between.length - own.length));
      current.comment = own + text;
      started = true;
      afterComment = true;
    } else {
      blank(between);
      if (current.value !== undefined || afterComment) next();
      current.value = text;
      started = true;
    }
    at = part.end;
  }
  blank(inner.slice(at));
  if (started) slots.push(current);
  return { slots };
}

/** The text between the brackets. */
export function arrayText({ slots }: ArrayLayout): string {
  return slots.map(({ indent, value, comma, comment }) => indent + (value ?? '') + comma + comment).join('');
}

/** Puts a value at the end. */
export function pushValue({ slots }: ArrayLayout, value: string): void {
  let index = slots.length;
  let fallback = ' ';
  const last = slots[index - 1];
  if (last !== undefined && isBlank(last)) {
    index -= 1;
    if (last.indent.includes('\n')) fallback = last.indent.includes('\r\n') ? '\r\n    ' : '\n    ';
  }
  const before = slots[index - 1];
  let indent = before?.indent ?? '';
  let comma = '';
  if (before !== undefined && before.value !== undefined && fallback !== ' ') comma = before.comma;
  const lastValue = slots.slice(0, index).findLast((slot) => slot.value !== undefined);
  const leading = indent.includes(',');
  if (lastValue !== undefined && lastValue.comma === '' && !leading) lastValue.comma = ',';
  if (leading) comma = '';
  if (indent === '' && (index > 0 || fallback !== ' ')) indent = fallback;
  slots.splice(index, 0, { indent, value, comma, comment: '' });
}

/** Puts another value in the place of the one at `position` (values only are counted). */
export function replaceValue({ slots }: ArrayLayout, position: number, value: string): void {
  const slot = slots.filter((each) => each.value !== undefined)[position];
  if (slot !== undefined) slot.value = value;
}

/** Takes a value out, with the comment on its line; comments above it stay. */
export function removeValue({ slots }: ArrayLayout, position: number): void {
  const removed = slots.filter((each) => each.value !== undefined)[position];
  if (removed === undefined) return;
  const index = slots.indexOf(removed);
  slots.splice(index, 1);
  const next = slots[index];
  if (next !== undefined) {
    if (index === 0 && next.indent !== '' && !next.indent.includes('\n')) next.indent = '';
    moveComma(slots, index, removed);
    if (removed.indent.includes('\n') && !next.indent.includes('\n')) next.indent = removed.indent;
  }
  const last = slots.at(-1);
  if (last !== undefined && !isBlank(last)) last.comma = '';
}

/** A comma may stand before an item as well as behind it: the neighbours keep exactly one between them. */
function moveComma(slots: readonly Slot[], index: number, removed: Slot): void {
  const leading = removed.indent.includes(',');
  const trailing = removed.comma !== '';
  const next = slots[index];
  if (leading && trailing && next !== undefined && !next.indent.includes(',')) {
    const newline = next.indent.indexOf('\n');
    next.indent = `${next.indent.slice(0, newline + 1)},${next.indent.slice(newline + 1)}`;
  } else if (!leading && !trailing) {
    const led = slots.slice(index).find(({ indent }) => indent.includes(','));
    if (led !== undefined) led.indent = led.indent.replace(',', '');
  }
}

function emptySlot(): Slot {
  return { indent: '', value: undefined, comma: '', comment: '' };
}

function isBlank({ value, comment }: Slot): boolean {
  return value === undefined && comment === '';
}
