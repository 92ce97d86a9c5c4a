/**
 * pyenv without pyenv: which installed version a shim would run here, by `PYENV_VERSION`, `.python-version` upward of
 * the folder, and the global `version` file. The shims themselves are shell scripts that take a tenth of a second.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compareNumbers } from '../ground/compare-numbers.ts';
import type { Variables } from '../process/variables.ts';
import { isExecutable } from '../process/which.ts';

/** What pyenv would do for a command. */
export type PyenvChoice =
  | { readonly kind: 'executable'; readonly path: string }
  /** The `PATH` without pyenv decides: the version is `system`. */
  | { readonly kind: 'system' }
  /** A version is asked for that is not there; `setBy` is a file or `PYENV_VERSION environment variable`. */
  | { readonly kind: 'missing'; readonly version: string; readonly setBy: string }
  /** The versions are there, but none has the command. */
  | { readonly kind: 'no-command' }
  /** Nothing says which version. */
  | { readonly kind: 'unset' };

/** pyenv's root: `PYENV_ROOT`, else `~/.pyenv`; undefined when there is no such folder. */
export function pyenvRoot(env: Variables): string | undefined {
  const home = env.HOME || homedir();
  const root = (env.PYENV_ROOT || join(home, '.pyenv')).replace(/^~(?=\/|$)/, home);
  return existsSync(root) ? root : undefined;
}

/** True when `path` is a shim of the pyenv at `root`. */
export function isPyenvShim(path: string, root: string): boolean {
  return dirname(path) === join(root, 'shims');
}

/** Where pyenv's choice comes from. */
export interface PyenvQuestion {
  readonly root: string;
  /** The folder from which `.python-version` is looked for, upward. */
  readonly cwd: string;
  readonly env: Variables;
  /** Whether the root's own `version` file counts. Default: true. */
  readonly global?: boolean;
}

/** What `command` means to pyenv. */
export function pyenvChoice(command: string, question: PyenvQuestion): PyenvChoice {
  const { root } = question;
  const asked = askedVersions(question);
  if (asked === undefined) return { kind: 'unset' };
  for (const version of asked.versions) {
    if (version === 'system') return { kind: 'system' };
    const installed = installedVersion(root, version);
    if (installed === undefined) return { kind: 'missing', version, setBy: asked.setBy };
    const path = join(root, 'versions', installed, 'bin', command);
    if (isExecutable(path)) return { kind: 'executable', path };
  }
  return { kind: 'no-command' };
}

/** The versions that the nearest `.python-version` names, from `cwd` upward; none where there is no such file. */
export function pinnedVersions(cwd: string): readonly string[] {
  return askedVersions({ root: '', cwd, env: {}, global: false })?.versions ?? [];
}

interface AskedVersions {
  readonly versions: readonly string[];
  readonly setBy: string;
}

function askedVersions({ root, cwd, env, global = true }: PyenvQuestion): AskedVersions | undefined {
  const own = env.PYENV_VERSION;
  if (own) return { versions: own.split(':').filter(Boolean), setBy: 'PYENV_VERSION environment variable' };
  const start = resolve(env.PYENV_DIR || cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    const found = readVersionFile(join(folder, '.python-version'));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) break;
  }
  return global ? readVersionFile(join(root, 'version')) : undefined;
}

/** The first word of each line; comments, empty lines and anything that reaches out of `versions/` are left out. */
function readVersionFile(file: string): AskedVersions | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const words = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] ?? '');
  const versions = words.filter((word) => word !== '' && !word.includes('/') && word !== '..' && word !== '.');
  return versions.length === 0 ? undefined : { versions, setBy: file };
}

/** `asked` itself, `asked` without `python-`, or the newest installed version that it is a prefix of. */
function installedVersion(root: string, asked: string): string | undefined {
  const folder = join(root, 'versions');
  const version = existsSync(join(folder, asked)) ? asked : asked.replace(/^(?:c?python)-/, '');
  if (existsSync(join(folder, version))) return version;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined;
  }
  const rest = (name: string) => name.slice(version.length);
  return names
    .filter((name) => name.startsWith(version) && /^(?:[.-]\d+)(?:\.\d+)*$/.test(rest(name)))
    .sort((a, b) => compareNumbers(rest(b), rest(a)))[0];
}
