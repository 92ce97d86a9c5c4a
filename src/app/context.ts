/**
 * What a use case may use: where it runs, what it was asked for in general, and the expensive things (project,
 * configuration, index, environment) made on first use and kept. Made once, by `cli/screen.ts`.
 */

import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import type { Environment } from '../environments/environment.ts';
import { readText } from '../files/read-text.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { pathFault } from '../index/path-fault.ts';
import type { Manifest, Source } from '../manifest/manifest.ts';
import type { OpenIndex } from './open-index.ts';

/** `-1` quiet, `0` normal, `1` -v, `2` -vv, `3` -vvv. */
export type Verbosity = -1 | 0 | 1 | 2 | 3;

/** A question to the person at the terminal; what each answers without one is its default. */
export interface Ask {
  /** One line of text; '' where nothing was typed. Rejects with `aborted` at the end of input. */
  text(prompt: string): Promise<string>;
  /** As `text`, but nobody sees what is typed. */
  secret(prompt: string): Promise<string>;
  confirm(question: string, fallback: boolean): Promise<boolean>;
  /** One of `choices`, by number or name; the last where nothing was typed. Rejects with `answer-invalid` after three wrong ones. */
  choice(question: string, choices: readonly string[]): Promise<string>;
  /** Where in `items` those stand that are wanted; all of them unless somebody says otherwise. */
  select(question: string, items: readonly string[]): Promise<ReadonlySet<number>>;
}

/** A project on disk, as read. */
export interface Project {
  readonly directory: string;
  readonly manifestPath: string;
  readonly lockPath: string;
  /** `pyproject.toml`, verbatim. */
  readonly text: string;
  readonly manifest: Manifest;
}

/** What is known from the command line and the process. */
export interface ContextOptions {
  /** The working directory, after `-C`. Relative arguments resolve here. */
  readonly cwd: string;
  /** `-P` as given, resolved; undefined without. */
  readonly projectOption: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder. */
  readonly home: string;
  readonly emit: Emit;
  /** Whether questions may be asked. */
  readonly interactive: boolean;
  readonly ask: Ask;
  readonly verbosity: Verbosity;
  /** Whether stdout takes colours. */
  readonly decorated: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
  /** `--no-cache`. */
  readonly noCache: boolean;
  /** `--offline`, or `TERCET_OFFLINE=1`. */
  readonly offline: boolean;
  /** `--no-plugins`. */
  readonly noPlugins: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The version of tercet itself, `X.Y.Z`. */
  readonly toolVersion: string;
}

export interface Context extends ContextOptions {
  /** Where the search for `pyproject.toml` begins: `-P`, else the working directory. */
  readonly start: string;
  /** The project at `start` or above. Throws `no-project`, `manifest-invalid`, or `ParseError`. */
  project(): Promise<Project>;
  /** The same, its manifest read and judged when it is first looked at: for those who may not need it. */
  unreadProject(): Promise<Project>;
  /** The folder of the project, without reading it; undefined where there is none. */
  projectDirectory(): string | undefined;
  configuration(): Promise<Configuration>;
  /** The folder of tercet's cache. */
  cacheFolder(): Promise<string>;
  /** The project's environment, made where there is none. Throws as `ensureEnvironment`. */
  environment(): Promise<Environment>;
  /** PyPI and these sources, with the user's credentials, certificates and cache; the first call decides which sources. */
  index(sources: readonly Source[]): Promise<OpenIndex>;
}

/** The context of one command. Nothing is looked for or read before it is asked for. */
export function createContext(options: ContextOptions): Context {
  const start = options.projectOption ?? options.cwd;
  const projectDirectory = once(() => findProject(start));
  const context: Context = {
    ...options,
    start,
    projectDirectory,
    // The copy looks at everything.
    project: once(async () => ({ ...(await context.unreadProject()) })),
    unreadProject: once(() => openProject(start, projectDirectory(), options.emit)),
    configuration: once(() => readConfiguration(options, projectDirectory())),
    cacheFolder: once(() => findCache(context)),
    environment: once(async () => (await import('./project-environment.ts')).ensureProjectEnvironment(context)),
    index: onceGiven(async (sources) => (await import('./open-index.ts')).openIndex(context, sources)),
  };
  return context;
}

/** The nearest folder at or above `start` that holds a `pyproject.toml`. */
function findProject(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pyproject.toml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

async function openProject(start: string, directory: string | undefined, emit: Emit): Promise<Project> {
  if (directory === undefined) {
    requireSearchable(start);
    throw new TercetError('no-project', `Poetry could not find a pyproject.toml file in ${start} or its parents`, {
      hints: ['`tercet init` makes one here, `tercet new PATH` makes a project in a folder of its own'],
    });
  }
  const manifestPath = join(directory, 'pyproject.toml');
  const { readManifest } = await import('../manifest/read.ts');
  const text = readText(manifestPath);
  const manifest = once(() => {
    const read = readNamed(readManifest, text, manifestPath);
    for (const fault of pathFaults(read, directory)) emit({ kind: 'warning', text: fault });
    return read;
  });
  if (text.includes('dev-dependencies')) {
    const { validateManifest } = await import('../manifest/validate.ts');
    for (const warning of validateManifest(manifest().toml).warnings) emit({ kind: 'warning', text: warning });
  }
  return {
    directory,
    manifestPath,
    lockPath: join(directory, 'poetry.lock'),
    text,
    get manifest() {
      return manifest();
    },
  };
}

/** What is wrong with the paths that the project requires: they may be gone, and what is asked for need not read them. */
function pathFaults({ groups }: Manifest, directory: string): readonly string[] {
  return groups
    .flatMap(({ written }) => written)
    .flatMap(({ origin, prettyName }) => {
      if (origin.kind !== 'file' && origin.kind !== 'directory') return [];
      const below = origin.kind === 'directory' ? (origin.subdirectory ?? '') : '';
      return pathFault(origin.kind, resolve(directory, origin.path, below), prettyName) ?? [];
    });
}

/** Throws the system's error where `folder` may not be looked into: a project may well be there. */
function requireSearchable(folder: string): void {
  try {
    statSync(join(folder, 'pyproject.toml'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
  }
}

/** What cannot be read is reported with its file, and a requirement at fault with its line. */
function readNamed(read: (text: string) => Manifest, text: string, path: string): Manifest {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ParseError) {
      const problem = error.message.replace(/^Invalid TOML file pyproject\.toml: /, '');
      throw new TercetError('manifest-unreadable', `${path} is not valid TOML: ${problem}`, {
        hints: /^<<<<<<< /m.test(text) ? ['It holds git conflict marks: settle those first.'] : [],
        cause: error,
      });
    }
    if (error instanceof TercetError && error.cause instanceof ParseError) {
      const { code, message, cause } = error;
      throw new TercetError(code, message, { hints: placeOf(cause.source, text, path), cause });
    }
    throw error;
  }
}

function placeOf(requirement: string, text: string, path: string): string[] {
  const lines = text.split('\n');
  const line = requirement === '' ? lineOfEmpty(lines) : lines.findIndex((one) => one.includes(requirement));
  return line < 0 ? [] : [`\`${requirement || lines[line]?.trim()}\` stands in ${path}, line ${line + 1}.`];
}

/** The first line, from 0, with an empty version: `name = ""` among dependencies, `version = ""` in one, or `requires-python`; else -1. */
function lineOfEmpty(lines: readonly string[]): number {
  let table = '';
  return lines.findIndex((line) => {
    table = /^\s*\[+(.*?)\]+\s*(?:#|$)/.exec(line)?.[1] ?? table;
    const key = /([\w-]+)["']?\s*=\s*(?:""|'')\s*(?:[,}#]|$)/.exec(line)?.[1];
    if (key === undefined) return false;
    const isOfOne = key === 'version' || key === 'python';
    return key === 'requires-python' || (isOfOne ? /dependencies/ : /dependencies$/).test(table);
  });
}

async function readConfiguration(
  { env, home }: ContextOptions,
  projectDir: string | undefined,
): Promise<Configuration> {
  const { loadConfiguration } = await import('../configuration/configuration.ts');
  return loadConfiguration({ projectDir, env, home });
}

async function findCache({ env, configuration }: Context): Promise<string> {
  const [{ cacheDirectory }, settings] = await Promise.all([import('../cache/places.ts'), configuration()]);
  return cacheDirectory({ env, poetryCacheDir: settings.folder('cache-dir') });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function onceGiven<A, T>(make: (argument: A) => T): (argument: A) => T {
  let made: { readonly value: T } | undefined;
  return (argument) => {
    made ??= { value: make(argument) };
    return made.value;
  };
}
