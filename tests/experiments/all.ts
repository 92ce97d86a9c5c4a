/** All experiments. */

import { LOCKFILE } from './lockfile.ts';
import { ORIGINS } from './origins.ts';
import type { Experiment } from './play.ts';
import { RELOCKING } from './relocking.ts';

export const EXPERIMENTS: readonly Experiment[] = [...LOCKFILE, ...ORIGINS, ...RELOCKING];
