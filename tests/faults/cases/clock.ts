/** Case 44: the cool-down of new releases. */

import { match, ok } from 'node:assert/strict';
import { buildWheel } from '../../support/wheel-builder.ts';
import { type FaultCase, failedWith, openBed, succeeded } from '../bed.ts';
import { forPage } from '../fault-server.ts';

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const old = { ...buildWheel({ name: 'alpha', version: '1.0' }), uploadTime: ago(100) };
const young = { ...buildWheel({ name: 'alpha', version: '2.0' }), uploadTime: ago(1) };
const timeless = buildWheel({ name: 'alpha', version: '1.5' });
const env = { POETRY_SOLVER_MIN_RELEASE_AGE: '7' };

export const CLOCK_CASES: readonly FaultCase[] = [
  {
    number: 44,
    title: 'Cool-down set: young releases, an index without upload times, a wrong clock',
    expected: 'held back; else refuses to guess, says which source',
    async run() {
      await using bed = await openBed([old, young], { requires: ['alpha'], lock: false });
      succeeded(await bed.run(['lock'], { env }));
      match(bed.home.read('poetry.lock'), /version = "1\.0"/);
      succeeded(
        await bed.run(['lock', '--regenerate'], { env: { ...env, POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE: 'Alpha' } }),
      );
      match(bed.home.read('poetry.lock'), /version = "2\.0"/);
      // What is locked already is installed.
      succeeded(await bed.run(['install'], { env }));

      await using pinned = await openBed([old, young], { requires: ['alpha>=2'], lock: false });
      failedWith(await pinned.run(['lock'], { env }), 'solver.min-release-age=7', 'alpha', '2.0');

      await using blind = await openBed([timeless], { requires: ['alpha'], lock: false });
      failedWith(await blind.run(['lock'], { env }), 'PyPI', 'alpha', 'min-release-age-exclude-source');
      const exempt = { ...env, POETRY_SOLVER_MIN_RELEASE_AGE_EXCLUDE_SOURCE: 'pypi' };
      succeeded(await blind.run(['lock'], { env: exempt }));

      await using late = await openBed([old, young], {
        requires: ['alpha'],
        lock: false,
        rule: forPage('alpha', async () => ({
          headers: { 'content-type': 'application/vnd.pypi.simple.v1+json', date: 'Fri, 01 Jan 2100 00:00:00 GMT' },
          body: JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'alpha', files: [] }),
        })),
      });
      const { stderr } = failedWith(await late.run(['lock'], { env }), 'clock', '2100-01-01');
      ok(stderr.includes('min-release-age'));
    },
  },
];
