/** Where the locks of the real Poetry are kept. */

import { join } from 'node:path';
import type { Experiment } from './play.ts';

/** The lock after a step, under what stands before the colon of the experiment's name; the file is missing where there is none. */
export function goldenPath({ name, steps }: Experiment, index: number): string {
  const file = (name.split(':', 1)[0] ?? '').replaceAll(' ', '-');
  return join(import.meta.dir, 'golden', steps.length === 1 ? `${file}.lock` : `${file}.${index + 1}.lock`);
}
