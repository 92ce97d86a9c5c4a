/** A run for which a folder is on a file system that is too small: a real one where one can be mounted. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TERCET } from '../support/run-tercet.ts';
import { type Bed, CannotRun, MACHINE, type RunResult } from './bed.ts';

/**
 * Runs tercet while `folder` (below the home) has room for so many bytes beside what is in it. Afterwards it holds what the run
 * has left there. Throws `CannotRun` where nothing can be mounted.
 */
export async function runOnSmallDisk(
  { home, index }: Bed,
  folder: string,
  bytes: number,
  args: readonly string[],
): Promise<RunResult> {
  if (Bun.spawnSync(['unshare', '--map-root-user', '--mount', 'true'], { stderr: 'ignore' }).exitCode !== 0) {
    throw new CannotRun('nothing can be mounted here');
  }
  const place = join(home.path, folder);
  const [before, after] = [join(home.path, 'tmp/before'), join(home.path, 'tmp/after')];
  for (const path of [place, after]) mkdirSync(path, { recursive: true });
  const script = `set -e
cp -a "$1/." "$2"
mount -t tmpfs -o size=1g tmpfs "$1"
cp -a "$2/." "$1"
used=$(df -k --output=used "$1" | tail -1)
mount -o remount,size=$((used * 1024 + $4)) "$1"
cd "$5"
shift_code=0
"$6" \${RUN_ARGS} || shift_code=$?
cd /
cp -a "$1/." "$3"
exit $shift_code`;
  mkdirSync(before, { recursive: true });
  const argv = ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', place, before, after, String(bytes)];
  const child = Bun.spawn([...argv, home.project, TERCET], {
    cwd: home.path,
    env: {
      HOME: home.path,
      TMPDIR: join(home.path, 'tmp'),
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
      TERCET_INDEX_URL: index.url,
      RUN_ARGS: args.join(' '),
      ...MACHINE,
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  // What was under the mount is exchanged for what was on it.
  const exchange = 'rm -rf "$1" && mv "$2" "$1" && rm -rf "$3"';
  Bun.spawnSync(['sh', '-c', exchange, 'sh', place, after, before]);
  return { code, stdout, stderr };
}
