/**
 * `setup.cfg` and `setup.py`: what they state, read and never run.
 * https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
 */

import { ParseError } from '../ground/error.ts';
import type { ForeignMetadata, ForeignProject, ForeignRequirement, Leftover, ReadText } from './foreign-project.ts';
import { iniLines, readIni } from './ini.ts';
import { callArguments, isTable, type Literal } from './python-call.ts';
import { readRequirementText } from './requirement-line.ts';

/** What setuptools is told, whichever file tells it. */
interface Declared {
  readonly file: string;
  readonly metadata: ForeignMetadata;
  readonly installRequires: readonly string[];
  readonly testsRequire: readonly string[];
  readonly extras: readonly (readonly [string, readonly string[]])[];
  readonly leftovers: Leftover[];
  /** Whether it names packages or modules to install. */
  readonly packages: boolean;
}

/** Extras that are there for the developers of a project: they become groups. */
const DEVELOPERS = /^(?:dev|develop|development|tests?|testing|docs?|lint|linting|typing|ci)$/;

/** Throws nothing: what cannot be read is left over. `undefined` where the file states nothing about a project. */
export function readSetupCfg(text: string, read: ReadText): ForeignProject | undefined {
  const ini = readIni(text);
  const metadata = ini.get('metadata') ?? new Map<string, string>();
  const options = ini.get('options') ?? new Map<string, string>();
  if (metadata.size === 0 && options.size === 0) return undefined;
  const leftovers: Leftover[] = [];
  const plain = (key: string): string | undefined => {
    const value = metadata.get(key)?.trim();
    if (value === undefined || value === '') return undefined;
    const attribute = /^attr:\s*(.+)$/.exec(value)?.[1];
    if (attribute !== undefined) return attributeOf(attribute, read) ?? leave(key, value);
    const file = /^file:\s*(.+)$/.exec(value)?.[1];
    if (file !== undefined) return read(file.trim())?.trim() ?? leave(key, value);
    return value;
  };
  const leave = (key: string, value: string): undefined => {
    leftovers.push({ place: `setup.cfg, ${key}`, text: `\`${value}\` could not be read without running it` });
  };
  const long = metadata.get('long_description');
  const readme = long === undefined ? undefined : /^file:\s*([^,]+)/.exec(long)?.[1]?.trim();
  const entryPoints = [...(ini.get('options.entry_points') ?? [])].map(
    ([group, value]) => [group, references(iniLines(value))] as const,
  );
  return declared({
    file: 'setup.cfg',
    metadata: metadataOf({
      name: plain('name'),
      version: plain('version'),
      description: plain('description') ?? plain('summary'),
      author: personOf(plain('author'), plain('author_email') ?? plain('author-email')),
      license: plain('license'),
      readme,
      requiresPython: options.get('python_requires')?.trim(),
      keywords: list(plain('keywords')),
      classifiers: metadata.get('classifiers')?.startsWith('file:') ? [] : iniLines(metadata.get('classifiers')),
      urls: urlsOf(plain('url') ?? plain('home_page'), references(iniLines(metadata.get('project_urls')))),
      entryPoints: new Map(entryPoints),
    }),
    installRequires: iniLines(options.get('install_requires')),
    testsRequire: iniLines(options.get('tests_require')),
    extras: [...(ini.get('options.extras_require') ?? [])].map(([extra, value]) => [extra, iniLines(value)] as const),
    leftovers,
    packages: options.has('packages') || options.has('py_modules'),
  });
}

/** The same of the `setup(…)` call in a `setup.py`; undefined where there is none. */
export function readSetupPy(text: string, read: ReadText): ForeignProject | undefined {
  const call = callArguments(text, 'setup');
  if (call === undefined) return undefined;
  const leftovers: Leftover[] = [];
  const leave = (key: string): undefined => {
    leftovers.push({ place: `setup.py, ${key}`, text: 'is computed: it could not be read without running the file' });
  };
  const plain = (key: string): string | undefined => {
    if (!call.has(key)) return undefined;
    const value = call.get(key);
    if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
    return value === null || key === 'long_description' ? undefined : leave(key);
  };
  const texts = (key: string): string[] => {
    if (!call.has(key)) return [];
    const value = call.get(key);
    const found = textsOf(value);
    if (found === undefined) leave(key);
    return found ?? [];
  };
  const table = (key: string): { readonly [key: string]: Literal } => {
    const value = call.get(key);
    if (call.has(key) && !isTable(value) && value !== null) leave(key);
    return isTable(value) ? value : {};
  };
  const name = plain('name');
  const extras = Object.entries(table('extras_require')).map(([extra, value]) => {
    const found = textsOf(value);
    if (found === undefined) leave(`extras_require "${extra}"`);
    return [extra, found ?? []] as const;
  });
  const entryPoints = entryPointsOf(call.get('entry_points'));
  if (call.has('entry_points') && entryPoints === undefined) leave('entry_points');
  const urls = Object.entries(table('project_urls')).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  return declared({
    file: 'setup.py',
    metadata: metadataOf({
      name,
      version: call.get('version') === undefined ? (versionBeside(name, read) ?? plain('version')) : plain('version'),
      description: plain('description'),
      author: personOf(plain('author'), plain('author_email')),
      license: plain('license'),
      requiresPython: plain('python_requires'),
      keywords: typeof call.get('keywords') === 'string' ? list(plain('keywords')) : texts('keywords'),
      classifiers: texts('classifiers'),
      urls: urlsOf(plain('url'), new Map(urls)),
      entryPoints: entryPoints ?? new Map(),
    }),
    installRequires: texts('install_requires').flatMap(lines),
    testsRequire: texts('tests_require').flatMap(lines),
    extras,
    leftovers,
    packages: call.has('packages') || call.has('py_modules'),
  });
}

function declared(found: Declared): ForeignProject {
  const { file, leftovers } = found;
  const requirements: ForeignRequirement[] = [];
  const take = (
    texts: readonly string[],
    where: string,
    target: { group: string; extra?: string },
    marker = '',
  ): void => {
    for (const text of texts) {
      const place = `${file}, ${where}`;
      try {
        const { name, wish } = readRequirementText(withMarker(text, marker));
        requirements.push({ name, wish, place, ...target });
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        leftovers.push({ place, text: `\`${text}\` was left out: ${error.message}` });
      }
    }
  };
  take(found.installRequires, 'install_requires', { group: 'main' });
  take(found.testsRequire, 'tests_require', { group: 'test' });
  for (const [key, texts] of found.extras) {
    // `extra:condition`, and `:condition` for requirements of the project itself.
    const [extra = '', marker = ''] = [key.split(':', 1)[0], key.includes(':') ? key.slice(key.indexOf(':') + 1) : ''];
    const where = `extras_require ${key}`;
    if (extra === '') take(texts, where, { group: 'main' }, marker);
    else if (DEVELOPERS.test(extra)) take(texts, where, { group: extra }, marker);
    else take(texts, where, { group: 'main', extra }, marker);
  }
  return {
    metadata: found.metadata,
    requirements,
    pins: [],
    sources: [],
    leftovers,
    packageMode: found.packages,
  };
}

function withMarker(text: string, marker: string): string {
  if (marker.trim() === '') return text;
  const [plain = '', own] = text.split(/;(.*)/s);
  return own === undefined ? `${plain}; ${marker}` : `${plain}; (${own.trim()}) and (${marker})`;
}

/** Without what is not there. */
function metadataOf(found: { readonly [K in keyof ForeignMetadata]: ForeignMetadata[K] | undefined }): ForeignMetadata {
  // As setuptools: what is in no name (PEP 508) becomes a hyphen.
  const name = found.name?.replace(/[^A-Za-z0-9._]+/g, '-').replace(/^-|-$/g, '');
  return Object.fromEntries(Object.entries({ ...found, name }).filter(([, value]) => value !== undefined));
}

function personOf(name: string | undefined, email: string | undefined): string | undefined {
  if (name === undefined || /[<>]/.test(name)) return undefined;
  const first = email?.split(',')[0]?.trim();
  return first === undefined ? name : `${name} <${first}>`;
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(text?.includes(',') ? ',' : /\s+/).flatMap((one) => one.trim() || []);
}

function lines(text: string): string[] {
  return iniLines(text);
}

/** `name = reference` in each line. */
function references(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.flatMap((text) => {
      const at = text.indexOf('=');
      return at < 0 ? [] : [[text.slice(0, at).trim(), text.slice(at + 1).trim()] as const];
    }),
  );
}

function urlsOf(home: string | undefined, others: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...(home === undefined ? [] : [['Homepage', home] as const]), ...others]);
}

/** A text is one item (or one in each line); undefined where an item is computed. */
function textsOf(value: Literal): string[] | undefined {
  if (value === null) return [];
  if (typeof value === 'string') return iniLines(value);
  if (!Array.isArray(value)) return undefined;
  return value.every((one) => typeof one === 'string') ? [...value] : undefined;
}

/** A dict of lists, or the text of an INI file. */
function entryPointsOf(value: Literal): ReadonlyMap<string, ReadonlyMap<string, string>> | undefined {
  if (typeof value === 'string') {
    return new Map([...readIni(value)].map(([group, entries]) => [group, entries]));
  }
  if (!isTable(value)) return undefined;
  return new Map(Object.entries(value).map(([group, texts]) => [group, references(textsOf(texts) ?? [])]));
}

/** `package.module.NAME` as a literal of that module. */
function attributeOf(reference: string, read: ReadText): string | undefined {
  const parts = reference.trim().split('.');
  const attribute = parts.pop() ?? '';
  const path = parts.join('/');
  for (const base of ['', 'src/']) {
    for (const file of [`${base}${path}.py`, `${base}${path}/__init__.py`]) {
      const found = assigned(read(file), attribute);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The `__version__` of the project's own package. */
function versionBeside(name: string | undefined, read: ReadText): string | undefined {
  const module = (name ?? '').replace(/[-.]+/g, '_');
  if (module === '') return undefined;
  for (const file of ['__init__', '__about__', '_version', '__version__', 'version'].map(
    (one) => `${module}/${one}.py`,
  )) {
    for (const base of ['', 'src/']) {
      const found = assigned(read(base + file.toLowerCase()) ?? read(base + file), '__version__');
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function assigned(text: string | undefined, name: string): string | undefined {
  if (text === undefined || !/^\w+$/.test(name)) return undefined;
  return new RegExp(`^${name}(?:\\s*:\\s*\\w+)?\\s*=\\s*["']([^"'\\n]+)["']`, 'm').exec(text)?.[1];
}
