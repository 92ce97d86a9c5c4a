/**
 * Builds the executable: `dist/tercet`, one file that holds the runtime and the compiled program.
 *
 *     npm run build
 *
 * `--splitting` keeps what a command imports dynamically out of the start, and `--bytecode` spares parsing it: without them
 * `--version` is three to twenty times slower.
 */

import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dir, '..');
const outfile = join(root, 'dist/tercet');
/** Built beside it first, so that whoever runs the old one, or runs while this builds, has a whole file. */
const fresh = `${outfile}.${process.pid}.new`;

const started = performance.now();
const result = Bun.spawnSync(
  [
    process.execPath,
    'build',
    '--compile',
    '--minify',
    '--bytecode',
    '--splitting',
    '--format=esm',
    join(root, 'src/main.ts'),
    // A thread's entry; the executable knows it by this path below `src`.
    join(root, 'src/installer/lane-worker.ts'),
    '--outfile',
    fresh,
  ],
  { cwd: root, stdout: 'pipe', stderr: 'pipe' },
);
if (!result.success) {
  process.stderr.write(result.stdout);
  process.stderr.write(result.stderr);
  process.exit(1);
}
renameSync(fresh, outfile);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const megabytes = Math.round(statSync(outfile).size / 1_000_000);
console.log(`dist/tercet (${megabytes} MB) in ${seconds} s`);
