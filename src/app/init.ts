/** `new` and `init`: asks what a project is to be (or takes the defaults), and writes its `pyproject.toml` and first files. */

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { atomicWrite } from '../files/atomic-write.ts';
import { readText } from '../files/read-text.ts';
import { removeTree } from '../files/remove.ts';
import { TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import { createManifest, type NewProject, packagePath } from '../manifest/create.ts';
import type { Addition } from '../manifest/edit.ts';
import { projectName } from '../names/name.ts';
import { asTable, readToml, tableAt } from '../toml/read.ts';
import { tryParseVersion } from '../versions/version.ts';
import { ATTEMPTS, askRequirements, constraintProblem } from './ask-requirements.ts';
import { bestVersion, caret } from './best-version.ts';
import type { Context } from './context.ts';
import { nameOfDistribution } from './name-of-distribution.ts';
import { parseWish, type Wish } from './parse-wish.ts';

export interface InitOptions {
  /** The project's folder, absolute. */
  readonly directory: string;
  /** Whether questions are asked, if the context allows them. */
  readonly interactive: boolean;
  /** `flat` beside pyproject.toml, `src` below `src/`; undefined: no package is made in a folder that exists. */
  readonly layout: 'flat' | 'src';
  /** Also make files in a folder that exists but is empty. */
  readonly filesWhenEmpty: boolean;
  /** Ending of the readme. */
  readonly readme: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly python: string | undefined;
  readonly license: string | undefined;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

const AUTHOR = /^[^<>]+(?: <.+?>)?$/u;

const FORMS = `\
        You can specify a package in the following forms:
          - A single name (requests): this will search for matches on PyPI
          - A name and a constraint (requests@^2.23.0)
          - A git url (git+https://github.com/python-poetry/poetry.git)
          - A git url with a revision         (git+https://github.com/python-poetry/poetry.git#develop)
          - A file path (../my-package/my-package.whl)
          - A directory (../my-package/)
          - A url (https://example.com/packages/my-package-0.1.0.tar.gz)
        `;

/** Does it all; answers with the exit code. Nothing is written before the last question is answered. */
export async function initProject(context: Context, options: InitOptions): Promise<number> {
  const manifestPath = join(options.directory, 'pyproject.toml');
  const before = existsSync(manifestPath) ? readText(manifestPath) : '';
  const refusal = refusedManifest(before);
  if (refusal !== undefined) {
    context.emit({ kind: 'notice', text: refusal });
    return 1;
  }

  const asked = context.interactive && options.interactive;
  const answers = await describe(context, options, asked);
  const makesFiles =
    !existsSync(options.directory) || (options.filesWhenEmpty && readdirSync(options.directory).length === 0);
  const readme = `README.${options.readme.toLowerCase()}`;
  const hasReadme = makesFiles || existsSync(join(options.directory, readme));
  const text = createManifest({ ...answers, layout: options.layout, ...(hasReadme ? { readme } : {}) }, before);

  if (asked) {
    context.emit({ kind: 'line', text: `Generated file\n\n${text}\n` });
    if (!(await context.ask.confirm('Do you confirm generation?', true))) {
      context.emit({ kind: 'notice', text: 'Command aborted' });
      return 1;
    }
  }
  const made = makesFiles ? mkdirSync(options.directory, { recursive: true }) : undefined;
  try {
    if (makesFiles) makeFiles(options, answers.name, readme);
    atomicWrite(manifestPath, text);
  } catch (error) {
    if (made !== undefined) removeTree(made);
    throw error;
  }
  if (makesFiles) {
    const shown = relative(context.cwd, options.directory);
    const path = shown.startsWith('..') ? options.directory : shown || '.';
    context.emit({ kind: 'line', text: `Created package ${packagePath(answers.name).join('.')} in ${path}` });
  }
  return 0;
}

function refusedManifest(text: string): string | undefined {
  if (text === '') return undefined;
  const toml = readToml(text, 'pyproject.toml');
  if (asTable(toml.project) || tableAt(toml, 'tool', 'poetry')) {
    return 'A pyproject.toml file with a project and/or a poetry section already exists.';
  }
  return toml['build-system'] ? 'A pyproject.toml file with a defined build-system already exists.' : undefined;
}

/** What `newManifest` needs, asked for or taken from the options and defaults. */
async function describe(
  context: Context,
  options: InitOptions,
  asked: boolean,
): Promise<Omit<NewProject, 'layout' | 'readme'>> {
  const line = (text: string): void => context.emit({ kind: 'line', text });
  const ask = async (prompt: string, fallback: string): Promise<string> =>
    asked ? (await context.ask.text(prompt)) || fallback : fallback;

  if (asked) line('\nThis command will guide you through creating your pyproject.toml config.\n');
  const folderName = nameOfFolder(basename(options.directory));
  const name = options.name || (await ask(`Package name [${folderName}]: `, folderName));
  const version = await askValid(context, ask, 'Version [0.1.0]: ', '0.1.0', versionProblem);
  const description = options.description || (await ask('Description []: ', ''));
  const author = await askAuthor(context, options.author || (await gitAuthor(context)), asked);
  const license = options.license || (await ask('License []: ', ''));
  let python = options.python;
  if (!python) {
    const preferred = await preferredPython(context);
    python = await askValid(context, ask, `Compatible Python versions [${preferred}]: `, preferred, constraintProblem);
  }
  if (asked) line('');

  const index = async (): Promise<IndexClient> => (await context.index([])).client;
  const exists = (path: string): boolean => existsSync(join(context.cwd, path)) || existsSync(path);
  let helpShown = false;
  const gather = async (given: readonly string[], question: string): Promise<Addition[]> => {
    const wishes = await settled(
      context,
      index,
      given.map((one) => parseWish(one, exists)),
    );
    if (asked && (await context.ask.confirm(question, true))) {
      if (!helpShown) line(FORMS);
      helpShown = true;
      wishes.push(...(await askRequirements(context, index, exists)));
      line('');
    }
    return additionsOf(wishes, index);
  };
  const dependencies = await gather(
    options.dependencies,
    'Would you like to define your main dependencies interactively?',
  );
  const devDependencies = await gather(
    options.devDependencies,
    'Would you like to define your development dependencies interactively?',
  );
  return {
    name,
    version,
    description,
    ...(author === undefined ? {} : { author }),
    license,
    requiresPython: python,
    dependencies,
    devDependencies,
    base: context.cwd,
  };
}

/** Asks again after an answer that the manifest could not hold; the last problem is thrown. */
async function askValid(
  context: Context,
  ask: (prompt: string, fallback: string) => Promise<string>,
  prompt: string,
  fallback: string,
  problemOf: (answer: string) => string | undefined,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(prompt, fallback);
    const problem = problemOf(answer);
    if (problem === undefined) return answer;
    if (attempt >= ATTEMPTS) throw new TercetError('answer-invalid', problem);
    context.emit({ kind: 'notice', text: problem });
  }
}

function versionProblem(text: string): string | undefined {
  return tryParseVersion(text) ? undefined : `Invalid version: ${text}`;
}

/** Every wish for an index with a constraint: the one given once it is known to have a candidate, else `^newest`. */
async function settled(context: Context, index: () => Promise<IndexClient>, wishes: readonly Wish[]): Promise<Wish[]> {
  const done: Wish[] = [];
  for (const wish of wishes) {
    if (wish.name === undefined || wish.table.url || wish.table.git || wish.table.path) {
      done.push(wish);
      continue;
    }
    const name = projectName(wish.name);
    const version = await bestVersion(await index(), name, { constraint: wish.table.version });
    const constraint = wish.table.version ?? caret(version);
    if (wish.table.version === undefined) {
      context.emit({ kind: 'line', text: `Using version ${constraint} for ${name}` });
    }
    done.push({ name, table: { ...wish.table, version: constraint } });
  }
  return done;
}

/** The wishes as they are written; a distribution without a name is asked for it. */
async function additionsOf(wishes: readonly Wish[], index: () => Promise<IndexClient>): Promise<Addition[]> {
  const additions: Addition[] = [];
  for (const { name, table } of wishes) {
    additions.push({ name: name ?? (await nameOfDistribution(await index(), table)), wish: { ...table } });
  }
  return additions;
}

// --- defaults --------------------------------------------------------------------------------------------------------

/** A folder's name as a project's: other characters become `-`; a name without any letter or digit stays. */
export function nameOfFolder(folder: string): string {
  const plain = folder.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-._]+|[-._]+$/g, '');
  return plain === '' ? folder.toLowerCase() : projectName(plain);
}

async function askAuthor(context: Context, author: string | undefined, asked: boolean): Promise<string | undefined> {
  if (!asked) {
    if (author !== undefined && !AUTHOR.test(author)) throw invalidAuthor(author);
    return author;
  }
  for (;;) {
    const answer = ((await context.ask.text(`Author [${author ?? 'None'}, n to skip]: `)) || author)?.normalize('NFC');
    if (answer === undefined || answer === 'n' || answer === 'no') return undefined;
    if (AUTHOR.test(answer)) return answer;
    context.emit({ kind: 'notice', text: invalidAuthor(answer).message });
  }
}

function invalidAuthor(author: string): TercetError {
  return new TercetError(
    'author-invalid',
    'Invalid author string. Must be in the format: John Smith <john@example.com>',
    { detail: { author } },
  );
}

/** Who git says the user is; undefined where it does not know. */
export async function gitAuthor(context: Context): Promise<string | undefined> {
  const { which } = await import('../process/which.ts');
  const git = which('git', context.env);
  if (git === undefined) return undefined;
  const { run } = await import('../process/spawn.ts');
  const read = async (key: string): Promise<string> =>
    (await run(git, ['config', '--get', key], { cwd: context.cwd, env: context.env })).stdout.trim();
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  if (name === '') return undefined;
  return email === '' ? name : `${name} <${email}>`;
}

/** `>=X.Y` of the interpreter that an environment would be made with. */
export async function preferredPython(context: Context): Promise<string> {
  const { preferredInterpreter } = await import('../python/discover.ts');
  const cacheDir = await context.cacheFolder();
  const found = await preferredInterpreter({ env: context.env, cwd: context.cwd, cacheDir });
  if (!found)
    throw new TercetError('no-python', 'No Python was found.', { hints: ['say which with `--python ">=3.X"`'] });
  return `>=${found.facts.version.split('.').slice(0, 2).join('.')}`;
}

// --- files -----------------------------------------------------------------------------------------------------------

function makeFiles(options: InitOptions, name: string, readme: string): void {
  const base = options.layout === 'src' ? join(options.directory, 'src') : options.directory;
  const folder = join(base, ...packagePath(name));
  const tests = join(options.directory, 'tests');
  mkdirSync(folder, { recursive: true });
  mkdirSync(tests, { recursive: true });
  for (const file of [join(folder, '__init__.py'), join(tests, '__init__.py'), join(options.directory, readme)]) {
    if (!existsSync(file)) atomicWrite(file, '');
  }
}

/** True where `path` is a file, or a folder with something in it. */
export function isOccupied(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (!found.isDirectory() || readdirSync(path).length > 0);
}
