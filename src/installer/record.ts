/**
 * RECORD: the list of a distribution's files with their hashes and sizes, as comma-separated values.
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
 */

import { ParseError } from '../ground/error.ts';

/** One row. `path` is relative to the folder that holds the dist-info folder, or absolute. */
export interface RecordRow {
  readonly path: string;
  /** `sha256=` and the unpadded URL-safe base64 digest; empty where none is given. */
  readonly hash: string;
  /** Bytes; undefined where none is given. */
  readonly size: number | undefined;
}

/** Reads a RECORD. Throws `ParseError` for rows without three fields, or with a size that is no number. */
export function parseRecord(text: string): RecordRow[] {
  const rows: RecordRow[] = [];
  for (const fields of csvRows(text)) {
    const [path = '', hash = '', size = ''] = fields;
    if (fields.length < 2 || fields.length > 3 || path === '') {
      throw new ParseError(`RECORD has a row that is none: ${fields.join(',')}`, text);
    }
    if (!/^\d*$/.test(size)) throw new ParseError(`RECORD has the size ${size} for ${path}`, text);
    // Programs of 2018 wrote the algorithm in capitals, among them setuptools for Python 2.7.
    const plain = /^[a-z\d]*=|^$/.test(hash) ? hash : hash.replace(/^[^=]+/, (algorithm) => algorithm.toLowerCase());
    rows.push({ path, hash: plain, size: size === '' ? undefined : Number(size) });
  }
  return rows;
}

/** One row with its line end, quoted where it must be. */
export function recordRow(path: string, hash = '', size: number | '' = ''): string {
  return `${/[",\r\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path},${hash},${size}\n`;
}

/** A row, and the path by which it is sorted: the one inside of the wheel's schemes. */
export interface RecordEntry {
  readonly key: string;
  readonly row: string;
}

/** The rows in the order of their keys. */
export function sortedRows(entries: readonly RecordEntry[]): string {
  return entries
    .toSorted(byKey)
    .map(({ row }) => row)
    .join('');
}

/**
 * The UTF-8 text `sorted` with more rows, each where its key belongs, in pieces: a RECORD may have megabytes, and most of it is neither
 * read nor copied. Its own rows are sorted by their paths, without line ends in them.
 */
export function withRows(sorted: Buffer, more: readonly RecordEntry[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { key, row } of more.toSorted(byKey)) {
    const place = placeOf(key, sorted, at);
    pieces.push(sorted.subarray(at, place), Buffer.from(row));
    at = place;
  }
  return [...pieces, sorted.subarray(at)];
}

function byKey(a: RecordEntry, b: RecordEntry): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Where the first row from `start` on begins whose path comes after `key`. */
function placeOf(key: string, sorted: Buffer, start: number): number {
  let low = start;
  let high = sorted.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = Math.max(middle === 0 ? 0 : sorted.lastIndexOf('\n', middle - 1) + 1, low);
    const end = sorted.indexOf('\n', row) + 1;
    if (pathOf(sorted.toString('utf8', row, end)) > key) high = row;
    else low = end;
  }
  return low;
}

function pathOf(row: string): string {
  return row.startsWith('"') ? (parseRecord(row)[0]?.path ?? '') : row.slice(0, row.indexOf(','));
}

function* csvRows(text: string): Generator<string[]> {
  if (!text.includes('"')) {
    for (const line of text.split(/\r\n|\n|\r/)) if (line !== '') yield line.split(',');
    return;
  }
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else if (char === '\n' || char === '\r') {
      if (fields.length > 0 || field !== '') yield [...fields, field];
      fields = [];
      field = '';
    } else field += char;
  }
  if (fields.length > 0 || field !== '') yield [...fields, field];
}
