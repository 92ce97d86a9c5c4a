/** The lanes of one run beside its own thread: started where there is enough to do, and asked so that none waits for another. */

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type LookAhead, WORTH_LANES } from './forecast.ts';
import { fileCount } from './lanes.ts';
import { LaneLost, type Looks, type SideLane, startSideLane, type WheelPlace } from './side-lane.ts';
import { type Unpack, unpackHere } from './store.ts';
import { isIntact, type StoredWheel } from './stored-wheel.ts';
import { newTurns, type Turns, takeTurns } from './turns.ts';
import { createUnpackQueue } from './unpack-queue.ts';

const MOST_LANES = 4;

export interface LanePool {
  /** None where they are not worth it, or the machine has one processor. */
  readonly sides: readonly SideLane[];
  /** Unpacks in a lane, the largest waiting wheel first, or here where there is none. */
  readonly unpack: Unpack;
  /** Those of the wheels that are as they were unpacked. */
  intact(wheels: readonly StoredWheel[]): Promise<readonly StoredWheel[]>;
  [Symbol.dispose](): void;
}

/**
 * Starts the lanes for so many wheels; the one of `ahead` is of them, and what it has looked at is not looked at again. Aborting the
 * signal stops them.
 */
export function openLanes(wheels: number, signal: AbortSignal, ahead?: LookAhead): LanePool {
  const count = wheels < WORTH_LANES ? 1 : Math.min(availableParallelism(), MOST_LANES);
  const begun = ahead === undefined ? [] : [ahead.side];
  const all = [...begun, ...Array.from({ length: count - 1 - begun.length }, startSideLane)];
  const sides = [...all];
  const stop = (): void => {
    for (const side of all) side.stop();
  };
  signal.addEventListener('abort', stop);
  const here = unpackHere(signal);
  const enqueue = createUnpackQueue(all, () => {
    // This thread waits for the network while wheels are unpacked, and leaves a processor to one more.
    if (all.length === count) return undefined;
    const lane = startSideLane();
    all.push(lane);
    return lane;
  });
  return {
    sides,
    async unpack(job) {
      if (all.length === 0) return here(job);
      try {
        await enqueue(job, statSync(job.path).size);
      } catch (error) {
        if (!(error instanceof LaneLost)) throw error;
        await here(job);
      }
    },
    async intact(stored) {
      const wheelIn = new Map(stored.map((wheel) => [dirname(wheel.tree), wheel]));
      const looks = new Map<string, boolean>();
      const look = async (places: readonly WheelPlace[], turns: Turns, others: readonly Promise<Looks>[]) => {
        for (const at of takeTurns(turns, places.length)) {
          const { folder } = places[at] as WheelPlace;
          const wheel = wheelIn.get(folder);
          if (wheel !== undefined) looks.set(folder, isIntact(wheel));
        }
        for (const other of await Promise.all(others)) {
          for (const [at, found] of other) looks.set((places[at] as WheelPlace).folder, found);
        }
      };
      if (ahead !== undefined) {
        const { side, places, turns } = ahead;
        const others = sides.filter((one) => one !== side).map((one) => looksOf(one, places, turns));
        await look(places, turns, [ahead.looks, ...others]);
      }
      const left = stored.filter(({ tree }) => !looks.has(dirname(tree))).sort((a, b) => fileCount(b) - fileCount(a));
      const places = left.map(({ tree, sha256 }) => ({ folder: dirname(tree), sha256 }));
      const turns = newTurns();
      if (left.length > 0)
        await look(
          places,
          turns,
          sides.map((side) => looksOf(side, places, turns)),
        );
      // Those missing were taken by a lane that is no more.
      return stored.filter((wheel) => looks.get(dirname(wheel.tree)) ?? isIntact(wheel));
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', stop);
      for (const side of all) side.close();
    },
  };
}

async function looksOf(side: SideLane, places: readonly WheelPlace[], turns: Turns): Promise<Looks> {
  try {
    return await side.check(places, turns);
  } catch (error) {
    if (!(error instanceof LaneLost)) throw error;
    return new Map();
  }
}
