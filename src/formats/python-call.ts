/**
 * The keyword arguments of one call in a Python file, as far as they are literals: texts, numbers, lists, tuples, dicts, `+` between
 * them, and names of the module that were given such a value once. Nothing is executed; what is computed is `undefined`.
 */

import { type Token, tokensOf } from './_python-tokens.ts';

/** A value; undefined where only running the file could tell. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Literal[]
  | { readonly [key: string]: Literal };

/** The keyword arguments of the last call of `callee` (`setup`, also behind a dot); undefined where there is none. */
export function callArguments(text: string, callee: string): ReadonlyMap<string, Literal> | undefined {
  const tokens = tokensOf(text);
  const names = assignments(tokens);
  let found: ReadonlyMap<string, Literal> | undefined;
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens[at]?.text !== callee || tokens[at + 1]?.text !== '(' || tokens[at - 1]?.text === 'def') continue;
    found = new Reader(tokens, at + 2, names).keywords();
  }
  return found;
}

/** Names of the module that are assigned once, with where their value begins. */
function assignments(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const changed = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name' || token.depth > 0) continue;
    const next = tokens[at + 1]?.text ?? '';
    const isAssignment = next === '=' && tokens[at + 2]?.text !== '=' && token.indent >= 0;
    const isChange =
      (next === '+' && tokens[at + 2]?.text === '=') || (next === '.' && token.indent >= 0) || next === '[';
    if (isChange) changed.add(token.text);
    if (!isAssignment) continue;
    if (found.has(token.text) || token.indent > 0) changed.add(token.text);
    found.set(token.text, at + 2);
  }
  for (const name of changed) found.delete(name);
  return found;
}

/** Literals deeper than this are left alone. */
const DEEPEST = 40;

class Reader {
  readonly #tokens: readonly Token[];
  readonly #names: ReadonlyMap<string, number>;
  readonly #depth: number;
  #at: number;

  constructor(tokens: readonly Token[], at: number, names: ReadonlyMap<string, number>, depth = 0) {
    this.#tokens = tokens;
    this.#at = at;
    this.#names = names;
    this.#depth = depth;
  }

  /** `name=value, …)`; `**name` and `**dict(…)` of literals count as well. */
  keywords(): ReadonlyMap<string, Literal> {
    const found = new Map<string, Literal>();
    for (;;) {
      this.#skipLines();
      const token = this.#tokens[this.#at];
      if (token === undefined || token.text === ')') return found;
      if (token.text === '**') {
        this.#at += 1;
        const more = this.value();
        if (isTable(more)) for (const [key, value] of Object.entries(more)) found.set(key, value);
      } else if (token.kind === 'name' && this.#tokens[this.#at + 1]?.text === '=') {
        this.#at += 2;
        found.set(token.text, this.value());
      } else this.value();
      this.#skipTo(',', ')');
      if (this.#tokens[this.#at]?.text === ',') this.#at += 1;
    }
  }

  /** One expression; stands behind it afterwards if it was a literal. */
  value(): Literal {
    let left = this.#single();
    while (this.#peek() === '+') {
      this.#at += 1;
      left = sum(left, this.#single());
    }
    const next = this.#peek();
    return next === undefined || [',', ')', ']', '}', ':', ''].includes(next) || this.#isEnd() ? left : undefined;
  }

  #single(): Literal {
    this.#skipLines();
    const token = this.#tokens[this.#at];
    if (token === undefined || this.#depth > DEEPEST) return undefined;
    this.#at += 1;
    switch (token.kind) {
      case 'text': {
        let text = token.text;
        while (this.#tokens[this.#at]?.kind === 'text') text += this.#tokens[this.#at++]?.text ?? '';
        return text;
      }
      case 'number':
        return Number(token.text);
      case 'name':
        return this.#named(token.text);
      default:
        return this.#bracket(token.text);
    }
  }

  #named(name: string): Literal {
    if (name === 'True' || name === 'False') return name === 'True';
    if (name === 'None') return null;
    const next = this.#peek();
    if ((name === 'dict' || name === 'list') && next === '(') {
      this.#at += 1;
      if (name === 'dict') {
        const found = this.#inner().keywords();
        this.#skipTo(')');
        this.#at += 1;
        return Object.fromEntries(found);
      }
    }
    if (next === '(' || next === '.' || next === '[') return undefined;
    const at = this.#names.get(name);
    return at === undefined || this.#depth > 5
      ? undefined
      : new Reader(this.#tokens, at, this.#names, this.#depth + 1).value();
  }

  #inner(): Reader {
    return new Reader(this.#tokens, this.#at, this.#names, this.#depth + 1);
  }

  #bracket(open: string): Literal {
    const close = open === '[' ? ']' : open === '(' ? ')' : open === '{' ? '}' : undefined;
    if (close === undefined) return undefined;
    const items: Literal[] = [];
    const entries: [string, Literal][] = [];
    let isTuple = open === '[';
    let isKnown = true;
    for (;;) {
      this.#skipLines();
      const token = this.#tokens[this.#at];
      if (token === undefined) return undefined;
      if (token.text === close && token.kind === 'mark') break;
      const before = this.#at;
      const item = this.value();
      if (this.#peek() === ':' && open === '{') {
        this.#at += 1;
        if (typeof item === 'string') entries.push([item, this.value()]);
        else isKnown = false;
      } else {
        items.push(item);
        if (item === undefined) isKnown = false;
      }
      this.#skipTo(',', close);
      if (this.#peek() === ',') {
        this.#at += 1;
        isTuple = true;
      } else if (this.#at === before) return undefined;
    }
    this.#at += 1;
    if (open === '{') return isKnown || entries.length > 0 ? Object.fromEntries(entries) : undefined;
    if (!isKnown && items.length === 1) return undefined;
    return isTuple ? items : items[0];
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'text' ? '"' : token?.text;
  }

  #isEnd(): boolean {
    return this.#tokens[this.#at]?.kind === 'line';
  }

  #skipLines(): void {
    while (this.#tokens[this.#at]?.kind === 'line') this.#at += 1;
  }

  /** Moves on to the next of these marks at the bracket depth of here. */
  #skipTo(...marks: readonly string[]): void {
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'mark') continue;
      if (depth === 0 && marks.includes(token.text)) return;
      if (/^[([{]$/.test(token.text)) depth += 1;
      else if (/^[)\]}]$/.test(token.text)) {
        if (depth === 0) return;
        depth -= 1;
      }
    }
  }
}

function sum(left: Literal, right: Literal): Literal {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  return Array.isArray(left) && Array.isArray(right) ? [...left, ...right] : undefined;
}

/** Whether a value is a dict's. */
export function isTable(value: Literal): value is { readonly [key: string]: Literal } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
