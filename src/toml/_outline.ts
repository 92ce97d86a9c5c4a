/** Where things are in a TOML text: headers, keys and values with their offsets. */

import { type AST, parseTOML } from 'toml-eslint-parser';

export type Key = string | number;

/** A `key = value`, also within an inline table. */
export interface Entry {
  /** From the root of the document. */
  readonly path: readonly Key[];
  /** The keys as written: dotted ones have several. */
  readonly keys: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly value: AST.TOMLContentNode;
}

/** A header with what follows it up to the next one; the first region has no header. */
export interface Region {
  readonly path: readonly Key[];
  readonly kind: 'root' | 'standard' | 'array';
  /** Offset of the header's line. */
  readonly start: number;
  /** Offset behind the header's line. */
  readonly bodyStart: number;
  /** Offset of the next header's line, or the end of the text. */
  readonly end: number;
  readonly entries: readonly Entry[];
  /** White space before the header. */
  readonly indent: string;
}

export interface Outline {
  readonly text: string;
  /** `\r\n` where every line ends with it. */
  readonly newline: '\n' | '\r\n';
  readonly regions: readonly Region[];
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** @throws the parser's errors, for a text that is no TOML: read it with `readToml` before */
export function outlineOf(text: string): Outline {
  // A byte order mark is no TOML to this parser, and stays before all else.
  const program = parseTOML(text.replace(/^\ufeff/, ' '));
  const first = text.startsWith('\ufeff') ? 1 : 0;
  const [root] = program.body;
  const tables = root.body.filter((node): node is AST.TOMLTable => node.type === 'TOMLTable');
  const starts = tables.map((table) => Math.max(first, lineStart(text, table.range[0])));
  const regions: Region[] = [
    {
      path: [],
      kind: 'root',
      start: first,
      bodyStart: first,
      end: starts[0] ?? text.length,
      entries: root.body.flatMap((node) => (node.type === 'TOMLKeyValue' ? [entryOf(node, [])] : [])),
      indent: '',
    },
    ...tables.map((table, index): Region => {
      const start = starts[index] ?? 0;
      return {
        path: table.resolvedKey,
        kind: table.kind,
        start,
        bodyStart: lineEnd(text, table.key.range[1]),
        end: starts[index + 1] ?? text.length,
        entries: table.body.map((node) => entryOf(node, table.resolvedKey)),
        indent: text.slice(start, table.range[0]),
      };
    }),
  ];
  const comments = program.comments.map(({ range }) => ({ start: range[0], end: range[1] }));
  return { text, newline: /(?<!\r)\n/.test(text) || !text.includes('\n') ? '\n' : '\r\n', regions, comments };
}

/** The entries of an inline table that stands at `path`. */
export function innerEntries(table: AST.TOMLInlineTable, path: readonly Key[]): Entry[] {
  return table.body.map((node) => entryOf(node, path));
}

/** Whether `path` begins with `prefix`. */
export function startsWith(path: readonly Key[], prefix: readonly Key[]): boolean {
  return prefix.length <= path.length && prefix.every((key, index) => key === path[index]);
}

export function samePath(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** Offset of the first character of the line. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line's line feed, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function entryOf(node: AST.TOMLKeyValue, base: readonly Key[]): Entry {
  const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  return {
    path: [...base, ...keys],
    keys,
    start: node.range[0],
    end: node.range[1],
    valueStart: node.value.range[0],
    valueEnd: node.value.range[1],
    value: node.value,
  };
}
