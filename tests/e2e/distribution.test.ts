/** The installers and `self update` against a release host on loopback. The payload is a small program that says a version. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installers } from '../../scripts/package/installers.ts';
import { writeRelease } from '../../scripts/package/release.ts';
import { hostTarget, TARGETS } from '../../scripts/package/targets.ts';
import { PYENV } from '../support/interpreters.ts';
import { TERCET } from '../support/run-tercet.ts';

const work = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-release-')));
const site = join(work, 'site');
const target = hostTarget()?.name ?? '';
const keys = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { privateKey } = keys();
const faults = new Map<string, (bytes: Uint8Array<ArrayBuffer>) => Response>();
let server: ReturnType<typeof Bun.serve>;
let base = '';

beforeAll(() => {
  server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const file = Bun.file(join(site, pathname));
      if (!(await file.exists())) return new Response('not found', { status: 404 });
      const bytes = new Uint8Array(await file.arrayBuffer());
      return faults.get(pathname)?.(bytes) ?? new Response(bytes);
    },
  });
  base = `http://127.0.0.1:${server.port}`;
  release('0.9.0', 'echo "no such library" >&2; exit 127');
  release('0.8.0', 'echo "Error loading shared library libstdc++.so.6: No such file or directory" >&2; exit 127');
  for (const version of ['1.0.0', '1.1.0', '1.2.0-rc.1']) release(version);
});
afterAll(async () => {
  await server.stop(true);
  rmSync(work, { recursive: true, force: true });
});

/** A program that is a few kilobytes long, since faults in the middle need a middle. */
function release(version: string, script = `echo "tercet (version ${version})"`): void {
  const payload = join(work, 'payload');
  const noise = Array.from({ length: 200 }, (_, at) => `# ${createHash('sha256').update(`${at}`).digest('hex')}\n`);
  writeFileSync(payload, `#!/bin/sh\n${script}\nexit\n${noise.join('')}`);
  chmodSync(payload, 0o755);
  const executables = new Map(TARGETS.filter(({ os }) => os !== 'win32').map(({ name }) => [name, payload]));
  writeRelease({ directory: site, version, executables, signingKey: privateKey, baseUrl: base });
}

let homes = 0;
function newHome(): string {
  homes += 1;
  const home = join(work, `home${homes}`);
  mkdirSync(home);
  return home;
}

interface Run {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program that reads the installer, with its arguments. Default: dash, or sh where there is none. */
  readonly by?: readonly string[];
  readonly input?: string;
}

const SH = Bun.which('dash') ?? '/bin/sh';

function run({ home, env = {}, by = [SH, '-s', '--'], input }: Run, ...args: readonly string[]) {
  const done = Bun.spawnSync([...by, ...args], {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH ?? '', SHELL: '/bin/bash', TMPDIR: home, ...env },
    stdin: Buffer.from(input ?? readFileSync(join(site, 'install.sh'), 'utf8')),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  return { code: done.exitCode, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}

/** Asynchronous, since this process is the release host. */
async function install(options: Run, ...args: readonly string[]) {
  const { home, env = {}, by = [SH, '-s', '--'], input } = options;
  const child = Bun.spawn([...by, ...args], {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH ?? '', SHELL: '/bin/bash', TMPDIR: home, ...env },
    stdin: Buffer.from(input ?? readFileSync(join(site, 'install.sh'), 'utf8')),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

/** Every path below, with what it holds. */
function tree(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const one = join(path, name);
      const stats = lstatSync(join(folder, one));
      if (stats.isDirectory()) {
        found[`${one}/`] = '';
        walk(one);
      } else
        found[one] = stats.isSymbolicLink()
          ? `-> ${readlinkSync(join(folder, one))}`
          : readFileSync(join(folder, one), 'utf8');
    }
  };
  walk('');
  return found;
}

const PYTHONS = [
  `${PYENV}/versions/2.7.18/bin/python`,
  `${PYENV}/versions/3.13.0/bin/python`,
  Bun.which('python3') ?? '',
]
  .filter((one) => existsSync(one))
  .slice(0, 2);

const shells: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'sh'], ['zsh', '--emulate', 'sh']];
const here = shells.filter(([name = '']) => Bun.which(name) !== null);

describe('install.sh', () => {
  test.each(here.map((shell) => [shell.join(' '), shell] as const))('under %s', async (_, shell) => {
    const home = newHome();
    const { code, stdout, stderr } = await install({ home, by: [...shell, '-s', '--'] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      `Downloading tercet 1.1.0 (${target})\nInstalled tercet (version 1.1.0) in ${home}/.tercet/bin\n`,
    );
    const said = run(
      { home, by: [...shell, '-c'] },
      '. ~/.tercet/env; . ~/.tercet/env; tercet --version; echo "$PATH"',
    );
    expect(said.stdout).toStartWith('tercet (version 1.1.0)\n');
    expect(said.stdout.split('/.tercet/bin').length).toBe(2);
  });

  test('a login shell finds it; twice is as once; --uninstall leaves nothing', async () => {
    const home = newHome();
    writeFileSync(join(home, '.profile'), 'export EDITOR=vi');
    writeFileSync(join(home, '.bashrc'), '# mine\n');
    writeFileSync(join(home, '.zshenv'), '');
    mkdirSync(join(home, '.config/fish'), { recursive: true });
    const before = tree(home);
    await install({ home }, '--version', '1.0.0', '--as-poetry');
    const once = tree(home);
    await install({ home }, '--version', '1.0.0', '--as-poetry');
    expect(tree(home)).toEqual(once);
    expect(once['.bashrc']).toBe('# mine\n# added by the installer of tercet\n. "$HOME/.tercet/env"\n');
    expect(once['.poetry']).toBe(`-> ${home}/.tercet`);
    const login = run({ home, by: [SH, '-lc'], env: { PATH: '/usr/bin:/bin' } }, 'echo $EDITOR; tercet -V; poetry -V');
    expect(login.stdout).toBe('vi\ntercet (version 1.0.0)\ntercet (version 1.0.0)\n');
    expect((await install({ home }, '--uninstall')).code).toBe(0);
    expect(tree(home)).toEqual(before);
    expect((await install({ home }, '--uninstall')).stdout).toStartWith('There is no tercet in');
  });

  test.skipIf(Bun.which('fish') === null)('fish', async () => {
    const home = newHome();
    mkdirSync(join(home, '.config/fish'), { recursive: true });
    await install({ home });
    expect(run({ home, by: ['fish', '-c'] }, 'tercet --version').stdout).toBe('tercet (version 1.1.0)\n');
  });

  test('what people wrote in 2019', async () => {
    const home = newHome();
    writeFileSync(join(home, '.bashrc'), '');
    const text = 'cat ~/.poetry/env >> ~/.bashrc; . ~/.bashrc; poetry --version';
    await install({ home, env: { TERCET_AS_POETRY: '1', TERCET_NO_MODIFY_PATH: '1' } });
    expect(run({ home, by: [SH, '-c'] }, text).stdout).toBe('tercet (version 1.1.0)\n');
  });

  test('--preview, a folder of its own, quiet', async () => {
    const home = newHome();
    const done = await install({ home }, '--preview', '--home', `${home}/a b/tercet`, '--no-modify-path', '--quiet');
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(Object.keys(tree(home)).filter((one) => !one.startsWith('a b/'))).toEqual([]);
    expect(run({ home, by: [SH, '-c'] }, '. "a b/tercet/env"; tercet').stdout).toBe('tercet (version 1.2.0-rc.1)\n');
  });
});

describe('get-tercet.py', () => {
  test.each([...PYTHONS, SH])('piped to %s', async (program) => {
    const home = newHome();
    const input = readFileSync(join(site, 'get-tercet.py'), 'utf8');
    const flags = program === SH ? ['-s', '--'] : ['-W', 'error', '-'];
    const { code, stdout, stderr } = await install({ home, by: [program, ...flags], input }, '--as-poetry');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Installed tercet (version 1.1.0)');
    expect(existsSync(join(home, '.poetry/bin/poetry'))).toBe(true);
  });

  test.skipIf(PYTHONS.length === 0)('where there is neither curl nor wget', async () => {
    const home = newHome();
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const needed =
      'sh awk cat chmod cp cut dirname grep gzip ln ldd mkdir mv readlink rm rmdir sha256sum tail uname openssl';
    for (const name of needed.split(' ')) {
      const path = Bun.which(name);
      if (path !== null) writeFileSync(join(bin, name), `#!/bin/sh\nexec ${path} "$@"\n`, { mode: 0o755 });
    }
    const input = readFileSync(join(site, 'get-tercet.py'), 'utf8');
    const done = await install({ home, by: [PYTHONS.at(-1) ?? '', '-'], input, env: { PATH: bin } });
    expect(done).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what goes wrong changes nothing', () => {
  const file = `/1.1.0/tercet-${target}.gz`;
  const wrong: readonly [string, string, (bytes: Uint8Array<ArrayBuffer>) => Response, RegExp][] = [
    [
      'a wrong checksum',
      file,
      (bytes) => new Response(bytes.with(40, 255 - (bytes[40] ?? 0))),
      /the checksum of .* is wrong/,
    ],
    [
      'a download that is cut',
      file,
      (bytes) => new Response(bytes.slice(0, 900)),
      /checksum of .* is wrong|cannot download/,
    ],
    [
      'a missing file',
      file,
      () => new Response('', { status: 404 }),
      /cannot download .*\nhint: .*Nothing was changed/,
    ],
    [
      'hashes that were changed',
      '/1.1.0/SHA256SUMS',
      () => new Response('x'),
      /the signature of release 1\.1\.0 is wrong/,
    ],
    ['a missing signature', '/1.1.0/SHA256SUMS.sig', () => new Response('', { status: 404 }), /1\.1\.0 is not signed/],
    ['a page in place of a version', '/latest', () => new Response('<html>'), /this is no version: <html>/],
    ['a version that leaves the folder', '/latest', () => new Response('1/../..'), /this is no version/],
  ];

  test.each(wrong)('%s', async (_, path, fault, message) => {
    const home = newHome();
    await install({ home }, '--version', '1.0.0');
    const before = tree(home);
    faults.set(path, fault);
    try {
      const { code, stderr } = await install({ home });
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(tree(home)).toEqual(before);
      const fresh = newHome();
      expect((await install({ home: fresh })).code).toBe(1);
      expect(tree(fresh)).toEqual({});
    } finally {
      faults.delete(path);
    }
  });

  test('a program that does not run here', async () => {
    const home = newHome();
    const { code, stderr } = await install({ home, env: { TERCET_VERSION: '0.9.0' } });
    expect(code).toBe(1);
    expect(stderr).toStartWith('error: the program does not run here: no such library\n');
    expect(tree(home)).toEqual({});
  });

  test('a system that lacks the one library it takes', async () => {
    const home = newHome();
    const { code, stderr } = await install({ home, env: { TERCET_VERSION: '0.8.0' } });
    expect(code).toBe(1);
    expect(stderr).toStartWith('error: the program needs the library libstdc++\n');
    expect(stderr).toContain('apk add libstdc++');
    expect(tree(home)).toEqual({});
  });

  test('a full disk', async () => {
    const home = newHome();
    const script = `ulimit -f 4; exec ${SH} -s -- --no-modify-path`;
    const { code, stderr } = await install({ home, by: [SH, '-c', script] });
    expect(code).not.toBe(0);
    expect(stderr).toContain('is the disk full');
    expect(tree(home)).toEqual({});
  });

  /** Disks that are mounted for one process. */
  const canMount = process.getuid?.() === 0 && Bun.spawnSync(['unshare', '-m', 'true']).exitCode === 0;
  const readers: readonly (readonly string[])[] = [[SH, '-s', '--'], ...PYTHONS.map((one) => [one, '-'])];
  test.skipIf(!canMount).each(
    readers.flatMap((by) => [
      [by[0], 'full', by, 'mount -t tmpfs -o size=16k none "$HOME"', 'is the disk full'],
      [by[0], 'read-only', by, 'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME"', 'cannot write to'],
    ]) as [string, string, readonly string[], string, string][],
  )('%s, with a home on a disk that is %s', async (_, kind, by, mount, message) => {
    const home = newHome();
    const file = by[0] === SH ? 'install.sh' : 'get-tercet.py';
    const script = `${mount} && cd "$HOME" && { "$@"; code=$?; ls -A "$HOME"; exit $code; }`;
    const { code, stdout, stderr } = await install(
      {
        home,
        by: ['unshare', '-m', SH, '-c', script, 'sh', ...by],
        input: readFileSync(join(site, file), 'utf8'),
        env: kind === 'full' ? {} : { TMPDIR: work },
      },
      '--no-modify-path',
    );
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => !/^Downloading|^$/.test(line))).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0 || Bun.which('setpriv') === null)('a home that cannot be written', async () => {
    const home = newHome();
    const by = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', SH, '-s', '--'];
    chmodSync(work, 0o755);
    const { code, stderr } = await install({ home, by });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: cannot write to ${home}/.tercet\nhint: choose a folder that you may write to: TERCET_HOME=/path sh install.sh\n`,
    );
    expect(tree(home)).toEqual({});
  });

  test('only a part of the installer arrived', async () => {
    const home = newHome();
    const text = readFileSync(join(site, 'install.sh'), 'utf8');
    for (const share of [0.3, 0.6, 0.99]) {
      await install({ home, input: text.slice(0, Math.floor(text.length * share)) });
      expect(tree(home)).toEqual({});
    }
  });

  test('no address', async () => {
    const { code, stderr } = await install({ home: newHome(), input: installers({})['install.sh'] ?? '' });
    expect(code).toBe(1);
    expect(stderr).toStartWith('error: no address to install from\nhint: name it: TERCET_BASE_URL=');
  });

  test('a folder that is not ours is not removed', async () => {
    const home = newHome();
    mkdirSync(join(home, '.tercet'));
    writeFileSync(join(home, '.tercet/mine'), 'x');
    const { code, stderr } = await install({ home }, '--uninstall');
    expect(code).toBe(1);
    expect(stderr).toContain('was not made by this installer');
    expect(tree(home)['.tercet/mine']).toBe('x');
  });
});

describe('self update', () => {
  /** An installation of 1.0.0 whose program is the one under test. */
  async function installed(): Promise<string> {
    const home = newHome();
    await install({ home, env: { TERCET_VERSION: '1.0.0', TERCET_AS_POETRY: '1', TERCET_NO_MODIFY_PATH: '1' } });
    const program = join(home, '.tercet/bin/tercet');
    rmSync(program);
    try {
      linkSync(TERCET, program);
    } catch {
      cpSync(TERCET, program);
    }
    return home;
  }
  const update = (home: string, ...args: readonly string[]) =>
    install({ home, by: [join(home, '.poetry/bin/poetry')], input: '' }, ...args);

  test('to the newest; again has nothing to do', async () => {
    const home = await installed();
    const dry = await update(home, 'self', 'update', '--dry-run');
    expect(dry.stdout).toContain('Updating tercet (1.0.0 -> 1.1.0): not done');
    expect((await update(home, 'self', 'show')).stdout).toContain(' installed by : the installer of tercet\n');
    const { code, stdout, stderr } = await update(home, 'self:update');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toEndWith(
      `  - Updating tercet (1.0.0 -> 1.1.0)\n\ntercet (version 1.1.0) is in ${home}/.tercet/bin/tercet\n`,
    );
    expect((await update(home, '--version')).stdout).toBe('tercet (version 1.1.0)\n');
    expect(JSON.parse(readFileSync(join(home, '.tercet/receipt.json'), 'utf8')).version).toBe('1.1.0');
    expect(readdirSync(join(home, '.tercet/bin')).sort()).toEqual(['poetry', 'tercet']);
  });

  test('self:update --preview, and a version that is named', async () => {
    const home = await installed();
    expect((await update(home, 'self:update', '--preview')).stdout).toContain('(1.0.0 -> 1.2.0-rc.1)');
    const other = await installed();
    expect((await update(other, 'self', 'update', '1.0.0')).stdout).toContain('tercet 1.0.0 is the newest there is');
    expect((await update(other, 'self', 'update', '7.0.0')).stderr).toContain('There is no http://127.0.0.1');
    expect((await update(other, 'self', 'update', 'x/..')).stderr).toContain('`x/..` is no version of tercet');
  });

  test('hashes of another key are refused', async () => {
    const home = await installed();
    const { publicKey } = keys();
    writeFileSync(join(home, '.tercet/release-key.pem'), publicKey);
    const { code, stderr } = await update(home, 'self', 'update');
    expect(code).toBe(1);
    expect(stderr).toContain(`The signature of ${base}/1.1.0 is wrong`);
    expect((await update(home, '--version')).stdout).toBe('Poetry (version 2.5.1)\n');
  });

  test('a new program that does not run is not put in place', async () => {
    const home = await installed();
    const { code, stderr } = await update(home, 'self', 'update', '0.9.0');
    expect(code).toBe(1);
    expect(stderr).toContain('the new program does not run here: no such library');
    expect((await update(home, '--version')).stdout).toBe('Poetry (version 2.5.1)\n');
  });

  test('not ours: says how', async () => {
    const home = newHome();
    const { code, stderr } = await install({ home, by: [TERCET], input: '' }, 'self', 'update');
    expect(code).toBe(1);
    expect(stderr).toContain('was not put there by an installer of tercet');
  });
});
