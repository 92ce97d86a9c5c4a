/** The cases of `npm run faults` that take no waiting. */

import { describe, test } from 'bun:test';
import { CannotRun } from './bed.ts';
import { FAULT_CASES } from './catalogue.ts';

describe('faults and attacks', () => {
  for (const { number, title, run } of FAULT_CASES.filter(({ slow }) => slow !== true)) {
    test(`${number}. ${title}`, async () => {
      try {
        await run(false);
      } catch (error) {
        if (!(error instanceof CannotRun)) throw error;
      }
    }, 30_000);
  }
});
