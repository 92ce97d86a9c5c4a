/**
 * Constraints on plain strings, as the values of `sys_platform`, `os_name` and the like have to meet them:
 * Poetry's generic constraints. An `extra` may hold several values at once, so its members follow other laws:
 * `== "a"` and `== "b"` together are possible there.
 *
 * Values are immutable; the algebra keeps the order in which members were first seen, because it is printed.
 */

import { ParseError } from '../ground/error.ts';

/** How a text is compared; `in` and `not in` look for `value` inside the tested text. */
export type StringOperator = '==' | '!=' | 'in' | 'not in';

export interface StringComparison {
  readonly kind: 'text';
  readonly operator: StringOperator;
  readonly value: string;
  /** True for names of extras. */
  readonly extra: boolean;
}

export interface StringConjunction {
  readonly kind: 'all-of';
  readonly members: readonly StringComparison[];
  readonly extra: boolean;
}

export interface StringDisjunction {
  readonly kind: 'one-of';
  readonly members: readonly StringConstraint[];
}

export type StringConstraint =
  | { readonly kind: 'any-text' }
  | { readonly kind: 'no-text' }
  | StringComparison
  | StringConjunction
  | StringDisjunction;

const anyText: StringConstraint = { kind: 'any-text' };
const noText: StringConstraint = { kind: 'no-text' };

/** `'arm' in`: a quoted value, and `in` or `not in` behind it. */
export const SUBSTRING_TEST = /^(['"])([^\n]+?)\1\s*(not\sin|in)(?=\n?$)/i;
const BASIC = /^(!=|==?=?)?\s*([^\n]+?)\s*$/;
const EXTRA = /^(!=|==?=?)?\s*(\S+?)\s*$/;

/**
 * Reads `linux`, `!=win32`, `a || b`, `!=a, !=b` or `'arm' in`; `*` is any. In `extra` mode a value has no spaces and
 * `in` is no operator. Throws `ParseError`.
 */
export function parseStringConstraint(text: string, mode: 'plain' | 'extra' = 'plain'): StringConstraint {
  if (text === '*') return anyText;
  const alternatives = text
    .trim()
    .split(/\s*\|\|?\s*/)
    .map((alternative) => {
      const [first, ...rest] = alternative
        .split(/\s*,\s*/)
        .map((part) => parseComparison(part, text, mode === 'extra'));
      return rest.reduce(intersectStrings, first ?? noText);
    });
  const [only] = alternatives;
  return alternatives.length === 1 && only !== undefined ? only : { kind: 'one-of', members: alternatives };
}

function parseComparison(part: string, source: string, extra: boolean): StringConstraint {
  const test = SUBSTRING_TEST.exec(part);
  if (test !== null) {
    if (extra) throw new ParseError('Only the operators "==" and "!=" are supported for extra constraints', source);
    return comparison(/^not/i.test(test[3] ?? '') ? 'not in' : 'in', (test[2] ?? '').trim(), false);
  }
  const basic = (extra ? EXTRA : BASIC).exec(part);
  if (basic === null) throw new ParseError(`Could not parse version constraint: ${part}`, source);
  return comparison(basic[1] === '!=' ? '!=' : '==', (basic[2] ?? '').trim(), extra);
}

function comparison(operator: StringOperator, value: string, extra: boolean): StringComparison {
  return { kind: 'text', operator, value, extra };
}

/** The constraint's text in the language that `parseStringConstraint` reads; nothing for the impossible one. */
export function formatStringConstraint(constraint: StringConstraint): string {
  switch (constraint.kind) {
    case 'any-text':
      return '*';
    case 'no-text':
      return '';
    case 'text':
      if (constraint.operator === 'in' || constraint.operator === 'not in') {
        return `'${constraint.value}' ${constraint.operator}`;
      }
      return (constraint.operator === '==' ? '' : constraint.operator) + constraint.value;
    case 'all-of':
      return constraint.members.map(formatStringConstraint).join(', ');
    case 'one-of':
      return constraint.members.map(formatStringConstraint).join(' || ');
  }
}

/** A text that two constraints share only if they are the same, member by member in order. */
export function stringConstraintKey(constraint: StringConstraint): string {
  switch (constraint.kind) {
    case 'any-text':
      return '*';
    case 'no-text':
      return '';
    case 'text':
      return `${constraint.operator}\u0001${constraint.value}`;
    case 'all-of':
      return `(${constraint.members.map(stringConstraintKey).join('\u0002')})`;
    case 'one-of':
      return `[${constraint.members.map(stringConstraintKey).join('\u0003')}]`;
  }
}

/** Whether both are the same, member by member in order. */
export function sameStringConstraint(a: StringConstraint, b: StringConstraint): boolean {
  if (a === b) return true;
  if (a.kind === 'text') return b.kind === 'text' && a.operator === b.operator && a.value === b.value;
  if (a.kind === 'all-of') return b.kind === 'all-of' && sameList(a.members, b.members);
  if (a.kind === 'one-of') return b.kind === 'one-of' && sameList(a.members, b.members);
  return a.kind === b.kind;
}

function sameList(a: readonly StringConstraint[], b: readonly StringConstraint[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    const ours = a[index];
    const theirs = b[index];
    if (ours === undefined || theirs === undefined || !sameStringConstraint(ours, theirs)) return false;
  }
  return true;
}

/** Whether a text meets the constraint. */
export function allowsText(constraint: StringConstraint, text: string): boolean {
  switch (constraint.kind) {
    case 'any-text':
      return true;
    case 'no-text':
      return false;
    case 'text':
      return comparisonAllows(constraint, text);
    case 'all-of':
      return constraint.members.every((member) => comparisonAllows(member, text));
    case 'one-of':
      return constraint.members.some((member) => allowsText(member, text));
  }
}

function comparisonAllows(constraint: StringComparison, text: string): boolean {
  switch (constraint.operator) {
    case '==':
      return text === constraint.value;
    case '!=':
      return text !== constraint.value;
    case 'in':
      return text.includes(constraint.value);
    case 'not in':
      return !text.includes(constraint.value);
  }
}

/** What meets exactly what `constraint` does not. Throws `ParseError` for a disjunction of conjunctions. */
export function invertStrings(constraint: StringConstraint): StringConstraint {
  switch (constraint.kind) {
    case 'any-text':
      return noText;
    case 'no-text':
      return anyText;
    case 'text':
      return invertComparison(constraint);
    case 'all-of':
      return { kind: 'one-of', members: constraint.members.map(invertComparison) };
    case 'one-of': {
      const members: StringComparison[] = [];
      for (const member of constraint.members) {
        if (member.kind !== 'text') {
          throw new ParseError('no inversion of nested constraints', formatStringConstraint(constraint));
        }
        members.push(invertComparison(member));
      }
      return conjunction(
        members,
        members.some((member) => member.extra),
      );
    }
  }
}

const OPPOSITE = { '==': '!=', '!=': '==', in: 'not in', 'not in': 'in' } as const;

function invertComparison(constraint: StringComparison): StringComparison {
  return comparison(OPPOSITE[constraint.operator], constraint.value, constraint.extra);
}

/** Throws `ParseError` where a member is no restriction that can stand beside others. */
function conjunction(members: readonly StringComparison[], extra: boolean): StringConjunction {
  const wrong = members.find(({ operator }) => (extra ? operator !== '==' && operator !== '!=' : operator === '=='));
  if (wrong !== undefined) {
    throw new ParseError('a conjunction of strings is made of negative comparisons', formatStringConstraint(wrong));
  }
  return { kind: 'all-of', members, extra };
}

function disjunction(members: readonly StringConstraint[]): StringConstraint {
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : { kind: 'one-of', members };
}

/** What meets both; ours first where order shows. */
export function intersectStrings(a: StringConstraint, b: StringConstraint): StringConstraint {
  switch (a.kind) {
    case 'any-text':
      return b;
    case 'no-text':
      return a;
    case 'text':
      return b.kind === 'text' ? intersectComparisons(a, b) : intersectStrings(b, a);
    case 'all-of':
      if (b.kind === 'all-of') return intersectConjunctions(a, b);
      return b.kind === 'text' ? restrictConjunction(a, b) : intersectStrings(b, a);
    case 'one-of':
      return intersectDisjunction(a, b);
  }
}

function intersectComparisons(a: StringComparison, b: StringComparison): StringConstraint {
  if (sameStringConstraint(a, b)) return a;
  if (a.extra) {
    return a.value === b.value && a.operator !== b.operator ? noText : conjunction([a, b], true);
  }
  if (covers(a, b)) return b;
  if (covers(b, a)) return a;
  return overlaps(a, b) && overlaps(b, a) ? conjunction([a, b], false) : noText;
}

/** Whether everything that `b` allows is allowed by `a`, as far as Poetry can tell. */
function covers(a: StringComparison, b: StringComparison): boolean {
  if (b.operator === '==') return comparisonAllows(a, b.value);
  if (b.operator === 'in' && a.operator === 'in') return b.value.includes(a.value);
  if (b.operator === 'not in' && (a.operator === 'not in' || a.operator === '!=')) return a.value.includes(b.value);
  return sameStringConstraint(a, b);
}

function overlaps(a: StringComparison, b: StringComparison): boolean {
  if (a.operator === '==') {
    if (b.operator === '==') return a.value === b.value;
    return comparisonAllows(b, a.value);
  }
  if (b.operator === '==') return comparisonAllows(a, b.value);
  if (b.operator === 'not in' && a.operator === 'in') return !a.value.includes(b.value);
  if (b.operator === 'in' && a.operator === 'not in') return !b.value.includes(a.value);
  return true;
}

function intersectConjunctions(a: StringConjunction, b: StringConjunction): StringConstraint {
  if (a.extra) {
    const all = [...a.members, ...b.members];
    const values = (operator: StringOperator) =>
      new Set(all.filter((member) => member.operator === operator).map((member) => member.value));
    if (!values('==').isDisjointFrom(values('!='))) return noText;
  }
  const fresh = b.members.filter((member) => !includes(a.members, member));
  return conjunction([...a.members, ...fresh], a.extra);
}

function restrictConjunction(a: StringConjunction, b: StringComparison): StringConstraint {
  if (includes(a.members, b)) return a;
  if (a.members.some((member) => member.value === b.value)) return noText;
  if (b.operator === '==' && !a.extra) return b;
  return conjunction([...a.members, b], a.extra);
}

function intersectDisjunction(a: StringDisjunction, b: StringConstraint): StringConstraint {
  if (b.kind === 'any-text') return a;
  if (b.kind === 'no-text') return b;
  if (b.kind === 'one-of' && isSubset(a.members, b.members) && isSubset(b.members, a.members)) return a;
  if (b.kind === 'text' && b.extra && includes(a.members, b)) return b;

  const found: StringConstraint[] = [];
  const add = (part: StringConstraint) => {
    if (part.kind === 'no-text' || includes(found, part)) return;
    if (part.kind === 'all-of' && found.some((seen) => seen.kind === 'all-of' && sameMembers(seen, part))) return;
    found.push(part);
  };
  if (b.kind === 'all-of') {
    for (const ours of a.members) add(b.members.reduce<StringConstraint>(intersectStrings, ours));
  } else {
    const theirs = b.kind === 'one-of' ? b.members : [b];
    if (isSubset(a.members, theirs)) return a;
    if (isSubset(theirs, a.members)) return disjunction(theirs);
    for (const our of a.members) {
      for (const their of theirs) add(intersectStrings(our, their));
    }
  }
  return found.length === 0 ? noText : disjunction(found);
}

/** What meets either; ours first where order shows. */
export function uniteStrings(a: StringConstraint, b: StringConstraint): StringConstraint {
  switch (a.kind) {
    case 'any-text':
      return a;
    case 'no-text':
      return b;
    case 'text':
      if (b.kind === 'text') return uniteComparisons(a, b);
      if (b.kind === 'one-of') return uniteDisjunction({ kind: 'one-of', members: [a] }, b);
      return uniteStrings(b, a);
    case 'all-of':
      if (b.kind === 'all-of') return uniteConjunctions(a, b);
      return b.kind === 'text' ? relaxConjunction(a, b) : uniteStrings(b, a);
    case 'one-of':
      return uniteDisjunction(a, b);
  }
}

function uniteComparisons(a: StringComparison, b: StringComparison): StringConstraint {
  if (sameStringConstraint(a, b)) return a;
  if (a.extra) {
    if (a.value === b.value && a.operator !== b.operator) return anyText;
  } else {
    if (covers(a, b)) return a;
    if (covers(b, a)) return b;
    if (leavesNothingOut(a, b)) return anyText;
  }
  return { kind: 'one-of', members: [a, b] };
}

function leavesNothingOut(a: StringComparison, b: StringComparison): boolean {
  const both = (one: StringOperator, other: StringOperator) =>
    (a.operator === one && b.operator === other) || (a.operator === other && b.operator === one);
  if (both('!=', '!=') || sameStringConstraint(invertComparison(a), b)) return true;
  if ((both('in', '!=') || both('in', 'not in')) && a.operator === 'in' && b.value.includes(a.value)) return true;
  return b.operator === 'in' && a.value.includes(b.value);
}

function uniteConjunctions(a: StringConjunction, b: StringConjunction): StringConstraint {
  if (a.extra) {
    if (isSubset(a.members, b.members)) return a;
    if (isSubset(b.members, a.members)) return b;
    return { kind: 'one-of', members: [a, b] };
  }
  const common = a.members.filter((member) => includes(b.members, member));
  const [first] = common;
  if (first === undefined) return anyText;
  return common.length === 1 ? first : conjunction(common, false);
}

function relaxConjunction(a: StringConjunction, b: StringComparison): StringConstraint {
  if (includes(a.members, b)) return b;
  const others = a.members.filter((member) => member.value !== b.value);
  if (a.extra) {
    const opposed = a.members.length === 2 && others.length < 2;
    return { kind: 'one-of', members: opposed ? [...others, b] : [a, b] };
  }
  if (others.length === a.members.length) return b.operator === '!=' ? anyText : a;
  const [first] = others;
  return others.length === 1 && first !== undefined ? first : conjunction(others, false);
}

function uniteDisjunction(a: StringDisjunction, b: StringConstraint): StringConstraint {
  if (b.kind === 'any-text') return b;
  if (b.kind === 'no-text' || sameStringConstraint(a, b)) return a;
  if (b.kind === 'all-of') return uniteDisjunctionWithConjunction(a, b);

  const ours: StringConstraint[] = [];
  const theirs: StringConstraint[] = [];
  const merged: StringConstraint[] = [];
  const add = (list: StringConstraint[], part: StringConstraint) => {
    if (!includes(list, part)) list.push(part);
  };
  for (const their of b.kind === 'one-of' ? b.members : [b]) {
    for (const our of a.members) {
      const union = uniteStrings(our, their);
      if (union.kind === 'any-text') return anyText;
      if (union.kind === 'text') {
        add(sameStringConstraint(union, our) ? ours : sameStringConstraint(union, their) ? theirs : merged, union);
      } else {
        add(ours, our);
        add(theirs, their);
      }
    }
  }
  for (const part of [...theirs, ...merged]) add(ours, part);
  return disjunction(ours);
}

function uniteDisjunctionWithConjunction(a: StringDisjunction, b: StringConjunction): StringConstraint {
  if (a.members.some((member) => includes(b.members, member))) return a;
  const simple = a.members.filter((member) => member.kind === 'text');
  const left = b.members.filter((theirs) => !simple.some((member) => uniteStrings(member, theirs).kind === 'any-text'));
  if (left.length === b.members.length) return disjunction([...a.members, b]);
  return left.length === 0 ? anyText : uniteStrings(a, { kind: 'one-of', members: left });
}

function includes(list: readonly StringConstraint[], wanted: StringConstraint): boolean {
  for (const member of list) if (sameStringConstraint(member, wanted)) return true;
  return false;
}

function isSubset(part: readonly StringConstraint[], whole: readonly StringConstraint[]): boolean {
  return part.every((member) => includes(whole, member));
}

function sameMembers(a: StringConjunction, b: StringConjunction): boolean {
  return isSubset(a.members, b.members) && isSubset(b.members, a.members);
}
