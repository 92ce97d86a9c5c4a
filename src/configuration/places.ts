/** Poetry's own folders, so that its configuration, credentials and environments are shared: those of `platformdirs`. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the places depend on. */
export interface PlaceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. Default: the system's answer. */
  readonly home?: string;
  /** Default: the running platform. */
  readonly platform?: NodeJS.Platform;
}

/** The folder of `config.toml` and `auth.toml`: `POETRY_CONFIG_DIR`, else the platform's. */
export function configDir(options: PlaceOptions): string {
  const { env } = options;
  return env.POETRY_CONFIG_DIR || roamingFolder(options, 'XDG_CONFIG_HOME', '.config');
}

/** The default of `data-dir`: `POETRY_HOME`, else the platform's. */
export function defaultDataDir(options: PlaceOptions): string {
  const { env } = options;
  const own = env.POETRY_HOME;
  return own ? expandUser(own, homeOf(options)) : roamingFolder(options, 'XDG_DATA_HOME', '.local/share');
}

/** The default of `cache-dir`. */
export function defaultCacheDir(options: PlaceOptions): string {
  const home = homeOf(options);
  switch (options.platform ?? process.platform) {
    case 'darwin':
      return join(home, 'Library/Caches', APPLICATION);
    case 'win32':
      return join(options.env.LOCALAPPDATA || join(home, 'AppData/Local'), APPLICATION, 'Cache');
    default:
      return join(options.env.XDG_CACHE_HOME?.trim() || join(home, '.cache'), APPLICATION);
  }
}

/** `path` with a leading `~` replaced by the home folder. */
export function expandUser(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') || path.startsWith('~\\') ? join(home, path.slice(1)) : path;
}

/** The home folder in these options. */
export function homeOf(options: PlaceOptions): string {
  return options.home ?? (options.env.HOME || homedir());
}

const APPLICATION = 'pypoetry';

function roamingFolder(options: PlaceOptions, xdg: string, fallback: string): string {
  const home = homeOf(options);
  switch (options.platform ?? process.platform) {
    case 'darwin':
      return join(home, 'Library/Application Support', APPLICATION);
    case 'win32':
      return join(options.env.APPDATA || join(home, 'AppData/Roaming'), APPLICATION);
    default:
      return join(options.env[xdg]?.trim() || join(home, fallback), APPLICATION);
  }
}
