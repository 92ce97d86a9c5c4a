/** The built executable in a temporary home: nothing of the machine's configuration, caches or environments is seen. */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The executable under test: `TERCET_BINARY`, else `dist/tercet`. */
export const TERCET = process.env.TERCET_BINARY ?? join(import.meta.dir, '../../dist/tercet');

/** What a run printed, and its exit code. */
interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Relative to the home, or absolute. Default: `project`. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for stdin. Default: stdin is closed. */
  readonly input?: string;
  /** The executable. Default: `TERCET`. */
  readonly program?: string;
  /** As somebody for whom read-only is read-only: root writes everywhere. Default: false. */
  readonly unprivileged?: boolean;
}

export interface Home {
  readonly path: string;
  /** The folder `project` in it. */
  readonly project: string;
  /** The cache's folder. */
  readonly cache: string;
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Writes a file, relative to the project; folders are made. */
  write(file: string, text: string): void;
  /** A file's text, relative to the project. */
  read(file: string): string;
  exists(file: string): boolean;
  [Symbol.dispose](): void;
}

const NOBODY = 65534;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];

/** A home with an empty folder `project`; `index` is the simple API's root that stands in for PyPI. */
export function createHome(index?: string): Home {
  if (!existsSync(TERCET)) throw new Error(`${TERCET} is missing: run \`npm run build\` first`);
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-e2e-')));
  const project = join(path, 'project');
  mkdirSync(project);
  const env = {
    HOME: path,
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TMPDIR: join(path, 'tmp'),
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    POETRY_KEYRING_ENABLED: 'false',
    GIT_CONFIG_NOSYSTEM: '1',
    ...(process.env.PYENV_ROOT ? { PYENV_ROOT: process.env.PYENV_ROOT } : {}),
    ...(index === undefined ? {} : { TERCET_INDEX_URL: index }),
  };
  mkdirSync(env.TMPDIR);
  return {
    path,
    project,
    cache: join(path, '.cache/pypoetry/tercet'),
    async run(args, options = {}) {
      const lowered = options.unprivileged === true && process.getuid?.() === 0;
      if (lowered) Bun.spawnSync(['chown', '-R', String(NOBODY), path]);
      const child = Bun.spawn([...(lowered ? AS_NOBODY : []), options.program ?? TERCET, ...args], {
        cwd: join(options.cwd?.startsWith('/') ? '' : path, options.cwd ?? 'project'),
        env: { ...env, ...options.env },
        stdin: options.input === undefined ? 'ignore' : Buffer.from(options.input),
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [stdout, stderr, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      return { code, stdout, stderr };
    },
    write(file, text) {
      mkdirSync(dirname(join(project, file)), { recursive: true });
      writeFileSync(join(project, file), text);
    },
    read: (file) => readFileSync(join(project, file), 'utf8'),
    exists: (file) => existsSync(join(project, file)),
    [Symbol.dispose]() {
      chmodSync(project, 0o755);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A `pyproject.toml` with these main requirements; `more` is put at its end. */
export function manifestOf(requirements: readonly string[], more = ''): string {
  const list = requirements.map((one) => `    ${JSON.stringify(one)},\n`).join('');
  return `[project]
name = "demo"
version = "0.1.0"
description = ""
requires-python = ">=3.8"
dependencies = [
${list}]

[tool.poetry]
package-mode = false

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
${more}`;
}
