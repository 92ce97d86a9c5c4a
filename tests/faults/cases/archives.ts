/** Cases 10 to 16: wheels whose archive must not be unpacked. */

import { equal, ok } from 'node:assert/strict';
import { type BuiltDistribution, buildWheel } from '../../support/wheel-builder.ts';
import { cacheIsClean, type FaultCase, failedWith, nothingLeft, openBed, refusedCleanly, succeeded } from '../bed.ts';
import { peakMemory } from '../memory.ts';
import {
  CONTRADICTIONS,
  DUPLICATE_ATTACKS,
  FRAME_ATTACKS,
  KIND_ATTACKS,
  PATH_ATTACKS,
  type ZipAttack,
} from '../zip-attacks.ts';

const good = buildWheel({ name: 'alpha', version: '0.9' });

/** Each is refused, and nothing of it is written. The lock is made once: its hashes are exchanged. */
async function allRefused(attacks: readonly ZipAttack[]): Promise<void> {
  const honest = buildWheel({ name: 'alpha', files: {} });
  await using bed = await openBed([honest]);
  const lock = bed.home.read('poetry.lock');
  for (const { what, wheel } of attacks) {
    bed.index.add(wheel);
    bed.home.write('poetry.lock', lock.replace(honest.sha256, wheel.sha256));
    try {
      // The page in the cache has the hash of the wheel before.
      failedWith(await bed.run(['install', '--no-cache']), wheel.file);
      nothingLeft(bed, wheel);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`);
    }
  }
}

const refused = async (wheel: BuiltDistribution, ...words: readonly (string | RegExp)[]): Promise<void> => {
  await using bed = await openBed([wheel]);
  await refusedCleanly(bed, wheel, ...words);
};

export const ARCHIVE_CASES: readonly FaultCase[] = [
  {
    number: 10,
    title: 'Wheel with an entry ../',
    expected: 'refused before anything is written; the version before stays',
    async run() {
      const wheel = PATH_ATTACKS[0]?.wheel as BuiltDistribution;
      await refused(wheel, '../evil.py', 'leaves the archive');
      await using bed = await openBed([good], { requires: ['alpha'] });
      succeeded(await bed.run(['install']));
      const before = bed.environment();
      bed.index.add(wheel);
      succeeded(await bed.run(['lock', '--regenerate', '--no-cache']));
      failedWith(await bed.run(['install']), wheel.file, '../evil.py');
      equal(JSON.stringify(bed.environment()), JSON.stringify(before));
      cacheIsClean(bed, wheel);
    },
  },
  {
    number: 11,
    title: `Absolute paths, drives, backslashes, NUL, dots at the end (${PATH_ATTACKS.length})`,
    expected: 'refused, clean',
    run: () => allRefused(PATH_ATTACKS),
  },
  {
    number: 12,
    title: 'Symbolic link and other special files in a wheel',
    expected: 'refused, clean',
    run: () => allRefused(KIND_ATTACKS),
  },
  {
    number: 13,
    title: 'Two entries of one name',
    expected: 'refused, clean',
    run: () => allRefused(DUPLICATE_ATTACKS),
  },
  {
    number: 14,
    title: `Headers that contradict the central directory (${CONTRADICTIONS.length})`,
    expected: 'refused, clean',
    run: () => allRefused(CONTRADICTIONS),
  },
  {
    number: 15,
    title: 'Data behind the end, two ends, an archive in the archive',
    expected: 'refused, clean',
    run: () => allRefused(FRAME_ATTACKS),
  },
  {
    number: 16,
    title: 'Zip bomb: ratio above 1000, or a size that lies',
    expected: 'refused at a limit, memory below 200 MB',
    async run() {
      const zeros = new Uint8Array(100_000_000);
      const files = { 'alpha/__init__.py': '', 'alpha/bomb.bin': zeros };
      const honest = buildWheel({ name: 'alpha', files });
      await refused(honest, 'alpha/bomb.bin', 'unpacks to 100000000 bytes');
      const liar = buildWheel({
        name: 'alpha',
        files,
        entries: (entries) =>
          entries.map((entry) => (entry.path.endsWith('.bin') ? { ...entry, declaredSize: 1000 } : entry)),
        record: (record) => record.replace(',100000000', ',1000'),
      });
      await using bed = await openBed([liar]);
      await refusedCleanly(bed, liar, 'alpha/bomb.bin');
      const { code, bytes } = await peakMemory(bed, ['install']);
      ok(code !== 0);
      ok(bytes > 2 ** 20 && bytes < 200 * 2 ** 20, `${Math.round(bytes / 2 ** 20)} MB`);
    },
  },
];
