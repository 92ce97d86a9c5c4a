/**
 * `npm run faults:kill`: a command is stopped by SIGKILL at many points, then run again; it must end in the tree of an
 * undisturbed run, or say what is missing with a code other than 0.
 *
 * First an install, an update and a removal of a hundred packages, at points spread over their time (default 200: `npm run
 * faults:kill 50` for fewer); then the same of two packages, at every system call that changes the disk, by the program strace.
 */

import { equal } from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, TERCET } from '../support/run-tercet.ts';
import { type BuiltDistribution, buildWheel } from '../support/wheel-builder.ts';
import { type Bed, complete, listing, MACHINE, openBed, succeeded, treeOf } from './bed.ts';

/** Something to be done, from a state of the project to another. */
interface Scene {
  readonly what: string;
  readonly args: readonly string[];
  /** Whether the environment and the cache are those from before; else there is neither. */
  readonly prepared: boolean;
}

const SCENES: readonly Scene[] = [
  { what: 'install with nothing there', args: ['install'], prepared: false },
  { what: 'sync to another lock', args: ['sync'], prepared: true },
  { what: 'add', args: ['add', 'extra'], prepared: true },
];

/** Two versions of some projects: modules, a script, data, a namespace that all share. */
function distributions(count: number): { readonly old: BuiltDistribution[]; readonly fresh: BuiltDistribution[] } {
  const of = (at: number, version: string): BuiltDistribution => {
    const name = `package${at}`;
    const modules = Object.fromEntries(
      Array.from({ length: 3 + (at % 9) }, (_, n) => [`${name}/v${version.charAt(0)}_${n}.py`, `V = '${version}'\n`]),
    );
    return buildWheel({
      name,
      version,
      files: {
        [`${name}/__init__.py`]: `V = '${version}'\n`,
        ...modules,
        [`shared/${name}.py`]: `V = '${version}'\n`,
        [`${name}-${version}.data/data/share/${name}.txt`]: version,
        [`${name}-${version}.data/scripts/${name}-script`]: '#!python\nprint(1)\n',
      },
      entryPoints: `[console_scripts]\n${name} = ${name}:main\n`,
    });
  };
  const numbers = Array.from({ length: count }, (_, at) => at);
  return {
    old: numbers.map((at) => of(at, '1.0')),
    // Some stay, some are new, one in ten is gone.
    fresh: numbers.filter((at) => at % 10 !== 9).map((at) => of(at, at % 2 === 0 ? '2.0' : '1.0')),
  };
}

/** A project that can be put into its state before a scene again and again. */
async function openStage(count: number): Promise<{ readonly bed: Bed; reset(scene: Scene): void }> {
  const { old, fresh } = distributions(count);
  const bed = await openBed([...old, ...fresh, buildWheel({ name: 'extra' })], { requires: names(old) });
  const { home } = bed;
  succeeded(await bed.run(['install']));
  const kept = join(home.path, 'kept');
  cpSync(join(home.path, '.cache'), join(kept, 'cache'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(home.project, '.venv'), join(kept, 'venv'), { recursive: true, verbatimSymlinks: true });
  const before = [home.read('pyproject.toml'), home.read('poetry.lock')] as const;
  home.write('pyproject.toml', manifestOf(names(fresh)));
  succeeded(await bed.run(['lock']));
  const after = [home.read('pyproject.toml'), home.read('poetry.lock')] as const;
  return {
    bed,
    reset({ args, prepared }) {
      Bun.spawnSync(['rm', '-rf', join(home.path, '.cache'), join(home.project, '.venv')]);
      if (prepared) {
        Bun.spawnSync(['cp', '-a', join(kept, 'cache'), join(home.path, '.cache')]);
        Bun.spawnSync(['cp', '-a', join(kept, 'venv'), join(home.project, '.venv')]);
      }
      for (const name of listing(home.project)) if (name.endsWith('.tmp')) rmSync(join(home.project, name));
      const [manifest, lock] = args[0] === 'sync' ? after : before;
      home.write('pyproject.toml', manifest);
      home.write('poetry.lock', lock);
    },
  };
}

const names = (wheels: readonly BuiltDistribution[]): string[] =>
  wheels.map(({ name, version }) => `${name}==${version}`);

/** All of the project: environment, manifest, lock. */
function stateOf({ home }: Bed): string {
  // The note that a run is up to date, and bytecode, come and go.
  return JSON.stringify(
    treeOf(home.project, (path) => !/\.venv\/\.tercet-up-to-date$|\.pyc$|\.tercet\.lock$/.test(path)),
    null,
    1,
  );
}

function start({ home, index }: Bed, argv: readonly string[]): Bun.Subprocess<'ignore', 'ignore', 'ignore'> {
  return Bun.spawn([...argv], {
    cwd: home.project,
    env: { HOME: home.path, POETRY_VIRTUALENVS_IN_PROJECT: 'true', TERCET_INDEX_URL: index.url, ...MACHINE },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
}

interface Score {
  points: number;
  healed: number;
  refused: number;
  readonly wrong: string[];
}

/** Runs the scene's command again and compares. */
async function judge(bed: Bed, { args }: Scene, undisturbed: string, point: string, score: Score): Promise<void> {
  score.points += 1;
  const result = await bed.run(args);
  if (result.code !== 0) {
    score.refused += 1;
    score.wrong.push(`${point}: exit code ${result.code}: ${result.stderr.trim().split('\n')[0]}`);
    return;
  }
  try {
    equal(stateOf(bed), undisturbed);
    complete(bed.libraryPath(), []);
    score.healed += 1;
  } catch (error) {
    score.wrong.push(`${point}: ${(error as Error).message.slice(0, 1500)}`);
  }
}

async function overTime(points: number): Promise<Score> {
  const score: Score = { points: 0, healed: 0, refused: 0, wrong: [] };
  const { bed, reset } = await openStage(100);
  await using _closed = bed;
  for (const scene of SCENES) {
    reset(scene);
    const began = performance.now();
    succeeded(await bed.run(scene.args));
    const whole = performance.now() - began;
    const undisturbed = stateOf(bed);
    const share = Math.ceil(points / SCENES.length);
    for (let at = 0; at < share; at++) {
      reset(scene);
      const child = start(bed, [TERCET, ...scene.args]);
      await Bun.sleep((whole * (at + 0.5)) / share);
      child.kill('SIGKILL');
      await child.exited;
      await judge(bed, scene, undisturbed, `${scene.what}, ${at + 1} of ${share}`, score);
    }
  }
  return score;
}

/** System calls that change the disk. Each is counted by thread. */
const CALLS = [
  'mkdir,mkdirat',
  'rename,renameat,renameat2',
  'link,linkat',
  'symlink,symlinkat',
  'unlink,unlinkat',
  'rmdir',
  'write,pwrite64',
  'ftruncate',
  'fsync',
  'chmod,fchmod,fchmodat',
  'ioctl',
  'close',
];
/** Of calls that come this often in one thread only every so many are looked at. */
const MOST = 60;

async function overCalls(): Promise<Score> {
  const score: Score = { points: 0, healed: 0, refused: 0, wrong: [] };
  const { bed, reset } = await openStage(2);
  await using _closed = bed;
  for (const scene of SCENES) {
    reset(scene);
    succeeded(await bed.run(scene.args));
    const undisturbed = stateOf(bed);
    for (const calls of CALLS) {
      const most = await callsIn(bed, scene, calls, reset);
      for (let at = 1; at <= most; at += Math.max(1, Math.floor(most / MOST))) {
        reset(scene);
        const inject = calls.split(',').flatMap((call) => ['-e', `inject=${call}:signal=KILL:when=${at}`]);
        const child = start(bed, [
          'strace',
          '-f',
          '-o',
          '/dev/null',
          '-e',
          `trace=${calls}`,
          ...inject,
          TERCET,
          ...scene.args,
        ]);
        await child.exited;
        await judge(bed, scene, undisturbed, `${scene.what}, ${calls} number ${at}`, score);
      }
    }
  }
  return score;
}

/** How often the busiest thread makes one of the calls. */
async function callsIn(bed: Bed, scene: Scene, calls: string, reset: (scene: Scene) => void): Promise<number> {
  reset(scene);
  const log = join(bed.home.path, 'strace.log');
  await start(bed, ['strace', '-f', '-o', log, '-e', `trace=${calls}`, TERCET, ...scene.args]).exited;
  const counts = new Map<string, number>();
  for (const line of (await Bun.file(log).text()).split('\n')) {
    const call = /^(\d+) +(\w+)\(/.exec(line);
    if (call !== null) counts.set(`${call[1]} ${call[2]}`, (counts.get(`${call[1]} ${call[2]}`) ?? 0) + 1);
  }
  rmSync(log);
  return Math.max(0, ...counts.values());
}

function report(what: string, { points, healed, refused, wrong }: Score): void {
  console.log(`${what}: ${points} points, ${healed} ended as undisturbed, ${refused} said what is missing`);
  for (const line of wrong.slice(0, 20)) console.log(`  ${line}`);
}

const [points = 200, only = ''] = [Number(process.argv[2] ?? 200), process.argv[3] ?? ''];
const scores: Score[] = [];
if (only !== 'calls') {
  const score = await overTime(points);
  report('A hundred packages, killed over time', score);
  scores.push(score);
}
if (Bun.which('strace') === null) console.log('strace is absent: the points between system calls are left out');
else if (only !== 'time') {
  const score = await overCalls();
  report('Two packages, killed at system calls', score);
  scores.push(score);
}
process.exit(scores.every(({ wrong }) => wrong.length === 0) ? 0 : 1);
