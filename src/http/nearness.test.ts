import { expect, test } from 'bun:test';
import { createNearness } from './nearness.ts';

test('a server is near until it is known not to be', () => {
  const nearness = createNearness();
  for (let sample = 0; sample < 11; sample += 1) nearness.took(50);
  expect(nearness.isNear).toBe(true);
  nearness.took(50);
  expect(nearness.isNear).toBe(false);
});

test('a busy server is found to be near later', () => {
  const nearness = createNearness();
  for (let sample = 0; sample < 20; sample += 1) nearness.took(50);
  nearness.took(1);
  expect(nearness.isNear).toBe(true);
});

test('one quick reply tells a near server, however much it has to do besides', () => {
  const nearness = createNearness();
  for (let sample = 0; sample < 100; sample += 1) nearness.took(sample === 5 ? 2 : 80);
  expect(nearness.isNear).toBe(true);
});
