/**
 * `.env` files for `run`, `shell` and tasks, on request only: `--env-file`, `[tool.tercet] env-file`, or poetry-dotenv-plugin's variables:
 * `POETRY_DOTENV_LOCATION` (a path), `POETRY_DONT_LOAD_ENV` (none but those of `--env-file`), `POETRY_DOTENV_DONT_OVERRIDE` (what is set
 * already stays; else the file counts).
 */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readDotenv } from '../formats/dotenv.ts';
import { TercetError } from '../ground/error.ts';
import type { Variables } from '../process/variables.ts';

export interface EnvFileWishes {
  /** `--env-file`, relative to `cwd`. */
  readonly files: readonly string[];
  /** `[tool.tercet] env-file`: a path or several relative to the project, or true for the nearest `.env`. */
  readonly setting: unknown;
  readonly directory: string;
  readonly cwd: string;
}

/** The variables with those of the files. Throws `env-file` where one that is named is not there. */
export function withEnvFiles(env: Variables, wishes: EnvFileWishes): Variables {
  const keeps = /^(?:true|1)$/i.test(env.POETRY_DOTENV_DONT_OVERRIDE ?? '');
  let now = env;
  for (const path of filesOf(env, wishes)) {
    const found = readEnvFile(path, now);
    now = keeps ? { ...found, ...now } : { ...now, ...found };
  }
  return now;
}

/** What a file sets. Throws `env-file` where there is none. */
export function readEnvFile(path: string, outside: Variables): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TercetError('env-file', `The environment file ${path} cannot be read.`, { cause });
  }
  return Object.fromEntries(readDotenv(text, outside));
}

function filesOf(env: Variables, { files, setting, directory, cwd }: EnvFileWishes): string[] {
  const named = files.map((file) => resolve(cwd, file));
  if (env.POETRY_DONT_LOAD_ENV) return named;
  const location = env.POETRY_DOTENV_LOCATION ? [resolve(cwd, env.POETRY_DOTENV_LOCATION)] : [];
  const list: readonly unknown[] = Array.isArray(setting) ? setting : [setting];
  const set = list.flatMap((one) => {
    if (one === true) return nearest(cwd, directory) ?? [];
    return typeof one === 'string' ? resolve(directory, one) : [];
  });
  return [...(location.length > 0 ? location : set), ...named];
}

/** `.env` in the working directory or above, not above the project. */
function nearest(cwd: string, directory: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, '.env');
    if (existsSync(path)) return path;
    if (folder === directory || folder === dirname(folder)) return undefined;
  }
}
