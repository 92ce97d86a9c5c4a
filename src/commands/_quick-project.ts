/** The few facts of `pyproject.toml` that `run` and `shell` need, without a TOML parser and without validation. */

import { type PlainEntry, plainEntry, scanToml } from '../configuration/plain-toml.ts';
import { projectName } from '../names/name.ts';

/** A script of `[tool.poetry.scripts]`. */
export type QuickScript =
  | { readonly kind: 'call'; readonly module: string; readonly callable: string }
  | { readonly kind: 'file' };

export interface QuickProject {
  /** In normalised form; undefined where the project has none. */
  readonly name: string | undefined;
  /** The Python range as written, `*` without one. */
  readonly pythonVersions: string;
  /** The script of that name; undefined when there is none. */
  readonly script: (name: string) => QuickScript | undefined;
  /** Whether `[tool.tercet]` may hold a task of the name asked for, or name `.env` files: then the file has to be read in full. */
  readonly hasOwnSettings: boolean;
}

/** The facts; undefined where the file has to be read in full (also to say what is wrong with it). */
export function quickProject(text: string, scriptName: string | undefined): QuickProject | undefined {
  const entries = scanToml(text);
  if (entries === undefined) return undefined;
  const at = (...path: string[]) => plainEntry(entries, path);
  if (at('tool', 'poetry', 'requires-poetry') !== undefined || hasOddTables(entries)) return undefined;

  const name = at('project', 'name') ?? at('tool', 'poetry', 'name');
  const mode = at('tool', 'poetry', 'package-mode');
  if (name === undefined ? mode?.value !== false : typeof name.value !== 'string') return undefined;

  const python = at('tool', 'poetry', 'dependencies', 'python') ?? at('project', 'requires-python');
  if (python !== undefined && typeof python.value !== 'string') return undefined;

  const script = scriptName === undefined ? 'none' : readScript(entries, scriptName);
  if (script === 'unclear') return undefined;
  return {
    name: typeof name?.value === 'string' ? projectName(name.value) : undefined,
    pythonVersions: typeof python?.value === 'string' ? python.value : '*',
    script: (asked) => (asked === scriptName && script !== 'none' ? script : undefined),
    hasOwnSettings: text.includes('tercet') && entries.some(({ path }) => isOwnSetting(path, scriptName)),
  };
}

/** `[tool.tercet] env-file`, a task of that name, or tables that are not written out. */
function isOwnSetting([tool, own, key, name]: readonly string[], wanted: string | undefined): boolean {
  if (tool !== 'tool' || own !== 'tercet') return false;
  return key === undefined || key === 'env-file' || (key === 'tasks' && (name === undefined || name === wanted));
}

/**
 * Whether the version `X.Y.Z` is in a range of plain comparisons such as `>=3.9,<4.0` or `^3.8`; undefined for other
 * ranges, which only `versions/` can read.
 */
export function quickAllows(range: string, version: string): boolean | undefined {
  if (range === '*') return undefined;
  const actual = version.split('.').map(Number);
  let allowed = true;
  for (const part of range.split(',')) {
    const found = /^\s*(>=|<=|>|<|\^)\s*(\d+(?:\.\d+){0,2})\s*$/.exec(part);
    const [, operator, text] = found ?? [];
    if (operator === undefined || text === undefined) return undefined;
    const bound = text.split('.').map(Number);
    const order = compare(actual, bound);
    switch (operator) {
      case '>=':
        allowed &&= order >= 0;
        break;
      case '<=':
        allowed &&= order <= 0;
        break;
      case '>':
        allowed &&= order > 0;
        break;
      case '<':
        allowed &&= order < 0;
        break;
      default:
        if (!bound[0]) return undefined;
        allowed &&= order >= 0 && actual[0] === bound[0];
    }
  }
  return allowed;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `tool = {…}`, `project = {…}` and the like hide what is looked for. */
function hasOddTables(entries: readonly PlainEntry[]): boolean {
  const whole = new Set(['tool', 'project', 'tool.poetry', 'tool.poetry.dependencies', 'tool.poetry.scripts']);
  return entries.some(({ path }) => path.length <= 3 && whole.has(path.join('.')));
}

function readScript(entries: readonly PlainEntry[], name: string): QuickScript | 'none' | 'unclear' {
  const prefix = ['tool', 'poetry', 'scripts', name];
  const own = entries.filter(({ path }) => prefix.every((part, i) => part === path[i]));
  const [first] = own;
  if (first === undefined) return 'none';
  if (own.length > 1 || first.path.length > prefix.length || typeof first.value !== 'string') return 'unclear';
  return callOf(first.value) ?? 'unclear';
}

/** `module:callable`, what follows a bracket or a space left out; undefined for anything else. */
export function callOf(reference: string): (QuickScript & { readonly kind: 'call' }) | undefined {
  const found = /^\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?\s*$/u.exec(reference);
  const [, module, callable] = found ?? [];
  return module === undefined || callable === undefined ? undefined : { kind: 'call', module, callable };
}
