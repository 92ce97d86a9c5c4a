/**
 * `npm run compat`: the same command lines by the real Poetry and by tercet, in the same projects, against the same index on loopback.
 * Exit codes, standard output and the files afterwards are compared; errors only where `--stderr` is given.
 * What Poetry did is kept in `.cache/compat`, for as long as it would be asked the same in the same place.
 *
 * `POETRY` is the real Poetry 2.5.1 with its export plug-in (default: `poetry`), in a wrapper that reads PyPI's projects from `INDEX_URL`.
 * `TERCET_BINARY` is the executable (default: `dist/tercet`). Arguments are parts of scenarios' names; none: all of them.
 *
 * `DRAWN=FIRST+COUNT` plays scenarios that are drawn by chance, in place of the written ones: those of the numbers from FIRST on. `--show` prints
 * each before it is played.
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  comparableErrors,
  comparableFiles,
  differenceReason,
  drawnDifferenceReason,
  type Part,
  type Result,
} from './differences.ts';
import { drawScenario } from './drawn.ts';
import { type CommandLine, type Edit, type Line, SCENARIOS, type Scenario } from './scenarios.ts';
import { startCorp, startUniverse } from './universe.ts';

const TERCET = resolve(process.env.TERCET_BINARY ?? join(import.meta.dir, '../../dist/tercet'));
const withErrors = process.argv.includes('--stderr');
const POETRY = process.env.POETRY ?? 'poetry';
const KEPT = join(import.meta.dir, '../../.cache/compat');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const DRAWN = drawnScenarios();

/** The scenarios that `DRAWN` asks for. */
function drawnScenarios(): readonly Scenario[] | undefined {
  const [first, count] = (process.env.DRAWN ?? '').split('+').map(Number);
  if (first === undefined || count === undefined) return undefined;
  return Array.from({ length: count }, (_, index) => drawScenario(first + index));
}

/** Where a scenario is played. */
interface Place {
  readonly program: string;
  readonly home: string;
  readonly project: string;
  /** Stand-in → what it stands for. */
  readonly names: Readonly<Record<string, string>>;
}

/** Lays out the project in a home that is new. */
function placeFor(program: string, scenario: Scenario, home: string): Place {
  rmSync(home, { recursive: true, force: true });
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  const names = { '<project>': project, '<home>': home, '<index>': index.origin, '<corp>': corp.origin };
  for (const [path, text] of Object.entries(scenario.files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), filled(text, names));
  }
  return { program, home, project, names };
}

function filled(text: string, names: Place['names']): string {
  return Object.entries(names).reduce((result, [name, meant]) => result.replaceAll(name, meant), text);
}

function wordsOf(line: CommandLine): readonly string[] {
  if (typeof line !== 'string') return line;
  return line === '' ? [] : line.split(' ').map((word) => word.replaceAll('_', ' '));
}

/** As it would be typed. */
function typed(line: CommandLine): string {
  if (typeof line === 'string') return line;
  return line.map((word) => (/^[\w@%+=:,./^~*!<>[\]-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function shown(line: Line): string {
  return isEdit(line) ? `edit pyproject.toml:\n${line.edit}` : `poetry ${typed(line)}`;
}

function isEdit(line: Line): line is Edit {
  return typeof line !== 'string' && 'edit' in line;
}

async function run({ program, home, project, names }: Place, line: CommandLine): Promise<Result> {
  const words = wordsOf(line).map((word) => filled(word, names));
  // Both look above themselves for the user's shell: it is this one.
  const child = Bun.spawn(['bash', '-c', '"$@"; exit $?', 'compat', program, ...words], {
    cwd: project,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      LANG: 'C.UTF-8',
      SHELL: '/bin/bash',
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
      // Operations that run at the same time are printed in any order.
      POETRY_INSTALLER_PARALLEL: 'false',
      POETRY_KEYRING_ENABLED: 'false',
      GIT_CONFIG_NOSYSTEM: '1',
      // Seconds; a busy machine needs more than the usual 5 to ask a Python behind a shim.
      FINDPYTHON_GET_VERSION_TIMEOUT: '60',
      INDEX_URL: index.origin,
      TERCET_INDEX_URL: index.url,
      ...(process.env.ORACLE_HOME === undefined ? {} : { ORACLE_HOME: process.env.ORACLE_HOME }),
    },
  });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  const plain = (text: string): string =>
    text.replaceAll(home, '<home>').replaceAll(index.origin, '<index>').replaceAll(corp.origin, '<corp>');
  return {
    'exit code': String(code),
    output: plain(output),
    errors: plain(errors),
    files: plain(filesIn(home, project)),
  };
}

/** All texts of the project and the configuration, one after the other, and what is installed. */
function filesIn(home: string, project: string): string {
  const config = join(home, '.config/pypoetry');
  return [
    ...textsBelow(project, project),
    ...(existsSync(config) ? textsBelow(config, config) : []),
    ...installedIn(join(project, '.venv')),
  ].join('\n');
}

/** The distributions of an environment. Whether pip is one is a setting of who makes it. */
function installedIn(environment: string): string[] {
  if (!existsSync(environment)) return [];
  const found = [...new Bun.Glob('lib/*/site-packages/*.dist-info').scanSync({ cwd: environment, onlyFiles: false })];
  return found
    .map((path) => basename(path))
    .filter((name) => !/^(?:pip|setuptools|wheel)-/.test(name))
    .sort();
}

const LEFT_OUT: ReadonlySet<string> = new Set(['.venv', '__pycache__', '.git']);
const SETTINGS: ReadonlySet<string> = new Set(['config.toml', 'auth.toml', 'poetry.toml']);

function textsBelow(root: string, folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !LEFT_OUT.has(name))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return textsBelow(root, path);
      // Archives are compared by what is in them, by `npm run compat:build`.
      if (/\.(?:whl|tar\.gz)$/.test(name)) return [`--- ${relative(root, path)}`];
      const text = readFileSync(path, 'utf8');
      // Poetry leaves empty files behind when settings were only read.
      return text.trim() === '' && SETTINGS.has(name) ? [] : [`--- ${relative(root, path)}`, text];
    });
}

/** What a program does, line after line. */
async function play(program: string, scenario: Scenario, home: string): Promise<readonly Result[]> {
  const place = placeFor(program, scenario, home);
  // What makes an environment in passing is not what drawn lines are about.
  if (DRAWN !== undefined) Bun.spawnSync(['python3', '-m', 'venv', '--without-pip', join(place.project, '.venv')]);
  const results: Result[] = [];
  for (const line of scenario.lines) {
    if (isEdit(line)) writeFileSync(join(place.project, 'pyproject.toml'), filled(line.edit, place.names));
    else results.push(await run(place, line));
  }
  rmSync(home, { recursive: true });
  return results;
}

/** The same by Poetry, which is slow: from what is kept where nothing has changed that it depends on. */
async function playPoetry(scenario: Scenario, home: string): Promise<readonly Result[]> {
  const { files, lines } = scenario;
  const universe = readFileSync(join(import.meta.dir, 'universe.ts'), 'utf8');
  const asked = [version, process.env.PATH, universe, files, lines, run.toString(), filesIn.toString()];
  const question = JSON.stringify(asked);
  const path = join(KEPT, `${new Bun.CryptoHasher('sha256').update(question).digest('hex')}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const results = await play(POETRY, scenario, home);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(path, JSON.stringify(results));
  return results;
}

/** What both do, Poetry first. Drawn projects name their own folder and the index, so both play in the same place, and nothing is kept. */
async function playBoth(scenario: Scenario): Promise<readonly (readonly Result[])[]> {
  const [one, other] = [join(root, 'one'), join(root, 'other')];
  if (DRAWN === undefined) return await Promise.all([playPoetry(scenario, one), play(TERCET, scenario, other)]);
  return [await play(POETRY, scenario, one), await play(TERCET, scenario, one)];
}

const version = Bun.spawnSync([POETRY, '--version'], { stderr: 'inherit' }).stdout.toString().trim();
if (version === '') throw new Error(`${POETRY} does not say its version: set POETRY to the real Poetry`);
const index = startUniverse();
const corp = startCorp();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'compat-')));
let compared = 0;
let different = 0;
let meant = 0;
for (const scenario of DRAWN ?? SCENARIOS) {
  if (wanted.length > 0 && !wanted.some((part) => scenario.name.includes(part))) continue;
  if (process.argv.includes('--show')) show(scenario);
  const [poetry = [], tercet = []] = await playBoth(scenario);
  const lines = scenario.lines.filter((line): line is CommandLine => !isEdit(line));
  for (const [at, line] of lines.entries()) {
    const [theirs, ours] = [poetry[at], tercet[at]];
    if (theirs === undefined || ours === undefined) throw new Error(`no result of ${scenario.name}: ${typed(line)}`);
    compared += 1;
    const parts = (['exit code', 'output', 'files', ...(withErrors ? (['errors'] as const) : [])] as const).filter(
      (part) => comparable(part, theirs) !== comparable(part, ours),
    );
    const open = parts.filter((part) => reason(scenario, line, part, theirs, ours) === undefined);
    if (parts.length > open.length) meant += 1;
    if (open.length > 0) {
      different += 1;
      console.log(`\n${scenario.name}: ${shown(line)}`);
      for (const part of open) console.log(difference(part, comparable(part, theirs), comparable(part, ours)));
      if (!withErrors && ours.errors !== theirs.errors) console.log(difference('errors', theirs.errors, ours.errors));
    }
    // What drawn lines do after that follows from it.
    if (DRAWN !== undefined && parts.includes('files')) break;
  }
}
await Promise.all([index.stop(), corp.stop()]);
rmSync(root, { recursive: true });
console.log(`\n${version}, ${compared} command lines: ${different} differ, ${meant} differ as they are meant to`);
process.exitCode = different > 0 || compared === 0 ? 1 : 0;

function show({ name, files, lines }: Scenario): void {
  const texts = Object.entries(files).map(([path, text]) => `--- ${path}\n${text}`);
  console.log([`\n${name}`, ...texts, ...lines.map((line) => `$ ${shown(line)}`)].join('\n'));
}

/** Why the part differs; undefined where it should not. */
function reason(scenario: Scenario, line: CommandLine, part: Part, theirs: Result, ours: Result): string | undefined {
  if (DRAWN !== undefined) return drawnDifferenceReason({ line: typed(line), part, theirs, ours });
  return differenceReason(scenario.name, typed(line), part);
}

function comparable(part: Part, result: Result): string {
  if (part === 'errors') return comparableErrors(result.errors);
  return part === 'files' && DRAWN !== undefined ? comparableFiles(result.files) : result[part];
}

/** The lines from the first that differs to the last. */
function difference(part: string, theirs: string, ours: string): string {
  const [left, right] = [theirs.split('\n'), ours.split('\n')];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const shown = (lines: readonly string[], sign: string): string[] =>
    lines
      .slice(start, lines.length - end)
      .slice(0, 12)
      .map((line) => `    ${sign} ${JSON.stringify(line).slice(1, -1)}`);
  return [`  ${part}:`, ...shown(left, 'poetry'), ...shown(right, 'tercet')].join('\n');
}
