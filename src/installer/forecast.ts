/**
 * Which wheels of the store a new environment needs is known for sure when it has been made and the lock has been read. What the
 * last new environment of the same lock needed is known at once, and a lane looks at those in the meantime. A forecast that turns out
 * wrong has cost time, nothing else.
 */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { noteUse } from '../cache/age.ts';
import { bucketFolder, createBucket } from '../cache/bucket.ts';
import { forgetOldest } from '../cache/forget-oldest.ts';
import type { Sha256 } from '../ground/brand.ts';
import { fileCount } from './lanes.ts';
import { type Looks, type LookTask, type SideLane, startSideLane, WORTH_LANES } from './side-lane.ts';
import { wheelFolder } from './store.ts';
import type { StoredWheel } from './stored-wheel.ts';
import { newTurns } from './turns.ts';

/** The bucket of forecasts, and its format. */
export const FORECAST_BUCKET = { name: 'forecasts', version: 1 } as const;
/** So many are kept, of a few KiB each. */
const MOST_KEPT = 64;

/** A lane that looks at the wheels of a forecast. */
export interface LookAhead {
  readonly side: SideLane;
  readonly task: LookTask;
  /** What the lane has found; nothing where it was lost or failed: what is needed of that is looked at again. */
  readonly looks: Promise<Looks>;
}

export interface Forecast {
  /** Undefined where nothing is known, or there is too little to do for a thread of its own. */
  readonly ahead: LookAhead | undefined;
  /** Keeps for the next time which wheels the environment did need. */
  keep(wheels: readonly StoredWheel[]): void;
  /** Ends the lane. */
  [Symbol.dispose](): void;
}

/** The forecast for a new environment of the lock with this text, and the look at its wheels begun. */
export function openForecast(cacheDir: string, lockText: string): Forecast {
  const key = new Bun.CryptoHasher('sha256').update(lockText).digest('hex');
  const place = { root: cacheDir, ...FORECAST_BUCKET };
  const bucket = createBucket(place);
  const known = bucket.read(key)?.toString('latin1') ?? '';
  const ahead = lookAhead(cacheDir, known.split('\n'));
  return {
    ahead,
    keep(wheels) {
      const needed = [...wheels].sort((a, b) => fileCount(b) - fileCount(a)).map(({ sha256 }) => sha256);
      const text = needed.join('\n');
      if (text === '') return;
      const folder = bucketFolder(place);
      if (text === known) noteUse(join(folder, key));
      else if (bucket.write(key, text)) forgetOldest(folder, MOST_KEPT);
    },
    [Symbol.dispose]: () => ahead?.side.close(),
  };
}

function lookAhead(cacheDir: string, names: readonly string[]): LookAhead | undefined {
  const wheels = names.filter((name): name is Sha256 => /^[0-9a-f]{64}$/.test(name));
  if (wheels.length < WORTH_LANES || availableParallelism() < 2) return undefined;
  const places = wheels.map((sha256) => ({ folder: wheelFolder(cacheDir, sha256), sha256 }));
  const task = { wheels: places, byFolder: false, turns: newTurns() };
  const side = startSideLane();
  const looks = side.check(task).catch((): Looks => new Map());
  return { side, task, looks };
}
