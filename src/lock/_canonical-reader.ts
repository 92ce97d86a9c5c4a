/**
 * Reads the TOML of locks in the one layout that Poetry and tercet write, several times faster than a general reader.
 *
 * It gives up on everything else, so that what it returns is always what a TOML reader returns for the same text.
 */

/** The value of `files`, nine tenths of a lock: skipped in one step, and taken apart when it is looked at. */
const FILES = /\[\n(?: {4}\{file = "[^"\\\n]+", hash = "[^"\\\n]+"\},\n)+\]/y;
const BARE = /[A-Za-z0-9_-]+/y;
const FILE = / {4}\{file = "([^"]+)", hash = "([^"]+)"\},\n/g;

type Table = Record<string, unknown>;

/** Thrown inside this file only: the text is not in the canonical layout. */
const GIVE_UP = Symbol('not canonical');

/** Control characters except the line feed, the byte order mark and half surrogates: these are for the general reader to judge. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the purpose
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f\ufeff\ud800-\udfff]/u;
/** Arrays and inline tables in each other, at most: `[{extras = ["a"]}]`. */
const DEEPEST = 3;
const PLAIN = /"[^"\\\n]*"/y;
/** A basic string whose escapes mean in JSON what they mean in TOML. */
const ESCAPED = /"(?:[^"\\\n]|\\(?:["\\bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}))*"/y;

/** The document as plain values; undefined where its layout is not the canonical one. */
export function readCanonical(text: string): Table | undefined {
  const source = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
  if (UNUSUAL.test(source)) return undefined;
  try {
    return readDocument(source);
  } catch (error) {
    if (error === GIVE_UP) return undefined;
    throw error;
  }
}

function readDocument(text: string): Table {
  const root: Table = {};
  let packages: Table[] | undefined;
  let table = root;
  let at = 0;

  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 10) at++;
    else if (code === 35) at = lineEnd(at) + 1;
    else if (code === 91) table = header();
    else keyValue(table);
  }
  return root;

  function lineEnd(from: number): number {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }

  function header(): Table {
    const end = lineEnd(at);
    const name = text.slice(at, end);
    at = end + 1;
    const last = packages?.[packages.length - 1];
    switch (name) {
      case '[[package]]': {
        if (packages === undefined) {
          packages = [];
          put(root, 'package', packages);
        }
        const next: Table = {};
        packages.push(next);
        return next;
      }
      case '[package.dependencies]':
      case '[package.extras]':
      case '[package.source]':
        return child(last, name.slice('[package.'.length, -1));
      case '[extras]':
      case '[metadata]':
        return child(root, name.slice(1, -1));
      case '[metadata.files]': {
        if (!Object.hasOwn(root, 'metadata')) throw GIVE_UP;
        return child(root.metadata as Table, 'files');
      }
      default:
        throw GIVE_UP;
    }
  }

  function keyValue(into: Table): void {
    const name = key();
    FILES.lastIndex = at;
    if (name === 'files' && FILES.test(text)) {
      const block = text.slice(at, FILES.lastIndex);
      at = FILES.lastIndex;
      put(into, name, undefined);
      defineLazily(into, name, () => Array.from(block.matchAll(FILE), ([, file, hash]) => ({ file, hash })));
    } else {
      put(into, name, value(0));
    }
    if (at < text.length && text.charCodeAt(at) !== 10) throw GIVE_UP;
    at++;
  }

  /** A bare or quoted key and the ` = ` behind it. */
  function key(): string {
    let name: string;
    if (text.charCodeAt(at) === 34) {
      name = string();
    } else {
      BARE.lastIndex = at;
      if (!BARE.test(text)) throw GIVE_UP;
      name = text.slice(at, BARE.lastIndex);
      at = BARE.lastIndex;
    }
    if (!text.startsWith(' = ', at)) throw GIVE_UP;
    at += 3;
    return name;
  }

  function value(depth: number): unknown {
    if (depth > DEEPEST) throw GIVE_UP;
    switch (text.charCodeAt(at)) {
      case 34:
        return string();
      case 91:
        return text.charCodeAt(at + 1) === 10 ? rows(depth) : items(depth);
      case 123:
        return inlineTable(depth);
      case 102:
        return word('false', false);
      case 116:
        return word('true', true);
      default:
        throw GIVE_UP;
    }
  }

  function word(written: string, meant: boolean): boolean {
    if (!text.startsWith(written, at)) throw GIVE_UP;
    at += written.length;
    return meant;
  }

  function string(): string {
    const start = at;
    PLAIN.lastIndex = at;
    if (PLAIN.test(text)) {
      at = PLAIN.lastIndex;
      return text.slice(start + 1, at - 1);
    }
    ESCAPED.lastIndex = at;
    if (!ESCAPED.test(text)) throw GIVE_UP;
    at = ESCAPED.lastIndex;
    return JSON.parse(text.slice(start, at)) as string;
  }

  /** An array with one item a line. */
  function rows(depth: number): unknown[] {
    if (depth > 0) throw GIVE_UP;
    at += 2;
    const read: unknown[] = [];
    while (text.charCodeAt(at) !== 93) {
      if (!text.startsWith('    ', at)) throw GIVE_UP;
      at += 4;
      read.push(value(depth + 1));
      if (!text.startsWith(',\n', at)) throw GIVE_UP;
      at += 2;
    }
    at++;
    return read;
  }

  function items(depth: number): unknown[] {
    at++;
    const read: unknown[] = [];
    if (text.charCodeAt(at) === 93) {
      at++;
      return read;
    }
    for (;;) {
      read.push(value(depth + 1));
      if (closes(93)) return read;
    }
  }

  function inlineTable(depth: number): Table {
    at++;
    const read: Table = {};
    for (;;) {
      const name = key();
      put(read, name, value(depth + 1));
      if (closes(125)) return read;
    }
  }

  /** True behind the closing bracket, false behind `, `. */
  function closes(bracket: number): boolean {
    if (text.charCodeAt(at) === bracket) {
      at++;
      return true;
    }
    if (!text.startsWith(', ', at)) throw GIVE_UP;
    at += 2;
    return false;
  }
}

/** Makes a property that is computed at the first look, and is like any other for those who look. */
function defineLazily(table: Table, key: string, compute: () => unknown): void {
  let value: unknown;
  Object.defineProperty(table, key, {
    enumerable: true,
    configurable: true,
    get: () => {
      value ??= compute();
      return value;
    },
  });
}

function child(parent: Table | undefined, name: string): Table {
  const made: Table = {};
  put(parent, name, made);
  return made;
}

function put(table: Table | undefined, key: string, value: unknown): void {
  if (table === undefined || key === '__proto__' || Object.hasOwn(table, key)) throw GIVE_UP;
  table[key] = value;
}
