/** How long a trial is waited for. */

import { expect, test } from 'bun:test';
import { readManifest } from '../manifest/read.ts';
import { answerFrom, type Universe } from '../resolver/_universe.ts';
import type { Answers } from './answer.ts';
import { createTrials, type TrialLimits } from './trials.ts';

const limits: TrialLimits = { all: 300, allOfSlow: 5000, enough: 100, one: 150, slowAnswer: 20 };

/** A chain of releases, each of which requires the next. */
const chain: Universe = Object.fromEntries(
  Array.from({ length: 8 }, (_, at) => [`part${at}`, { '1.0': at < 7 ? [`part${at + 1}`] : [] }]),
);
const manifest = readManifest(
  '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["part0"]\n',
);

/** Answers after `wait` has come back. */
function index(wait: () => Promise<unknown>): Answers {
  return {
    async versions(project, source) {
      await wait();
      const answer = answerFrom(chain, { kind: 'versions', project, source });
      return answer.kind === 'versions' ? answer.releases : { kind: 'not-found' };
    },
    async metadata(project, version, source) {
      await wait();
      const answer = answerFrom(chain, { kind: 'metadata', project, version, source });
      return answer.kind === 'metadata' ? answer.metadata : { kind: 'not-found' };
    },
    lockedFiles: async () => [],
    origin: async () => ({ kind: 'not-found' }),
  };
}

const trialsOf = (answers: Answers) => createTrials({ index: answers, previous: undefined, update: undefined, limits });

test('an index that is slow but answers is waited for', async () => {
  const trials = trialsOf(index(() => Bun.sleep(60)));
  expect((await trials.run(manifest))?.kind).toBe('resolution');
});

test('one that does not answer is not, and then nothing more is tried for long', async () => {
  const trials = trialsOf(index(() => new Promise(() => {})));
  expect(await trials.run(manifest)).toBeUndefined();
  expect(await trials.run(manifest)).toBeUndefined();
  let asked = 0;
  const counted = trialsOf(index(async () => (asked += 1)));
  await Bun.sleep(limits.all);
  expect(await counted.run(manifest)).toBeUndefined();
  expect(asked).toBe(0);
});

test('once something is known that helps, even a slow index is not waited for', async () => {
  const trials = trialsOf(index(() => Bun.sleep(60)));
  trials.noteFound();
  expect(await trials.run(manifest)).toBeUndefined();
});
