/**
 * `npm run compat:export -- FOLDER...`: the export of locked projects by the real Poetry and by tercet, byte for byte.
 *
 * Each FOLDER holds a project with its `poetry.lock`. `POETRY` is the real Poetry 2.5.1 with its export plug-in (default: `poetry`);
 * `INDEX_URL` is the index that its wrapper is told to use and `TERCET_INDEX_URL` the same one for tercet. `TERCET_BINARY` is the executable
 * (default: `dist/tercet`). Exit code 1 where anything differs; what differs is shown with its first line.
 */

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { readManifest } from '../../src/manifest/read.ts';

const POETRY = process.env.POETRY ?? 'poetry';
const TERCET = resolve(process.env.TERCET_BINARY ?? join(import.meta.dir, '../../dist/tercet'));

/** Where a recording index serves a file; its port differs from run to run. */
const LOCAL = /http:\/\/(?:127\.0\.0\.1|localhost):\d+\//g;

interface Result {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

function run(program: string, folder: string, args: readonly string[]): Result {
  const child = Bun.spawnSync([program, 'export', ...args], { cwd: folder, env: process.env });
  const at = args.indexOf('-o');
  const file = at < 0 ? undefined : join(folder, args[at + 1] ?? '');
  const written = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (file !== undefined) rmSync(file, { force: true });
  const text = (child.stdout.toString() + written).replace(LOCAL, 'http://index/');
  return { code: child.exitCode, text, errors: child.stderr.toString() };
}

/** The command lines for a project: its own groups and extras in all usual combinations. */
function commandLines(folder: string): readonly (readonly string[])[] {
  const manifest = readManifest(readFileSync(join(folder, 'pyproject.toml'), 'utf8'));
  const groups: string[] = manifest.groups.map(({ name }) => name).filter((name) => name !== 'main');
  const extras: string[] = [...manifest.extras.keys()];
  const lines: string[][] = [
    [],
    ['-f', 'requirements.txt', '--without-hashes'],
    ['-f', 'requirements.txt', '-o', 'requirements.txt'],
    ['--without-urls'],
    ['--with-credentials', '--without-hashes'],
    ['--all-groups', '--without-hashes'],
    ['--all-groups', '--all-extras'],
    ['--all-extras', '--without-hashes'],
    ['-f', 'constraints.txt', '--without-hashes'],
    ['-f', 'constraints.txt', '--all-groups', '--all-extras'],
    ['--only', 'main', '--without-hashes'],
    ['-f', 'pylock.toml', '-o', 'pylock.toml'],
    ['-f', 'pylock.toml', '--all-groups', '--all-extras', '-o', 'pylock.all.toml'],
    ['-f', 'pylock.toml', '-o', 'wrong.toml'],
    ['-f', 'nonsense'],
    ['--with', 'no-such-group'],
    ['-E', 'no-such-extra'],
    ['--all-extras', '-E', 'x'],
  ];
  for (const group of groups.slice(0, 3)) {
    lines.push(['--with', group, '--without-hashes'], ['--only', group], ['-f', 'pylock.toml', '--only', group]);
  }
  if (groups.length > 1) {
    lines.push(['--with', groups.join(','), '--without', groups[0] ?? '', '--without-hashes']);
    lines.push(['--all-groups', '--with', groups[0] ?? '']);
  }
  for (const extra of extras.slice(0, 3)) lines.push(['-E', extra, '--without-hashes']);
  if (extras.length > 1) lines.push(['-E', extras.join(' '), '-f', 'pylock.toml']);
  return lines;
}

let compared = 0;
let different = 0;
for (const given of process.argv.slice(2)) {
  const folder = mkdtempSync(join(tmpdir(), 'export-compat-'));
  cpSync(resolve(given), folder, { recursive: true });
  for (const args of commandLines(folder)) {
    const theirs = run(POETRY, folder, args);
    const ours = run(TERCET, folder, args);
    compared += 1;
    if (theirs.code === ours.code && theirs.text === ours.text) continue;
    different += 1;
    const left = theirs.text.split('\n');
    const right = ours.text.split('\n');
    const at = left.findIndex((line, index) => line !== right[index]);
    console.log(`${basename(given)}: export ${args.join(' ')}`);
    console.log(`  exit code: ${theirs.code} / ${ours.code}; line ${at + 1} of ${left.length} / ${right.length}`);
    console.log(`  poetry: ${left[at] ?? ''} ${theirs.errors.trim().split('\n').at(-1)}`);
    console.log(`  tercet: ${right[at] ?? ''} ${ours.errors.trim().split('\n').at(-1)}`);
  }
  rmSync(folder, { recursive: true });
}
console.log(`${compared} exports compared, ${different} differ`);
process.exitCode = different > 0 || compared === 0 ? 1 : 0;
