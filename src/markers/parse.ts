/**
 * The grammar of markers (PEP 508, "Grammar"), as Poetry reads it: `and` binds tighter than `or`, space and tab
 * separate, names and operators need no space between them, a value stands on the right unless it is looked for
 * with `in`.
 */

import { ParseError } from '../ground/error.ts';
import { unionOf } from './_algebra.ts';
import { memoTable } from './_memo.ts';
import type { Marker } from './_node.ts';
import { anyMarker, conjunctionOf, disjunctionOf, emptyMarker } from './_node.ts';
import { singleMarker } from './_single.ts';

/** What a text says before its comparisons are understood: an `or` of `and`s. */
export type Alternatives = readonly (readonly Part[])[];
type Part =
  | { readonly kind: 'group'; readonly alternatives: Alternatives }
  | { readonly kind: 'comparison'; readonly name: string; readonly text: string; readonly swapped: boolean };

const VARIABLE = new RegExp(
  [
    'platform[._]python_implementation',
    'implementation_version',
    'python_implementation',
    'implementation_name',
    'python_full_version',
    'platform_release',
    'platform[._]version',
    'platform[._]machine',
    'platform_system',
    'python_version',
    'sys[._]platform',
    'os[._]name',
    'extra',
  ].join('|'),
  'y',
);
const OPERATOR = /not in|===|==|>=|<=|!=|~=|in|>|</y;
const SINGLE_QUOTED = /'[^']*'/y;
const DOUBLE_QUOTED = /"[^\n]*?(?<!\\)(?:\\\\)*?"/y;
const JOINT = /and|or/y;
const OPENING = /\(/y;
const CLOSING = /\)/y;

const parsed = memoTable<string, Marker>();

/**
 * The marker that a text says, simplified once as a whole. No text and `*` are the marker that always holds, `<empty>`
 * the one that never does. Throws `ParseError` where the text does not follow the grammar, and its kind `InvalidMarker`
 * where a comparison means nothing.
 */
export function parseMarker(text: string): Marker {
  if (text === '<empty>') return emptyMarker;
  if (text === '' || text === '*') return anyMarker;
  return parseMarkerExpression(text);
}

/** The same without the three special texts: what follows `;` in a requirement. */
export function parseMarkerExpression(text: string): Marker {
  let marker = parsed.get(text);
  if (marker === undefined) {
    marker = unionOf(conjunctions(readAlternatives(text)));
    parsed.set(text, marker);
  }
  return marker;
}

/** Only the grammar. Throws `ParseError`. */
export function readAlternatives(text: string): Alternatives {
  return new Reading(text).whole();
}

function conjunctions(alternatives: Alternatives): Marker[] {
  return alternatives.map((parts) => {
    const markers = parts.map((part) =>
      part.kind === 'group'
        ? disjunctionOf(conjunctions(part.alternatives))
        : singleMarker(part.name, part.text, part.swapped),
    );
    const [only] = markers;
    return markers.length === 1 && only !== undefined ? only : conjunctionOf(markers);
  });
}

/** One reading of one text, from left to right. */
class Reading {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Alternatives {
    const alternatives = this.alternatives();
    this.skipSpace();
    if (this.at < this.text.length) throw this.unexpected();
    return alternatives;
  }

  private alternatives(): Alternatives {
    const alternatives = [[this.part()]];
    for (let joint = this.take(JOINT); joint !== undefined; joint = this.take(JOINT)) {
      const part = this.part();
      if (joint === 'or') alternatives.push([part]);
      else alternatives.at(-1)?.push(part);
    }
    return alternatives;
  }

  private part(): Part {
    if (this.take(OPENING) !== undefined) {
      const alternatives = this.alternatives();
      this.expect(CLOSING);
      return { kind: 'group', alternatives };
    }
    const variable = this.take(VARIABLE);
    if (variable !== undefined) {
      const operator = this.expect(OPERATOR);
      const value = this.value() ?? this.fail();
      return { kind: 'comparison', name: variable, text: `${operator} ${value}`, swapped: false };
    }
    const value = this.value() ?? this.fail();
    const operator = this.expect(OPERATOR);
    return { kind: 'comparison', name: this.expect(VARIABLE), text: `"${value}" ${operator}`, swapped: true };
  }

  private value(): string | undefined {
    return (this.take(SINGLE_QUOTED) ?? this.take(DOUBLE_QUOTED))?.slice(1, -1);
  }

  private take(token: RegExp): string | undefined {
    this.skipSpace();
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private expect(token: RegExp): string {
    return this.take(token) ?? this.fail();
  }

  private skipSpace(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at += 1;
  }

  private fail(): never {
    throw this.unexpected();
  }

  private unexpected(): ParseError {
    const what = this.at < this.text.length ? `unexpected text at column ${this.at + 1}` : 'unexpected end';
    return new ParseError(`Invalid marker: ${what}`, this.text, { start: this.at, end: this.text.length });
  }
}
