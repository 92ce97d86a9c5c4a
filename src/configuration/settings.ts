/** The settings: their keys, types, defaults, and how a text (of the command line or of `POETRY_*`) becomes a value. */

/** What `Configuration.get` answers for each key. */
export interface Settings {
  readonly 'cache-dir': string;
  readonly 'data-dir': string;
  readonly 'installer.parallel': boolean;
  /** Undefined: processors + 4. */
  readonly 'installer.max-workers': number | undefined;
  /** Names, `:all:` or `:none:`. */
  readonly 'installer.no-binary': readonly string[] | undefined;
  readonly 'installer.only-binary': readonly string[] | undefined;
  readonly 'installer.re-resolve': boolean;
  readonly 'installer.builtin-uninstall': boolean;
  readonly 'keyring.enabled': boolean;
  readonly 'python.installation-dir': string;
  /** Whether a Python that the project allows is downloaded where there is none; ours. */
  readonly 'python.auto-install': boolean | undefined;
  readonly 'requests.max-retries': number;
  readonly 'solver.lazy-wheel': boolean;
  /** Days. */
  readonly 'solver.min-release-age': number;
  readonly 'solver.min-release-age-exclude': readonly string[] | undefined;
  readonly 'solver.min-release-age-exclude-source': readonly string[] | undefined;
  readonly 'system-git-client': boolean;
  readonly 'virtualenvs.create': boolean;
  /** Undefined: `.venv` is used where it exists. */
  readonly 'virtualenvs.in-project': boolean | undefined;
  readonly 'virtualenvs.path': string;
  readonly 'virtualenvs.prompt': string;
  readonly 'virtualenvs.use-poetry-python': boolean;
  readonly 'virtualenvs.options.always-copy': boolean;
  readonly 'virtualenvs.options.no-pip': boolean;
  readonly 'virtualenvs.options.system-site-packages': boolean;
  /** An address in PyPI's place; not one of Poetry's own keys, but of its plugin pypi-mirror. */
  readonly 'pypi-mirror.url': string | undefined;
  /** The address of a cache that machines share; ours. */
  readonly 'remote-cache.url': string | undefined;
}

export type SettingKey = keyof Settings;

type SettingKind = 'flag' | 'count' | 'positive' | 'text' | 'folder' | 'names' | 'list';

const KINDS: Readonly<Record<SettingKey, SettingKind>> = {
  'cache-dir': 'folder',
  'data-dir': 'folder',
  'installer.parallel': 'flag',
  'installer.max-workers': 'positive',
  'installer.no-binary': 'names',
  'installer.only-binary': 'names',
  'installer.re-resolve': 'flag',
  'installer.builtin-uninstall': 'flag',
  'keyring.enabled': 'flag',
  'python.installation-dir': 'folder',
  'python.auto-install': 'flag',
  'requests.max-retries': 'count',
  'solver.lazy-wheel': 'flag',
  'solver.min-release-age': 'count',
  'solver.min-release-age-exclude': 'names',
  'solver.min-release-age-exclude-source': 'list',
  'system-git-client': 'flag',
  'virtualenvs.create': 'flag',
  'virtualenvs.in-project': 'flag',
  'virtualenvs.path': 'folder',
  'virtualenvs.prompt': 'text',
  'virtualenvs.use-poetry-python': 'flag',
  'virtualenvs.options.always-copy': 'flag',
  'virtualenvs.options.no-pip': 'flag',
  'virtualenvs.options.system-site-packages': 'flag',
  'pypi-mirror.url': 'text',
  'remote-cache.url': 'text',
};

/** True for a key that `config` can read and write as one value. */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(KINDS, key);
}

/** The defaults as the tree that files are merged into; `null` where nothing is set. */
export function defaultTree(cacheDir: string, dataDir: string): Record<string, unknown> {
  return {
    'cache-dir': cacheDir,
    'data-dir': dataDir,
    virtualenvs: {
      create: true,
      'in-project': null,
      path: '{cache-dir}/virtualenvs',
      options: { 'always-copy': false, 'system-site-packages': false, 'no-pip': false },
      'use-poetry-python': false,
      prompt: '{project_name}-py{python_version}',
    },
    requests: { 'max-retries': 0 },
    installer: {
      're-resolve': false,
      parallel: true,
      'max-workers': null,
      'no-binary': null,
      'only-binary': null,
      'build-config-settings': {},
      'builtin-uninstall': false,
    },
    python: { 'installation-dir': '{data-dir}/python' },
    solver: {
      'lazy-wheel': true,
      'min-release-age': 0,
      'min-release-age-exclude': null,
      'min-release-age-exclude-source': null,
    },
    'system-git-client': false,
    keyring: { enabled: true },
  };
}

/** True when `text` may be given on the command line for `key`. */
export function isValidText(key: SettingKey, text: string): boolean {
  switch (KINDS[key]) {
    case 'flag':
      return isFlagText(text);
    case 'count':
      return toInteger(text) >= 0;
    case 'positive':
      return toInteger(text) > 0;
    case 'names':
      return isNamesText(text);
    case 'list':
      return text.trim() !== '';
    default:
      return text !== '';
  }
}

/** `text` (of the command line or of an environment variable) as a value of `key`; other keys keep the text. */
export function valueOfText(key: string, text: string): unknown {
  if (!isSettingKey(key)) return text;
  switch (KINDS[key]) {
    case 'flag':
      return /^(?:true|1)$/i.test(text);
    case 'count':
    case 'positive':
      return toInteger(text);
    case 'names':
      return namesOfText(text);
    case 'list':
      return listOfText(text);
    case 'folder':
      return key === 'virtualenvs.path' ? cleanPath(text) : text;
    default:
      return text;
  }
}

/** What the command line writes into a file for `key`. */
export function storedValue(key: SettingKey, text: string): unknown {
  return KINDS[key] === 'folder' ? cleanPath(text) : valueOfText(key, text);
}

/** A value as it came from a file, brought to the type of `key`; undefined for `null` and for what does not fit. */
export function typedValue<K extends SettingKey>(key: K, value: unknown): Settings[K] | undefined {
  return coerced(KINDS[key], value) as Settings[K] | undefined;
}

/** True for the four words that are a yes or a no. */
export function isFlagText(text: string): boolean {
  return text === 'true' || text === 'false' || text === '1' || text === '0';
}

function coerced(kind: SettingKind, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  switch (kind) {
    case 'flag':
      return typeof value === 'string' ? !/^(?:|false|0)$/i.test(value) : Boolean(value);
    case 'count':
    case 'positive': {
      const number = typeof value === 'number' ? Math.trunc(value) : toInteger(String(value));
      return Number.isNaN(number) ? undefined : number;
    }
    case 'names':
    case 'list': {
      if (Array.isArray(value)) return value.map(String);
      if (typeof value === 'boolean') return namesOfText(String(value));
      return kind === 'names' ? namesOfText(String(value)) : listOfText(String(value));
    }
    default:
      return String(value);
  }
}

/** Python's `int(text)`; NaN where that would fail. */
function toInteger(text: string): number {
  return /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
}

function listOfText(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function namesOfText(text: string): string[] {
  if (isFlagText(text)) return [text === 'true' || text === '1' ? ':all:' : ':none:'];
  const names = listOfText(text).map((name) =>
    /^:(?:all|none):/.test(name) ? name : name.replace(/[-_.]+/g, '-').toLowerCase(),
  );
  return [...new Set(names)];
}

function isNamesText(text: string): boolean {
  if (isFlagText(text)) return true;
  const names = text.trim().split(',');
  return names.every(
    (name) => name === '' || (/^:(?:all|none):/.test(name) && names.length === 1) || /^[a-zA-Z\d_-]+$/.test(name),
  );
}

/** A path without doubled, trailing and single-dot parts, as Python's `Path` prints it. */
function cleanPath(text: string): string {
  const parts = text.split('/').filter((part, i) => part !== '.' && (part !== '' || i === 0));
  const joined = parts.join('/');
  return joined === '' ? (text.startsWith('/') ? '/' : '.') : joined;
}
