/**
 * From a project to an installed package: built and published by tercet, judged by twine, served by pypiserver, installed by pip.
 *
 *   npm run compat:publish
 *
 * TOOLS may name a virtual environment with pip to put twine and pypiserver into (default: one that is made and removed).
 */

import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lay } from './project.ts';
import { PROJECTS } from './projects.ts';
import { check, finish, freePort, provide, python, reachable, root, run, TERCET, tools } from './round-trip-tools.ts';

await provide('twine', 'pypiserver');

const project = join(root, 'project');
mkdirSync(project);
const draft = PROJECTS.find(({ name }) => name === 'round-trip');
if (draft !== undefined) lay(draft, project);
const built = await run(TERCET, ['build'], project);
check('built', built.code === 0, built.said);
const files = readdirSync(join(project, 'dist')).sort();
const twine = await run(
  python,
  ['-m', 'twine', 'check', '--strict', ...files.map((file) => join('dist', file))],
  project,
);
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
  const first = await publish();
  check('published', first.code === 0, first.said);
  const same = files.every((file) =>
    readFileSync(join(project, 'dist', file)).equals(readFileSync(join(served, file))),
  );
  check('the same bytes there', same);
  const second = await publish();
  check('not twice', second.code === 1 && second.said.includes('HTTP Error 409'), second.said);
  const third = await publish('--skip-existing');
  check('twice with --skip-existing', third.code === 0, third.said);
  for (const [file, format] of [
    [':none:', 'wheel'],
    [':all:', 'sdist'],
  ] as const) {
    const target = join(root, format);
    const index = ['--index-url', `${url}simple/`, '--no-deps', '--target', target];
    const binary = file === ':all:' ? ['--no-binary', 'demo', '--no-build-isolation'] : [];
    if (file === ':all:') await run(python, ['-m', 'pip', 'install', '-q', 'poetry-core'], root);
    const pip = await run(python, ['-m', 'pip', 'install', '-q', ...index, ...binary, 'demo'], root);
    const says = await run(python, ['-c', 'import demo; print(demo.main())'], target);
    check(`pip installs the ${format}`, pip.code === 0 && says.said.trim() === 'hello from demo', pip.said + says.said);
  }
} finally {
  server.kill();
  await server.exited;
  rmSync(root, { recursive: true, force: true });
}
finish();
