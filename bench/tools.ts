/** The three tools that are compared, each brought by the bench itself, and how each is asked for the same work. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from './measure.ts';

const root = join(import.meta.dir, '..');
const home = join(root, '.cache/bench');

export type ToolName = 'tercet' | 'uv' | 'poetry';
export type Task = 'version' | 'lock' | 'install' | 'install-compiled' | 'install-by-folders' | 'run';

/** Where one measurement takes place. */
export interface Place {
  readonly project: string;
  /** The tool's cache folder. */
  readonly cache: string;
  /** Base address of the index, without `simple/`. */
  readonly index: string;
  /** The interpreter that all three use. */
  readonly python: string;
}

/** Installs uv and Poetry 2.5.1 into an environment of the bench's own; tercet must have been built. */
export function bringTools(python: string): void {
  if (!existsSync(join(root, 'dist/tercet'))) throw new Error('dist/tercet is missing: run `npm run build` first');
  if (existsSync(join(home, 'venv/bin/poetry')) && existsSync(join(home, 'venv/bin/uv'))) return;
  mkdirSync(home, { recursive: true });
  run([python, '-m', 'venv', join(home, 'venv')]);
  run([join(home, 'venv/bin/pip'), 'install', '--quiet', 'uv', 'poetry==2.5.1']);
}

/** The command by which `tool` does `task` at `place`. */
export function command(tool: ToolName, task: Task, place: Place): Command {
  const common = { cwd: place.project };
  const PATH = `${dirname(place.python)}:${process.env['PATH']}`;
  switch (tool) {
    case 'tercet':
      return {
        ...common,
        argv: [join(root, 'dist/tercet'), ...words(task)],
        env: {
          TERCET_INDEX_URL: `${place.index}/simple/`,
          TERCET_CACHE_DIR: place.cache,
          POETRY_VIRTUALENVS_IN_PROJECT: 'true',
          // The same environment for all three: uv's has no pip.
          POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
          PATH,
          VIRTUAL_ENV: undefined,
          ...(task === 'install-by-folders' ? { TERCET_LINK_MODE: 'symlink' } : {}),
        },
      };
    case 'uv': {
      const argv = {
        version: ['--version'],
        lock: ['lock'],
        install: ['sync', '--frozen'],
        'install-compiled': ['sync', '--frozen', '--compile-bytecode'],
        // It links file by file.
        'install-by-folders': ['sync', '--frozen'],
        run: ['run', '--no-sync', 'true'],
      };
      return {
        ...common,
        argv: [join(home, 'venv/bin/uv'), ...argv[task]],
        env: {
          UV_DEFAULT_INDEX: `${place.index}/simple/`,
          UV_CACHE_DIR: place.cache,
          UV_PYTHON: place.python,
          UV_PYTHON_DOWNLOADS: 'never',
          UV_NO_CONFIG: '1',
          ...(task === 'install-by-folders' ? { UV_LINK_MODE: 'symlink' } : {}),
          PATH,
          VIRTUAL_ENV: undefined,
        },
      };
    }
    case 'poetry':
      return {
        ...common,
        argv: [join(home, 'venv/bin/python'), shim(), ...words(task)],
        env: {
          BENCH_INDEX_URL: `${place.index}/`,
          POETRY_CACHE_DIR: place.cache,
          POETRY_VIRTUALENVS_IN_PROJECT: 'true',
          // The same environment for all three: uv's has no pip.
          POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
          POETRY_NO_INTERACTION: '1',
          PATH,
          VIRTUAL_ENV: undefined,
        },
      };
  }
}

function words(task: Task): readonly string[] {
  const install = ['install', '--no-root'];
  const byTask = {
    version: ['--version'],
    lock: ['lock'],
    install,
    'install-by-folders': install,
    run: ['run', 'true'],
  };
  return task === 'install-compiled' ? [...install, '--compile'] : byTask[task];
}

/** Poetry's own entry point, with another address in the default index's place. */
function shim(): string {
  const path = join(home, 'poetry-with-index.py');
  if (!existsSync(path)) {
    writeFileSync(
      path,
      [
        'import os, sys',
        'from poetry.repositories.pypi_repository import PyPiRepository',
        'PyPiRepository.__init__.__defaults__ = (os.environ["BENCH_INDEX_URL"],)',
        'from poetry.console.application import main',
        'sys.argv[0] = "poetry"',
        'sys.exit(main())',
        '',
      ].join('\n'),
    );
  }
  return path;
}

function run(argv: readonly string[]): void {
  const done = Bun.spawnSync([...argv], { stdout: 'ignore', stderr: 'pipe' });
  if (done.exitCode !== 0) throw new Error(`${argv.join(' ')} failed:\n${done.stderr.toString().slice(-2000)}`);
}
