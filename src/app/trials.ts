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
/** Milliseconds after which none begins, and none goes on; a bound for slow indexes, not reached as a rule. */
const LONGEST = 8000;

export interface Trials {
  /** What the manifest comes to; undefined where that cannot be told: it ends in another error, or takes too long. */
  run(manifest: Manifest): Promise<Resolution | Derivation | undefined>;
}

export function createTrials({ index, previous, update }: TrialOptions): Trials {
  const end = performance.now() + LONGEST;
  const isOver = (): boolean => performance.now() > end;
  const inTime = bounded(index, isOver);
  let left = MOST_TRIALS;
  return {
    async run(manifest) {
      left -= 1;
      if (left < 0 || isOver()) return undefined;
      const { sources } = manifest;
      const searched = searchedSources(sources)
        .filter(({ supplemental }) => !supplemental)
        .map(({ name }) => name);
      try {
        const problem = problemOf(manifest, previous, update === undefined ? {} : { update });
        return await answered(search({ ...problem, patience: PATIENCE }), inTime, {
          python: manifest.python,
          searched,
        });
      } catch (error) {
        if (error instanceof TercetError) return undefined;
        throw error;
      }
    },
  };
}

/** The same answers until the time is over, and waiting for none longer than that. */
function bounded(index: Answers, isOver: () => boolean): Answers {
  const late = (): TercetError => new TercetError('search-too-long', 'The search takes too long.');
  const within = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (isOver()) throw late();
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
