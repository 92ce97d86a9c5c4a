/**
 * Incompatibilities: sets of terms that cannot all be true. Facts about packages are incompatibilities,
 * and so is what the search learns from conflicts. See docs/resolver.md, "Incompatibilities".
 */

import { TercetError } from '../../ground/error.ts';
import { intersectTerms, type Term } from './term.ts';

/** Why an incompatibility holds. */
export type Cause =
  /** The project itself must be selected. */
  | { readonly kind: 'root' }
  /** A package requires another. */
  | { readonly kind: 'requirement' }
  /** No release fits. */
  | { readonly kind: 'no-versions' }
  /** The package's Requires-Python does not cover the project's Pythons. */
  | { readonly kind: 'python'; readonly pythonVersions: string; readonly projectPython: string }
  | ConflictCause;

/** Derived from two others during conflict resolution. */
export interface ConflictCause {
  readonly kind: 'conflict';
  readonly conflict: Incompatibility;
  readonly other: Incompatibility;
}

export interface Incompatibility {
  readonly terms: readonly Term[];
  readonly cause: Cause;
  /** Set while the partial solution contradicts it: there is nothing to learn from it then. */
  contradicted: boolean;
  /** Its place among all that a search knows, the greater the newer; undefined until it is added. */
  place: number | undefined;
  /** The places that it had before, ascending: a requirement is added whenever its package is completed. */
  earlier: number[] | undefined;
}

/** An incompatibility in normal form: terms about one package joined, the project left out of what is derived. */
export function incompatibility(terms: readonly Term[], cause: Cause): Incompatibility {
  const relevant =
    terms.length !== 1 && cause.kind === 'conflict'
      ? terms.filter((term) => !(term.positive && term.dependency.isRoot))
      : terms;
  return {
    terms: areDistinct(relevant) ? relevant : joined(relevant),
    cause,
    contradicted: false,
    place: undefined,
    earlier: undefined,
  };
}

/** True for the incompatibility that no solution can avoid. */
export function isFailure(of: Incompatibility): boolean {
  const first = of.terms[0];
  return first === undefined || (of.terms.length === 1 && first.dependency.isRoot);
}

/** The facts that an incompatibility was derived from, those of the conflict first. */
export function* externalIncompatibilities(of: Incompatibility): Generator<Incompatibility> {
  if (of.cause.kind === 'conflict') {
    yield* externalIncompatibilities(of.cause.conflict);
    yield* externalIncompatibilities(of.cause.other);
  } else {
    yield of;
  }
}

function areDistinct(terms: readonly Term[]): boolean {
  if (terms.length === 1) return true;
  return terms.length === 2 && terms[0]?.dependency.completeName !== terms[1]?.dependency.completeName;
}

function joined(terms: readonly Term[]): readonly Term[] {
  const byName = new Map<string, Term>();
  for (const term of terms) {
    const name = term.dependency.completeName;
    const known = byName.get(name);
    const value = known === undefined ? term : intersectTerms(known, term);
    if (value === undefined) {
      throw new TercetError('self-dependency', `Package '${name}' is listed as a dependency of itself.`);
    }
    byName.set(name, value);
  }
  return [...byName.values()];
}
