/**
 * A quick reader of the plain part of TOML, for start-up: it walks a document's `key = value` lines and
 * decodes simple values, in a fraction of the time that loading a whole parser takes.
 *
 * It never guesses. A value that is not plain is `undefined`, and a document whose shape it does not follow is
 * `undefined` as a whole: then the real parser (`toml/read.ts`) has to be asked.
 */

export type PlainValue = string | boolean | number | readonly string[];

/** One `key = value` of a document. */
export interface PlainEntry {
  /** The table's path and then the key's; inside an array of tables a part `[]` stands for the element. */
  readonly path: readonly string[];
  /** Undefined: there is a value, but not a plain one (an inline table, an escape, a date…). */
  readonly value: PlainValue | undefined;
}

/** The entries of a TOML document in its own order; undefined when it is not understood. */
export function scanToml(text: string): readonly PlainEntry[] | undefined {
  const entries: PlainEntry[] = [];
  let table: readonly string[] = [];
  let at = skip(BLANK, text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  while (at < text.length) {
    if (text[at] === '[') {
      const list = text[at + 1] === '[';
      const keys = scanKeys(text, at + (list ? 2 : 1));
      const close = list ? ']]' : ']';
      if (keys === undefined || !text.startsWith(close, keys.end)) return undefined;
      table = list ? [...keys.path, '[]'] : keys.path;
      at = keys.end + close.length;
    } else {
      const keys = scanKeys(text, at);
      if (keys === undefined || text[keys.end] !== '=') return undefined;
      const value = scanValue(text, skip(SPACE, text, keys.end + 1));
      if (value === undefined) return undefined;
      entries.push({ path: [...table, ...keys.path], value: value.value });
      at = value.end;
    }
    at = skip(REST_OF_LINE, text, at);
    if (at < text.length && text[at] !== '\n' && text[at] !== '\r') return undefined;
    at = skip(BLANK, text, at);
  }
  return entries;
}

/** The entry at `path`, compared part by part. */
export function plainEntry(entries: readonly PlainEntry[], path: readonly string[]): PlainEntry | undefined {
  return entries.find((entry) => entry.path.length === path.length && path.every((part, i) => part === entry.path[i]));
}

/** The document as nested objects; undefined where any value is not plain, or a key stands in its own way. */
export function plainTree(text: string): Record<string, unknown> | undefined {
  const entries = scanToml(text);
  if (entries === undefined) return undefined;
  const root: Record<string, unknown> = Object.create(null);
  for (const { path, value } of entries) {
    const key = path.at(-1);
    if (value === undefined || key === undefined || path.includes('[]')) return undefined;
    let node = root;
    for (const part of path.slice(0, -1)) {
      const next = node[part] ?? Object.create(null);
      if (typeof next !== 'object' || Array.isArray(next)) return undefined;
      node[part] = next;
      node = next;
    }
    if (key in node) return undefined;
    node[key] = value;
  }
  return root;
}

const BLANK = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const SPACE = /[ \t]*/y;
const REST_OF_LINE = /[ \t]*(?:#[^\r\n]*)?/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const BASIC = /"((?:[^"\\\r\n]|\\[^\r\n])*)"/y;
const LITERAL = /'([^'\r\n]*)'/y;
const LONG_BASIC = /"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}/y;
const LONG_LITERAL = /'''(?:[^']|'{1,2}(?!'))*'{3,5}/y;
const BARE_VALUE = /[^\s,\]}#"'[{]+(?: \d[^\s,\]}#]*)?/y;
/** Values nested deeper than this are left to the parser. */
const DEEPEST = 50;
const INTEGER = /^[+-]?(?:0|[1-9]\d{0,14})$/;

interface Scanned {
  readonly value: PlainValue | undefined;
  readonly end: number;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return Math.max(at, pattern.lastIndex);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function scanKeys(text: string, start: number): { path: string[]; end: number } | undefined {
  const path: string[] = [];
  for (let at = start; ; at += 1) {
    at = skip(SPACE, text, at);
    const quoted = match(BASIC, text, at) ?? match(LITERAL, text, at);
    const found = quoted ?? match(BARE_KEY, text, at);
    if (found === null) return undefined;
    const key = quoted === null ? found[0] : (quoted[1] ?? '');
    if (text[at] === '"' && key.includes('\\')) return undefined;
    path.push(key);
    at = skip(SPACE, text, at + found[0].length);
    if (text[at] !== '.') return { path, end: at };
  }
}

function scanValue(text: string, at: number, depth = 0): Scanned | undefined {
  const first = text[at];
  if (depth > DEEPEST) return undefined;
  if (first === '"' || first === "'") return scanString(text, at);
  if (first === '[') return scanArray(text, at, depth + 1);
  if (first === '{') return skipInlineTable(text, at, depth + 1);
  const bare = match(BARE_VALUE, text, at)?.[0];
  if (bare === undefined) return undefined;
  const end = at + bare.length;
  if (bare === 'true' || bare === 'false') return { value: bare === 'true', end };
  return { value: INTEGER.test(bare) ? Number(bare) : undefined, end };
}

function scanString(text: string, at: number): Scanned | undefined {
  const long = text.startsWith('"""', at) ? LONG_BASIC : text.startsWith("'''", at) ? LONG_LITERAL : undefined;
  if (long !== undefined) {
    const found = match(long, text, at);
    return found === null ? undefined : { value: undefined, end: at + found[0].length };
  }
  const found = match(text[at] === '"' ? BASIC : LITERAL, text, at);
  if (found === null) return undefined;
  const value = found[1] ?? '';
  return { value: text[at] === '"' && value.includes('\\') ? undefined : value, end: at + found[0].length };
}

function scanArray(text: string, start: number, depth: number): Scanned | undefined {
  const items: string[] = [];
  let plain = true;
  for (let at = skip(BLANK, text, start + 1); ; ) {
    if (text[at] === ']') return { value: plain ? items : undefined, end: at + 1 };
    const item = scanValue(text, at, depth);
    if (item === undefined) return undefined;
    if (typeof item.value === 'string') items.push(item.value);
    else plain = false;
    at = skip(BLANK, text, item.end);
    if (text[at] === ',') at = skip(BLANK, text, at + 1);
    else if (text[at] !== ']') return undefined;
  }
}

function skipInlineTable(text: string, start: number, depth: number): Scanned | undefined {
  for (let at = skip(BLANK, text, start + 1); ; ) {
    if (text[at] === '}') return { value: undefined, end: at + 1 };
    const keys = scanKeys(text, at);
    if (keys === undefined || text[keys.end] !== '=') return undefined;
    const item = scanValue(text, skip(SPACE, text, keys.end + 1), depth);
    if (item === undefined) return undefined;
    at = skip(BLANK, text, item.end);
    if (text[at] === ',') at = skip(BLANK, text, at + 1);
    else if (text[at] !== '}') return undefined;
  }
}
