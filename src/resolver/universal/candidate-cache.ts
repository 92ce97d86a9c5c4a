/**
 * The candidates of requirements, remembered while one run lasts: a narrower requirement chooses among those
 * that a wider one found. See docs/resolver.md, "Candidates".
 */

import { allows } from '../../versions/version-range.ts';
import type { Candidate, Candidates } from './candidates.ts';
import { type Dependency, sameDependency, withExtras } from './dependency.ts';
import type { Package } from './package.ts';
import { sourceKey } from './source.ts';
import type { Asking, World } from './world.ts';

/** How many requirements are remembered; Poetry's number, for forgetting may change which list is narrowed. */
const CAPACITY = 128;

interface Remembered {
  readonly dependency: Dependency;
  readonly candidates: Candidates;
}

export class CandidateCache {
  readonly #world: World;
  /** Per project and source the lists found, the newest last. */
  readonly #stacks = new Map<string, Candidates[]>();
  readonly #stacksByLevel = new Map<number, Candidates[][]>();
  /** The least recently used first. */
  readonly #recent = new Set<Remembered>();
  readonly #recentByKey = new Map<string, Remembered[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The project itself: a requirement with its name is met by it, where its version fits. */
  keepRoot(dependency: Dependency, pack: Package): void {
    const { version } = pack;
    const list = [{ version, yanked: false, source: undefined, pack }];
    this.#stacks.set(stackKey(dependency), [{ dependency, list }]);
  }

  /** What may meet a requirement, best first. `level` is the decision level that the finding belongs to. */
  *search(dependency: Dependency, level: number): Asking<Candidates> {
    const known = this.known(dependency, level);
    if (known !== undefined) return known;
    const plain = dependency.extras.length === 0 ? dependency : withExtras(dependency, []);
    const key = stackKey(plain);
    const found = this.#remember(key, plain, yield* this.#world.search(plain));
    return this.#noted(stackKey(dependency), dependency, level, found);
  }

  /** The same where the world need not be asked; else undefined. */
  known(dependency: Dependency, level: number): Candidates | undefined {
    const plain = dependency.extras.length === 0 ? dependency : withExtras(dependency, []);
    const key = stackKey(plain);
    let found = this.#recall(key, plain);
    if (found === undefined) {
      // Nothing left may mean that only pre-releases fit, which a fresh search finds.
      found = narrowed(this.#stacks.get(key)?.at(-1), plain) ?? this.#world.selected(plain);
      if (found === undefined) return undefined;
      this.#remember(key, plain, found);
    }
    return this.#noted(key, dependency, level, found);
  }

  /** Forgets what was found at a decision level. */
  dropLevel(level: number): void {
    const stacks = this.#stacksByLevel.get(level);
    if (stacks === undefined) return;
    this.#recent.clear();
    this.#recentByKey.clear();
    for (const stack of stacks) stack.pop();
    this.#stacksByLevel.delete(level);
  }

  #noted(key: string, dependency: Dependency, level: number, found: Candidates): Candidates {
    let stack = this.#stacks.get(key);
    if (stack === undefined) {
      stack = [];
      this.#stacks.set(key, stack);
    }
    if (stack.at(-1) !== found) {
      stack.push(found);
      const ofLevel = this.#stacksByLevel.get(level);
      if (ofLevel === undefined) this.#stacksByLevel.set(level, [stack]);
      else ofLevel.push(stack);
    }
    if (dependency.extras.length === 0 || found.list.length === 0) return found;
    return { dependency: withExtras(found.dependency, dependency.extras), list: found.list };
  }

  #recall(key: string, dependency: Dependency): Candidates | undefined {
    const recent = this.#recentByKey.get(key);
    if (recent === undefined) return undefined;
    for (const found of recent) {
      if (!sameDependency(found.dependency, dependency)) continue;
      this.#recent.delete(found);
      this.#recent.add(found);
      return found.candidates;
    }
    return undefined;
  }

  #remember(key: string, dependency: Dependency, candidates: Candidates): Candidates {
    const oldest = this.#recent.size < CAPACITY ? undefined : this.#recent.values().next().value;
    if (oldest !== undefined) {
      this.#recent.delete(oldest);
      const list = this.#recentByKey.get(stackKey(oldest.dependency));
      list?.splice(list.indexOf(oldest), 1);
    }
    const made = { dependency, candidates };
    this.#recent.add(made);
    const list = this.#recentByKey.get(key);
    if (list === undefined) this.#recentByKey.set(key, [made]);
    else list.push(made);
    return candidates;
  }
}

/** Those of a wider requirement's candidates that fit; undefined where none does. */
function narrowed(wider: Candidates | undefined, { constraint }: Dependency): Candidates | undefined {
  if (wider === undefined) return undefined;
  const fits = ({ version }: Candidate): boolean => allows(constraint, version);
  // Mostly all of them do, and the list need not be made again.
  const list = wider.list.every(fits) ? wider.list : wider.list.filter(fits);
  return list.length === 0 ? undefined : { dependency: wider.dependency, list };
}

function stackKey(dependency: Dependency): string {
  if (dependency.source === undefined) return dependency.name;
  return `${dependency.name}${sourceKey(dependency.source)}\n${dependency.source?.reference ?? ''}`;
}
