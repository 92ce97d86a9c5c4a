/** An environment that packages are installed into: a virtual one, or the interpreter's own. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FactsOptions, type InterpreterFacts, interpreterFacts, interpreterFactsSync } from '../python/facts.ts';
import { readPyvenvCfg } from '../python/pyvenv-cfg.ts';

export interface Environment {
  readonly path: string;
  /** Its Python; it may be missing in a broken environment. */
  readonly python: string;
  /** The folder of its programs. */
  readonly bin: string;
  /** `active`: the one that `VIRTUAL_ENV` or `CONDA_PREFIX` names. `system`: no virtual environment. */
  readonly kind: 'venv' | 'active' | 'system';
  readonly facts: () => Promise<InterpreterFacts>;
  /** The same at once. */
  readonly factsNow: () => InterpreterFacts;
}

/** The virtual environment at `path`; nothing is checked. */
export function virtualEnvironment(path: string, kind: 'venv' | 'active', options: FactsOptions): Environment {
  const bin = join(path, binFolder(path));
  return withFacts({ path, python: pythonIn(bin, path), bin, kind }, options);
}

/** The environment of an interpreter itself. */
export function systemEnvironment(facts: InterpreterFacts): Environment {
  return {
    path: facts.basePrefix,
    python: facts.baseExecutable,
    bin: facts.paths.scripts,
    kind: 'system',
    facts: () => Promise.resolve(facts),
    factsNow: () => facts,
  };
}

/** False when the environment's Python is gone. */
export function isSane(environment: Environment): boolean {
  return existsSync(environment.python);
}

/** True for a virtual environment, of ours or the user's. */
export function isVirtual(environment: Environment): boolean {
  return environment.kind !== 'system';
}

/** True when the environment sees the packages of its base interpreter too. */
export function seesSystemPackages(environment: Environment): boolean {
  return readPyvenvCfg(environment.path)?.get('include-system-site-packages')?.toLowerCase() === 'true';
}

/** `bin`, or `Scripts` on Windows. */
function binFolder(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform !== 'win32' || existsSync(join(path, 'bin', 'python.exe')) ? 'bin' : 'Scripts';
}

const PROGRAM = /^python(?:\d+(?:\.\d+)?)?(?:\.exe)?$/;

function pythonIn(bin: string, path: string): string {
  const windows = process.platform === 'win32';
  const usual = join(bin, windows ? 'python.exe' : 'python');
  if (existsSync(usual)) return usual;
  if (windows && existsSync(join(path, 'python.exe'))) return join(path, 'python.exe');
  try {
    const names = readdirSync(bin).filter((name) => PROGRAM.test(name));
    return join(bin, names.sort()[0] ?? (windows ? 'python.exe' : 'python'));
  } catch {
    return usual;
  }
}

function withFacts(environment: Omit<Environment, 'facts' | 'factsNow'>, options: FactsOptions): Environment {
  let known: InterpreterFacts | undefined;
  return {
    ...environment,
    async facts() {
      known ??= await interpreterFacts(environment.python, options);
      return known;
    },
    factsNow() {
      known ??= interpreterFactsSync(environment.python, options);
      return known;
    },
  };
}
