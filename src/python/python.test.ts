import { afterAll, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { which } from '../process/which.ts';
import {
  allInterpreters,
  compatibleInterpreter,
  type DiscoverOptions,
  interpreterByName,
  knownMinor,
  preferredCandidate,
  preferredInterpreter,
  preferredProgram,
} from './discover.ts';
import { environmentFacts, interpreterFacts, interpreterFactsSync, isShim, knownFacts } from './facts.ts';
import { factsCache } from './facts-cache.ts';
import { FACTS_MARK } from './facts-script.ts';
import { pyenvChoice } from './pyenv.ts';
import { formatPyvenvCfg, readPyvenvCfg } from './pyvenv-cfg.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-python-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const cacheDir = join(root, 'cache');

const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
const pythons = (existsSync(versions) ? readdirSync(versions) : [])
  .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
  .map((name) => [name, join(versions, name, 'bin/python')] as const);

let count = 0;
let home: string;
beforeEach(() => {
  count += 1;
  home = join(root, String(count));
  mkdirSync(home);
});

function program(path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A program that answers as an interpreter does. Called `python…` and no script, it would be remembered; this one is a script. */
function fakePython(path: string, version: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const file = join(home, path);
  const numbers = version.split('.').map(Number);
  const facts = {
    executable: file,
    version,
    versionInfo: [...numbers, 'final', 0],
    implementation: 'cpython',
    interpreterVersion: numbers.slice(0, 2).join(''),
    markers: { python_full_version: version, platform_python_implementation: 'CPython' },
    prefix: home,
    basePrefix: home,
    baseExecPrefix: home,
    paths: {},
    environmentPaths: {},
    sysPath: [],
    sitePackages: [],
    abi: { freeThreaded: false, pointerBits: 64, flags: '' },
    platform: { name: 'linux-x86_64', machine: 'x86_64', armHardFloat: false },
    bundledWheels: [],
    ...changes,
  };
  return program(path, `#!/bin/sh\necho 'noise'\necho '${FACTS_MARK}${JSON.stringify(facts)}'\n`);
}

function options(path: readonly string[], more: Partial<DiscoverOptions> = {}): DiscoverOptions {
  const folders = [...path.map((folder) => join(home, folder)), '/bin'];
  return { env: { PATH: folders.join(':'), HOME: home }, cwd: home, cacheDir, ...more };
}

describe('facts', () => {
  test.each(pythons)('of the real %s, then from the cache', async (version, executable) => {
    const facts = await interpreterFacts(executable, { cacheDir });
    const [major, minor] = version.split('.');
    expect(facts.version).toBe(version);
    expect(facts.implementation).toBe('cpython');
    expect(facts.markers.python_version).toBe(`${major}.${minor}`);
    expect(facts.prefix).toBe(facts.basePrefix);
    expect(facts.paths.purelib).toBe(join(facts.prefix, `lib/python${major}.${minor}/site-packages`));
    expect(facts.environmentPaths.purelib).toBe(`lib/python${major}.${minor}/site-packages`);
    expect(facts.platform.glibc ?? facts.platform.musl ?? facts.platform.macos).toBeDefined();
    expect(knownFacts(executable, { cacheDir })).toEqual(facts);
    expect(interpreterFactsSync(executable, { cacheDir })).toEqual(facts);
    expect(knownFacts(`${executable}${major}`, { cacheDir })).toEqual({
      ...facts,
      executable: `${executable}${major}`,
    });
  });

  test('what is kept goes with the file', async () => {
    const facts = await interpreterFacts(fakePython('fake/python', '3.9.1'), { cacheDir });
    const file = program('python3.9', 'binary');
    const nowhere = factsCache(join('/dev/null', 'cache'));
    nowhere.write(file, facts);
    expect(nowhere.read(file)).toBeUndefined();
    const cache = factsCache(cacheDir);
    expect(cache.read(file)).toBeUndefined();
    cache.write(file, facts);
    expect(knownFacts(file, { cacheDir })).toEqual({ ...facts, executable: file });
    expect(knownFacts(file, { cacheDir: null })).toBeUndefined();
    utimesSync(file, 1, 1);
    expect(knownFacts(file, { cacheDir })).toBeUndefined();
    cache.write(join(home, 'absent'), facts);
    expect(cache.read(join(home, 'absent'))).toBeUndefined();
  });

  test('a program that fails is told with its own words', async () => {
    const file = program('python', '#!/bin/sh\necho "no such version" >&2\nexit 127\n');
    expect(interpreterFacts(file, { cacheDir })).rejects.toThrow(
      `The Python interpreter ${file} does not work:\nno such version`,
    );
    const slow = program('python3', '#!/bin/sh\nexec sleep 20\n');
    expect(interpreterFacts(slow, { cacheDir, timeout: 30 })).rejects.toThrow('did not answer in time');
    expect(interpreterFacts(join(home, 'absent'), { cacheDir })).rejects.toThrow('does not work');
  });

  test('one that Ctrl-C has ended is not broken', () => {
    const file = program('python', '#!/bin/sh\nkill -INT $$\n');
    expect(interpreterFacts(file, { cacheDir: null })).rejects.toMatchObject({ code: 'interrupted' });
    expect(() => interpreterFactsSync(file, { cacheDir: null })).toThrow('Interrupted');
    expect(allInterpreters({ cwd: home, env: { PATH: dirname(file) }, cacheDir: null })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  test('shims are known for what they are', () => {
    expect(isShim(program('python', '#!/bin/sh\n'))).toBe(true);
    expect(isShim(program('mise', 'binary'))).toBe(true);
    expect(isShim(program('python3.13t', 'binary'))).toBe(false);
    expect(isShim(program('pypy3.10', 'binary'))).toBe(false);
  });

  test('behind a shim it is the interpreter that is told', async () => {
    const real = fakePython('real/python', '3.8.1');
    const shim = program('shim/python', `#!/bin/sh\nexec ${real} "$@"\n`);
    expect((await interpreterFacts(shim, { cacheDir })).executable).toBe(real);
  });

  test('a virtual environment is its base at another place', async () => {
    const base = await interpreterFacts(
      fakePython('base/python', '3.9.1', {
        environmentPaths: { purelib: 'lib64/python3.9/site-packages', scripts: 'bin' },
        sysPath: ['/std', '/sp'],
        sitePackages: ['/sp'],
      }),
      { cacheDir },
    );
    const facts = environmentFacts(base, '/env', '/env/bin/python');
    expect(facts.paths).toMatchObject({
      purelib: '/env/lib64/python3.9/site-packages',
      platlib: '/env/lib/python3.9/site-packages',
      scripts: '/env/bin',
      include: '/env/include/site/python3.9',
    });
    expect(facts.sysPath).toEqual(['/std', '/env/lib64/python3.9/site-packages', '/env/lib/python3.9/site-packages']);
    expect(facts.basePrefix).toBe(base.basePrefix);
  });
});

describe('pyenv', () => {
  function pyenv(files: Readonly<Record<string, string>>, installed: readonly string[]): string {
    const pyenvRoot = join(home, '.pyenv');
    mkdirSync(join(pyenvRoot, 'shims'), { recursive: true });
    for (const version of installed)
      fakePython(`.pyenv/versions/${version}/bin/python`, version.replace(/^pypy3\.9-.*/, '3.9.0'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(home, name, '..'), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    return pyenvRoot;
  }
  const installed = ['3.6.8', '3.6.15', '3.11.7', '3.9.18', 'pypy3.9-7.3.11'];

  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['local file', { 'p/.python-version': '3.6.8\n' }, {}, '3.6.8'],
    ['a prefix takes the newest', { 'p/.python-version': '3.6\n' }, {}, '3.6.15'],
    ['above', { '.python-version': '# c\n\n3.9.18 # x\n' }, {}, '3.9.18'],
    ['several', { 'p/.python-version': '3.11.7\n3.6.8\n' }, {}, '3.11.7'],
    ['the variable first', { 'p/.python-version': '3.6.8\n' }, { PYENV_VERSION: '3.9.18:3.6.8' }, '3.9.18'],
    ['global', { '.pyenv/version': '3.9.18\n' }, {}, '3.9.18'],
    ['python- prefix', { 'p/.python-version': 'python-3.6.8\n' }, {}, '3.6.8'],
    ['pypy', { 'p/.python-version': 'pypy3.9\n' }, {}, 'pypy3.9-7.3.11'],
    ['not outward', { 'p/.python-version': '../../x\n3.6.8\n' }, {}, '3.6.8'],
  ])('%s', (_name, files, env, version) => {
    mkdirSync(join(home, 'p'), { recursive: true });
    const pyenvRoot = pyenv(files, installed);
    expect(pyenvChoice('python', { root: pyenvRoot, cwd: join(home, 'p'), env })).toEqual({
      kind: 'executable',
      path: join(pyenvRoot, 'versions', version, 'bin/python'),
    });
  });

  test('missing, system, unset, without the command', () => {
    const pyenvRoot = pyenv({ '.python-version': '3.7.1\n' }, installed);
    const ask = (env: Record<string, string>, command = 'python') =>
      pyenvChoice(command, { root: pyenvRoot, cwd: home, env });
    expect(ask({})).toEqual({ kind: 'missing', version: '3.7.1', setBy: join(home, '.python-version') });
    expect(ask({ PYENV_VERSION: 'system' })).toEqual({ kind: 'system' });
    expect(ask({ PYENV_VERSION: '3.6.8' }, 'python3.11')).toEqual({ kind: 'no-command' });
    expect(pyenvChoice('python', { root: pyenvRoot, cwd: '/', env: {} })).toEqual({ kind: 'unset' });
  });

  test('a shim on PATH means what pyenv says; a version that is not there is an error that says how to get it', async () => {
    const pyenvRoot = pyenv({ '.python-version': '3.6\n' }, installed);
    const shim = program('.pyenv/shims/python', '#!/bin/sh\nexit 1\n');
    expect(preferredCandidate(options(['.pyenv/shims']))).toEqual({
      executable: join(pyenvRoot, 'versions/3.6.15/bin/python'),
      found: shim,
    });
    writeFileSync(join(home, '.python-version'), '3.7.1\n');
    expect(() => preferredCandidate(options(['.pyenv/shims']))).toThrow(
      "pyenv: version `3.7.1' is not installed (set by",
    );
    const system = fakePython('usr/python', '3.5.0');
    writeFileSync(join(home, '.python-version'), 'system\n');
    expect(preferredCandidate(options(['.pyenv/shims', 'usr']))).toEqual({ executable: system, found: shim });
    expect((await interpreterByName(options(['.pyenv/shims']), '3.11'))?.facts.version).toBe('3.11.7');
  });

  test('without a shim on PATH a local version still counts, the global one does not', () => {
    const pyenvRoot = pyenv({ '.python-version': '3.6.8\n', '.pyenv/version': '3.9.18\n' }, installed);
    const usual = fakePython('usr/python', '3.5.0');
    expect(preferredCandidate(options(['usr']))?.executable).toBe(join(pyenvRoot, 'versions/3.6.8/bin/python'));
    rmSync(join(home, '.python-version'));
    expect(preferredCandidate(options(['usr']))?.executable).toBe(usual);
  });
});

describe('discovery', () => {
  test('.python-version without pyenv: a managed Python, or the program of that name', () => {
    const usual = fakePython('usr/python', '3.5.0');
    const named = fakePython('usr/python3.12', '3.12.3');
    const older = fakePython('managed/cpython@3.13.9/bin/python3', '3.13.9');
    const newer = fakePython('managed/cpython@3.13.10/install/bin/python3', '3.13.10');
    const chosen = (text: string) => {
      writeFileSync(join(home, '.python-version'), text);
      return preferredCandidate(options(['usr'], { managedDir: join(home, 'managed') }))?.executable;
    };
    expect(chosen('3.13\n')).toBe(newer);
    expect(chosen('3.13.9\n')).toBe(older);
    expect(chosen('3.12\n')).toBe(named);
    expect(chosen('3.1\n')).toBe(usual);
    expect(chosen('system\n')).toBe(usual);
  });

  test('python first on PATH, python3 only for want of it', async () => {
    fakePython('a/python3', '3.12.0');
    expect(preferredCandidate(options(['a']))).toBeUndefined();
    expect((await preferredInterpreter(options(['a'])))?.facts.version).toBe('3.12.0');
    const python = fakePython('b/python', '3.8.0');
    expect(preferredCandidate(options(['a', 'b']))?.executable).toBe(python);
    expect((await preferredInterpreter(options(['a', 'b'], { usePoetryPython: true })))?.facts.version).toBe('3.12.0');
    for (const given of [options(['a']), options(['a', 'b']), options(['a', 'b'], { usePoetryPython: true })]) {
      expect(preferredProgram(given)).toBe((await preferredInterpreter(given))?.executable);
    }
    fakePython('.pyenv/versions/3.13.0/bin/python', '3.13.0');
    fakePython('.pyenv/versions/3.11.7/bin/python', '3.11.7');
    expect((await preferredInterpreter(options(['a'])))?.facts.version).toBe('3.13.0');
    expect(preferredProgram(options(['a']))).toBe(join(home, '.pyenv/versions/3.13.0/bin/python'));
    expect(await preferredInterpreter(options([]))).toSatisfy(
      (found) => found === undefined || found.executable.startsWith('/'),
    );
  });

  test('everything installed, newest first, broken ones and an active environment left out', async () => {
    fakePython('a/python3.9', '3.9.1');
    fakePython('a/python', '3.9.1');
    fakePython('a/pythonw', '3.9.9');
    fakePython('a/python3.9-config', '3.9.9');
    program('a/python3.10', '#!/bin/sh\nexit 1\n');
    fakePython('.asdf/installs/python/3.11.1/bin/python3', '3.11.1');
    fakePython('.local/share/uv/python/cpython-3.12/bin/python3', '3.12.1');
    fakePython('.rye/py/cpython@3.8.1/install/bin/python3', '3.8.1');
    fakePython('managed/cpython@3.13.0/bin/python', '3.13.0');
    fakePython('venv/bin/python', '3.14.0');
    const given = options(['a', 'venv/bin'], { managedDir: join(home, 'managed') });
    const all = await allInterpreters({ ...given, env: { ...given.env, VIRTUAL_ENV: join(home, 'venv') } });
    const own = all.filter(({ executable }) => executable.startsWith(home));
    expect(own.map(({ executable, facts }) => `${facts.version} ${executable.slice(home.length + 1)}`)).toEqual([
      '3.13.0 managed/cpython@3.13.0/bin/python',
      '3.12.1 .local/share/uv/python/cpython-3.12/bin/python3',
      '3.11.1 .asdf/installs/python/3.11.1/bin/python3',
      '3.9.1 a/python3.9',
      '3.9.1 a/python',
      '3.8.1 .rye/py/cpython@3.8.1/install/bin/python3',
    ]);
    expect((await compatibleInterpreter(given, (version) => version.startsWith('3.9')))?.executable).toBe(
      join(home, 'a/python3.9'),
    );
    expect(await compatibleInterpreter(given, () => false)).toBeUndefined();
  });

  test('by what a user types', async () => {
    fakePython('a/python3.9', '3.9.1');
    fakePython('b/python', '3.11.7');
    fakePython('.asdf/installs/python/t/bin/python3.13t', '3.13.1', {
      abi: { freeThreaded: true, pointerBits: 64, flags: 't' },
    });
    fakePython('.asdf/installs/python/pypy/bin/pypy3', '3.10.1', { implementation: 'pypy' });
    const given = options(['a', 'b']);
    const version = async (name: string) => (await interpreterByName(given, name))?.facts.version;
    expect(await version('3.9')).toBe('3.9.1');
    expect(await version('3.11.7')).toBe('3.11.7');
    expect(await version('python3.9')).toBe('3.9.1');
    expect(await version(join(home, 'b/python'))).toBe('3.11.7');
    expect(await version('./b/python')).toBe('3.11.7');
    expect(await version('3.13t')).toBe('3.13.1');
    expect(await version('pypy@3.10')).toBe('3.10.1');
    expect(await version('3.13')).toBeUndefined();
    expect(await version('3.9.2')).toBeUndefined();
    expect(await version('nonsense')).toBeUndefined();
  });

  test('the version in a name needs no start', () => {
    program('v/python3.10', 'binary');
    symlinkSync('python3.10', join(home, 'v/python'));
    expect(knownMinor(join(home, 'v/python'), { cacheDir })).toBe('3.10');
    expect(knownMinor(fakePython('s/python3.10', '3.10.0'), { cacheDir })).toBeUndefined();
    expect(knownMinor(join(home, 'absent'), { cacheDir })).toBeUndefined();
  });
});

test('pyvenv.cfg is read leniently and written in one line a key', () => {
  writeFileSync(join(home, 'pyvenv.cfg'), 'Home = /x = y\r\n\r\nversion=3.9.1\nodd\n');
  expect([...(readPyvenvCfg(home) ?? [])]).toEqual([
    ['home', '/x = y'],
    ['version', '3.9.1'],
  ]);
  expect(readPyvenvCfg(join(home, 'absent'))).toBeUndefined();
  expect(formatPyvenvCfg([['prompt', 'a\nhome = /evil']])).toBe('prompt = a home = /evil\n');
});

test('the interpreter on this machine answers', async () => {
  const python = which('python3', process.env);
  if (python === undefined) return;
  expect((await interpreterFacts(python, { cacheDir })).versionInfo[0]).toBe(3);
});
