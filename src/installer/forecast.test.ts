import { expect, test } from 'bun:test';
import { utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testEnvironment } from '../../tests/support/install-target.ts';
import { buildWheel } from '../../tests/support/wheel-builder.ts';
import { bucketFolder } from '../cache/bucket.ts';
import { FORECAST_BUCKET, openForecast } from './forecast.ts';
import { openLanes } from './lane-pool.ts';
import type { StoredWheel } from './stored-wheel.ts';

type TestEnvironment = ReturnType<typeof testEnvironment>;

/** Ten wheels in the store, of one module and as many more as the wheel's number. */
async function storedWheels(environment: TestEnvironment): Promise<readonly StoredWheel[]> {
  const module = (number: number) => [`m${number}.py`, `x = ${number}\n`] as const;
  const wheels: StoredWheel[] = [];
  for (let count = 0; count < 10; count++) {
    const files = Object.fromEntries(Array.from({ length: count + 1 }, (_, number) => module(100 * count + number)));
    wheels.push(await environment.stored(buildWheel({ name: `p${count}`, version: '1', files })));
  }
  return wheels;
}

const cacheOf = ({ store }: TestEnvironment): string => dirname(store.folder);

test('foresees what the last environment of the lock needed, the largest first', async () => {
  using environment = testEnvironment();
  const cacheDir = cacheOf(environment);
  const wheels = await storedWheels(environment);
  using first = openForecast(cacheDir, 'the lock');
  expect(first.ahead).toBeUndefined();
  first.keep(wheels);
  using second = openForecast(cacheDir, 'the lock');
  expect(second.ahead?.task.wheels.map(({ sha256 }) => sha256)).toEqual(wheels.map(({ sha256 }) => sha256).reverse());
  using other = openForecast(cacheDir, 'another lock');
  expect(other.ahead).toBeUndefined();
});

test('a wheel that was written to is found out, whether it was foreseen or not', async () => {
  using environment = testEnvironment();
  const wheels = await storedWheels(environment);
  const cacheDir = cacheOf(environment);
  const spoil = (wheel: StoredWheel | undefined): void => {
    if (wheel === undefined) throw new Error('no such wheel');
    utimesSync(join(wheel.tree, wheel.plain[0] ?? ''), wheel.time / 1000 + 5, wheel.time / 1000 + 5);
  };
  using kept = openForecast(cacheDir, 'the lock');
  kept.keep(wheels.slice(1));
  spoil(wheels[0]);
  spoil(wheels[4]);
  using forecast = openForecast(cacheDir, 'the lock');
  expect(forecast.ahead).toBeDefined();
  using lanes = openLanes({
    wheels: wheels.length,
    byFolder: false,
    ahead: forecast.ahead,
    signal: new AbortController().signal,
  });
  const intact = await lanes.intact(wheels);
  expect(intact).toEqual(wheels.filter((_, at) => at !== 0 && at !== 4));
});

test('foresees nothing in a record that makes no sense, or names what is gone', async () => {
  using environment = testEnvironment();
  const cacheDir = cacheOf(environment);
  const wheels = await storedWheels(environment);
  using kept = openForecast(cacheDir, 'the lock');
  kept.keep(wheels);
  for (const { sha256 } of wheels.slice(0, 9)) environment.store.remove(sha256);
  using gone = openForecast(cacheDir, 'the lock');
  using lanes = openLanes({
    wheels: wheels.length,
    byFolder: false,
    ahead: gone.ahead,
    signal: new AbortController().signal,
  });
  expect(await lanes.intact(wheels.slice(9))).toEqual(wheels.slice(9));
  const key = new Bun.CryptoHasher('sha256').update('the lock').digest('hex');
  const record = join(bucketFolder({ root: cacheDir, ...FORECAST_BUCKET }), key);
  writeFileSync(record, Array.from({ length: 20 }, () => '../../../etc').join('\n'));
  using strange = openForecast(cacheDir, 'the lock');
  expect(strange.ahead?.task.wheels ?? []).toEqual([]);
});
