/** Locks and exit codes of the experiments, against those of the real Poetry. `bun scripts/experiments.ts` makes these anew. */

import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { TERCET } from '../support/run-tercet.ts';
import { EXPERIMENTS } from './all.ts';
import { goldenPath } from './golden.ts';
import { play } from './play.ts';
import { PYPI_HOST } from './universe.ts';

/** Milliseconds; an experiment runs up to fifteen commands, a twentieth of a second each where nobody else wants the processor. */
const LONGEST = 60_000;

const tercet = { command: [TERCET], env: { TERCET_INDEX_URL: `http://${PYPI_HOST}/simple/` } };

for (const experiment of EXPERIMENTS) {
  test(
    experiment.name,
    async () => {
      await play(experiment, tercet, (step, { code, stderr, lock }, index) => {
        if (step.isTaken) {
          expect(`${code}\n${stderr}`).toStartWith('0\n');
          const next = readFileSync(goldenPath(experiment, index + 1), 'utf8');
          expect(withoutHash(lock)).toBe(withoutHash(next));
          return;
        }
        const golden = goldenPath(experiment, index);
        const { code: expected = 0, says = '', differs = (text: string) => text } = step;
        expect(`${code}\n${stderr}`).toStartWith(`${expected}\n`);
        expect(stderr).toContain(says);
        expect(lock).toBe(existsSync(golden) ? differs(readFileSync(golden, 'utf8')) : undefined);
      });
    },
    LONGEST,
  );
}

function withoutHash(lock: string | undefined): string | undefined {
  return lock?.replace(/^content-hash = .*$/m, '');
}
