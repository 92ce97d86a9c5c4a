/**
 * Which requirement is decided next, and by which package. See docs/resolver.md, "Decisions".
 */

import type { ExtraName } from '../../names/name.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import { hasUpperBound } from '../../versions/version-range.ts';
import type { Wanted } from '../pubgrub/partial-solution.ts';
import type { CandidateCache } from './candidate-cache.ts';
import type { Candidate } from './candidates.ts';
import type { Surroundings } from './completion.ts';
import { type Dependency, isDirect, requirementOf, sameDependency } from './dependency.ts';
import { Queue } from './queue.ts';
import { rootRequirements } from './root.ts';
import { type Asking, isMissing } from './world.ts';

/** Kinds of requirements in the order in which they are decided. */
const DIRECT_ORIGIN = 0;
const NO_CHOICE = 1;
const USE_LATEST = 2;
const LOCKED = 3;
const DEFAULT = 4;

/** Compared field by field. Many upper bounds and many candidates come first, leaves come last. */
interface Urgency {
  readonly preference: number;
  /** How many requirements of the best candidate have an upper bound: these cause conflicts. */
  readonly bounded: number;
  /** True where the best candidate requires nothing. */
  readonly isLeaf: boolean;
  readonly candidates: number;
}

/** A queue that is no longer is not looked through for what is wanted no more. */
const LEAST_LIMIT = 256;

interface Weighed {
  readonly dependency: Dependency;
  readonly urgency: Urgency;
}

export class Choice {
  readonly #surroundings: Surroundings;
  readonly #cache: CandidateCache;
  readonly #weighed = new Map<string, Weighed[]>();
  readonly #byCell = new Map<Dependency, Urgency>();
  readonly #queue = new Queue(isMoreUrgent);
  /** How long the queue may become before what is wanted no more is looked for. */
  #limit = LEAST_LIMIT;

  constructor(surroundings: Surroundings, cache: CandidateCache) {
    this.#surroundings = surroundings;
    this.#cache = cache;
  }

  /**
   * The most urgent of all that is wanted; of equally urgent requirements the one that was wanted first. `fresh` is what has come to
   * be wanted since the last time.
   */
  *next(fresh: readonly Wanted[], level: number): Asking<Dependency | undefined> {
    const first = fresh[0]?.dependency;
    if (first?.isRoot) return first;
    const unknown: Dependency[] = [];
    for (const { dependency } of fresh) if (this.#known(dependency) === undefined) unknown.push(dependency);
    if (unknown.length > 1) yield* announced(unknown);
    // Equal requirements are weighed once, so one of them may be known by its turn.
    for (const dependency of unknown) {
      if (this.#known(dependency) === undefined) this.#remember(dependency, yield* this.#weigh(dependency, level));
    }
    for (const wanted of fresh) {
      const urgency = this.#known(wanted.dependency);
      if (urgency !== undefined) this.#queue.add({ wanted, urgency });
    }
    if (this.#queue.size > this.#limit) {
      this.#queue.retain(({ wanted }) => wanted.isPresent);
      this.#limit = 2 * this.#queue.size + LEAST_LIMIT;
    }
    return this.#mostUrgent();
  }

  #mostUrgent(): Dependency | undefined {
    for (let first = this.#queue.first; first !== undefined; first = this.#queue.first) {
      if (first.wanted.isPresent) return first.wanted.dependency;
      this.#queue.removeFirst();
    }
    return undefined;
  }

  /** What an equal requirement was found to be; the same cell is looked up by itself. */
  #known(dependency: Dependency): Urgency | undefined {
    const own = this.#byCell.get(dependency);
    if (own !== undefined) return own;
    const weighed = this.#weighed.get(dependency.completeName);
    if (weighed === undefined) return undefined;
    for (const known of weighed) {
      if (!sameDependency(known.dependency, dependency)) continue;
      this.#byCell.set(dependency, known.urgency);
      return known.urgency;
    }
    return undefined;
  }

  #remember(dependency: Dependency, urgency: Urgency): void {
    this.#byCell.set(dependency, urgency);
    const list = this.#weighed.get(dependency.completeName);
    if (list === undefined) this.#weighed.set(dependency.completeName, [{ dependency, urgency }]);
    else list.push({ dependency, urgency });
  }

  *#weigh(dependency: Dependency, level: number): Asking<Urgency> {
    const { locked } = this.#surroundings;
    const lockedPack = locked.find(dependency);
    if (lockedPack !== undefined) {
      const preference = isDirect(dependency) ? DIRECT_ORIGIN : LOCKED;
      return urgencyOf(preference, dependency, { requires: lockedPack.requires, candidates: 1 });
    }
    const { list } = this.#cache.known(dependency, level) ?? (yield* this.#cache.search(dependency, level));
    const first = list[0];
    const requires = first === undefined ? [] : yield* this.#requirementsOf(dependency, first);
    const candidates = list.length;
    return urgencyOf(this.#preference(dependency, candidates), dependency, { requires, candidates });
  }

  #preference(dependency: Dependency, candidates: number): number {
    if (isDirect(dependency)) return DIRECT_ORIGIN;
    if (candidates < 2) return NO_CHOICE;
    return this.#surroundings.locked.updated.has(dependency.name) ? USE_LATEST : DEFAULT;
  }

  /** What the best candidate requires; nothing where its metadata cannot be had. */
  *#requirementsOf(
    { name, sourceName }: Dependency,
    { version, source, pack }: Candidate,
  ): Asking<readonly Dependency[]> {
    if (pack?.isRoot) return rootRequirements(this.#surroundings.root);
    if (pack !== undefined) return pack.requires;
    const { world } = this.#surroundings;
    const release = world.known(name, version, sourceName) ?? (yield* world.release(name, version, sourceName));
    if (!isMissing(release)) return release.requires;
    if (source === sourceName) return [];
    const other = yield* world.release(name, version, source);
    return isMissing(other) ? [] : other.requires;
  }
}

/** Tells the driver of everything that is about to be weighed. */
function* announced(unknown: readonly Dependency[]): Asking<void> {
  const wishes: Requirement[] = [];
  for (const dependency of unknown) if (!isDirect(dependency)) wishes.push(requirementOf(dependency));
  if (wishes.length > 1) yield { kind: 'prefetch', wishes };
}

/** `requires` are the best candidate's requirements; those of extras that are not asked for do not count. */
function urgencyOf(
  preference: number,
  { extras }: Dependency,
  { requires, candidates }: { readonly requires: readonly Dependency[]; readonly candidates: number },
): Urgency {
  let relevant = 0;
  let bounded = 0;
  for (const { inExtras, constraint } of requires) {
    if (inExtras.length > 0 && !isOneOf(inExtras, extras)) continue;
    relevant += 1;
    if (hasUpperBound(constraint)) bounded += 1;
  }
  return { preference, bounded, isLeaf: relevant === 0, candidates };
}

function isOneOf(inExtras: readonly ExtraName[], extras: readonly ExtraName[]): boolean {
  if (extras.length === 0) return false;
  for (const extra of inExtras) if (extras.includes(extra)) return true;
  return false;
}

/** An entry of the queue. */
interface Open {
  readonly wanted: Wanted;
  readonly urgency: Urgency;
}

function isMoreUrgent(one: Open, other: Open): boolean {
  const a = one.urgency;
  const b = other.urgency;
  if (a.preference !== b.preference) return a.preference < b.preference;
  if (a.bounded !== b.bounded) return a.bounded > b.bounded;
  if (a.isLeaf !== b.isLeaf) return !a.isLeaf;
  if (a.candidates !== b.candidates) return a.candidates > b.candidates;
  return one.wanted.rank < other.wanted.rank;
}
