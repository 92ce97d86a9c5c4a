/**
 * The executable for Windows, under Wine: a project is made, locked, built, installed, changed and removed, and what comes out is compared with what the
 * executable of this machine makes.
 *
 *     npm run windows
 *
 * Needs Wine 8 and MinGW (Debian's wine64 and gcc-mingw-w64-x86-64); without them all is skipped. No CPython for Windows is at hand: a stand-in
 * (`python.c`) tells its facts and prints what it is called with. What a real Windows does otherwise than Wine, this does not show.
 */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExecutable } from '../../scripts/package/compile.ts';
import { targetsNamed } from '../../scripts/package/targets.ts';
import { createStage, expectIn, type Ran, Skipped } from '../production/stage.ts';
import { startIndex } from '../support/index-server.ts';
import { PYTHON } from '../support/interpreters.ts';
import { buildWheel } from '../support/wheel-builder.ts';
import { compileForWindows, factsHere, installStandIn, winePath } from './stand-in.ts';

const WINE = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find(existsSync);
const stage = createStage('windows');
const { home, step, write } = stage;
const drive = join(home, 'wine/drive_c');
const PROGRAM = join(home, 'program/tercet.exe');
const here = join(import.meta.dir, '../../dist/tercet');
await using index = startIndex([
  buildWheel({
    name: 'alpha',
    version: '1.0',
    requires: ['beta>=1'],
    files: { 'alpha/__init__.py': 'def main(): pass\n', 'alpha/deep/er/data.txt': 'data\n' },
    entryPoints: '[console_scripts]\nalpha = alpha:main\n',
  }),
  buildWheel({ name: 'beta', version: '1.0' }),
  buildWheel({ name: 'beta', version: '1.1' }),
]);

/** Runs the executable for Windows in the project. */
function tercet(args: readonly string[], code: number | 'any' = 0): Promise<Ran> {
  return wine([PROGRAM, ...args], code);
}

function wine(argv: readonly string[], code: number | 'any' = 0): Promise<Ran> {
  return stage.run([WINE ?? '', ...argv], {
    cwd: existsSync(join(home, 'demo')) ? 'demo' : '.',
    code,
    env: {
      WINEPREFIX: join(home, 'wine'),
      WINEDEBUG: '-all',
      // This machine's own programs are not to be found.
      PATH: join(home, 'nothing'),
      WINEPATH: 'C:\\Python;C:\\windows\\system32',
      TERCET_INDEX_URL: index.url,
      POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    },
  });
}

/** The executable of this machine in a copy of the project. */
function hereIn(cwd: string, args: readonly string[]): Promise<Ran> {
  return stage.run([here, ...args], { cwd, env: { TERCET_INDEX_URL: index.url } });
}

function text(path: string): string {
  return readFileSync(join(home, path), 'utf8');
}

function equal(what: string, found: string, expected: string): void {
  if (found !== expected) throw new Error(`${what} is not the same:\n${found}\n---\n${expected}`);
}

const site = 'demo/.venv/Lib/site-packages';
const scripts = 'demo/.venv/Scripts';

await step('Wine, the executable, a stand-in for Python', async () => {
  if (WINE === undefined) throw new Skipped('there is no Wine');
  if (Bun.which('x86_64-w64-mingw32-gcc') === null) throw new Skipped('there is no MinGW');
  const [target] = targetsNamed(['windows-x64']);
  compileExecutable({ outfile: PROGRAM, ...(target && { target }) });
  const sources = import.meta.dir;
  compileForWindows(join(sources, 'bcryptprimitives.c'), join(home, 'program/bcryptprimitives.dll'), [
    '-shared',
    '-ladvapi32',
  ]);
  compileForWindows(join(sources, 'python.c'), join(home, 'python.exe'));
  mkdirSync(drive, { recursive: true });
  installStandIn(drive, join(home, 'python.exe'), factsHere(PYTHON));
  expectIn((await tercet(['--version'])).out, 'tercet (version ');
});

const needs = ['Wine, the executable, a stand-in for Python'];
await step(
  'a new project',
  async () => {
    await tercet(['new', 'demo', '--python', '>=3.9']);
    expectIn((await tercet(['check'])).out, 'All set!');
  },
  needs,
);

await step('the lock is the same but for the ends of lines', async () => {
  await tercet(['add', '--lock', 'alpha', 'beta<1.1']);
  mkdirSync(join(home, 'copy'));
  copyFileSync(join(home, 'demo/pyproject.toml'), join(home, 'copy/pyproject.toml'));
  await hereIn('copy', ['lock']);
  const lock = text('demo/poetry.lock');
  equal('poetry.lock', lock.replaceAll('\r\n', '\n'), text('copy/poetry.lock'));
  if (!lock.includes('\r\n')) throw new Error('the lock has no CRLF');
}, ['a new project']);

await step('wheel and sdist are the same bytes', async () => {
  await tercet(['build']);
  for (const folder of ['src/demo', 'tests']) mkdirSync(join(home, 'copy', folder), { recursive: true });
  for (const file of ['README.md', 'src/demo/__init__.py', 'tests/__init__.py'])
    write(`copy/${file}`, text(`demo/${file}`));
  await hereIn('copy', ['build']);
  const names = readdirSync(join(home, 'copy/dist'));
  equal('dist', readdirSync(join(home, 'demo/dist')).join(), names.join());
  for (const name of names) {
    if (!readFileSync(join(home, 'demo/dist', name)).equals(readFileSync(join(home, 'copy/dist', name)))) {
      throw new Error(`${name} is not the same`);
    }
  }
}, ['the lock is the same but for the ends of lines']);

await step('an environment, and what is installed into it', async () => {
  expectIn((await tercet(['install'])).out, 'Installing the current project: demo (0.1.0)');
  equal('a file far below', text(`${site}/alpha/deep/er/data.txt`), 'data\n');
  expectIn(text(`${site}/alpha-1.0.dist-info/RECORD`), '\nalpha/deep/er/data.txt,sha256=');
  expectIn(text(`${site}/demo.pth`), winePath(join(home, 'demo/src')));
  expectIn((await tercet(['install'])).out, 'No dependencies to install or update');
}, ['the lock is the same but for the ends of lines']);

const installed = ['an environment, and what is installed into it'];
await step(
  'a script is a program that starts the environment’s Python',
  async () => {
    expectIn(text(`${site}/alpha-1.0.dist-info/RECORD`), '\n../../Scripts/alpha.exe,sha256=');
    expectIn((await tercet(['run', 'alpha', 'one', 'two words'])).out, "environment's python:");
    expectIn((await tercet(['run', 'python', '-m', 'alpha'])).out, "environment's python: [-m] [alpha]");
  },
  installed,
);

await step(
  'the line that activates the environment is that of the shell above',
  async () => {
    const scripts = winePath(join(home, 'demo/.venv/Scripts'));
    const line = `${winePath(PROGRAM)} env activate`;
    equal('for cmd', (await wine(['cmd', '/c', line])).out.trimEnd(), `"${scripts}\\activate.bat"`);
    const other = `. ${scripts.replaceAll('\\', '/')}/activate`;
    equal('for another program', (await tercet(['env', 'activate'])).out.trimEnd(), other);
  },
  installed,
);

await step(
  'update, and remove with all its files',
  async () => {
    await tercet(['add', 'beta@^1.1']);
    if (!existsSync(join(home, site, 'beta-1.1.dist-info'))) throw new Error('beta was not updated');
    await tercet(['remove', 'alpha', 'beta']);
    const left = readdirSync(join(home, site)).filter((name) => /alpha|beta|journal/.test(name));
    equal(
      'what is left',
      [...left, ...readdirSync(join(home, scripts)).filter((name) => name.startsWith('alpha'))].join(),
      '',
    );
  },
  installed,
);

await step('a folder is named by either slash, and in the lock as everywhere', async () => {
  write('lib/pyproject.toml', '[project]\nname = "lib"\nversion = "0.1"\nrequires-python = ">=3.9"\n');
  for (const path of ['../lib', '..\\lib']) {
    await tercet(['add', '--lock', path]);
    expectIn(text('demo/poetry.lock'), '[package.source]\r\ntype = "directory"\r\nurl = "../lib"\r\n');
    expectIn(text('demo/pyproject.toml'), `lib @ file:///Z:${home}/lib`);
    await tercet(['remove', '--lock', 'lib']);
  }
}, ['a new project']);

await step(
  'environments and the cache are removed',
  async () => {
    await tercet(['env', 'remove', '--all']);
    if (existsSync(join(home, 'demo/.venv'))) throw new Error('the environment is still there');
    await tercet(['cache', 'clear', '--all', '.', '-n'], 'any');
    expectIn((await tercet(['cache', 'size'])).out, ' in ');
  },
  installed,
);

process.exitCode = stage.finish();
