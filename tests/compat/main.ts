/**
 * `npm run compat`: the same command lines by the real Poetry and by tercet, in the same projects, against the same index on loopback.
 * Exit codes, standard output and the files afterwards are compared; errors only where `--stderr` is given.
 * What Poetry did is kept in `.cache/compat`, for as long as it would be asked the same in the same place.
 *
 * `POETRY` is the real Poetry 2.5.1 with its export plug-in (default: `poetry`), in a wrapper that reads PyPI's projects from `INDEX_URL`.
 * `TERCET_BINARY` is the executable (default: `dist/tercet`). Arguments are parts of scenarios' names; none: all of them.
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
import { dirname, join, relative, resolve } from 'node:path';
import { comparableErrors, differenceReason, type Part } from './differences.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startUniverse } from './universe.ts';

const TERCET = resolve(process.env.TERCET_BINARY ?? join(import.meta.dir, '../../dist/tercet'));
const withErrors = process.argv.includes('--stderr');
const POETRY = process.env.POETRY ?? 'poetry';
const KEPT = join(import.meta.dir, '../../.cache/compat');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));

type Result = Readonly<Record<Part, string>>;

interface Place {
  readonly program: string;
  readonly home: string;
  readonly project: string;
}

function placeFor(program: string, scenario: Scenario): Place {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'compat-')));
  const project = join(home, 'project');
  mkdirSync(project);
  for (const [path, text] of Object.entries(scenario.files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return { program, home, project };
}

async function run({ program, home, project }: Place, line: string, origin: string): Promise<Result> {
  const words = line === '' ? [] : line.split(' ').map((word) => word.replaceAll('_', ' '));
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
      INDEX_URL: origin,
      TERCET_INDEX_URL: `${origin}/simple/`,
      ...(process.env.ORACLE_HOME === undefined ? {} : { ORACLE_HOME: process.env.ORACLE_HOME }),
    },
  });
  const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  const plain = (text: string): string => text.replaceAll(home, '<home>').replaceAll(origin, '<index>');
  return {
    'exit code': String(code),
    output: plain(output),
    errors: plain(errors),
    files: plain(filesIn(home, project)),
  };
}

/** All texts of the project and the configuration, one after the other. */
function filesIn(home: string, project: string): string {
  const config = join(home, '.config/pypoetry');
  return [...textsBelow(project, project), ...(existsSync(config) ? textsBelow(config, config) : [])].join('\n');
}

const LEFT_OUT: ReadonlySet<string> = new Set(['.venv', '__pycache__', '.git']);

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
      // Poetry leaves an empty config.toml behind when it was only read.
      return text === '' && name === 'config.toml' ? [] : [`--- ${relative(root, path)}`, text];
    });
}

/** What a program does, line after line. */
async function play(program: string, scenario: Scenario, origin: string): Promise<readonly Result[]> {
  const place = placeFor(program, scenario);
  const results: Result[] = [];
  for (const line of scenario.lines) results.push(await run(place, line, origin));
  rmSync(place.home, { recursive: true });
  return results;
}

/** The same by Poetry, which is slow: from what is kept where nothing has changed that it depends on. */
async function playPoetry(version: string, scenario: Scenario, origin: string): Promise<readonly Result[]> {
  const { files, lines } = scenario;
  const universe = readFileSync(join(import.meta.dir, 'universe.ts'), 'utf8');
  const question = JSON.stringify([version, process.env.PATH, universe, files, lines, run.toString()]);
  const path = join(KEPT, `${new Bun.CryptoHasher('sha256').update(question).digest('hex')}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const results = await play(POETRY, scenario, origin);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(path, JSON.stringify(results));
  return results;
}

const version = Bun.spawnSync([POETRY, '--version'], { stderr: 'inherit' }).stdout.toString().trim();
if (version === '') throw new Error(`${POETRY} does not say its version: set POETRY to the real Poetry`);
const index = startUniverse();
let compared = 0;
let different = 0;
let meant = 0;
for (const scenario of SCENARIOS) {
  if (wanted.length > 0 && !wanted.some((part) => scenario.name.includes(part))) continue;
  const [poetry, tercet] = await Promise.all([
    playPoetry(version, scenario, index.origin),
    play(TERCET, scenario, index.origin),
  ]);
  for (const [at, line] of scenario.lines.entries()) {
    const [theirs, ours] = [poetry[at], tercet[at]];
    if (theirs === undefined || ours === undefined) throw new Error(`no result of ${scenario.name}: ${line}`);
    compared += 1;
    const parts = (['exit code', 'output', 'files', ...(withErrors ? (['errors'] as const) : [])] as const).filter(
      (part) => comparable(part, theirs) !== comparable(part, ours),
    );
    const open = parts.filter((part) => differenceReason(scenario.name, line, part) === undefined);
    if (parts.length > open.length) meant += 1;
    if (open.length === 0) continue;
    different += 1;
    console.log(`\n${scenario.name}: poetry ${line}`);
    for (const part of open) console.log(difference(part, comparable(part, theirs), comparable(part, ours)));
    if (!withErrors && ours.errors !== theirs.errors) console.log(difference('errors', theirs.errors, ours.errors));
  }
}
await index.stop();
console.log(`\n${version}, ${compared} command lines: ${different} differ, ${meant} differ as they are meant to`);
process.exitCode = different > 0 || compared === 0 ? 1 : 0;

function comparable(part: Part, result: Result): string {
  return part === 'errors' ? comparableErrors(result.errors) : result[part];
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
