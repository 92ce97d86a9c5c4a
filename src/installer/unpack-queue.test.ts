import { expect, test } from 'bun:test';
import type { UnpackJob } from './_unpack-wheel.ts';
import { AHEAD, createUnpackQueue, type UnpackLane } from './unpack-queue.ts';

/** A lane that tells what it has been given, and ends it when it is told to. */
function lane(): UnpackLane & { readonly given: string[]; end(error?: Error): Promise<void> } {
  const given: string[] = [];
  const running: { readonly bytes: number; readonly settle: (error?: Error) => void }[] = [];
  return {
    given,
    get load() {
      return running.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    unpack: ({ file }, bytes) =>
      new Promise((resolve, reject) => {
        given.push(file);
        running.push({ bytes, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    async end(error) {
      running.shift()?.settle(error);
      await Bun.sleep(0);
    },
  };
}

const job = (file: string): UnpackJob => ({ path: file, file, folder: file });
const LARGE = 2 * AHEAD;

test('a wheel waits for a lane that is free, not behind another that is not done', async () => {
  const [a, b] = [lane(), lane()];
  const unpack = createUnpackQueue([a, b], () => undefined);
  for (const file of ['1', '2', '3', '4']) void unpack(job(file), LARGE);
  expect([a.given, b.given]).toEqual([['1'], ['2']]);
  await b.end();
  await b.end();
  expect([a.given, b.given]).toEqual([['1'], ['2', '3', '4']]);
});

test('the largest that waits goes first', async () => {
  const only = lane();
  const unpack = createUnpackQueue([only], () => undefined);
  void unpack(job('first'), LARGE);
  void unpack(job('small'), 1);
  void unpack(job('largest'), 3 * LARGE);
  void unpack(job('large'), 2 * LARGE);
  for (let round = 0; round < 4; round++) await only.end();
  expect(only.given).toEqual(['first', 'largest', 'large', 'small']);
});

test('small ones are handed out ahead', () => {
  const only = lane();
  const unpack = createUnpackQueue([only], () => undefined);
  for (const file of ['1', '2', '3']) void unpack(job(file), AHEAD / 2);
  expect(only.given).toEqual(['1', '2']);
});

test('one more lane is begun where all are at work', () => {
  const lanes = [lane()];
  const unpack = createUnpackQueue(lanes, () => {
    if (lanes.length === 2) return undefined;
    lanes.push(lane());
    return lanes[1];
  });
  for (const file of ['1', '2', '3']) void unpack(job(file), LARGE);
  expect(lanes.map(({ given }) => given)).toEqual([['1'], ['2']]);
});

test('a wheel that fails fails alone', async () => {
  const only = lane();
  const unpack = createUnpackQueue([only], () => undefined);
  const first = unpack(job('1'), LARGE);
  const second = unpack(job('2'), LARGE);
  first.catch(() => {});
  await only.end(new Error('damaged'));
  await expect(first).rejects.toThrow('damaged');
  await only.end();
  expect(await second).toBeUndefined();
});
