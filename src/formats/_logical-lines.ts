/** The lines of a requirements file: continuations joined, comments kept apart, each with its number. */

export interface LogicalLine {
  /** Not empty, without comments. */
  readonly text: string;
  /** Of its first physical line, from 1. */
  readonly number: number;
  /** Comments behind it and below it (indented), without `#`. */
  readonly comments: readonly string[];
}

/** Longer files are none. */
const MOST_LINES = 1_000_000;

/** The lines that say something. A comment belongs to the line that it stands behind, or indented below. */
export function logicalLines(text: string): LogicalLine[] {
  const lines: { text: string; number: number; comments: string[] }[] = [];
  let open: { text: string; number: number; comments: string[] } | undefined;
  const physical = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/, MOST_LINES);
  for (const [index, raw] of physical.entries()) {
    const comment = /^(\s*)#(.*)$/.exec(raw);
    if (comment !== null) {
      const owner = open ?? (comment[1] === '' ? undefined : lines.at(-1));
      owner?.comments.push((comment[2] ?? '').trim());
      continue;
    }
    const inline = /(?:^|\s+)#(.*)$/.exec(raw);
    const bare = inline === null ? raw : raw.slice(0, inline.index);
    const continues = /\\\s*$/.test(bare) && inline === null;
    const part = continues ? bare.replace(/\\\s*$/, '') : bare;
    open ??= { text: '', number: index + 1, comments: [] };
    open.text += open.text === '' || /^\s/.test(part) ? part : ` ${part}`;
    if (inline !== null) open.comments.push((inline[1] ?? '').trim());
    if (continues) continue;
    open.text = open.text.trim();
    if (open.text !== '') lines.push(open);
    open = undefined;
  }
  if (open !== undefined && open.text.trim() !== '') lines.push({ ...open, text: open.text.trim() });
  return lines;
}
