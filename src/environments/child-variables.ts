/** The variables of a program that runs inside an environment. */

import { delimiter } from 'node:path';
import type { Variables } from '../process/variables.ts';
import { type Environment, isVirtual } from './environment.ts';

/**
 * `env` with the environment's programs first on `PATH` and `VIRTUAL_ENV` set, and without what would point its Python
 * elsewhere.
 */
export function childVariables(env: Variables, environment: Pick<Environment, 'path' | 'bin' | 'kind'>): Variables {
  const { PYTHONHOME: _home, __PYVENV_LAUNCHER__: _launcher, ...kept } = env;
  const path = `${environment.bin}${delimiter}${env.PATH ?? ''}`;
  return isVirtual(environment as Environment)
    ? { ...kept, PATH: path, VIRTUAL_ENV: environment.path }
    : { ...kept, PATH: path };
}
