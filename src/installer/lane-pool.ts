/** The lanes of one run beside its own thread: started where there is enough to do, and asked so that none waits for another. */

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LookAhead } from './forecast.ts';
import { fileCount } from './lanes.ts';
import {
  LaneLost,
  type Looks,
  type LookTask,
  placeOf,
  type SideLane,
  startSideLane,
  type WheelPlace,
  WORTH_LANES,
} from './side-lane.ts';
import { type Unpack, unpackHere } from './store.ts';
import { isIntact, type StoredWheel } from './stored-wheel.ts';
import { newTurns, takeTurns } from './turns.ts';
import { createUnpackQueue } from './unpack-queue.ts';

const MOST_LANES = 4;
/** Fewer wheels than this are linked by their folders before another thread is up. */
const WORTH_LANES_BY_FOLDER = 40;

export interface LanePool {
  /** None where they are not worth it, or the machine has one processor. */
  readonly sides: readonly SideLane[];
  /** Unpacks in a lane, the largest waiting wheel first, or here where there is none. */
  readonly unpack: Unpack;
  /** Those of the wheels that are as they were unpacked, as far as that matters. */
  intact(wheels: readonly StoredWheel[]): Promise<readonly StoredWheel[]>;
  [Symbol.dispose](): void;
}

export interface LanePoolOptions {
  /** How many wheels there are. */
  readonly wheels: number;
  /** They will be linked by their folders, which is little to do: for a few, lanes are started only where they have to be unpacked. */
  readonly byFolder: boolean;
  /** A lane that is one of those; what it has looked at is not looked at again. */
  readonly ahead?: LookAhead | undefined;
  /** Aborting it stops the lanes. */
  readonly signal: AbortSignal;
}

/** Starts the lanes. */
export function openLanes({ wheels, byFolder, ahead, signal }: LanePoolOptions): LanePool {
  const count = wheels < WORTH_LANES ? 1 : Math.min(availableParallelism(), MOST_LANES);
  const begun = ahead === undefined ? [] : [ahead.side];
  const more = byFolder && wheels < WORTH_LANES_BY_FOLDER ? 0 : count - 1 - begun.length;
  const all = [...begun, ...Array.from({ length: more }, startSideLane)];
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
      const wheelIn = new Map(stored.map((wheel) => [placeOf(wheel).folder, wheel]));
      const looks = new Map<string, boolean>();
      if (ahead !== undefined) {
        const { side, task } = ahead;
        const others = sides.filter((one) => one !== side).map((one) => looksOf(one, task));
        await shareLooks({ task, others: [ahead.looks, ...others] }, wheelIn, looks);
      }
      const left = stored.filter((wheel) => !looks.has(placeOf(wheel).folder));
      if (left.length > 0) {
        const sorted = left.sort((a, b) => fileCount(b, byFolder) - fileCount(a, byFolder));
        const task = { wheels: sorted.map(placeOf), byFolder, turns: newTurns() };
        await shareLooks({ task, others: sides.map((side) => looksOf(side, task)) }, wheelIn, looks);
      }
      // Those missing were taken by a lane that is no more.
      return stored.filter((wheel) => looks.get(placeOf(wheel).folder) ?? isIntact(wheel, byFolder));
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', stop);
      for (const side of all) side.close();
    },
  };
}

/** Wheels to be looked at in turns, and what the lanes that share in them will have found. */
interface Looking {
  readonly task: LookTask;
  readonly others: readonly Promise<Looks>[];
}

/** Takes part in it, for the wheels of `wheelIn`; what all have found goes to `looks`, by folders. */
async function shareLooks(
  { task: { wheels, byFolder, turns }, others }: Looking,
  wheelIn: ReadonlyMap<string, StoredWheel>,
  looks: Map<string, boolean>,
): Promise<void> {
  const folderAt = (at: number): string => (wheels[at] as WheelPlace).folder;
  for (const at of takeTurns(turns, wheels.length)) {
    const wheel = wheelIn.get(folderAt(at));
    if (wheel !== undefined) looks.set(folderAt(at), isIntact(wheel, byFolder));
  }
  for (const other of await Promise.all(others)) for (const [at, found] of other) looks.set(folderAt(at), found);
}

async function looksOf(side: SideLane, task: LookTask): Promise<Looks> {
  try {
    return await side.check(task);
  } catch (error) {
    if (!(error instanceof LaneLost)) throw error;
    return new Map();
  }
}
