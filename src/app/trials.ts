/**
 * Searches that are only tried: what would a project come to if it were written differently? They use the answers that the
 * index has given already, and all of them together have a limit.
 */

import { TercetError } from '../ground/error.ts';
import type { Lock } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ProjectName } from '../names/name.ts';
import { type Derivation, type Resolution, search } from '../resolver/search.ts';
import { searchedSources } from '../resolver/universal/world.ts';
import { type Answers, answered } from './answer.ts';
import { problemOf } from './problem.ts';

export interface TrialOptions {
  readonly index: Answers;
  readonly previous: Lock | undefined;
  readonly update: 'all' | ReadonlySet<ProjectName> | undefined;
}

/** Decisions that one search may take: some times those of a large project. */
const PATIENCE = 6000;
/** How many searches there are at most. */
const MOST_TRIALS = 80;
/** Milliseconds after which none begins, and none is waited for; a bound for slow indexes, not reached as a rule. */
const LONGEST = 8000;
/** How long one may take of that. */
const LONGEST_OF_ONE = 3000;
/** The same as `LONGEST` from when something is known that helps: more of it is welcome, but not worth waiting for. */
const ENOUGH = 2500;

export interface Trials {
  /** What the manifest comes to; undefined where that cannot be told: it ends in another error, or takes too long. */
  run(manifest: Manifest): Promise<Resolution | Derivation | undefined>;
  /** Says that something is known that helps. */
  noteFound(): void;
}

export function createTrials({ index, previous, update }: TrialOptions): Trials {
  const began = performance.now();
  let longest = LONGEST;
  let left = MOST_TRIALS;
  return {
    async run(manifest) {
      const time = Math.min(began + longest - performance.now(), LONGEST_OF_ONE);
      left -= 1;
      if (left < 0 || time <= 0) return undefined;
      const { sources } = manifest;
      const searched = searchedSources(sources)
        .filter(({ supplemental }) => !supplemental)
        .map(({ name }) => name);
      const problem = { ...problemOf(manifest, previous, update === undefined ? {} : { update }), patience: PATIENCE };
      const clock = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => clock.resolve(undefined), time);
      try {
        const inTime = bounded(index, performance.now() + time);
        return await Promise.race([
          answered(search(problem), inTime, { python: manifest.python, searched }),
          clock.promise,
        ]);
      } catch (error) {
        if (error instanceof TercetError) return undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    noteFound() {
      longest = ENOUGH;
    },
  };
}

/** The same answers until the time is over. */
function bounded(index: Answers, end: number): Answers {
  const within = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (performance.now() > end) throw new TercetError('search-too-long', 'The search takes too long.');
    return await ask();
  };
  return {
    versions: (project, source) => within(() => index.versions(project, source)),
    metadata: (project, version, source) => within(() => index.metadata(project, version, source)),
    // Whether it locks does not depend on files.
    lockedFiles: async () => [],
    origin: (project, origin) => within(() => index.origin(project, origin)),
  };
}
