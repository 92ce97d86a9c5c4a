/** Poetry's compact tables: columns padded to their widest cell, a space between them. */

import type { Paint, Style } from './style.ts';

/** A cell; plain text without a style. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
  /** Stands before the text, without its style. Default: nothing. */
  readonly lead?: string;
}

export interface TableOptions {
  readonly paint: Paint;
  /** A space before the first and behind the last column. Default: true. */
  readonly framed?: boolean;
}

/** The lines. Rows may be of different lengths: what a row lacks is filled with spaces. */
export function compactTable(rows: readonly (readonly Cell[])[], { paint, framed = true }: TableOptions): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(0, ...rows.map((row) => length(row[at]))));
  const edge = framed ? ' ' : '';
  return rows.map((row) => {
    const cells = widths.map((width, at) => {
      const cell = row[at];
      const text = cell?.style === undefined ? (cell?.text ?? '') : paint(cell.style, cell.text);
      return (cell?.lead ?? '') + text + ' '.repeat(width - length(cell));
    });
    return `${edge}${cells.join(' ')}${edge}`;
  });
}

function length(cell: Cell | undefined): number {
  return cell === undefined ? 0 : [...(cell.lead ?? ''), ...cell.text].length;
}
