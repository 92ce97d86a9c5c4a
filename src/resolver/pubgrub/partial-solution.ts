/**
 * The partial solution: what the search assumes at present, as a list of assignments in the order they
 * were made, and per package the one term they add up to. See docs/resolver.md, "The partial solution".
 */

import { TercetError } from '../../ground/error.ts';
import { stretchesOf } from '../../versions/version-range.ts';
import { type Dependency, samePackage } from '../universal/dependency.ts';
import type { Incompatibility } from './incompatibility.ts';
import { implies, intersectTerms, type Relation, relation, type Standing, type Term, term } from './term.ts';

/** A term that holds from some moment on. */
export interface Assignment extends Term {
  /** How many packages were decided when it was made. */
  readonly level: number;
  /** Its place in the order of assignments. */
  readonly index: number;
  /** The incompatibility it follows from; undefined for a decision. */
  readonly cause: Incompatibility | undefined;
}

/** What is wanted of a package that is not decided. */
export interface Wanted {
  readonly dependency: Dependency;
  /** Its place in the order in which packages came to be wanted. */
  readonly rank: number;
  /** False once the package is decided, or wanted otherwise, or no more. */
  isPresent: boolean;
}

/** What is assumed about one package. */
interface History {
  /** The oldest first. */
  readonly assignments: Assignment[];
  /** What they add up to, each with those before it; undefined while all are negative. */
  readonly sums: (Term | undefined)[];
  /** How many are about more than ranges that only get less: see `isOdd`. */
  odd: number;
  /** What they add up to at present, at hand for terms that ask again and again. */
  readonly standing: Standing;
}

/** So many assignments are looked through one by one. */
const FEW = 8;

/** `Decided` is what the caller keeps of a decided package. */
export class PartialSolution<Decided> {
  readonly #assignments: Assignment[] = [];
  readonly #histories = new Map<string, History>();
  readonly #decisions = new Map<string, Decided>();
  /** Per package what all its assignments together allow; in the order of first registration. */
  readonly #positive = new Map<string, Term>();
  /** Per package that is not wanted yet what its assignments together forbid. */
  readonly #negative = new Map<string, Term>();
  /** The part of `#positive` that is not decided. */
  readonly #open = new Map<string, Wanted>();
  /** What was added to it since it was last looked at. */
  #fresh: Wanted[] = [];
  #ranks = 0;
  #attempts = 1;
  #backtracking = false;

  /** The decided packages in the order of decision. */
  get decisions(): readonly Decided[] {
    return [...this.#decisions.values()];
  }

  /** The number of decided packages, the project included. */
  get level(): number {
    return this.#decisions.size;
  }

  /** How many solutions were begun. */
  get attempts(): number {
    return this.#attempts;
  }

  /** What is wanted and not decided, and was not or otherwise when this was asked last; in the order in which it came to be wanted. */
  freshlyWanted(): readonly Wanted[] {
    const fresh = this.#fresh.filter(({ isPresent }) => isPresent);
    this.#fresh = [];
    return fresh.length < 2 ? fresh : fresh.sort((a, b) => a.rank - b.rank);
  }

  /** Selects a package. `exactly` is the requirement that only it satisfies. */
  decide(decided: Decided, exactly: Dependency): void {
    if (this.#backtracking) this.#attempts += 1;
    this.#backtracking = false;
    this.#decisions.set(exactly.completeName, decided);
    this.#assign(exactly, true, undefined);
  }

  /** Adds what follows from an incompatibility. */
  derive(dependency: Dependency, positive: boolean, cause: Incompatibility): void {
    this.#assign(dependency, positive, cause);
  }

  /** Takes back everything assumed after `level`. */
  backtrack(level: number): void {
    this.#backtracking = true;
    const names = new Set<string>();
    for (
      let last = this.#assignments.at(-1);
      last !== undefined && last.level > level;
      last = this.#assignments.at(-1)
    ) {
      const name = last.dependency.completeName;
      this.#assignments.pop();
      const history = this.#history(name);
      history.assignments.pop();
      history.sums.pop();
      if (isOdd(last.dependency)) history.odd -= 1;
      if (last.cause === undefined) this.#decisions.delete(name);
      names.add(name);
    }
    const kept: Assignment[] = [];
    for (const name of names) {
      this.#positive.delete(name);
      this.#forget(name);
      this.#negative.delete(name);
      const { assignments, standing } = this.#history(name);
      standing.assumed = undefined;
      kept.push(...assignments);
    }
    kept.sort((a, b) => a.index - b.index);
    for (const assignment of kept) this.#register(assignment);
  }

  /** The first assignment with which all up to it make a term true. */
  satisfier(wanted: Term): Assignment {
    const history = this.#history(wanted.dependency.completeName);
    const found = searched(history, wanted);
    if (found !== undefined) return found;
    let assigned: Term | undefined;
    for (const assignment of history.assignments) {
      if (!assignment.dependency.isRoot && !samePackage(assignment.dependency, wanted.dependency)) {
        if (assignment.positive) return assignment;
        continue;
      }
      assigned = assigned === undefined ? assignment : intersectTerms(assigned, assignment);
      if (assigned !== undefined && implies(assigned, wanted)) return assignment;
    }
    throw new Error(`no assignment satisfies ${wanted.dependency.completeName}`);
  }

  satisfies(one: Term): boolean {
    return this.relation(one) === 'subset';
  }

  /** How what is assumed at present relates to a term. */
  relation(one: Term): Relation {
    one.standing ??= this.#history(one.dependency.completeName).standing;
    const { assumed } = one.standing;
    return assumed === undefined ? 'overlapping' : relation(assumed, one);
  }

  #assign(dependency: Dependency, positive: boolean, cause: Incompatibility | undefined): void {
    const assignment: Assignment = {
      ...term(dependency, positive),
      level: this.level,
      index: this.#assignments.length,
      cause,
    };
    this.#assignments.push(assignment);
    const name = dependency.completeName;
    const history = this.#history(name);
    history.assignments.push(assignment);
    if (isOdd(dependency)) history.odd += 1;
    this.#register(assignment);
    history.sums.push(this.#positive.get(name));
  }

  #history(name: string): History {
    let history = this.#histories.get(name);
    if (history === undefined) {
      history = { assignments: [], sums: [], odd: 0, standing: { assumed: undefined } };
      this.#histories.set(name, history);
    }
    return history;
  }

  #register(assignment: Assignment): void {
    const name = assignment.dependency.completeName;
    const positive = this.#positive.get(name);
    if (positive !== undefined) {
      this.#want(name, consistent(intersectTerms(positive, assignment), name));
      return;
    }
    const negative = this.#negative.get(name);
    const both = negative === undefined ? assignment : consistent(intersectTerms(assignment, negative), name);
    if (both.positive) {
      this.#negative.delete(name);
      this.#want(name, both);
    } else {
      this.#negative.set(name, both);
      this.#history(name).standing.assumed = both;
    }
  }

  #want(name: string, wanted: Term): void {
    this.#positive.set(name, wanted);
    this.#history(name).standing.assumed = wanted;
    const rank = this.#forget(name);
    if (this.#decisions.has(name)) return;
    if (rank === undefined) this.#ranks += 1;
    const open = { dependency: wanted.dependency, rank: rank ?? this.#ranks, isPresent: true };
    this.#open.set(name, open);
    this.#fresh.push(open);
  }

  /** The rank of what is wanted of a package no more. */
  #forget(name: string): number | undefined {
    const open = this.#open.get(name);
    if (open === undefined) return undefined;
    open.isPresent = false;
    this.#open.delete(name);
    return open.rank;
  }
}

/**
 * The satisfier of a positive term by halves: what the assignments add up to gets ever less, so that once it implies the term it
 * does so for good. Undefined where they have to be looked through: they are few, or what they add up to depends on more than ranges.
 */
function searched({ assignments, sums, odd }: History, wanted: Term): Assignment | undefined {
  const last = sums.length - 1;
  if (sums.length < FEW || odd > 0 || !wanted.positive || isOdd(wanted.dependency)) return undefined;
  const impliesAt = (at: number): boolean => {
    const sum = sums[at];
    return sum !== undefined && implies(sum, wanted);
  };
  if (!impliesAt(last)) return undefined;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (impliesAt(middle)) high = middle;
    else low = middle + 1;
  }
  return assignments[low];
}

/**
 * True for a direct origin, and for a bound with a local part: `1.0` also stands for `1.0+cpu`, so that less of the one can be more of
 * the other.
 */
function isOdd({ source, constraint }: Dependency): boolean {
  if (source !== undefined) return true;
  return stretchesOf(constraint).some(({ min, max }) => min?.local !== undefined || max?.local !== undefined);
}

/**
 * PEP 440 excludes `1.0.post1` from `>1.0`, and a bound without local part takes in `1.0+cpu`; as points on a line
 * they stand elsewhere. Where both views meet in one package there is no answer, in Poetry neither.
 */
function consistent(term: Term | undefined, name: string): Term {
  if (term === undefined) {
    throw new TercetError('contradictory-versions', `The requirements of ${name} contradict each other.`, {
      hints: [`Ask for ${name} by a range instead of excluding single versions with \`!=\`.`],
    });
  }
  return term;
}
