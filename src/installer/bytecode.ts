/**
 * Bytecode, compiled once for each wheel and kind of interpreter, beside the wheel's files in the store, and linked into
 * environments like these. https://peps.python.org/pep-3147/
 */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { uniqueSuffix } from '../files/atomic-write.ts';
import { removeTree } from '../files/remove.ts';
import type { Sha256 } from '../ground/brand.ts';
import { TercetError } from '../ground/error.ts';
import { run } from '../process/spawn.ts';
import type { StoredWheel } from './stored-wheel.ts';
import type { InstallTarget } from './target.ts';

/** The bytecode of one wheel. */
export interface WheelBytecode {
  readonly tree: string;
  /** Paths below `tree`, and below the root scheme's folder. */
  readonly paths: readonly string[];
}

export type Bytecode = ReadonlyMap<Sha256, WheelBytecode>;

/** Compiles what has not been compiled yet. Sources that do not compile (templates, other
 * versions' syntax) have none, and Python 2 keeps its bytecode elsewhere. */
export async function compileWheels(
  wheels: readonly StoredWheel[],
  target: InstallTarget,
  signal: AbortSignal,
): Promise<Bytecode> {
  const tag = await bytecodeTag(target.python);
  if (tag === undefined) return new Map();
  const folderOf = (wheel: StoredWheel): string => join(wheel.tree, '..', `bytecode-${tag}`);
  const missing = [...new Set(wheels)].filter((wheel) => !existsSync(join(folderOf(wheel), LIST)));
  const jobs = missing.map((wheel) => ({ wheel, staged: `${folderOf(wheel)}.${process.pid}-${uniqueSuffix()}` }));
  try {
    const made = await compileAll(jobs, target.python, signal);
    for (const { wheel, staged } of jobs) publish(staged, folderOf(wheel), made.get(staged) ?? []);
  } catch (error) {
    for (const { staged } of jobs) removeTree(staged);
    throw error;
  }
  return new Map(wheels.map((wheel) => [wheel.sha256, readList(folderOf(wheel))]));
}

interface Job {
  readonly wheel: StoredWheel;
  /** The folder for its bytecode. */
  readonly staged: string;
}

/** Compiles the sources of all jobs with as many interpreters as there are processors; the paths made, by job. */
async function compileAll(
  jobs: readonly Job[],
  python: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = jobs.flatMap(({ wheel, staged }) =>
    wheel.plain.filter((path) => path.endsWith('.py')).map((path) => [wheel.tree, staged, path]),
  );
  for (const { staged } of jobs) mkdirSync(staged, { recursive: true });
  const count = Math.min(availableParallelism(), Math.ceil(sources.length / 50));
  const shares = Array.from({ length: count }, (_, share) => sources.filter((__, index) => index % count === share));
  const made = new Map<string, string[]>(jobs.map(({ staged }) => [staged, []]));
  await Promise.all(
    shares.map(async (share) => {
      signal.throwIfAborted();
      const { code, stdout, stderr } = await run(python, ['-I', '-S', '-c', COMPILER], {
        input: JSON.stringify(share),
      });
      if (code !== 0)
        throw new TercetError('compile-failed', `${python} could not compile the installed files`, {
          detail: { stderr },
        });
      for (const [staged, path] of JSON.parse(stdout) as [string, string][]) made.get(staged)?.push(path);
    }),
  );
  return made;
}

const LIST = 'list.json';

function publish(staged: string, place: string, paths: readonly string[]): void {
  writeFileSync(join(staged, LIST), JSON.stringify(paths));
  try {
    renameSync(staged, place);
  } catch (error) {
    removeTree(staged);
    if (!existsSync(join(place, LIST))) throw error;
  }
}

function readList(folder: string): WheelBytecode {
  return { tree: folder, paths: JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as string[] };
}

/** Interpreters with the same tag read each other's bytecode: `cpython-311-a70d0d0a`. Undefined for Python 2. */
async function bytecodeTag(python: string): Promise<string | undefined> {
  const { code, stdout } = await run(python, ['-I', '-S', '-c', TAG]);
  const tag = stdout.trim();
  return code === 0 && /^[\w.-]+$/.test(tag) ? tag : undefined;
}

const TAG =
  'import sys,binascii,importlib.util as u;print("%s-%s"%(sys.implementation.cache_tag,binascii.hexlify(u.MAGIC_NUMBER).decode()))';

/** Reads `[tree, folder, path]` from standard input, prints `[folder, path]` of what was made. */
const COMPILER = `
import importlib.util, json, os, py_compile, sys
made = []
for tree, staged, source in json.load(sys.stdin):
    path = importlib.util.cache_from_source(source)
    try:
        os.makedirs(os.path.dirname(os.path.join(staged, path)), exist_ok=True)
        py_compile.compile(os.path.join(tree, source), cfile=os.path.join(staged, path), dfile=source, doraise=True)
        made.append([staged, path])
    except (py_compile.PyCompileError, ValueError, RecursionError, OSError):
        pass
print(json.dumps(made))
`;
