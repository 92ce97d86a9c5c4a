/** `python install`, `list`, `remove`: archives on loopback that hold a small script in a Python's place. */

import { expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { which } from '../../src/process/which.ts';
import { standaloneTriple } from '../../src/python/standalone.ts';
import { createHome, type Home } from '../support/run-tercet.ts';

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
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
      if (name === 'SHA256SUMS') return new Response(sums.join('\n'));
      const bytes = files.get(name);
      return bytes === undefined ? new Response('', { status: 404 }) : new Response(bytes as Uint8Array<ArrayBuffer>);
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

test.skipIf(triple === undefined)('what cannot be installed leaves nothing behind', async () => {
  using home = createHome();
  await using builds = mirror(home, { '3.12.9': '#!/bin/sh\nexit 3\n' });
  const run = (...args: string[]) => home.run(['python', ...args], { env: builds.env });
  const folder = join(home.path, '.local/share/pypoetry/python');
  for (const [args, words] of [
    [['abc'], 'Invalid Python version requested abc'],
    [['3.12t'], 'Free threading is not supported for Python versions prior to 3.13.0.'],
    [['3.7'], 'No suitable standalone build found for the requested Python version.'],
    [['3.12', '-i', 'pypy'], 'No suitable standalone build found for the requested Python version.'],
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
