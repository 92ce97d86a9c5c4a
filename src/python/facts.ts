/**
 * What an interpreter is: version, markers, ABI, paths. Asked once by running it, then kept on disk for as long as
 * the executable stays the same file (real path, size, time of change) on the same system.
 *
 * A virtual environment's facts are those of its base interpreter at another place, so none of its own has to be
 * started.
 */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realPath } from '../files/real-path.ts';
import { TercetError } from '../ground/error.ts';
import type { MarkerEnvironment } from '../markers/environment.ts';
import { type RunResult, run, runSync } from '../process/spawn.ts';
import { definedVariables, type Variables } from '../process/variables.ts';
import { type FactsCache, factsCache } from './facts-cache.ts';
import { FACTS_MARK, FACTS_SCRIPT } from './facts-script.ts';
import { readPyvenvCfg } from './pyvenv-cfg.ts';

/** Where an interpreter installs (the names of `sysconfig`). */
export interface InterpreterPaths {
  readonly stdlib: string;
  readonly platstdlib: string;
  readonly purelib: string;
  readonly platlib: string;
  readonly scripts: string;
  readonly data: string;
  /** In a virtual environment `include/site/pythonX.Y`, as pip and Poetry have it. */
  readonly include: string;
}

/** What tells which binary interfaces an interpreter loads (PEP 425, 3149, 703). */
export interface InterpreterAbi {
  readonly soabi: string | undefined;
  readonly extensionSuffix: string | undefined;
  /** `sys.abiflags`: `m`, `t`, `d`. */
  readonly flags: string;
  readonly debug: boolean;
  /** Python 2.7 to 3.7. */
  readonly pymalloc: boolean;
  /** Python 2.7: four bytes a character. */
  readonly wideUnicode: boolean;
  readonly freeThreaded: boolean;
  readonly pointerBits: 32 | 64;
}

/** What tells which platforms' wheels an interpreter takes (PEP 600, 656). */
export interface InterpreterPlatform {
  /** `sysconfig.get_platform()`: `linux-x86_64`, `macosx-14.0-arm64`, `win-amd64`. */
  readonly name: string;
  readonly machine: string;
  readonly glibc: readonly [number, number] | undefined;
  readonly musl: readonly [number, number] | undefined;
  readonly macos: readonly [number, number] | undefined;
  readonly armHardFloat: boolean;
}

export interface InterpreterFacts {
  /** The path it was asked by; behind a shim the interpreter's own. */
  readonly executable: string;
  /** `X.Y.Z`. */
  readonly version: string;
  /** `sys.version_info`. */
  readonly versionInfo: readonly [major: number, minor: number, micro: number, level: string, serial: number];
  /** `cpython`, `pypy`, … */
  readonly implementation: string;
  readonly pypyVersion: readonly [number, number, number] | undefined;
  /** `311`: the digits of its tags. */
  readonly interpreterVersion: string;
  readonly markers: MarkerEnvironment;
  readonly prefix: string;
  readonly basePrefix: string;
  readonly baseExecPrefix: string;
  /** The executable outside of any virtual environment. */
  readonly baseExecutable: string;
  readonly paths: InterpreterPaths;
  /** Where things go in a virtual environment of this interpreter, relative to it. */
  readonly environmentPaths: Readonly<Record<string, string>>;
  /** `sys.path`; for a virtual environment without its base's packages, even where it sees them. */
  readonly sysPath: readonly string[];
  /** `site.getsitepackages()`. */
  readonly sitePackages: readonly string[];
  readonly userSite: string | undefined;
  readonly userBase: string | undefined;
  readonly abi: InterpreterAbi;
  readonly platform: InterpreterPlatform;
  /** Wheels that come with it (pip, setuptools): what `ensurepip` installs. */
  readonly bundledWheels: readonly string[];
}

/** How facts are found. */
export interface FactsOptions {
  /** Default: this process's variables. */
  readonly env?: Variables;
  /** The folder of tercet's cache. Default, and `null`: nothing is kept. */
  readonly cacheDir?: string | null;
  /** Milliseconds an interpreter may take to answer. Default: 20,000. */
  readonly timeout?: number;
}

/**
 * The facts of the interpreter at `executable`, from the cache or by running it.
 *
 * Throws `interpreter-broken` when it does not run or does not answer.
 */
export async function interpreterFacts(executable: string, options: FactsOptions = {}): Promise<InterpreterFacts> {
  const question = ask(executable, options);
  if (question.kind === 'known') return question.facts;
  let result = await run(executable, isolated(), runOptions(options));
  if (needsOldFlags(result)) result = await run(executable, isolatedPython2(), runOptions(options));
  return learn(question, executable, result);
}

/** The same at once, for the few places that cannot wait. */
export function interpreterFactsSync(executable: string, options: FactsOptions = {}): InterpreterFacts {
  const question = ask(executable, options);
  if (question.kind === 'known') return question.facts;
  let result = runSync(executable, isolated(), runOptions(options));
  if (needsOldFlags(result)) result = runSync(executable, isolatedPython2(), runOptions(options));
  return learn(question, executable, result);
}

/** The facts if they can be had without starting any Python; else undefined. */
export function knownFacts(executable: string, options: FactsOptions = {}): InterpreterFacts | undefined {
  const question = ask(executable, options);
  return question.kind === 'known' ? question.facts : undefined;
}

/** The facts of a virtual environment at `prefix` of the interpreter `base`; `executable` is the environment's. */
export function environmentFacts(base: InterpreterFacts, prefix: string, executable: string): InterpreterFacts {
  const at = (name: string, fallback: string) => join(prefix, base.environmentPaths[name] ?? fallback);
  const [major, minor] = base.versionInfo;
  const purelib = at('purelib', `lib/python${major}.${minor}/site-packages`);
  const platlib = at('platlib', `lib/python${major}.${minor}/site-packages`);
  const foreign = new Set([...base.sitePackages, base.userSite]);
  const own = purelib === platlib ? [purelib] : [purelib, platlib];
  return {
    ...base,
    executable,
    prefix,
    sysPath: [...base.sysPath.filter((path) => !foreign.has(path)), ...own],
    paths: {
      stdlib: base.paths.stdlib,
      platstdlib: base.paths.platstdlib,
      purelib,
      platlib,
      scripts: at('scripts', 'bin'),
      data: prefix,
      include: join(prefix, 'include/site', `python${major}.${minor}`),
    },
    sitePackages: own,
  };
}

type Question =
  | { readonly kind: 'known'; readonly facts: InterpreterFacts }
  /** `executable` is undefined where the interpreter has to say who it is. */
  | {
      readonly kind: 'open';
      readonly executable: string | undefined;
      readonly store: (facts: InterpreterFacts) => void;
    };

/** The answer from the cache, or what has to be done with the interpreter's answer. */
function ask(executable: string, options: FactsOptions, depth = 0): Question {
  const cache = factsCache(options.cacheDir);
  const environment = environmentOf(executable);
  if (environment !== undefined && depth === 0) {
    const base = ask(environment.base, options, 1);
    if (base.kind === 'known' && base.facts.implementation === environment.implementation) {
      return { kind: 'known', facts: environmentFacts(base.facts, environment.prefix, executable) };
    }
    return askCache(executable, executable, cache);
  }
  const real = realPath(executable);
  if (isShim(real))
    return { kind: 'open', executable: undefined, store: (facts) => cache.write(realPath(facts.executable), facts) };
  return askCache(executable, real, cache);
}

/**
 * True for a program that starts some interpreter or other by where and how it is called (shims of pyenv, asdf, mise):
 * nothing can be remembered about it.
 */
export function isShim(real: string): boolean {
  if (!/^(?:python|pypy|graalpy)[\d.]*[a-z]*(?:\.exe)?$/i.test(basename(real))) return true;
  let file: number | undefined;
  try {
    file = openSync(real, 'r');
    const head = Buffer.alloc(2);
    return readSync(file, head, 0, 2, 0) === 2 && head.toString('latin1') === '#!';
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function askCache(executable: string, identity: string, cache: FactsCache): Question {
  const found = cache.read(identity);
  if (found !== undefined) return { kind: 'known', facts: { ...found, executable } };
  return { kind: 'open', executable, store: (facts) => cache.write(identity, facts) };
}

interface EnvironmentOfInterpreter {
  readonly prefix: string;
  /** The base interpreter's executable. */
  readonly base: string;
  readonly implementation: string;
}

/** The virtual environment that `executable` belongs to (PEP 405: `pyvenv.cfg` beside it or one level up). */
function environmentOf(executable: string): EnvironmentOfInterpreter | undefined {
  const bin = dirname(executable);
  for (const prefix of [dirname(bin), bin]) {
    const cfg = readPyvenvCfg(prefix);
    const home = cfg?.get('home');
    if (cfg === undefined || home === undefined) continue;
    const real = realPath(executable);
    const outside = !real.startsWith(`${realPath(prefix)}/`);
    const named = cfg.get('base-executable') ?? cfg.get('executable');
    const base = outside ? real : named;
    if (base === undefined || statSync(base, { throwIfNoEntry: false }) === undefined) return undefined;
    const implementation = (cfg.get('implementation') ?? (/pypy/i.test(base) ? 'pypy' : 'cpython')).toLowerCase();
    return { prefix, base, implementation };
  }
  return undefined;
}

function learn(question: Question & { readonly kind: 'open' }, asked: string, result: RunResult): InterpreterFacts {
  const at = result.stdout.lastIndexOf(FACTS_MARK);
  if (result.code !== 0 || at < 0) throw broken(asked, result);
  const facts = factsFrom(JSON.parse(result.stdout.slice(at + FACTS_MARK.length)), question.executable);
  question.store(facts);
  return facts;
}

function broken(executable: string, result: RunResult): TercetError {
  // Ctrl-C reaches the interpreter as well, and may end it before this process hears of it.
  if (result.code === 130) return new TercetError('interrupted', 'Interrupted');
  const words = result.stderr.trim();
  const reason = result.code === 124 ? 'it did not answer in time' : words || `it ended with code ${result.code}`;
  return new TercetError('interpreter-broken', `The Python interpreter ${executable} does not work:\n${reason}`, {
    detail: { executable, code: result.code, stderr: words },
  });
}

interface RawFacts extends Omit<InterpreterFacts, 'executable' | 'baseExecutable'> {
  readonly executable: string | null;
  readonly baseExecutable: string | null;
}

function factsFrom(raw: RawFacts, asked: string | undefined): InterpreterFacts {
  const told = withoutNulls(raw) as unknown as RawFacts;
  const executable = asked ?? told.executable ?? '';
  const own = told.prefix === told.basePrefix;
  const { platinclude: _unused, ...paths } = told.paths as InterpreterPaths & { readonly platinclude?: string };
  const [major, minor] = told.versionInfo;
  const include = own ? paths.include : join(told.prefix, 'include/site', `python${major}.${minor}`);
  return {
    ...told,
    executable,
    baseExecutable: told.baseExecutable ?? (own ? (told.executable ?? executable) : executable),
    paths: { ...paths, include },
  };
}

/** JSON's `null` as an absent key, all the way down. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

function isolated(): string[] {
  return ['-I', '-W', 'ignore', '-c', FACTS_SCRIPT];
}

function isolatedPython2(): string[] {
  return ['-E', '-s', '-W', 'ignore', '-c', FACTS_SCRIPT];
}

function needsOldFlags(result: RunResult): boolean {
  return result.code === 2 && /unknown option: ?-I/i.test(result.stderr);
}

function runOptions(options: FactsOptions): { env: Record<string, string>; timeout: number } {
  const env = definedVariables(options.env ?? process.env);
  delete env.PYTHONHOME;
  delete env.__PYVENV_LAUNCHER__;
  return { env, timeout: options.timeout ?? 20_000 };
}
