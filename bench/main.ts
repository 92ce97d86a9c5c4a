/**
 * Measures tercet, uv and Poetry side by side, in one run, on one index.
 *
 *     npm run bench -- [--lock CASE] [--install CASE] [--changed PROJECT] [--without poetry] [--python PATH]
 *
 * CASE is a folder with a pyproject.toml; PROJECT is the one of its packages that a row of the table changes. The index is
 * the one of INDEX_URL, else a recording proxy over `~/.cache/index-replay`, so that all three see the same
 * packages at the same speed. The tools take turns, and what a run is not to find is moved out of its way: a file system that has just
 * removed ten thousand files makes new ones several times as slowly. Prints a table and writes bench/results.svg.
 */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RECALL_BUCKET } from '../src/app/recall.ts';
import { bucketFolder } from '../src/cache/bucket.ts';
import { lockOlder, type TwoLocks } from './changed.ts';
import { bestOf, type Measurement, measure } from './measure.ts';
import { picture, type Row, table } from './picture.ts';
import { writeProject } from './project.ts';
import { bringTools, command, type Place, type Task, type ToolName } from './tools.ts';

const shared = join(import.meta.dir, '../../shared');
const { values: options } = parseArgs({
  options: {
    lock: { type: 'string', default: join(shared, 'cases/nicegui') },
    install: { type: 'string', default: join(shared, 'cases/nicegui') },
    without: { type: 'string', multiple: true, default: [] },
    python: { type: 'string', default: 'python3' },
    changed: { type: 'string', default: 'certifi' },
    repetitions: { type: 'string', default: '5' },
  },
});
const repetitions = Number(options.repetitions);
const python = realPython(options.python);
const tools = (['tercet', 'uv', 'poetry'] as const).filter((tool) => !options.without.includes(tool));
const scratch = mkdtempSync(join(tmpdir(), 'tercet-bench-'));
let moved = 0;

const server = process.env['INDEX_URL'] ? undefined : await startIndex();
const index = (process.env['INDEX_URL'] ?? server?.url ?? '').replace(/\/$/, '');
try {
  bringTools(python);
  const rows = [
    await row('start-up', 'version', options.lock, { often: 40 }),
    ...(await lockRows(resolve(options.lock))),
    ...(await installRows(resolve(options.install))),
  ];
  console.log(`\n${table(rows)}\n`);
  writeFileSync(join(import.meta.dir, 'results.svg'), picture(rows, 'tercet, uv and Poetry on one machine'));
  console.log('picture: bench/results.svg');
} finally {
  server?.stop();
  rmSync(scratch, { recursive: true, force: true });
}

async function lockRows(caseFolder: string): Promise<Row[]> {
  const lock = (place: Place, tool: ToolName) => join(place.project, tool === 'uv' ? 'uv.lock' : 'poetry.lock');
  const without = (place: Place, tool: ToolName) => rmSync(lock(place, tool), { force: true });
  const unasked = (place: Place, tool: ToolName) => {
    without(place, tool);
    rmSync(bucketFolder({ root: place.cache, ...RECALL_BUCKET }), { recursive: true, force: true });
  };
  // One run that is not measured, so that the index itself has every answer at hand.
  await row('(index)', 'lock', caseFolder, { often: 1, only: ['tercet', 'uv'] });
  return [
    await row('lock, cold', 'lock', caseFolder, { often: 2, fresh: true, before: without }),
    // What tercet found before is forgotten here, for uv and Poetry search each time.
    await row('lock, warm', 'lock', caseFolder, { often: repetitions, before: unasked }),
    await row('lock, asked before', 'lock', caseFolder, { often: repetitions, before: without }),
    await row('lock, up to date', 'lock', caseFolder, { often: repetitions }),
  ];
}

async function installRows(caseFolder: string): Promise<Row[]> {
  await row('(lock)', 'lock', caseFolder, { often: 1 });
  const empty = (place: Place) => moveAside(join(place.project, '.venv'));
  return [
    await row('install, cold', 'install', caseFolder, { often: 3, fresh: true, before: empty }),
    await row('install, warm', 'install', caseFolder, { often: repetitions, before: empty }),
    await row('install, up to date', 'install', caseFolder, { often: repetitions * 2 }),
    await changedRow(caseFolder),
    await row('install, by folders', 'install-by-folders', caseFolder, {
      often: repetitions,
      before: empty,
      only: ['tercet', 'uv'],
    }),
    await row('install, compiled', 'install-compiled', caseFolder, { often: 2, before: empty }),
    await row('run true', 'run', caseFolder, { often: 40 }),
  ];
}

/** One package of the lock is another than the one that is installed. */
async function changedRow(caseFolder: string): Promise<Row> {
  const name = 'install, one changed';
  const locks = new Map<ToolName, TwoLocks>();
  const before = (place: Place, tool: ToolName): void => {
    if (tool === 'poetry') return;
    let two = locks.get(tool);
    if (two === undefined) {
      two = lockOlder(tool, options.changed, place);
      locks.set(tool, two);
    }
    const { argv, cwd, env } = command(tool, 'install', place);
    // Both wheels are in the cache by then, and the newer one is installed.
    for (const lock of [two.older, two.newer]) {
      writeFileSync(two.file, lock);
      Bun.spawnSync([...argv], { cwd, env: { ...process.env, ...env }, stdout: 'ignore', stderr: 'ignore' });
    }
    writeFileSync(two.file, two.older);
  };
  const measured = await row(name, 'install', caseFolder, { often: repetitions, before, only: ['tercet', 'uv'] });
  for (const { file, newer } of locks.values()) writeFileSync(file, newer);
  return measured;
}

interface RowOptions {
  readonly often: number;
  /** Empty the cache before each repetition. Default: false. */
  readonly fresh?: boolean;
  readonly only?: readonly ToolName[];
  readonly before?: (place: Place, tool: ToolName) => void;
}

/** One task by every tool in turn; Poetry is asked once where it takes long. */
async function row(name: string, task: Task, caseFolder: string, wishes: RowOptions): Promise<Row> {
  const runs = new Map<ToolName, Measurement[]>();
  const failed = new Set<ToolName>();
  const asked = tools.filter((tool) => wishes.only?.includes(tool) !== false);
  const often = (tool: ToolName): number =>
    tool === 'poetry' ? Math.min(wishes.often, task === 'version' || task === 'run' ? 3 : 1) : wishes.often;
  for (let round = 0; round < wishes.often; round++) {
    for (const tool of asked) {
      if (round >= often(tool) || failed.has(tool)) continue;
      const place = placeOf(tool, caseFolder);
      try {
        if (wishes.fresh) moveAside(place.cache);
        wishes.before?.(place, tool);
        const measured = await measure(command(tool, task, place), python, join(scratch, 'output'));
        runs.set(tool, [...(runs.get(tool) ?? []), measured]);
      } catch (error) {
        failed.add(tool);
        console.log(`${name.padEnd(22)} ${tool.padEnd(7)} failed: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  const results = Object.fromEntries([...runs].map(([tool, measured]) => [tool, bestOf(measured)]));
  for (const [tool, { milliseconds }] of Object.entries(results)) {
    console.log(`${name.padEnd(22)} ${tool.padEnd(7)} ${milliseconds.toFixed(1)} ms`);
  }
  return { name, results };
}

/** Takes a folder out of the way; it is removed with all others in the end. */
function moveAside(folder: string): void {
  if (!existsSync(folder)) return;
  const aside = join(scratch, 'aside');
  mkdirSync(aside, { recursive: true });
  renameSync(folder, join(aside, String(moved++)));
}

/** The interpreter itself: a shim in its place would be measured with every start. */
function realPython(name: string): string {
  const done = Bun.spawnSync([name, '-c', 'import sys; print(sys.executable)'], { stdout: 'pipe' });
  const path = done.stdout.toString().trim();
  if (path === '') throw new Error(`${name} is no Python`);
  return path;
}

/** A tool's own copy of a case and its own cache, made on first use. */
function placeOf(tool: ToolName, caseFolder: string): Place {
  const folder = join(scratch, tool, Bun.hash(caseFolder).toString(36));
  if (!existsSync(folder)) writeProject(caseFolder, tool, folder);
  return { project: folder, cache: join(scratch, `${tool}-cache`), index, python };
}

/** The recording proxy of the index that lies beside the repository. */
async function startIndex(): Promise<{ url: string; stop: () => void }> {
  const store = join(homedir(), '.cache/index-replay');
  const child = Bun.spawn([join(shared, 'tools/index-replay'), '--store', store], { stdout: 'pipe', stderr: 'ignore' });
  const reader = child.stdout.getReader();
  const first = await reader.read();
  const url = new TextDecoder().decode(first.value).split('\n')[0]?.trim() ?? '';
  return { url, stop: () => child.kill() };
}
