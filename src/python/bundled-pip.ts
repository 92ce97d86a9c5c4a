/** The pip that an interpreter comes with, in the wheels of its `ensurepip`. */

import { basename } from 'node:path';
import { compareNumbers } from '../ground/compare-numbers.ts';
import type { InterpreterFacts } from './facts.ts';

/** The path of its newest wheel; undefined where there is none (Debian, some builds). */
export function bundledPip({ bundledWheels }: Pick<InterpreterFacts, 'bundledWheels'>): string | undefined {
  const wheels = bundledWheels.filter((wheel) => /[/\\]pip-[^/\\]+\.whl$/.test(wheel));
  return wheels.sort((a, b) => compareNumbers(basename(b), basename(a)))[0];
}
