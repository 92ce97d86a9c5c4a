/**
 * An experiment: a project, the indexes it sees, and commands run in it one after the other. What the real Poetry leaves behind after
 * each is kept in `golden/`; tercet has to leave the same.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Hosts, PYPI_HOST, startProxy, type Universe } from './universe.ts';

export interface Experiment {
  readonly name: string;
  /** What stands in for PyPI. */
  readonly universe?: Universe;
  /** Other indexes, by host. */
  readonly hosts?: Partial<Hosts>;
  readonly steps: readonly Step[];
}

/** One command, and what is changed before it. */
export interface Step {
  /** Files to write; undefined: to delete. */
  readonly write?: Readonly<Record<string, string | Uint8Array | undefined>>;
  /** Anything else to prepare. */
  readonly prepare?: (place: Place) => void;
  /** Default: `lock`. */
  readonly run?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 0. */
  readonly code?: number;
  /** What stderr has to contain, of both programs. */
  readonly says?: string;
  /** Poetry's lock as tercet writes it, where they differ on purpose. The reason stands in docs/differences.md. */
  readonly differs?: (lock: string) => string;
  /**
   * Poetry refuses what tercet takes: `code` and `says` are Poetry's. tercet writes the lock of the next step, but for the content hash. The
   * reason stands in docs/differences.md.
   */
  readonly isTaken?: boolean;
}

/** The folder in which an experiment takes place. */
export interface Place {
  readonly home: string;
  readonly project: string;
  read(file: string): string | undefined;
  write(file: string, contents: string | Uint8Array): void;
  /** Runs `git` in a folder of the home and answers with what it printed. */
  git(folder: string, ...argv: readonly string[]): string;
  /** A commit of a repository below `repositories` with these files more. Made on first use; answers with the commit's name. */
  commit(repository: string, files: Readonly<Record<string, string>>): string;
}

/** What a step left behind. */
export interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly stdout: string;
  /** Undefined: there is no lock. */
  readonly lock: string | undefined;
}

/** A program to experiment with. */
export interface Program {
  readonly command: readonly string[];
  /** Variables by which it is told what stands in for PyPI. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs all steps with a program; `report` sees each as it is done. */
export async function play(
  experiment: Experiment,
  program: Program,
  report: (step: Step, outcome: Outcome, index: number) => void,
): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-experiment-')));
  const { universe = {}, hosts = {} } = experiment;
  const proxy = startProxy({ ...hosts, universes: { [PYPI_HOST]: universe, ...hosts.universes } });
  const env = environmentOf(home, proxy.url);
  const place = placeAt(home, env);
  try {
    for (const [index, step] of experiment.steps.entries()) {
      for (const [file, contents] of Object.entries(step.write ?? {})) {
        if (contents === undefined) rmSync(join(place.project, file), { force: true });
        else place.write(file, contents);
      }
      step.prepare?.(place);
      const child = Bun.spawn([...program.command, ...(step.run ?? ['lock']), '-n'], {
        cwd: place.project,
        env: { ...env, ...program.env, ...step.env },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      report(step, { code, stdout, stderr, lock: place.read('poetry.lock') }, index);
    }
  } finally {
    await proxy.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function environmentOf(home: string, proxy: string): Record<string, string> {
  return {
    HOME: home,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    POETRY_VIRTUALENVS_CREATE: 'false',
    POETRY_KEYRING_ENABLED: 'false',
    PYTHONHASHSEED: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
    GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
  };
}

function placeAt(home: string, env: Record<string, string>): Place {
  const project = join(home, 'project');
  mkdirSync(project);
  writeFileSync(join(home, '.gitconfig'), gitConfig(home));
  const git = (folder: string, ...argv: readonly string[]): string => {
    mkdirSync(join(home, folder), { recursive: true });
    const done = Bun.spawnSync(['git', ...argv], { cwd: join(home, folder), env });
    if (done.exitCode !== 0) throw new Error(`git ${argv.join(' ')}: ${done.stderr}`);
    return done.stdout.toString().trim();
  };
  return {
    home,
    project,
    read: (file) => (existsSync(join(project, file)) ? readFileSync(join(project, file), 'utf8') : undefined),
    write(file, contents) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), contents);
    },
    git,
    commit(repository, files) {
      const folder = join('repositories', repository);
      if (!existsSync(join(home, folder, '.git'))) git(folder, 'init', '--quiet');
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(home, folder, file)), { recursive: true });
        writeFileSync(join(home, folder, file), text);
      }
      git(folder, 'add', '-A');
      git(folder, 'commit', '--quiet', '--message', 'more');
      return git(folder, 'rev-parse', 'HEAD');
    },
  };
}

/** Addresses of `git.example` are folders below `repositories`. */
function gitConfig(home: string): string {
  const addresses = ['https://git.example/', 'http://git.example/', 'ssh://git@git.example/', 'git@git.example:'];
  return `[user]
name = Nobody
email = nobody@git.example
[init]
defaultBranch = main
[protocol "file"]
allow = always
[commit]
gpgSign = false
[url "file://${home}/repositories/"]
${addresses.map((one) => `insteadOf = ${one}\n`).join('')}`;
}
