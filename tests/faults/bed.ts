/** Where a case takes place: an index, a home with a project, and looks at what a run has left on the disk. */

import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PublishedDistribution } from '../support/index-server.ts';
import { createHome, type Home, manifestOf, type RunOptions } from '../support/run-tercet.ts';
import type { BuiltDistribution } from '../support/wheel-builder.ts';
import { type FaultServer, type FaultServerOptions, startFaultServer } from './fault-server.ts';

/** One row of the table. */
export interface FaultCase {
  readonly number: number;
  readonly title: string;
  /** What has to come of it. */
  readonly expected: string;
  /** Takes seconds of waiting: not for every run of the tests. Default: false. */
  readonly slow?: boolean;
  /** Throws where the exit code, the words or the disk are not as expected. `thorough`: also what takes seconds of waiting. */
  run(thorough: boolean): Promise<void>;
}

/** Thrown by a case that this machine cannot run. */
export class CannotRun extends Error {}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BedOptions extends FaultServerOptions {
  /** Requirements of the project. Default: the names of the distributions. */
  readonly requires?: readonly string[];
  /** Text at the end of pyproject.toml. */
  readonly more?: string;
  /** Lock before the case begins. Default: true. */
  readonly lock?: boolean;
}

export interface Bed {
  readonly home: Home;
  readonly index: FaultServer;
  /** `tercet` with these arguments. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Names in site-packages, sorted. */
  library(): readonly string[];
  /** The folder site-packages; '' where there is no environment. */
  libraryPath(): string;
  /** Everything in the environment, without what a run notes there. */
  environment(): Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The folder of the interpreter that the cases use: not a shim that looks for one each time. */
const PYTHON_FOLDER = dirname(
  Bun.spawnSync(['python3', '-c', 'import sys; print(sys.executable)']).stdout.toString().trim() || '/usr/bin/python3',
);

/** What the cases' runs see of the machine. */
export const MACHINE = {
  PATH: `${PYTHON_FOLDER}:/usr/bin:/bin`,
  POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
};

export async function openBed(
  distributions: readonly PublishedDistribution[],
  { requires, more, lock = true, ...server }: BedOptions = {},
): Promise<Bed> {
  const index = await startFaultServer(distributions, server);
  const home = createHome(index.url);
  const names = requires ?? [...new Set(distributions.map(({ name, version }) => `${name}==${version}`))];
  const run = (args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
    home.run(args, { ...options, env: { ...MACHINE, ...options.env } });
  home.write('pyproject.toml', manifestOf(names, more));
  const bed: Bed = {
    home,
    index,
    run,
    libraryPath: () => libraryOf(join(home.project, '.venv')),
    library: () => listing(libraryOf(join(home.project, '.venv'))),
    environment: () => treeOf(join(home.project, '.venv'), (path) => !/^\.(gitignore|tercet)|\.pyc$/.test(path)),
    async [Symbol.asyncDispose]() {
      home[Symbol.dispose]();
      await index[Symbol.asyncDispose]();
    },
  };
  try {
    if (lock) succeeded(await run(['lock']));
  } catch (error) {
    await bed[Symbol.asyncDispose]();
    throw error;
  }
  return bed;
}

/** The run ended well; what it printed is in the message otherwise. */
export function succeeded(result: RunResult): RunResult {
  equal(result.code, 0, `exit code ${result.code}:\n${result.stdout}${result.stderr}`);
  doesNotMatch(result.stderr, /bug in tercet/);
  return result;
}

/** The run ended with a code other than 0, and each of `words` is among what it said. */
export function failedWith(result: RunResult, ...words: readonly (string | RegExp)[]): RunResult {
  const said = `${result.stdout}${result.stderr}`;
  ok(result.code > 0, `exit code ${result.code}:\n${said}`);
  doesNotMatch(said, /bug in tercet/);
  for (const word of words) {
    if (typeof word === 'string') ok(said.includes(word), `${JSON.stringify(word)} is missing in:\n${said}`);
    else match(said, word);
  }
  return result;
}

/** Installs, expects a refusal with these words, and that neither environment nor cache hold anything of `wheel`. */
export async function refusedCleanly(
  bed: Bed,
  wheel: BuiltDistribution,
  ...words: readonly (string | RegExp)[]
): Promise<void> {
  failedWith(await bed.run(['install']), wheel.file, ...words);
  nothingLeft(bed, wheel);
  // A second run must not take what was refused for installed.
  failedWith(await bed.run(['install']), wheel.file, ...words);
  nothingLeft(bed, wheel);
}

/** Neither the environment nor the cache has anything of the wheel, and nothing is half done. */
export function nothingLeft(bed: Bed, wheel: BuiltDistribution): void {
  deepEqual(bed.library(), []);
  const scripts = listing(join(bed.home.project, '.venv/bin')).filter(
    (name) => !/^(python|pypy|(de)?activate)/.test(name),
  );
  deepEqual(scripts, []);
  cacheIsClean(bed, wheel);
  deepEqual(listing(join(bed.home.path, 'tmp')), []);
}

/** No unfinished file is in the cache, and no unpacked form of the wheel. */
export function cacheIsClean({ home }: Bed, wheel?: BuiltDistribution): void {
  const cache = join(home.path, '.cache');
  const left = Object.keys(treeOf(cache, () => true)).filter(
    (path) =>
      /\.(part|tmp)@?$/.test(path) ||
      /wheels-v\d+\/\./.test(path) ||
      (wheel !== undefined && path.includes(`/${wheel.sha256}/`)),
  );
  deepEqual(left, []);
}

/** Every file that the RECORDs in site-packages list is there and has its hash. */
export function complete(library: string, projects: readonly string[]): void {
  const infos = listing(library).filter((name) => name.endsWith('.dist-info'));
  const names = infos.map((name) => name.slice(0, name.indexOf('-')));
  for (const project of projects) ok(names.includes(project), `${project} is not installed: ${names.join(', ')}`);
  for (const info of infos) {
    const record = join(library, info, 'RECORD');
    ok(existsSync(record), `${info} has no RECORD`);
    for (const line of readFileSync(record, 'utf8').split('\n').filter(Boolean)) {
      const [path = '', hash = ''] = line.split(',');
      const file = join(library, path);
      ok(existsSync(file), `${path} of ${info} is missing`);
      if (!hash.startsWith('sha256=')) continue;
      const digest = new Bun.CryptoHasher('sha256').update(readFileSync(file)).digest('base64url');
      equal(digest, hash.slice('sha256='.length), `${path} of ${info}`);
    }
  }
}

/** Paths of files and links below a folder → a digest of their contents. */
export function treeOf(folder: string, wanted: (path: string) => boolean): Readonly<Record<string, string>> {
  const tree: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of listing(join(folder, path))) {
      const below = path === '' ? name : `${path}/${name}`;
      const found = lstatSync(join(folder, below), { throwIfNoEntry: false });
      if (found === undefined || !wanted(below)) continue;
      if (found.isDirectory()) walk(below);
      else if (found.isSymbolicLink()) tree[`${below}@`] = readlinkSync(join(folder, below));
      else tree[below] = new Bun.CryptoHasher('sha1').update(readFileSync(join(folder, below))).digest('hex');
    }
  };
  walk('');
  return tree;
}

/** Paths of all files below the folder that hold the text. */
export function filesWith(folder: string, text: string): readonly string[] {
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const name of listing(path)) {
      const below = join(path, name);
      const kind = lstatSync(below);
      if (kind.isDirectory()) walk(below);
      else if (kind.isFile() && readFileSync(below).includes(text)) found.push(below);
    }
  };
  walk(folder);
  return found;
}

/** Names in a folder, sorted; none where it is not there. */
export function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function libraryOf(environment: string): string {
  const version = listing(join(environment, 'lib')).find((name) => name.startsWith('python'));
  return version === undefined ? '' : join(environment, 'lib', version, 'site-packages');
}
