/**
 * From a project to an installed package: built and published by tercet, judged by twine, served by pypiserver, installed by pip.
 *
 *   npm run compat:publish
 *
 * TOOLS may name a virtual environment with pip to put twine and pypiserver into (default: one that is made and removed).
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lay } from './project.ts';
import { PROJECTS } from './projects.ts';

const TERCET = process.env.TERCET ?? join(import.meta.dir, '../../dist/tercet');
const root = mkdtempSync(join(tmpdir(), 'round-trip-'));
const tools = process.env.TOOLS ?? join(root, 'tools');
const python = join(tools, 'bin/python');
let failed = 0;

function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const done = Bun.spawnSync([program, ...args], { cwd, env: { ...process.env, ...env }, stdin: 'ignore' });
  return { code: done.exitCode, said: done.stdout.toString() + done.stderr.toString() };
}

function check(what: string, holds: boolean, said = ''): void {
  console.log(`${holds ? '(pass)' : '(fail)'} ${what}`);
  if (holds) return;
  failed += 1;
  console.log(said);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function reachable(url: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return (await fetch(url)).ok;
    } catch {
      await Bun.sleep(100);
    }
  }
  return false;
}

if (!existsSync(python)) run('python3', ['-m', 'venv', tools], root);
const got = run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', 'twine', 'pypiserver'], root);
check('twine and pypiserver', got.code === 0, got.said);

const project = join(root, 'project');
mkdirSync(project);
const draft = PROJECTS.find(({ name }) => name === 'round-trip');
if (draft !== undefined) lay(draft, project);
const built = run(TERCET, ['build'], project);
check('built', built.code === 0, built.said);
const files = readdirSync(join(project, 'dist')).sort();
const twine = run(python, ['-m', 'twine', 'check', '--strict', ...files.map((file) => join('dist', file))], project);
check('twine has nothing to say', twine.code === 0, twine.said);

const port = await freePort();
const url = `http://127.0.0.1:${port}/`;
const served = join(root, 'served');
mkdirSync(served);
const server = Bun.spawn(
  [join(tools, 'bin/pypi-server'), 'run', '-i', '127.0.0.1', '-p', String(port), '-a', '.', '-P', '.', served],
  { stdout: 'ignore', stderr: 'ignore' },
);
try {
  check('pypiserver answers', await reachable(url));
  const env = { POETRY_REPOSITORIES_LOCAL_URL: url };
  const publish = (...more: string[]) =>
    run(TERCET, ['publish', '-r', 'local', '-u', 'u', '-p', 'p', ...more], project, env);
  const first = publish();
  check('published', first.code === 0, first.said);
  const same = files.every((file) =>
    readFileSync(join(project, 'dist', file)).equals(readFileSync(join(served, file))),
  );
  check('the same bytes there', same);
  const second = publish();
  check('not twice', second.code === 1 && second.said.includes('HTTP Error 409'), second.said);
  const third = publish('--skip-existing');
  check('twice with --skip-existing', third.code === 0, third.said);
  for (const [file, format] of [
    [':none:', 'wheel'],
    [':all:', 'sdist'],
  ] as const) {
    const target = join(root, format);
    const index = ['--index-url', `${url}simple/`, '--no-deps', '--target', target];
    const binary = file === ':all:' ? ['--no-binary', 'demo', '--no-build-isolation'] : [];
    if (file === ':all:') run(python, ['-m', 'pip', 'install', '-q', 'poetry-core'], root);
    const pip = run(python, ['-m', 'pip', 'install', '-q', ...index, ...binary, 'demo'], root);
    const says = run(python, ['-c', 'import demo; print(demo.main())'], target);
    check(`pip installs the ${format}`, pip.code === 0 && says.said.trim() === 'hello from demo', pip.said + says.said);
  }
} finally {
  server.kill();
  await server.exited;
  rmSync(root, { recursive: true, force: true });
}
console.log(failed === 0 ? 'all held' : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
