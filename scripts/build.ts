/**
 * Builds the executable: `dist/tercet`, one file that holds the runtime and the compiled program.
 *
 *     npm run build
 *
 * For other platforms see `scripts/package.ts`.
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { compileExecutable } from './package/compile.ts';

const outfile = join(import.meta.dir, '../dist/tercet');

const started = performance.now();
try {
  compileExecutable({ outfile });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const megabytes = Math.round(statSync(outfile).size / 1_000_000);
console.log(`dist/tercet (${megabytes} MB) in ${seconds} s`);
