/**
 * Reads the TOML of locks in the one layout that Poetry and tercet write, several times faster than a general reader.
 *
 * It gives up on everything else, so that what it returns is always what a TOML reader returns for the same text.
 */

/** The lines that begin a package, in one step. */
const HEAD = new RegExp(
  [
    'name = S',
    'version = S',
    'description = S',
    'optional = (true|false)',
    'python-versions = S',
    'groups = \\["(L)"\\]',
    '',
  ]
    .join('\\n')
    .replaceAll('S', '"([^"\\\\\\n]*)"')
    .replace('L', '[^"\\\\\\n]*(?:", "[^"\\\\\\n]*)*'),
  'y',
);
/** The value of `files`, nine tenths of a lock: skipped in one step, and taken apart when it is looked at. */
const FILES = /\[\n(?: {4}\{file = "[^"\\\n]+", hash = "[^"\\\n]+"\},\n)+\]/y;
/**
 * The lines of `[package.dependencies]` and `[package.extras]`, skipped in one step and read when they are looked at: a key, and a string, an
 * inline table or an array behind it. Each closes what it opens, so that the table ends where these lines do.
 */
const LINES = linesPattern();
const BARE = /[A-Za-z0-9_-]+/y;

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

/**
 * The document as plain values; undefined where its layout is not the canonical one.
 *
 * @param readAny reads any TOML: called where a table that is looked at late turns out not to be canonical. What it throws for the whole
 *   document or the table, looking at the table throws.
 */
export function readCanonical(text: string, readAny: (toml: string) => Table): Table | undefined {
  const source = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
  if (UNUSUAL.test(source)) return undefined;
  const readLate = (lines: string): Table => {
    const table = readDocument(lines, readLate);
    if (table !== undefined) return table;
    readAny(source);
    return readAny(lines);
  };
  return readDocument(source, readLate);
}

function readDocument(text: string, readLate: (lines: string) => Table): Table | undefined {
  try {
    return documentOf(text, readLate);
  } catch (error) {
    if (error === GIVE_UP) return undefined;
    throw error;
  }
}

/** What a block that `FILES` matches says: no name and no hash in it holds a quotation mark. */
function filesOf(block: string): { readonly file: string; readonly hash: string }[] {
  const start = '[\n    {file = "'.length;
  return block
    .slice(start, -'"},\n]'.length)
    .split('"},\n    {file = "')
    .map((line) => {
      const end = line.indexOf('"');
      return { file: line.slice(0, end), hash: line.slice(end + '", hash = "'.length) };
    });
}

function documentOf(text: string, readLate: (lines: string) => Table): Table {
  const root: Table = {};
  let packages: Table[] | undefined;
  let table: Table | undefined = root;
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

  /** The table whose lines follow; undefined where it has been skipped. */
  function header(): Table | undefined {
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
        const next = head();
        packages.push(next);
        return next;
      }
      case '[package.dependencies]':
      case '[package.extras]': {
        LINES.lastIndex = at;
        const isPlain =
          LINES.test(text) && (LINES.lastIndex === text.length || text.charCodeAt(LINES.lastIndex) === 10);
        const key = name.slice('[package.'.length, -1);
        if (!isPlain) return child(last, key);
        const lines = text.slice(at, LINES.lastIndex);
        at = LINES.lastIndex;
        defineLazily(last, key, () => readLate(lines));
        return undefined;
      }
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

  function keyValue(into: Table | undefined): void {
    const name = key();
    FILES.lastIndex = at;
    if (name === 'files' && FILES.test(text)) {
      const block = text.slice(at, FILES.lastIndex);
      at = FILES.lastIndex;
      defineLazily(into, name, () => filesOf(block));
    } else {
      put(into, name, value(0));
    }
    if (at < text.length && text.charCodeAt(at) !== 10) throw GIVE_UP;
    at++;
  }

  /** A package with the keys that it begins with, where they stand in the usual order. */
  function head(): Table {
    HEAD.lastIndex = at;
    const found = HEAD.exec(text);
    if (found === null) return {};
    at = HEAD.lastIndex;
    const [, name, version, description, optional, pythons, groups] = found;
    return {
      name,
      version,
      description,
      optional: optional === 'true',
      'python-versions': pythons,
      groups: groups?.split('", "'),
    };
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
function defineLazily(table: Table | undefined, key: string, compute: () => unknown): void {
  let value: unknown;
  Object.defineProperty(settable(table, key), key, {
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
  settable(table, key)[key] = value;
}

/** The table, where it has no such key yet. */
function settable(table: Table | undefined, key: string): Table {
  if (table === undefined || key === '__proto__' || Object.hasOwn(table, key)) throw GIVE_UP;
  return table;
}

function linesPattern(): RegExp {
  const string = '"(?:[^"\\\\\\n]|\\\\.)*"';
  const key = `(?:[A-Za-z0-9_-]+|${string})`;
  const inner = `(?:${string}|[A-Za-z0-9_=, -])`;
  const array = `\\[${inner}*\\]`;
  const table = `\\{(?:${inner}|${array})+\\}`;
  const rows = `\\[\\n(?: {4}(?:${string}|${table}),\\n)+\\]`;
  return new RegExp(`(?:${key} = (?:${string}|${table}|${array}|${rows})\\n)+`, 'y');
}
