/**
 * Searches that are only tried: what would a project come to if it were written differently? They use the answers that the
 * index has given already, and all of them together have a limit.
 */

import { TercetError } from '../ground/error.ts';
import type { Lock } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ProjectName } from '../names/name.ts';
import { type Derivation, type Resolution, search } from '../resolver/search.ts';
import { searchedFirst } from '../resolver/universal/world.ts';
import { type Answers, answered } from './answer.ts';
import { problemOf } from './problem.ts';

export interface TrialOptions {
  readonly index: Answers;
  readonly previous: Lock | undefined;
  readonly update: 'all' | ReadonlySet<ProjectName> | undefined;
  readonly limits?: TrialLimits;
}

/** Decisions that one search may take: some times those of a large project. */
const PATIENCE = 6000;
/** How many searches there are at most. */
const MOST_TRIALS = 80;
/** Bounds for slow indexes, not reached as a rule; milliseconds. */
export interface TrialLimits {
  /** After this none begins, and none is waited for. */
  readonly all: number;
  /** The same where it is the index that is slow, and answers. */
  readonly allOfSlow: number;
  /** The same from when something is known that helps: more of it is welcome, but not worth waiting for. */
  readonly enough: number;
  /** How long one trial may take, and for how long it is waited on while the index answers. */
  readonly one: number;
  /** An answer that took as long had to be waited for. */
  readonly slowAnswer: number;
}

const LIMITS: TrialLimits = { all: 8000, allOfSlow: 20_000, enough: 2500, one: 3000, slowAnswer: 50 };

export interface Trials {
  /** What the manifest comes to; undefined where that cannot be told: it ends in another error, or takes too long. */
  run(manifest: Manifest): Promise<Resolution | Derivation | undefined>;
  /** Says that something is known that helps. */
  noteFound(): void;
}

/** Trials that share their time: it begins now. */
export function createTrials({ index, previous, update, limits = LIMITS }: TrialOptions): Trials {
  const began = performance.now();
  let found = false;
  let isIndexSlow = false;
  let left = MOST_TRIALS;
  const timeLeft = (): number =>
    began + (found ? limits.enough : isIndexSlow ? limits.allOfSlow : limits.all) - performance.now();
  return {
    async run(manifest) {
      left -= 1;
      if (left < 0 || timeLeft() <= 0) return undefined;
      const searched = searchedFirst(manifest.sources);
      const problem = { ...problemOf(manifest, previous, update === undefined ? {} : { update }), patience: PATIENCE };
      const clock = Promise.withResolvers<undefined>();
      const watched = createWatched(index, limits.slowAnswer);
      const look = (): void => {
        if (watched.slowAnswers() > 0) isIndexSlow = true;
        else watched.end();
        if (timeLeft() <= 0) watched.end();
        if (watched.hasEnded()) clock.resolve(undefined);
        else timer = setTimeout(look, Math.min(timeLeft(), limits.one));
      };
      let timer = setTimeout(look, Math.min(timeLeft(), limits.one));
      try {
        return await Promise.race([
          answered(search(problem), watched.answers, { python: manifest.python, searched }),
          clock.promise,
        ]);
      } catch (error) {
        if (error instanceof TercetError) return undefined;
        throw error;
      } finally {
        clearTimeout(timer);
        watched.end();
      }
    },
    noteFound() {
      found = true;
    },
  };
}

/** The same answers until the end. */
interface Watched {
  readonly answers: Answers;
  /** How many answers had to be waited for since this was last asked. */
  slowAnswers(): number;
  end(): void;
  hasEnded(): boolean;
}

function createWatched(index: Answers, slowAnswer: number): Watched {
  let slow = 0;
  let ended = false;
  const within = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (ended) throw new TercetError('search-too-long', 'The search takes too long.');
    const asked = performance.now();
    const answer = await ask();
    if (performance.now() - asked > slowAnswer) slow += 1;
    return answer;
  };
  return {
    answers: {
      versions: (project, source) => within(() => index.versions(project, source)),
      metadata: (project, version, source) => within(() => index.metadata(project, version, source)),
      // Whether it locks does not depend on files.
      lockedFiles: async () => [],
      origin: (project, origin) => within(() => index.origin(project, origin)),
    },
    slowAnswers() {
      const count = slow;
      slow = 0;
      return count;
    },
    end() {
      ended = true;
    },
    hasEnded: () => ended,
  };
}
