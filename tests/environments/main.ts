/**
 * `npm run compare-environments -- PYTHON LOCKED...`: the same `poetry.lock` installed by the real Poetry and by tercet, and what they
 * have made compared: distributions, every file of site-packages and of the scripts, `pip check`. Needs an index and
 * Poetry 2.5.1: `POETRY_ORACLE` names a program that behaves as `poetry`, `INDEX_URL` the index for both.
 *
 * PYTHON is an interpreter, each LOCKED a folder with `pyproject.toml` and `poetry.lock`; options that begin with `--` go to `install` (default:
 * `--all-groups`). Not compared are bytecode, the order of
 * RECORD, and INSTALLER.
 */

import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const root = join(import.meta.dir, '../..');
const tercet = process.env['TERCET_BINARY'] ?? join(root, 'dist/tercet');
const poetry = process.env['POETRY_ORACLE'] ?? 'poetry';
const index = process.env['INDEX_URL'];

/** Options for `install`. */
const own = process.argv.slice(2).filter((one) => one.startsWith('--'));

interface Made {
  readonly code: number;
  readonly said: string;
  /** Path below the environment → what is there. */
  readonly files: ReadonlyMap<string, string>;
  readonly pipCheck: string;
}

/** Installs the project with a tool into an environment made by Python's own `venv`, so that only the installing differs. */
function install(program: string, project: string, python: string, work: string): Made {
  const folder = join(work, 'project');
  rmSync(folder, { recursive: true, force: true });
  cpSync(project, folder, { recursive: true });
  const environment = join(folder, '.venv');
  rmSync(environment, { recursive: true, force: true });
  run([python, '-m', 'venv', environment], folder);
  const done = run(
    [program, 'install', '--no-root', '--no-interaction', ...(own.length === 0 ? ['--all-groups'] : own)],
    folder,
  );
  const files = contentsOf(environment);
  const pip = run([join(environment, 'bin/python'), '-m', 'pip', 'check'], folder);
  rmSync(folder, { recursive: true, force: true });
  return { code: done.code, said: done.said, files, pipCheck: pip.said.trim() };
}

function run(argv: readonly string[], cwd: string): { readonly code: number; readonly said: string } {
  const done = Bun.spawnSync([...argv], {
    cwd,
    env: {
      ...process.env,
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
      VIRTUAL_ENV: undefined,
      ...(index === undefined ? {} : { INDEX_URL: index, TERCET_INDEX_URL: `${index.replace(/\/+$/, '')}/simple/` }),
    },
    stdin: 'ignore',
  });
  return { code: done.exitCode, said: `${done.stdout}${done.stderr}` };
}

/** Everything below the environment's libraries and programs. Text that names the folder is the same in both, since the folder is. */
function contentsOf(environment: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string): void => {
    for (const name of readdirSync(join(environment, path)).sort()) {
      const below = path === '' ? name : `${path}/${name}`;
      const full = join(environment, below);
      const kind = lstatSync(full);
      if (name === '__pycache__' || name.endsWith('.pyc') || name.startsWith('.tercet')) continue;
      if (kind.isDirectory()) walk(below);
      else if (kind.isSymbolicLink()) found.set(below, `-> ${readlinkSync(full)}`);
      else found.set(below, `${(kind.mode & 0o111) === 0 ? '' : 'x '}${comparable(below, full)}`);
    }
  };
  walk('');
  return found;
}

function comparable(path: string, full: string): string {
  if (path.endsWith('.dist-info/INSTALLER')) return '';
  const contents = readFileSync(full);
  if (!path.endsWith('.dist-info/RECORD')) return new Bun.CryptoHasher('sha256').update(contents).digest('hex');
  const rows = contents.toString('utf8').split(/\r?\n/);
  const kept = rows.filter((row) => row !== '' && !/\.pyc,|\.dist-info\/INSTALLER,/.test(row));
  return kept.sort().join('\n');
}

/** Lines that say where two environments differ. */
function differences(theirs: ReadonlyMap<string, string>, ours: ReadonlyMap<string, string>): readonly string[] {
  const lines: string[] = [];
  for (const [path, contents] of theirs) {
    const own = ours.get(path);
    if (own === undefined) lines.push(`missing: ${path}`);
    else if (own !== contents)
      lines.push(`differs: ${path}${path.endsWith('/RECORD') ? recordDifference(contents, own) : ''}`);
  }
  for (const path of ours.keys()) if (!theirs.has(path)) lines.push(`surplus: ${path}`);
  return lines;
}

function recordDifference(theirs: string, ours: string): string {
  const [a, b] = [new Set(theirs.split('\n')), new Set(ours.split('\n'))];
  const lines = [
    ...[...a].filter((row) => !b.has(row)).map((row) => `- ${row}`),
    ...[...b].filter((row) => !a.has(row)).map((row) => `+ ${row}`),
  ];
  return lines
    .slice(0, 6)
    .map((line) => `\n      ${line}`)
    .join('');
}

function distributions(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((path) => /([^/]+)\.dist-info\/METADATA$/.exec(path)?.[1] ?? []);
}

const [python, ...projects] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
if (python === undefined || projects.length === 0 || !existsSync(tercet)) {
  console.error('usage: npm run compare-environments -- PYTHON LOCKED...   (build first)');
  process.exit(2);
}
let wrong = 0;
for (const project of projects.map((one) => resolve(one))) {
  const work = mkdtempSync(join(tmpdir(), 'environments-'));
  mkdirSync(work, { recursive: true });
  const theirs = install(poetry, project, python, work);
  const ours = install(tercet, project, python, work);
  const lines = [
    ...(theirs.code === ours.code ? [] : [`exit code ${theirs.code} and ${ours.code}`]),
    ...differences(theirs.files, ours.files),
    ...(theirs.pipCheck === ours.pipCheck ? [] : [`pip check: ${theirs.pipCheck} / ${ours.pipCheck}`]),
  ];
  const count = `${distributions(ours.files).length} distributions, ${ours.files.size} files`;
  console.log(
    `${lines.length === 0 ? 'same  ' : 'differ'} ${basename(project)} (${basename(dirname(dirname(python)))}): ${count}; pip check: ${ours.pipCheck.split('\n')[0]}`,
  );
  for (const line of lines.slice(0, 40)) console.log(`    ${line}`);
  if (lines.length > 40) console.log(`    and ${lines.length - 40} more`);
  if (theirs.code !== 0) console.log(theirs.said.slice(-1500).replace(/^/gm, '    poetry: '));
  if (ours.code !== 0) console.log(ours.said.slice(-1500).replace(/^/gm, '    tercet: '));
  if (lines.length > 0) wrong += 1;
  rmSync(work, { recursive: true, force: true });
}
process.exit(wrong === 0 ? 0 : 1);
