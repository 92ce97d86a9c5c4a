/**
 * Makes the locks in `tests/experiments/golden` anew, with the real Poetry 2.5.1: `POETRY=… bun scripts/experiments.ts [NAME…]`. `POETRY` is a
 * program that runs Poetry and takes what stands in for PyPI from `INDEX_URL`; NAME is the beginning of an experiment's name.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXPERIMENTS } from '../tests/experiments/all.ts';
import { goldenPath } from '../tests/experiments/golden.ts';
import { play } from '../tests/experiments/play.ts';
import { PYPI_HOST } from '../tests/experiments/universe.ts';

const command = process.env.POETRY;
if (command === undefined) throw new Error('POETRY must name a program that runs Poetry 2.5.1');
const poetry = {
  command: [command],
  env: {
    INDEX_URL: `http://${PYPI_HOST}`,
    ORACLE_HOME: process.env.ORACLE_HOME ?? join(homedir(), '.cache/poetry-oracle'),
  },
};
const wanted = process.argv.slice(2);
let surprises = 0;

for (const experiment of EXPERIMENTS) {
  if (wanted.length > 0 && !wanted.some((name) => experiment.name.startsWith(`${name}:`))) continue;
  console.log(experiment.name);
  await play(experiment, poetry, (step, { code, stdout, stderr, lock }, index) => {
    const { code: expected = 0, says = '' } = step;
    if (code !== expected || !stderr.includes(says)) {
      surprises += 1;
      console.log(`step ${index + 1}: exit code ${code} instead of ${expected}\n${stdout}\n${stderr}`);
    }
    const path = goldenPath(experiment, index);
    mkdirSync(dirname(path), { recursive: true });
    if (lock === undefined) rmSync(path, { force: true });
    else writeFileSync(path, lock);
  });
}
process.exit(surprises === 0 ? 0 : 1);
