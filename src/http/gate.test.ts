import { expect, test } from 'bun:test';
import { createGate } from './gate.ts';

test('few begin; each that leaves lets one more in, up to the width; others wait in order', async () => {
  const gate = createGate(4, 2);
  const entered: number[] = [];
  const enter = (who: number) => {
    const wait = gate.enter();
    if (wait === undefined) entered.push(who);
    else void wait.then(() => entered.push(who));
  };
  for (let who = 0; who < 12; who++) enter(who);
  expect(entered).toEqual([0, 1]);
  for (const expected of [4, 6, 7, 8]) {
    gate.leave();
    await Promise.resolve();
    expect(entered).toEqual(Array.from({ length: expected }, (_, who) => who));
  }
});
