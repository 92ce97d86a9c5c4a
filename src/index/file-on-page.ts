/**
 * One file of a project's page without reading the page: whoever installs from a lock knows the file's name and its hash, and pages
 * list up to thousands of others.
 */

import type { IndexFile } from './index-file.ts';
import { jsonFile } from './simple-page.ts';

/** An entry has few objects inside of it: its hashes, its core metadata, what indexes add of their own. */
const MOST_OBJECTS = 16;
const [QUOTE, BACKSLASH, OPEN, CLOSE] = Buffer.from('"\\{}');

/** A rest of the page, in bytes, that is read faster than a connection is made. */
const SHORT = 512 * 1024;

/** How far from its file's name an entry may begin and end, in bytes. */
const REACH = 16 * 1024;

/**
 * The entry of the file in a page of the simple API in JSON that comes in pieces; undefined where it is not found in this way, and
 * the page has to be read as a whole. `url` is the address that the page comes from, `length` its announced bytes: a long rest is not
 * read, a short one (or an unknown one) is, since the next request can then use the connection.
 */
export async function fileOnPage(
  pieces: AsyncIterable<Uint8Array>,
  url: string,
  file: string,
  length?: number,
): Promise<IndexFile | undefined> {
  const name = Buffer.from(JSON.stringify(file));
  let window = Buffer.alloc(0);
  let from = 0;
  /** Looks at each place with the name after which there is enough of the page, and forgets what lies behind. */
  const look = (enough: number): IndexFile | undefined => {
    let at = window.indexOf(name, from);
    while (at >= 0 && window.length - at >= enough) {
      const entry = entryAround(window, at);
      const found = isObject(entry) && entry.filename === file ? jsonFile(entry, url) : undefined;
      if (found !== undefined) return found;
      at = window.indexOf(name, at + 1);
    }
    // The name itself may come in two pieces.
    const next = at >= 0 ? at : Math.max(0, window.length - name.length + 1);
    const start = Math.max(0, next - REACH);
    window = window.subarray(start);
    from = next - start;
    return undefined;
  };
  let found: IndexFile | undefined;
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    if (found === undefined) {
      window = Buffer.concat([window, piece]);
      found = look(REACH);
    }
    if (found !== undefined && length !== undefined && length - read > SHORT) return found;
  }
  return found ?? look(0);
}

/** The innermost object with a file name around a place in the page. */
function entryAround(page: Buffer, place: number): unknown {
  let start = place;
  for (let count = 0; count < MOST_OBJECTS; count++) {
    start = page.lastIndexOf(OPEN ?? 0, start - 1);
    if (start < 0) return undefined;
    const end = endOfObject(page, start);
    if (end === undefined || end <= place) continue;
    const found = parsed(page.toString('utf8', start, end));
    if (isObject(found) && 'filename' in found) return found;
  }
  return undefined;
}

/** Where the object that opens at `start` has closed. */
function endOfObject(page: Buffer, start: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = start; at < page.length; at++) {
    const byte = page[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
