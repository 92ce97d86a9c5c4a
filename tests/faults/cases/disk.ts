/** Cases 37 to 43: full and read-only disks, kills, several runs at once, no network. */

import { deepEqual, equal, ok } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestOf, TERCET } from '../../support/run-tercet.ts';
import { buildWheel } from '../../support/wheel-builder.ts';
import {
  type Bed,
  complete,
  type FaultCase,
  failedWith,
  listing,
  MACHINE,
  openBed,
  succeeded,
  treeOf,
} from '../bed.ts';
import { runOnSmallDisk } from '../small-disk.ts';

const small = ['alpha', 'beta', 'gamma'].map((name) => buildWheel({ name }));
const NAMES = ['alpha', 'beta', 'gamma'];

/** A project with many files, whose dist-info comes first in the archive. */
const many = buildWheel({
  name: 'many',
  files: Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`many/m${at}.py`, `NUMBER = ${at}\n${'# padding\n'.repeat(200)}`]),
  ),
  entries: (honest) =>
    honest.toSorted((a, b) => Number(b.path.includes('.dist-info')) - Number(a.path.includes('.dist-info'))),
});

/** A distribution with so many files that its lock takes tens of kilobytes. */
const wide = Array.from({ length: 300 }, (_, at) => buildWheel({ name: 'wide', build: `${at}`, files: {} }));

const DIST_INFO_LAST = 'its dist-info is there only when all of its files are';

/** A run of install, killed after some milliseconds. */
async function killedAfter({ home, index }: Bed, milliseconds: number): Promise<void> {
  const child = Bun.spawn([TERCET, 'install'], {
    cwd: home.project,
    env: { HOME: home.path, POETRY_VIRTUALENVS_IN_PROJECT: 'true', TERCET_INDEX_URL: index.url, ...MACHINE },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  await Bun.sleep(milliseconds);
  child.kill('SIGKILL');
  await child.exited;
}

/** A folder that the user of an unprivileged run can read and not write. */
function readOnlyFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'tercet-read-only-'));
  chmodSync(path, 0o755);
  return {
    path,
    [Symbol.dispose]() {
      Bun.spawnSync(['chmod', '-R', 'u+w', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

const readOnly = (path: string): void => void Bun.spawnSync(['chmod', '-R', 'a-w,a+rX', path]);

export const DISK_CASES: readonly FaultCase[] = [
  {
    number: 37,
    title: 'Writing the lock meets a full disk',
    expected: 'old lock and pyproject.toml unchanged, said so',
    async run() {
      await using bed = await openBed([small[0] as (typeof small)[0], ...wide], { requires: ['alpha'] });
      const [lock, manifest] = [bed.home.read('poetry.lock'), bed.home.read('pyproject.toml')];
      for (const args of [
        ['add', '--lock', 'wide'],
        ['add', 'wide'],
      ]) {
        const result = await runOnSmallDisk(bed, 'project', 8192, args);
        failedWith(result, /no space left/);
        equal(bed.home.read('poetry.lock'), lock);
        equal(bed.home.read('pyproject.toml'), manifest);
        deepEqual(
          listing(bed.home.project).filter((name) => name !== '.venv'),
          ['poetry.lock', 'pyproject.toml'],
        );
      }
    },
  },
  {
    number: 38,
    title: 'Install meets a full disk; space is freed; the same command again',
    expected: 'says so, then complete; dist-info first in the archive or not',
    async run() {
      await using bed = await openBed([many]);
      // The environment's disk is full: in its midst, then at its start.
      for (const bytes of [700_000, 20_000]) {
        failedWith(await runOnSmallDisk(bed, 'project', bytes, ['install']), /no space left/);
        equal(
          bed.library().some((name) => name.endsWith('.dist-info')),
          false,
          DIST_INFO_LAST,
        );
      }
      // The cache's disk is full.
      rmSync(join(bed.home.path, '.cache'), { recursive: true });
      failedWith(await runOnSmallDisk(bed, '.cache', 100_000, ['install']), /no space left/);
      succeeded(await bed.run(['install']));
      complete(bed.libraryPath(), ['many']);
      equal(listing(join(bed.libraryPath(), 'many')).length, 300);
    },
  },
  {
    number: 39,
    title: 'kill -9 at points of an install, the same command again',
    expected: 'complete',
    async run(thorough) {
      await using bed = await openBed([many]);
      succeeded(await bed.run(['install']));
      const undisturbed = JSON.stringify(bed.environment());
      for (const milliseconds of thorough ? Array.from({ length: 20 }, (_, at) => 5 + at * 8) : [40, 80, 120]) {
        rmSync(join(bed.home.project, '.venv'), { recursive: true });
        rmSync(join(bed.home.path, '.cache'), { recursive: true });
        await killedAfter(bed, milliseconds);
        succeeded(await bed.run(['install']));
        complete(bed.libraryPath(), ['many']);
        equal(JSON.stringify(bed.environment()), undisturbed);
      }
    },
  },
  {
    number: 40,
    title: 'Four projects, one cold cache, at once',
    expected: 'all complete',
    async run() {
      await using one = await openBed([...small, many]);
      await using two = await openBed([...small, many]);
      await using three = await openBed([...small, many]);
      await using four = await openBed([...small, many]);
      const beds = [one, two, three, four];
      const env = { TERCET_CACHE_DIR: join(one.home.path, 'shared'), TERCET_INDEX_URL: one.index.url };
      for (const result of await Promise.all(beds.map((bed) => bed.run(['install'], { env })))) succeeded(result);
      for (const bed of beds) complete(bed.libraryPath(), [...NAMES, 'many']);
      const store = listing(env.TERCET_CACHE_DIR).find((name) => name.startsWith('wheels')) ?? '';
      deepEqual(listing(join(env.TERCET_CACHE_DIR, store)), [...small, many].map(({ sha256 }) => sha256).sort());
    },
  },
  {
    number: 41,
    title: 'Three runs on one environment at once',
    expected: 'all exit 0, complete',
    async run() {
      await using bed = await openBed([...small, many]);
      for (const result of await Promise.all([1, 2, 3].map(() => bed.run(['install'])))) succeeded(result);
      complete(bed.libraryPath(), [...NAMES, 'many']);
      bed.home.write('pyproject.toml', manifestOf(['alpha']));
      succeeded(await bed.run(['lock']));
      for (const result of await Promise.all([1, 2, 3].map(() => bed.run(['sync'])))) succeeded(result);
      complete(bed.libraryPath(), ['alpha']);
      deepEqual(
        bed.library().filter((name) => name.startsWith('beta') || name.startsWith('many')),
        [],
      );
    },
  },
  {
    number: 42,
    title: 'Cache read-only, home read-only, HOME unset, no room for temporary files',
    expected: 'works without, or says what to do',
    async run() {
      // A cache that can be read: what it has is used, what it lacks is fetched.
      using cache = readOnlyFolder();
      await using bed = await openBed(small, { requires: NAMES });
      const env = { TERCET_CACHE_DIR: cache.path };
      bed.home.write('pyproject.toml', manifestOf(['alpha']));
      succeeded(await bed.run(['lock'], { env }));
      succeeded(await bed.run(['install'], { env }));
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      bed.home.write('pyproject.toml', manifestOf(NAMES));
      readOnly(cache.path);
      const before = treeOf(cache.path, () => true);
      succeeded(await bed.run(['lock'], { env, unprivileged: true }));
      succeeded(await bed.run(['install'], { env, unprivileged: true }));
      complete(bed.libraryPath(), NAMES);
      deepEqual(
        treeOf(cache.path, () => true),
        before,
      );
      deepEqual(
        readdirSync(join(bed.home.project, '.venv')).filter((name) => /scratch|store/.test(name)),
        [],
      );

      // Nothing can be written at home.
      using locked = readOnlyFolder();
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      readOnly(locked.path);
      const away = { HOME: locked.path };
      succeeded(await bed.run(['install'], { env: away, unprivileged: true }));
      complete(bed.libraryPath(), NAMES);

      // No HOME at all, and nowhere to put temporary files.
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      const nowhere = { TMPDIR: join(bed.home.path, 'no-such-folder'), TERCET_CACHE_DIR: join(bed.home.path, 'cache') };
      const unset = await bed.run(['-u', 'HOME', TERCET, 'install'], { program: '/usr/bin/env', env: nowhere });
      succeeded(unset);
      complete(bed.libraryPath(), NAMES);

      // Without any cache.
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      succeeded(await bed.run(['install', '--no-cache'], { env: { TERCET_CACHE_DIR: join(bed.home.path, 'unused') } }));
      complete(bed.libraryPath(), NAMES);
      deepEqual(
        listing(join(bed.home.path, 'unused')).filter((name) => /wheels|projects|metadata|no-cache/.test(name)),
        [],
      );
    },
  },
  {
    number: 43,
    title: '--offline with a warm, a cold and a half warm cache',
    expected: 'works; else all that is missing is named at once',
    async run() {
      await using bed = await openBed(small);
      const cold = failedWith(await bed.run(['install', '--offline']), 'alpha', 'beta', 'gamma', 'offline');
      ok(!cold.stdout.includes('bug'));
      succeeded(await bed.run(['install']));
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      succeeded(await bed.run(['install', '--offline']));
      complete(bed.libraryPath(), NAMES);
      rmSync(join(bed.home.project, '.venv'), { recursive: true });
      const cache = bed.home.cache;
      const store = listing(cache).find((name) => name.startsWith('wheels')) ?? '';
      for (const { sha256 } of small.slice(1)) rmSync(join(cache, store, sha256), { recursive: true });
      const half = failedWith(await bed.run(['install', '--offline']), 'beta', 'gamma');
      ok(!/alpha.*not in the cache/.test(half.stderr), half.stderr);
      equal(
        bed.library().some((name) => name.endsWith('.dist-info')),
        false,
      );
      mkdirSync(join(bed.home.path, 'other'));
    },
  },
];
