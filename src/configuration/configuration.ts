/**
 * The configuration in force: `POETRY_*` variables over `poetry.toml` over `auth.toml` and `config.toml` over the
 * defaults. Texts may hold `{other-key}`, resolved on reading.
 *
 * Files are read once, and a TOML parser is loaded only for a file that `plain-toml.ts` does not follow.
 */

import { isAbsolute, join, resolve } from 'node:path';
import { readText } from '../files/read-text.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import { configDir, defaultCacheDir, defaultDataDir, expandUser, homeOf, type PlaceOptions } from './places.ts';
import { plainTree } from './plain-toml.ts';
import { defaultTree, type SettingKey, type Settings, typedValue, valueOfText } from './settings.ts';

/** Where a configuration is read from. */
export interface ConfigurationOptions extends PlaceOptions {
  /** The folder of `poetry.toml`. Default: none is read. */
  readonly projectDir?: string | undefined;
}

/** The settings that are folders. */
export type FolderKey = 'cache-dir' | 'data-dir' | 'virtualenvs.path' | 'python.installation-dir';

export interface Configuration {
  /** The value of one of Poetry's keys, in its type. */
  get<K extends SettingKey>(key: K): Settings[K];
  /**
   * Any value: `['http-basic', 'my.repo', 'username']`, a dotted text, or a whole table. Undefined where nothing is
   * set; `null` where the default says that nothing is.
   */
  lookup(key: string | readonly string[]): unknown;
  /** A folder, with `~` expanded, absolute. */
  folder(key: FolderKey): string;
  /** Every value in force, as nested tables. */
  all(): Readonly<Record<string, unknown>>;
  /** The same with more repositories (name → table); those of the files come first. */
  withRepositories(more: Readonly<Record<string, unknown>>): Configuration;
  /** The files and defaults merged: no variables, templates unresolved. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The folder of `config.toml` and `auth.toml`. */
  readonly directory: string;
}

/** Reads the files of a configuration. Throws `configuration-invalid` for one that is not TOML. */
export async function loadConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const directory = configDir(options);
  const tree = defaultTree(defaultCacheDir(options), defaultDataDir(options));
  const files = [join(directory, 'config.toml'), join(directory, 'auth.toml')];
  if (options.projectDir !== undefined) files.push(join(options.projectDir, 'poetry.toml'));
  for (const file of files) {
    const read = await readTable(file);
    if (read !== undefined) merge(tree, read);
  }
  return configurationOf(tree, options, directory);
}

/** The table in a TOML file; undefined when there is no such file. */
export async function readTable(file: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  const plain = plainTree(text);
  if (plain !== undefined) return plain;
  const { readToml } = await import('../toml/read.ts');
  try {
    return readToml(text, file);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new TercetError('configuration-invalid', error.message, { cause: error });
  }
}

/** The segments of a key: a dotted text is split, a list is taken as it is (its parts may hold dots). */
function keySegments(key: string | readonly string[]): readonly string[] {
  return typeof key === 'string' ? key.split('.') : key;
}

/** True for a TOML table. */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function configurationOf(
  raw: Record<string, unknown>,
  options: ConfigurationOptions,
  directory: string,
): Configuration {
  const { env } = options;

  function lookup(key: string | readonly string[]): unknown {
    return find(keySegments(key), 0);
  }

  function find(keys: readonly string[], depth: number): unknown {
    if (keys.length === 1 && keys[0] === 'repositories') {
      const found = environmentRepositories(env);
      if (Object.keys(found).length > 0) return found;
    }
    const settings = keys[0] === 'installer' && keys[1] === 'build-config-settings';
    if (!settings) {
      const text = env[variableName(keys)];
      if (text !== undefined) return resolved(valueOfText(keys.join('.'), text), depth);
    }
    let value: unknown = raw;
    for (const key of keys) value = isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    if (settings) value = withEnvironmentSettings(keys.slice(2), value, env);
    if (!isTable(value)) return resolved(value, depth);
    const table: Record<string, unknown> = {};
    for (const key of Object.keys(value)) table[key] = settings ? value[key] : find([...keys, key], depth);
    return table;
  }

  function resolved(value: unknown, depth: number): unknown {
    if (typeof value !== 'string' || !value.includes('{') || depth >= DEEPEST_TEMPLATE) return value;
    return value.replace(/\{(.+?)\}/g, (whole, key: string) => {
      const other = find(key.split('.'), depth + 1);
      return other === null || other === undefined ? whole : String(other);
    });
  }

  function get<K extends SettingKey>(key: K): Settings[K] {
    const value = key === 'pypi-mirror.url' ? mirrorUrl(lookup) : lookup(key);
    return typedValue(key, value) as Settings[K];
  }

  return {
    get,
    lookup,
    folder(key) {
      const path = expandUser(get(key), homeOf(options));
      return isAbsolute(path) ? path : resolve(path);
    },
    all() {
      const table: Record<string, unknown> = {};
      for (const key of Object.keys(raw)) table[key] = lookup([key]);
      return table;
    },
    withRepositories(more) {
      const repositories = { ...more, ...(isTable(raw.repositories) ? raw.repositories : {}) };
      return Object.keys(repositories).length === 0
        ? this
        : configurationOf({ ...raw, repositories }, options, directory);
    },
    raw,
    directory,
  };
}

/** A template that names itself is given up at this depth. */
const DEEPEST_TEMPLATE = 8;

function variableName(keys: readonly string[]): string {
  return `POETRY_${keys.map((key) => key.toUpperCase().replaceAll('-', '_')).join('_')}`;
}

function environmentRepositories(env: PlaceOptions['env']): Record<string, { url: string }> {
  const found: Record<string, { url: string }> = {};
  for (const [name, url] of Object.entries(env)) {
    const repository = /^POETRY_REPOSITORIES_([A-Z_]+)_URL/.exec(name)?.[1];
    if (repository !== undefined && url !== undefined) {
      found[repository.toLowerCase().replaceAll('_', '-')] = { url };
    }
  }
  return found;
}

function withEnvironmentSettings(rest: readonly string[], value: unknown, env: PlaceOptions['env']): unknown {
  const found: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(env)) {
    const project = /^POETRY_INSTALLER_BUILD_CONFIG_SETTINGS_([^.]+)/.exec(name)?.[1];
    const settings = project === undefined || text === undefined ? undefined : buildConfigSettings(text);
    if (project !== undefined && settings !== undefined)
      found[project.replace(/[-_.]+/g, '-').toLowerCase()] = settings;
  }
  const [project] = rest;
  if (project !== undefined) return found[project] ?? value;
  return { ...(isTable(value) ? value : {}), ...found };
}

/** Build settings from JSON: an object of texts and lists of texts; undefined for anything else. */
export function buildConfigSettings(json: string): Record<string, string | readonly string[]> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isTable(value)) return undefined;
  const fits = Object.values(value).every(
    (item) => typeof item === 'string' || (Array.isArray(item) && item.every((part) => typeof part === 'string')),
  );
  return fits ? (value as Record<string, string | readonly string[]>) : undefined;
}

function mirrorUrl(lookup: (key: readonly string[]) => unknown): unknown {
  return (
    lookup(['pypi-mirror', 'url']) ??
    lookup(['plugins', 'pypi_mirror', 'url']) ??
    lookup(['plugins', 'pypi-mirror', 'url'])
  );
}

function merge(into: Record<string, unknown>, from: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(from)) {
    if (key === '__proto__') continue;
    const old = Object.hasOwn(into, key) ? into[key] : undefined;
    if (isTable(old) && isTable(value)) merge(old, value);
    else into[key] = value;
  }
}
