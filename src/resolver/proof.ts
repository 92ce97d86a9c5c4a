/**
 * The proof of a failure in sentences, one derivation a line, in the words of PubGrub as Poetry uses them.
 * See docs/resolver.md, "Explanations".
 */

import { anyMarker } from '../markers/marker.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { formatRange, isAnyRange } from '../versions/version-range.ts';
import { type Cause, type Incompatibility, isFailure } from './pubgrub/incompatibility.ts';
import { implies, inverse, type Term } from './pubgrub/term.ts';
import { constraintText, type Dependency, requirementOf, sameDependency } from './universal/dependency.ts';

/** A sentence of the proof; others refer to it by its number. */
interface Line {
  readonly text: string;
  readonly number: number | undefined;
}

/** The sentences of the proof, the conclusion last. */
export function proof(failure: Incompatibility): readonly string[] {
  const lines: Line[] = [];
  if (failure.cause.kind === 'conflict') {
    new Writer(failure, lines).visit(failure, { isConclusion: false });
  } else {
    lines.push({ text: `Because ${sentence(failure)}, version solving failed.`, number: undefined });
  }
  const numbers = lines.flatMap(({ number }) => number ?? []);
  const width = numbers.length === 0 ? 0 : `(${numbers.at(-1)}) `.length;
  return lines.map(({ text, number }) => {
    if (text === '') return '';
    return (number === undefined ? '' : `(${number})`).padEnd(width) + text;
  });
}

/** An incompatibility as half a sentence: `a (1.0) depends on b (>=2)`. */
function sentence(of: Incompatibility): string {
  const [first, second] = of.terms;
  if (first === undefined) return 'version solving failed';
  switch (of.cause.kind) {
    case 'requirement':
      return second === undefined ? `${terse(first)} depends on itself` : `${every(first)} depends on ${terse(second)}`;
    case 'python':
      return `${every(first)} requires Python ${of.cause.pythonVersions}`;
    case 'no-versions':
      return `no versions of ${first.dependency.name} match ${formatRange(first.dependency.constraint)}`;
    case 'root':
      return `${first.dependency.name} is ${formatRange(first.dependency.constraint)}`;
    case 'conflict':
      return isFailure(of) ? 'version solving failed' : derived(of.terms);
  }
}

class Writer {
  readonly #uses = new Map<Incompatibility, number>();
  readonly #numbers = new Map<Incompatibility, number>();
  readonly #lines: Line[];
  readonly #root: Incompatibility;

  constructor(root: Incompatibility, lines: Line[]) {
    this.#root = root;
    this.#lines = lines;
    this.#count(root);
  }

  /** Writes the lines that lead to `of`, and `of` itself. */
  visit(of: Incompatibility, { isConclusion }: { readonly isConclusion: boolean }): void {
    const { cause } = of;
    if (cause.kind !== 'conflict') return;
    const isNumbered = isConclusion || (this.#uses.get(of) ?? 0) > 1;
    const conjunction = isConclusion || of === this.#root ? 'So,' : 'And';
    const write = (text: string): void => this.#write(of, text, isNumbered);
    const conclusion = sentence(of);
    const { conflict, other } = cause;
    if (conflict.cause.kind === 'conflict' && other.cause.kind === 'conflict') {
      this.#writeBothDerived(of, { conflict, other, conjunction, write });
    } else if (conflict.cause.kind === 'conflict' || other.cause.kind === 'conflict') {
      const [known, fact] = conflict.cause.kind === 'conflict' ? [conflict, other] : [other, conflict];
      this.#writeDerivedAndFact(of, { known, fact, conjunction, write });
    } else {
      write(`Because ${together(conflict, other, {})}, ${conclusion}.`);
    }
  }

  #writeBothDerived(of: Incompatibility, { conflict, other, conjunction, write }: Both): void {
    const conclusion = sentence(of);
    const conflictLine = this.#numbers.get(conflict);
    const otherLine = this.#numbers.get(other);
    if (conflictLine !== undefined && otherLine !== undefined) {
      write(`Because ${together(conflict, other, { first: conflictLine, second: otherLine })}, ${conclusion}.`);
    } else if (conflictLine !== undefined || otherLine !== undefined) {
      const [written, open] = conflictLine !== undefined ? [conflict, other] : [other, conflict];
      this.visit(open, { isConclusion: false });
      write(`${conjunction} because ${sentence(written)} (${conflictLine ?? otherLine}), ${conclusion}.`);
    } else if (isSingleLine(conflict.cause) || isSingleLine(other.cause)) {
      const [first, second] = isSingleLine(other.cause) ? [conflict, other] : [other, conflict];
      this.visit(first, { isConclusion: false });
      this.visit(second, { isConclusion: false });
      write(`Thus, ${conclusion}.`);
    } else {
      this.visit(conflict, { isConclusion: true });
      this.#lines.push({ text: '', number: undefined });
      this.visit(other, { isConclusion: false });
      write(`${conjunction} because ${sentence(conflict)} (${this.#numbers.get(conflict)}), ${conclusion}.`);
    }
  }

  #writeDerivedAndFact(of: Incompatibility, { known, fact, conjunction, write }: OneFact): void {
    const conclusion = sentence(of);
    const line = this.#numbers.get(known);
    const inner = this.#collapsed(known);
    if (line !== undefined) {
      write(`Because ${together(fact, known, { second: line })}, ${conclusion}.`);
    } else if (inner !== undefined) {
      this.visit(inner.known, { isConclusion: false });
      write(`${conjunction} because ${together(inner.fact, fact, {})}, ${conclusion}.`);
    } else {
      this.visit(known, { isConclusion: false });
      write(`${conjunction} because ${sentence(fact)}, ${conclusion}.`);
    }
  }

  /** The parts of a derivation that is used once and rests on one fact: it needs no line of its own. */
  #collapsed(of: Incompatibility): { readonly known: Incompatibility; readonly fact: Incompatibility } | undefined {
    if (of.cause.kind !== 'conflict' || (this.#uses.get(of) ?? 0) > 1) return undefined;
    const { conflict, other } = of.cause;
    const isDerived = conflict.cause.kind === 'conflict';
    if (isDerived === (other.cause.kind === 'conflict')) return undefined;
    const [known, fact] = isDerived ? [conflict, other] : [other, conflict];
    return this.#numbers.has(known) ? undefined : { known, fact };
  }

  #write(of: Incompatibility, text: string, isNumbered: boolean): void {
    const number = isNumbered ? this.#numbers.size + 1 : undefined;
    if (number !== undefined) this.#numbers.set(of, number);
    this.#lines.push({ text, number });
  }

  #count(of: Incompatibility): void {
    const uses = this.#uses.get(of);
    this.#uses.set(of, (uses ?? 0) + 1);
    if (uses !== undefined || of.cause.kind !== 'conflict') return;
    this.#count(of.cause.conflict);
    this.#count(of.cause.other);
  }
}

interface Sentence {
  readonly conjunction: string;
  readonly write: (text: string) => void;
}

interface Both extends Sentence {
  readonly conflict: Incompatibility;
  readonly other: Incompatibility;
}

interface OneFact extends Sentence {
  readonly known: Incompatibility;
  readonly fact: Incompatibility;
}

function isSingleLine(cause: Cause): boolean {
  return cause.kind === 'conflict' && rests(cause.conflict) && rests(cause.other);
}

function rests({ cause }: Incompatibility): boolean {
  return cause.kind !== 'conflict';
}

/** Numbers of the lines that two incompatibilities were written in. */
interface Lines {
  readonly first?: number;
  readonly second?: number;
}

/** Two incompatibilities in one half sentence. */
function together(a: Incompatibility, b: Incompatibility, lines: Lines): string {
  const swapped: Lines = {
    ...(lines.second === undefined ? {} : { first: lines.second }),
    ...(lines.first === undefined ? {} : { second: lines.first }),
  };
  return (
    requiresBoth(a, b, lines) ??
    requiresThrough(a, b, lines) ??
    requiresThrough(b, a, swapped) ??
    (a.terms.length === 1 ? requiresForbidden(b, a, swapped) : requiresForbidden(a, b, lines)) ??
    `${sentence(a)}${reference(lines.first)} and ${sentence(b)}${reference(lines.second)}`
  );
}

/** `a depends on both b and c` */
function requiresBoth(a: Incompatibility, b: Incompatibility, lines: Lines): string | undefined {
  if (a.terms.length === 1 || b.terms.length === 1) return undefined;
  const ours = onlyTerm(a, true);
  const theirs = onlyTerm(b, true);
  if (ours === undefined || theirs === undefined || !sameDependency(ours.dependency, theirs.dependency))
    return undefined;
  const verb = a.cause.kind === 'requirement' && b.cause.kind === 'requirement' ? 'depends on' : 'requires';
  return (
    `${every(ours)} ${verb} both ${alternatives(a, false)}${reference(lines.first)}` +
    ` and ${alternatives(b, false)}${reference(lines.second)}`
  );
}

/** `a depends on b which depends on c` */
function requiresThrough(prior: Incompatibility, latter: Incompatibility, lines: Lines): string | undefined {
  if (prior.terms.length === 1 || latter.terms.length === 1) return undefined;
  const negative = onlyTerm(prior, false);
  const positive = onlyTerm(latter, true);
  if (negative === undefined || positive === undefined) return undefined;
  if (!implies(inverse(negative), positive)) return undefined;
  const verb = latter.cause.kind === 'requirement' ? 'depends on' : 'requires';
  return (
    `${subject(prior)} ${terse(negative)}${reference(lines.first)} which ${verb} ` +
    `${alternatives(latter, false)}${reference(lines.second)}`
  );
}

/** `a depends on b which doesn't match any versions` */
function requiresForbidden(prior: Incompatibility, latter: Incompatibility, lines: Lines): string | undefined {
  const [forbidden] = latter.terms;
  if (forbidden === undefined || latter.terms.length !== 1) return undefined;
  const negative = onlyTerm(prior, false);
  if (negative === undefined || !implies(inverse(negative), forbidden)) return undefined;
  return `${subject(prior)} ${terse(forbidden)}${reference(lines.first)} ${fate(latter.cause)}${reference(lines.second)}`;
}

function fate(cause: Cause): string {
  switch (cause.kind) {
    case 'python':
      return `which requires Python ${cause.pythonVersions}`;
    case 'no-versions':
      return "which doesn't match any versions";
    default:
      return 'which is forbidden';
  }
}

/** `a (1.0) depends on`, `if a and b then`. */
function subject({ terms, cause }: Incompatibility): string {
  const positives = terms.filter(({ positive }) => positive);
  const [first] = positives;
  if (first === undefined || positives.length > 1) return `if ${positives.map(terse).join(' and ')} then`;
  return `${every(first)} ${cause.kind === 'requirement' ? 'depends on' : 'requires'}`;
}

function derived(terms: readonly Term[]): string {
  const [first, second] = terms;
  if (first === undefined) return 'version solving failed';
  if (second === undefined) return `${first.dependency.name} is ${first.positive ? 'forbidden' : 'required'}`;
  const positive = terms.filter((term) => term.positive);
  const negative = terms.filter((term) => !term.positive).map(terse);
  if (terms.length === 2 && positive.length === 2) return `${bare(first)} is incompatible with ${bare(second)}`;
  if (terms.length === 2 && negative.length === 2) return `either ${negative.join(' or ')}`;
  const [only] = positive;
  if (only !== undefined && positive.length === 1) return `${every(only)} requires ${negative.join(' or ')}`;
  if (only === undefined) return `one of ${negative.join(' or ')} must be true`;
  if (negative.length === 0) return `one of ${positive.map(terse).join(' or ')} must be false`;
  return `if ${positive.map(terse).join(' and ')} then ${negative.join(' or ')}`;
}

function alternatives({ terms }: Incompatibility, positive: boolean): string {
  return terms
    .filter((term) => term.positive === positive)
    .map(terse)
    .join(' or ');
}

function onlyTerm({ terms }: Incompatibility, positive: boolean): Term | undefined {
  const found = terms.filter((term) => term.positive === positive);
  return found.length === 1 ? found[0] : undefined;
}

function every(term: Term): string {
  return isAnyRange(term.dependency.constraint) ? `every version of ${term.dependency.completeName}` : terse(term);
}

function bare(term: Term): string {
  return isAnyRange(term.dependency.constraint) ? term.dependency.name : terse(term);
}

function terse({ dependency }: Term): string {
  return wish(dependency);
}

/** A requirement as it is shown: `b (>=2)`; the project by its name. */
export function wish(dependency: Dependency): string {
  if (dependency.isRoot) return dependency.prettyName;
  const extras = dependency.extras.length === 0 ? '' : `[${dependency.extras.join(',')}]`;
  if (dependency.source === undefined) return `${dependency.prettyName}${extras} (${constraintText(dependency)})`;
  const [name = '', place = ''] = formatRequirement({ ...requirementOf(dependency), marker: anyMarker }).split('@', 2);
  return `${name.trim()} (${constraintText(dependency)}) @ ${place.trim()}`;
}

function reference(line: number | undefined): string {
  return line === undefined ? '' : ` (${line})`;
}
