/**
 * Builds every project with the real Poetry and with tercet and compares what they make and say: names, order, modes, dates and
 * contents of all entries, exit codes and output. Twice built must be the same bytes.
 *
 *   POETRY=/path/to/poetry npm run compat:build [NAME...]
 *
 * Projects that are built in isolation want an index: INDEX_URL for a POETRY that knows it, TERCET_INDEX_URL for tercet.
 *
 * POETRY is Poetry 2.5.1 (default: `poetry`), TERCET the executable (default: dist/tercet). SDISTS may name folders of unpacked
 * real sdists, separated by colons, that are built as well. DRAWN=FIRST+COUNT builds projects that are drawn by chance, in place of
 * the written ones; a Poetry whose Python the project does not allow is not compared. With GOLDENS=1, what Poetry makes is written to fixtures/, which
 * tests/e2e/build.test.ts compares with.
 */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { drawProject } from './draw.ts';
import { lay, type Project } from './project.ts';
import { PROJECTS } from './projects.ts';

const POETRY = process.env.POETRY ?? 'poetry';
const TERCET = process.env.TERCET ?? join(import.meta.dir, '../../dist/tercet');
const JUDGE = join(import.meta.dir, 'judge.py');
const root = mkdtempSync(join(tmpdir(), 'builds-compat-'));

interface Built {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** File name → what stands in it. */
  readonly archives: ReadonlyMap<string, unknown>;
}

function build(program: string, project: Project, folder: string): Built {
  const out = outputOf(project);
  const done = Bun.spawnSync([program, 'build', ...(project.args ?? [])], {
    cwd: folder,
    env: { ...process.env, POETRY_VIRTUALENVS_CREATE: 'false', ...project.env },
    stdin: 'ignore',
  });
  const files = existsSync(join(folder, out)) ? readdirSync(join(folder, out)).sort() : [];
  const judged = Bun.spawnSync(['python3', JUDGE, ...files.map((file) => join(folder, out, file))]);
  const archives = new Map<string, unknown>();
  for (const line of judged.stdout.toString().split('\n').filter(Boolean)) {
    const { file, entries } = JSON.parse(line) as { file: string; entries: unknown };
    archives.set(file, entries);
  }
  return {
    code: done.exitCode,
    stdout: said(done.stdout.toString(), folder),
    stderr: said(done.stderr.toString(), folder),
    archives,
  };
}

function outputOf({ args = [] }: Project): string {
  const at = args.indexOf('-o');
  return at < 0 ? 'dist' : (args[at + 1] ?? 'dist');
}

/** Without hints, which only tercet gives, and with the same folder. */
function said(text: string, folder: string): string {
  return text
    .replaceAll(folder, '<project>')
    .replace(/ OR one path is relative and the other is absolute\.$/m, '')
    .split('\n')
    .filter((line) => !line.startsWith('hint: '))
    .join('\n')
    .trim();
}

function differences(left: Built, right: Built, isBroken: boolean): string[] {
  const found: string[] = [];
  const compare = (what: string, a: unknown, b: unknown): void => {
    const [one, other] = [JSON.stringify(a, undefined, 1), JSON.stringify(b, undefined, 1)];
    if (one !== other) found.push(`${what}\n    poetry: ${one}\n    tercet: ${other}`);
  };
  compare('exit code', left.code, right.code);
  compare('stdout', left.stdout, right.stdout);
  compare('stderr', left.stderr, right.stderr);
  if (isBroken && left.code !== 0) return found;
  compare('files', [...left.archives.keys()], [...right.archives.keys()]);
  for (const [file, entries] of left.archives) {
    const ours = (right.archives.get(file) ?? []) as readonly { readonly name: string }[];
    const theirs = entries as readonly { readonly name: string }[];
    compare(
      `${file}: names`,
      theirs.map(({ name }) => name),
      ours.map(({ name }) => name),
    );
    for (const [index, entry] of theirs.entries()) {
      const own = ours[index]?.name === entry.name ? ours[index] : ours.find(({ name }) => name === entry.name);
      if (own !== undefined) compare(`${file}: ${entry.name}`, entry, own);
    }
  }
  return found;
}

function isTwiceTheSame(project: Project, folder: string): boolean {
  const out = join(folder, outputOf(project));
  if (!existsSync(out)) return true;
  const before = readdirSync(out).map((file) => readFileSync(join(out, file)));
  build(TERCET, project, folder);
  const after = readdirSync(out).map((file) => readFileSync(join(out, file)));
  return before.length === after.length && before.every((bytes, index) => bytes.equals(after[index] ?? Buffer.of()));
}

/** What Poetry made, as text; `tests/support/archive-listing.ts` lists what tercet makes in the same form. */
function goldenText({ archives }: Built): string {
  const lines: string[] = [];
  for (const [file, entries] of archives) {
    lines.push(`# ${file}`);
    for (const { name, mode, sha256, data } of entries as readonly Judged[]) {
      lines.push(`${mode.slice(-3)} ${sha256.slice(0, 16)} ${name}`);
      if (/\/(PKG-INFO|METADATA|RECORD)$/.test(name))
        lines.push(...data.split('\n').map((line) => `    ${line}`.trimEnd()));
    }
  }
  return `${lines.join('\n')}\n`;
}

interface Judged {
  readonly name: string;
  readonly mode: string;
  readonly sha256: string;
  readonly data: string;
}

const wanted = process.argv.slice(2);
let passed = 0;
let failed = 0;

/** The projects that DRAWN asks for. */
function drawn(): readonly Project[] | undefined {
  const [first, count] = (process.env.DRAWN ?? '').split('+').map(Number);
  return count === undefined
    ? undefined
    : Array.from({ length: count }, (_, index) => drawProject((first ?? 0) + index));
}

function judge(name: string, project: Project, layOut: (folder: string) => string): void {
  // One after the other in the same place: paths of requirements are absolute.
  const place = join(root, 'work');
  const fresh = (): string => {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place, { recursive: true });
    return layOut(place);
  };
  const theirs = build(POETRY, project, fresh());
  if (process.env.GOLDENS === '1') {
    writeFileSync(join(import.meta.dir, `fixtures/${name}.txt`), goldenText(theirs));
    return;
  }
  if (theirs.stderr.startsWith('Current Python version')) return;
  const folder = fresh();
  const ours = build(TERCET, project, folder);
  const found = differences(theirs, ours, true);
  if (project.isolated !== true && !isTwiceTheSame(project, folder)) found.push('not the same bytes twice');
  if (found.length === 0) passed += 1;
  else failed += 1;
  console.log(
    `${found.length === 0 ? '(same)' : '(differs)'} ${name}${theirs.code === 0 ? '' : ` [exit code ${theirs.code}: ${theirs.stderr.split('\n').at(-1)}]`}`,
  );
  for (const difference of found) console.log(`  ${difference}`);
}

for (const project of drawn() ?? PROJECTS) {
  if (wanted.length > 0 && !wanted.includes(project.name)) continue;
  judge(project.name, project, (folder) => lay(project, folder));
}
for (const sdist of (process.env.SDISTS ?? '').split(':').filter(Boolean)) {
  if (wanted.length > 0 && !wanted.includes(basename(sdist))) continue;
  judge(basename(sdist), { name: basename(sdist), files: {} }, (folder) => {
    cpSync(sdist, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    return folder;
  });
}
rmSync(root, { recursive: true, force: true });
console.log(`${passed} the same, ${failed} different`);
process.exit(failed === 0 ? 0 : 1);
