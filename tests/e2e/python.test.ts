/** `python install`, `list`, `remove`: archives on loopback that hold a small script in a Python's place. */

import { expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { which } from '../../src/process/which.ts';
import { pypyBuilds } from '../../src/python/pypy.ts';
import { standaloneTriple } from '../../src/python/standalone.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';

const python = which('python3', { PATH: '/usr/bin:/bin' });
const triple = standaloneTriple(process.platform, process.arch);

/** Archives as the project names them: version → the program that stands in for `python3`. */
function mirror(home: Home, programs: Readonly<Record<string, string>>) {
  const files = new Map<string, Uint8Array>();
  const sums: string[] = [];
  for (const [version, program] of Object.entries(programs)) {
    const folder = join(home.path, 'pack', version);
    mkdirSync(join(folder, 'python/bin'), { recursive: true });
    writeFileSync(join(folder, 'python/bin/python3'), program);
    chmodSync(join(folder, 'python/bin/python3'), 0o755);
    symlinkSync('python3', join(folder, 'python/bin/python'));
    const file = `cpython-${version}+20260101-${triple}-install_only_stripped.tar.gz`;
    const packed = join(home.path, 'pack', file);
    Bun.spawnSync(['tar', '-czf', packed, '-C', folder, 'python']);
    files.set(file, new Uint8Array(readFileSync(packed)));
    sums.push(`${new Bun.CryptoHasher('sha256').update(files.get(file) ?? '').digest('hex')}  ${file}`);
  }
  sums.push(`${'0'.repeat(64)}  cpython-3.99.0+20260101-${triple}-install_only.tar.gz`);
  files.set(`cpython-3.99.0+20260101-${triple}-install_only.tar.gz`, new Uint8Array([1, 2, 3]));
  return serve((path) => (path === 'SHA256SUMS' ? sums.join('\n') : files.get(path)));
}

/** A server of files, and the variable that names it. */
function serve(contentsOf: (path: string) => string | Uint8Array | undefined) {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const contents = contentsOf(decodeURIComponent(new URL(request.url).pathname.slice(1)));
      if (contents === undefined) return new Response('', { status: 404 });
      return new Response(contents as string | Uint8Array<ArrayBuffer>);
    },
  });
  return {
    env: { TERCET_PYTHON_MIRROR: `http://127.0.0.1:${server.port}/` },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

test.skipIf(python === undefined || triple === undefined)('installed, listed, used, removed', async () => {
  using home = createHome();
  const program = `#!/bin/sh\nexec '${python}' "$@"\n`;
  await using builds = mirror(home, { '3.13.1': program, '3.13.0': program, '3.12.9': '#!/bin/sh\nexit 3\n' });
  const run = (...args: string[]) => home.run(['python', ...args], { env: builds.env });
  const folder = join(home.path, '.local/share/pypoetry/python');

  expect(await run('install', '3.13')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Downloading and installing 3.13 (cpython) ... Done\nTesting 3.13 (cpython) ... Done\n',
  });
  expect(readdirSync(folder)).toEqual(['cpython@3.13.1']);
  const again = await run('install', '3.13.1');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toBe(
    `Python version already installed at ${folder}/cpython@3.13.1.\n\nUse --reinstall to install anyway, or use poetry python remove 3.13.1 first.\n`,
  );
  expect((await run('install', '3.13.1', '--reinstall')).code).toBe(0);

  const listed = await run('list', '--managed');
  expect(listed.stdout.split('\n')[0]).toMatch(/^ Version +Implementation +Manager +Path +$/);
  expect(listed.stdout).toContain(`Poetry  ${folder}/cpython@3.13.1/bin/python3`);
  expect((await run('list', '-a', '-m', '3.12.1')).stdout).toContain('Available for download');

  expect(await run('remove', '3.13')).toMatchObject({ code: 1, stdout: '' });
  expect((await run('remove', '3.13.1')).stdout).toBe('Removing installation 3.13.1 (cpython) ... Done\n');
  expect((await run('remove', '3.13.1', '3.0.0')).stdout).toStartWith(
    `No installation was found at ${folder}/cpython@3.13.1.\n`,
  );
  expect((await run('list', '-m')).stdout).toBe('No Python installations found.\n');
});

test.skipIf(python === undefined || triple === undefined).each([
  ['the newest', undefined, '3.13.1'],
  ['that of .python-version', '3.12', '3.12.9'],
  ['one that is allowed', '3.13', '3.12.9'],
])('by itself where python.auto-install says so: %s', async (_which, wanted, installed) => {
  using home = createHome();
  const program = `#!/bin/sh\nexec '${python}' "$@"\n`;
  await using builds = mirror(home, { '3.13.1': program, '3.12.9': program, '3.7.1': program });
  const env = { PATH: '/nowhere', PYENV_ROOT: '/nowhere', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true', ...builds.env };
  const range = wanted === '3.13' ? '>=3.8,!=3.13.*,!=3.99.*' : '>=3.8,!=3.99.*';
  home.write('pyproject.toml', manifestOf([]).replace('>=3.8', range));
  if (wanted !== undefined) home.write('.python-version', `${wanted}\n`);
  const refused = await home.run(['install'], { env });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('config python.auto-install true')]);
  expect((await home.run(['config', 'python.auto-install', 'true'], { env })).code).toBe(0);
  const made = await home.run(['install'], { env });
  expect([made.code, made.stderr]).toEqual([
    0,
    expect.stringContaining(`Downloading and installing ${installed} (cpython)\n`),
  ]);
  const folder = join(home.path, '.local/share/pypoetry/python');
  expect(readdirSync(folder)).toEqual([`cpython@${installed}`]);
  expect(readFileSync(join(home.project, '.venv/pyvenv.cfg'), 'utf8')).toContain('version');
});

const [pypy] = pypyBuilds(process.platform, process.arch).filter(({ file }) => file.endsWith('.tar.gz'));

test.skipIf(python === undefined || pypy === undefined)('PyPy from a mirror', async () => {
  using home = createHome();
  const { file = '', version = '' } = pypy ?? {};
  const top = join(home.path, 'pack', file.replace('.tar.gz', ''));
  mkdirSync(join(top, 'bin'), { recursive: true });
  writeFileSync(join(top, 'bin/pypy3'), `#!/bin/sh\nexec '${python}' "$@"\n`);
  chmodSync(join(top, 'bin/pypy3'), 0o755);
  Bun.spawnSync(['tar', '-czf', join(home.path, file), '-C', join(home.path, 'pack'), basename(top)]);
  const bytes = readFileSync(join(home.path, file));
  let sums = '';
  await using server = serve((path) => (path === 'SHA256SUMS' ? sums : path === file ? bytes : undefined));
  const run = (...args: string[]) => home.run(['python', ...args], { env: server.env });
  const folder = join(home.path, '.local/share/pypoetry/python');
  const minor = version.replace(/\.\d+$/, '');
  const other = await run('install', minor, '-i', 'pypy');
  expect([other.code, other.stdout]).toEqual([1, `Downloading and installing ${minor} (pypy) ... Failed\n`]);
  sums = `${new Bun.CryptoHasher('sha256').update(bytes).digest('hex')}  ${file}\n`;
  expect(await run('install', minor, '-i', 'pypy')).toMatchObject({
    code: 0,
    stdout: `Downloading and installing ${minor} (pypy) ... Done\nTesting ${minor} (pypy) ... Done\n`,
  });
  expect(readdirSync(folder)).toEqual([`pypy@${version}`]);
  expect((await run('list', '--managed')).stdout).toContain(`${folder}/pypy@${version}/bin/pypy3`);
  expect((await run('remove', version, '-i', 'pypy')).stdout).toBe(
    `Removing installation ${version} (pypy) ... Done\n`,
  );
});

test.skipIf(triple === undefined)('what cannot be installed leaves nothing behind', async () => {
  using home = createHome();
  await using builds = mirror(home, { '3.12.9': '#!/bin/sh\nexit 3\n' });
  const run = (...args: string[]) => home.run(['python', ...args], { env: builds.env });
  const folder = join(home.path, '.local/share/pypoetry/python');
  for (const [args, words] of [
    [['abc'], 'Invalid Python version requested abc'],
    [['3.12t'], 'Free threading is not supported for Python versions prior to 3.13.0.'],
    [['3.7'], 'No suitable standalone build found for the requested Python version.'],
    [['3.6', '-i', 'pypy'], 'No suitable standalone build found for the requested Python version.'],
    [['3.12', '-i', 'jython'], 'No suitable standalone build found for the requested Python version.'],
  ] as const) {
    const refused = await run('install', ...args);
    expect([refused.code, refused.stderr.includes(words)]).toEqual([1, true]);
  }
  const wrong = await run('install', '3.99');
  expect([wrong.code, wrong.stdout]).toEqual([1, 'Downloading and installing 3.99 (cpython) ... Failed\n']);
  expect(readdirSync(folder)).toEqual([]);
  const broken = await run('install', '3.12', '--clean');
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain('Testing 3.12 (cpython) ... Failed\nRemoving installation 3.12.9 (cpython) ... Done');
  expect(broken.stderr).toContain('One or more installed version do not work on your system.');
  expect(existsSync(join(folder, 'cpython@3.12.9'))).toBe(false);
});
