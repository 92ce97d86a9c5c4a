/** The lanes of one run beside its own thread: started where there is enough to do, and asked so that none waits for another. */

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileCount } from './lanes.ts';
import { LaneLost, type Looks, type SideLane, startSideLane, type WheelPlace } from './side-lane.ts';
import { type Unpack, unpackHere } from './store.ts';
import { isIntact, type StoredWheel } from './stored-wheel.ts';
import { newTurns, type Turns, takeTurns } from './turns.ts';
import { createUnpackQueue } from './unpack-queue.ts';

/** Fewer wheels than this are done before another thread is up. */
const WORTH_LANES = 8;
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

/** Starts the lanes for so many wheels. Aborting the signal stops them. */
export function openLanes(wheels: number, signal: AbortSignal): LanePool {
  const count = wheels < WORTH_LANES ? 1 : Math.min(availableParallelism(), MOST_LANES);
  const all = Array.from({ length: count - 1 }, startSideLane);
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
      const wheels = [...stored].sort((a, b) => fileCount(b) - fileCount(a));
      const places = wheels.map(({ tree, sha256 }) => ({ folder: dirname(tree), sha256 }));
      const turns = newTurns();
      const others = sides.map((side) => looksOf(side, places, turns));
      const looks = new Map<number, boolean>();
      const look = (at: number): void => void looks.set(at, isIntact(wheels[at] as StoredWheel));
      for (const at of takeTurns(turns, wheels.length)) look(at);
      for (const other of await Promise.all(others)) for (const [at, found] of other) looks.set(at, found);
      // What a lane took that is no more.
      for (const at of wheels.keys()) if (!looks.has(at)) look(at);
      return wheels.filter((_, at) => looks.get(at) === true);
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
