/**
 * Which interpreters there are, and which one a project gets: `python` on `PATH` first (so a pyenv or asdf shim decides),
 * then whatever is installed: `PATH`, pyenv, asdf, rye, uv, and Poetry's own.
 */

import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { namesIn } from '../files/names-in.ts';
import { compareNumbers } from '../ground/compare-numbers.ts';
import { TercetError } from '../ground/error.ts';
import type { Variables } from '../process/variables.ts';
import { isExecutable, searchFolders, which, whichAll } from '../process/which.ts';
import {
  type FactsOptions,
  type InterpreterFacts,
  interpreterFacts,
  interpreterFactsSync,
  isShim,
  knownFacts,
} from './facts.ts';
import { isPyenvShim, type PyenvChoice, pinnedVersions, pyenvChoice, pyenvRoot } from './pyenv.ts';

/** What discovery depends on. */
export interface DiscoverOptions extends FactsOptions {
  readonly env: Variables;
  /** Where `.python-version` is looked for, upward. */
  readonly cwd: string;
  /** `python.installation-dir`. Default: none. */
  readonly managedDir?: string;
  /** Look nowhere else. Default: false. */
  readonly onlyManaged?: boolean;
  /** `virtualenvs.use-poetry-python`: pass `python` on `PATH` over. Default: false. */
  readonly usePoetryPython?: boolean;
}

/** A program that may be an interpreter. */
export interface Candidate {
  /** The program to run: behind a pyenv shim the interpreter itself. */
  readonly executable: string;
  /** How it was found, for showing: the shim. */
  readonly found: string;
}

/** An interpreter that works. */
export interface Interpreter extends Candidate {
  readonly facts: InterpreterFacts;
}

/**
 * The program a project gets by default, without starting anything; undefined when none is known by name.
 *
 * Throws `python-not-installed` where pyenv is told to use a version that it does not have.
 */
export function preferredCandidate(options: DiscoverOptions): Candidate | undefined {
  const pinned = pinnedByPyenv(options);
  const names = options.usePoetryPython ? ['python3', 'python'] : ['python'];
  for (const name of names) {
    const path = which(name, options.env);
    const candidate = path === undefined ? undefined : behindShim(path, name, options);
    if (candidate !== undefined) return candidate.found === candidate.executable ? (pinned ?? candidate) : candidate;
  }
  return pinned;
}

/**
 * The interpreter a project gets by default: `python` on `PATH`, else the newest interpreter of that name, else
 * `python3`, else any. Undefined when there is none at all. Throws as `preferredCandidate`, and `interpreter-broken`.
 */
export async function preferredInterpreter(options: DiscoverOptions): Promise<Interpreter | undefined> {
  const candidate = preferredCandidate(options);
  if (candidate !== undefined) return { ...candidate, facts: await interpreterFacts(candidate.executable, options) };
  const all = await allInterpreters(options);
  const third = which('python3', options.env);
  return (
    all.find(({ executable }) => basename(executable) === 'python') ??
    all.find(({ executable }) => executable === third) ??
    all[0]
  );
}

/**
 * The same without waiting: the program that `preferredInterpreter` answers with. Starts only Pythons of which nothing is known yet.
 * Throws as `preferredCandidate`.
 */
export function preferredProgram(options: DiscoverOptions): string | undefined {
  const candidate = preferredCandidate(options);
  if (candidate !== undefined) return candidate.executable;
  const programs = programsToAsk(options);
  const named = programs.filter((executable) => basename(executable) === 'python');
  const third = which('python3', options.env);
  return (
    newestOf(named, options) ?? (third !== undefined && programs.includes(third) ? third : newestOf(programs, options))
  );
}

function newestOf(programs: readonly string[], options: DiscoverOptions): string | undefined {
  const found = programs.flatMap((executable): Interpreter[] => {
    try {
      return [
        { executable, found: executable, facts: interpreterFactsSync(executable, { timeout: 5_000, ...options }) },
      ];
    } catch (error) {
      if (error instanceof TercetError && error.code !== 'interrupted') return [];
      throw error;
    }
  });
  return found.sort(newestFirst)[0]?.executable;
}

/** Every interpreter that works, newest first; those of an active virtual environment are left out. */
export async function allInterpreters(options: DiscoverOptions): Promise<readonly Interpreter[]> {
  const programs = programsToAsk(options);
  const asked = new Map<string, Promise<unknown>>();
  const found = await mapAtOnce(programs, 4, async (executable): Promise<Interpreter | undefined> => {
    const real = realpathSync(executable);
    const before = asked.get(real);
    const facts = (before ?? Promise.resolve()).then(() =>
      interpreterFacts(executable, { timeout: 5_000, ...options }),
    );
    if (before === undefined)
      asked.set(
        real,
        facts.catch(() => undefined),
      );
    try {
      return { executable, found: executable, facts: await facts };
    } catch (error) {
      if (error instanceof TercetError && error.code !== 'interrupted') return undefined;
      throw error;
    }
  });
  return found.filter((one) => one !== undefined).sort(newestFirst);
}

/** What may be an interpreter, without those of an active virtual environment. */
function programsToAsk(options: DiscoverOptions): readonly string[] {
  const active = options.env.VIRTUAL_ENV;
  return [...new Set(options.onlyManaged ? managedPrograms(options) : installedPrograms(options))].filter(
    (path) => !active || !(path === active || path.startsWith(`${active}/`)),
  );
}

/** The first interpreter of `allInterpreters` whose version (`X.Y.Z`, with a pre-release's suffix) is allowed. */
export async function compatibleInterpreter(
  options: DiscoverOptions,
  allows: (version: string) => boolean,
): Promise<Interpreter | undefined> {
  const all = await allInterpreters(options);
  return all.find(({ facts }) => allows(facts.markers.python_full_version ?? facts.version));
}

/**
 * The interpreter that a user means by `name`: a path or command, a version (`3.11`, `3.11.7`, `pypy@3.10`, `3.13t`),
 * or an executable's name anywhere. Undefined when there is none.
 */
export async function interpreterByName(options: DiscoverOptions, name: string): Promise<Interpreter | undefined> {
  for (const path of whichAll(name, options.env, { cwd: options.cwd })) {
    const candidate = behindShim(path, basename(path), options, { lenient: true });
    if (candidate !== undefined) return { ...candidate, facts: await interpreterFacts(candidate.executable, options) };
  }
  const wanted = VERSION_REQUEST.exec(name)?.groups;
  const all = await allInterpreters(options);
  if (wanted === undefined) return all.find(({ executable }) => basename(executable) === name);
  return all.find(({ facts }) => answers(facts, wanted));
}

/** `X.Y` of a program if it can be told without starting it: from the cache, or from a name such as `python3.11`. */
export function knownMinor(executable: string, options: FactsOptions): string | undefined {
  const facts = knownFacts(executable, options);
  if (facts !== undefined) return `${facts.versionInfo[0]}.${facts.versionInfo[1]}`;
  try {
    const real = realpathSync(executable);
    return isShim(real) ? undefined : /^(?:python|pypy)(\d\.\d+)[a-z]*$/.exec(basename(real))?.[1];
  } catch {
    return undefined;
  }
}

const VERSION_REQUEST =
  /^(?:(?<implementation>[a-z]+)@)?(?<major>\d+)(?:\.(?<minor>\d+)(?:\.(?<patch>\d+))?)?(?<suffix>(?:a|b|rc)\d+)?(?<threads>t)?$/;

function answers(facts: InterpreterFacts, wanted: Readonly<Record<string, string | undefined>>): boolean {
  const [major, minor, patch, level] = facts.versionInfo;
  const { implementation, suffix } = wanted;
  return (
    String(major) === wanted.major &&
    (wanted.minor === undefined || String(minor) === wanted.minor) &&
    (wanted.patch === undefined || String(patch) === wanted.patch) &&
    (implementation === undefined || facts.implementation === implementation) &&
    (suffix === undefined ? level === 'final' : (facts.markers.python_full_version ?? '').endsWith(suffix)) &&
    facts.abi.freeThreaded === (wanted.threads !== undefined)
  );
}

/** A version that `.python-version` or `PYENV_VERSION` names and pyenv has, also where no shim is on `PATH`. */
function pinnedByPyenv(options: DiscoverOptions): Candidate | undefined {
  const root = pyenvRoot(options.env);
  if (root === undefined) return pinnedElsewhere(options);
  if (searchFolders(options.env).includes(join(root, 'shims'))) return undefined;
  const choice = pyenvChoice('python', { root, cwd: options.cwd, env: options.env, global: false });
  if (choice.kind === 'missing') return pinnedElsewhere(options);
  if (choice.kind !== 'executable') return undefined;
  return { executable: choice.path, found: choice.path };
}

/** A version that `.python-version` names and pyenv does not have: a managed one, or for `X.Y` the program of that name on `PATH`. */
function pinnedElsewhere({ cwd, env, managedDir }: DiscoverOptions): Candidate | undefined {
  for (const version of pinnedVersions(cwd)) {
    const managed = managedDir === undefined ? [] : foldersIn(managedDir);
    const fitting = managed.filter((folder) => isVersionOf(basename(folder), `cpython@${version}`));
    const newest = fitting.sort((a, b) => compareNumbers(basename(b), basename(a)))[0];
    const bin =
      process.platform === 'win32' ? ['python.exe', 'install/python.exe'] : ['bin/python3', 'install/bin/python3'];
    const own = newest === undefined ? undefined : bin.map((name) => join(newest, name)).find(isExecutable);
    const path = own ?? (/^\d\.\d+$/.test(version) ? which(`python${version}`, env) : undefined);
    if (path !== undefined) return { executable: path, found: path };
  }
  return undefined;
}

function isVersionOf(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}.`);
}

/** The program behind `path` if that is a pyenv shim. `lenient`: a version that pyenv lacks is no error but nothing. */
function behindShim(
  path: string,
  command: string,
  options: DiscoverOptions,
  { lenient = false }: { readonly lenient?: boolean } = {},
): Candidate | undefined {
  const root = pyenvRoot(options.env);
  if (root === undefined || !isPyenvShim(path, root)) return { executable: path, found: path };
  const choice = pyenvChoice(command, { root, cwd: options.cwd, env: options.env });
  switch (choice.kind) {
    case 'executable':
      return { executable: choice.path, found: path };
    case 'missing':
      if (lenient) return undefined;
      throw notInstalled(choice);
    default: {
      const shims = join(root, 'shims');
      const folders = searchFolders(options.env).filter((folder) => folder !== shims);
      const system = which(command, { ...options.env, PATH: folders.join(':') });
      return system === undefined ? undefined : { executable: system, found: path };
    }
  }
}

function notInstalled(choice: PyenvChoice & { readonly kind: 'missing' }): TercetError {
  return new TercetError(
    'python-not-installed',
    `pyenv: version \`${choice.version}' is not installed (set by ${choice.setBy})`,
    { hints: [`run \`pyenv install ${choice.version}\`, or choose another one by \`env use\``] },
  );
}

/** The programs that are named like interpreters, of every tool that installs some. */
function* installedPrograms(options: DiscoverOptions): Generator<string> {
  const { env } = options;
  const home = env.HOME || homedir();
  const expanded = (path: string) => path.replace(/^~(?=\/|$)/, home);
  const root = pyenvRoot(env);
  const asdf = expanded(env.ASDF_DATA_DIR || '~/.asdf');
  const shims = new Set([root === undefined ? '' : join(root, 'shims'), join(asdf, 'shims')]);
  for (const folder of searchFolders(env)) if (!shims.has(folder)) yield* programsIn(folder);
  const trees = [join(asdf, 'installs/python'), ...(root === undefined ? [] : [join(root, 'versions')])];
  for (const tree of trees) {
    for (const version of foldersIn(tree))
      yield* programsIn(existsSync(join(version, 'bin')) ? join(version, 'bin') : version);
  }
  const data =
    env.XDG_DATA_HOME || join(home, process.platform === 'darwin' ? 'Library/Application Support' : '.local/share');
  const builds = [
    expanded(env.RYE_PY_ROOT || '~/.rye/py'),
    expanded(env.UV_PYTHON_INSTALL_DIR ?? join(data, 'uv/python')),
  ];
  const single = process.platform === 'win32' ? 'python.exe' : 'bin/python3';
  for (const version of builds.flatMap(foldersIn)) {
    for (const path of [join(version, single), join(version, 'install', single)]) {
      if (!isExecutable(path)) continue;
      yield path;
      break;
    }
  }
  yield* managedPrograms(options);
}

function* managedPrograms({ managedDir }: DiscoverOptions): Generator<string> {
  for (const version of managedDir === undefined ? [] : foldersIn(managedDir)) {
    const bin = process.platform === 'win32' ? '' : 'bin';
    for (const folder of [join(version, bin), join(version, 'install', bin)]) yield* programsIn(folder);
  }
}

const PROGRAM = /^(?:python|pypy)(?:\d(?:\.?\d\d?(?:[cpm]|td?){0,3})?)?(?:\.exe)?$/;

function* programsIn(folder: string): Generator<string> {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (PROGRAM.test(name) && isExecutable(path)) yield path;
  }
}

function foldersIn(folder: string): string[] {
  return namesIn(folder).map((name) => join(folder, name));
}

/** By version, 64 bits before 32, then the longer path, then free-threaded ones: each the other way round. */
function newestFirst(a: Interpreter, b: Interpreter): number {
  return (
    compareVersionInfo(b.facts.versionInfo, a.facts.versionInfo) ||
    b.facts.abi.pointerBits - a.facts.abi.pointerBits ||
    b.executable.length - a.executable.length ||
    Number(b.facts.abi.freeThreaded) - Number(a.facts.abi.freeThreaded)
  );
}

const LEVELS: readonly string[] = ['alpha', 'beta', 'candidate', 'final'];

function compareVersionInfo(a: InterpreterFacts['versionInfo'], b: InterpreterFacts['versionInfo']): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || LEVELS.indexOf(a[3]) - LEVELS.indexOf(b[3]) || a[4] - b[4];
}

/** `items` mapped, `limit` at a time, in their order. */
async function mapAtOnce<T, R>(items: readonly T[], limit: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (;;) {
      const index = next++;
      const item = items[index];
      if (item === undefined) return;
      results[index] = await map(item);
    }
  }
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
