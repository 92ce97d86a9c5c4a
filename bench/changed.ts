/** Two locks of one project that differ in one package: what a day's `update` leaves for the next `install`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import { command, type Place } from './tools.ts';

/** Both locks' texts; the newer one is in place. */
export interface TwoLocks {
  readonly file: string;
  readonly newer: string;
  readonly older: string;
}

/** Locks an older version of `project` beside the project's lock, which has to be there. */
export function lockOlder(tool: 'tercet' | 'uv', project: string, place: Place): TwoLocks {
  const file = join(place.project, tool === 'uv' ? 'uv.lock' : 'poetry.lock');
  const newer = readFileSync(file, 'utf8');
  const version = new RegExp(`name = "${project}"\nversion = "([^"]+)"`).exec(newer)?.[1];
  if (version === undefined) throw new Error(`${project} is not locked`);
  const base = command(tool, 'lock', place);
  if (tool === 'uv') {
    run({ ...base, argv: [...base.argv, '--upgrade-package', `${project}<${version}`] });
  } else {
    const manifest = join(place.project, 'pyproject.toml');
    const text = readFileSync(manifest, 'utf8');
    run({ ...base, argv: [base.argv[0] ?? '', 'add', '--lock', `${project}<${version}`] });
    writeFileSync(manifest, text);
  }
  const hash = /content-hash = .*/.exec(newer)?.[0] ?? '';
  // The lock is to belong to the project as it is.
  const older = readFileSync(file, 'utf8').replace(/content-hash = .*/, hash);
  if (older === newer) throw new Error(`there is no older version of ${project} to lock`);
  writeFileSync(file, newer);
  return { file, newer, older };
}

function run({ argv, cwd, env }: Command): void {
  const done = Bun.spawnSync([...argv], { cwd, env: { ...process.env, ...env }, stdout: 'ignore', stderr: 'pipe' });
  if (done.exitCode !== 0) throw new Error(`${argv.join(' ')} failed:\n${done.stderr.toString().slice(-2000)}`);
}
