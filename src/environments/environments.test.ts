import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadConfiguration } from '../configuration/configuration.ts';
import type { Event } from '../ground/events.ts';
import { run } from '../process/spawn.ts';
import { which } from '../process/which.ts';
import { bundledPip } from '../python/bundled-pip.ts';
import { environmentFacts, type InterpreterFacts, interpreterFacts } from '../python/facts.ts';
import { FACTS_MARK } from '../python/facts-script.ts';
import { childVariables } from './child-variables.ts';
import { createEnvironment } from './create.ts';
import { type EnsureOptions, ensureEnvironment, useInterpreter } from './ensure.ts';
import { isSane, virtualEnvironment } from './environment.ts';
import { chosenPython, forgetPython, readEnvs, rememberPython } from './envs-file.ts';
import { activePrefix, findEnvironment, locateEnvironment, projectEnvironments } from './find.ts';
import { readInstalled, readPackageFolder } from './installed.ts';
import { environmentBaseName, environmentName } from './naming.ts';
import { fillPrompt } from './prompt.ts';
import { removeEnvironment } from './remove.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-environments-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const cacheDir = join(root, 'cache');

const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
const pyenv = (existsSync(versions) ? readdirSync(versions) : [])
  .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
  .map((name) => [name, join(versions, name, 'bin/python')] as const);
const system = which('python3', process.env);
const pythons = pyenv.length > 0 || system === undefined ? pyenv : [['python3', system] as const];

describe('names', () => {
  test.each([
    ['demo', '/srv/demo', 'demo-kmV0tCee'],
    [undefined, '/srv/bad', 'non-package-mode-FWabYoP-'],
  ])('%p in %s', (name, folder, base) => expect(environmentBaseName(name, folder)).toBe(base));

  test('unsafe characters, length, links', () => {
    expect(environmentBaseName('A $`!*@"\\\r\n\tz', '/srv/demo')).toBe('a___________z-kmV0tCee');
    expect(environmentBaseName('x'.repeat(60), '/srv/demo')).toBe(`${'x'.repeat(42)}-kmV0tCee`);
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    expect(environmentBaseName('a', join(root, 'link/absent/..'))).toBe(environmentBaseName('a', join(root, 'real')));
    expect(environmentName('demo-x', ' 3.11 ')).toBe('demo-x-py3.11');
  });
});

test.each([
  ['{project_name}-py{python_version}', 'demo-py3.11'],
  ['plain', 'plain'],
  ['{{{project_name}}}', '{demo}'],
])('prompt %p', (template, text) =>
  expect(fillPrompt(template, { project_name: 'demo', python_version: '3.11' })).toBe(text),
);

test.each([
  [
    '{other}',
    "Invalid template variable 'other' in 'virtualenvs.prompt' setting.\nValid variables are: {project_name}, {python_version}",
  ],
  ['{', "Invalid template string in 'virtualenvs.prompt' setting: Single '{' encountered in format string"],
  ['a}', "Invalid template string in 'virtualenvs.prompt' setting: Single '}' encountered in format string"],
  ['{project_name', "Invalid template string in 'virtualenvs.prompt' setting: expected '}' before end of string"],
])('prompt %p is refused', (template, message) =>
  expect(() => fillPrompt(template, { project_name: 'demo', python_version: '3.11' })).toThrow(message),
);

/** What an environment says of itself; the imports show that the standard library is the base's. */
const PROBE = `from __future__ import print_function
def native():
    found = []
    for name in ("ssl", "ctypes", "sqlite3", "bz2", "readline"):
        try:
            __import__(name)
            found.append(name)
        except ImportError:
            pass
    return found
import json, os, site, sys, sysconfig, zlib, hashlib, encodings
print(json.dumps({"prefix": sys.prefix, "base": getattr(sys, "real_prefix", getattr(sys, "base_prefix", None)),
  "executable": sys.executable, "purelib": sysconfig.get_path("purelib"), "platlib": sysconfig.get_path("platlib"),
  "scripts": sysconfig.get_path("scripts"), "headers": os.path.exists(sysconfig.get_config_h_filename()), "path": sys.path,
  "user": bool(site.ENABLE_USER_SITE), "native": native()}))`;

describe.each(pythons)('an environment of the real %s', (_version, executable) => {
  let base: InterpreterFacts;
  /** Modules of C libraries that the base can import. */
  let native: unknown;
  beforeAll(async () => {
    base = await interpreterFacts(executable, { cacheDir });
    native = JSON.parse((await run(base.baseExecutable, ['-c', PROBE])).stdout).native;
  });

  test.each([
    { alwaysCopy: false, systemSitePackages: false },
    { alwaysCopy: true, systemSitePackages: true },
  ])('%p', async (how) => {
    const path = join(root, `real ${base.version} ${how.alwaysCopy}`);
    const environment = await createEnvironment({
      path,
      interpreter: base,
      prompt: 'demo',
      ...how,
      emit: () => {},
      factsOptions: { cacheDir },
    });
    const facts = await environment.facts();
    const { code, stdout, stderr } = await run(environment.python, ['-c', PROBE]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const said = JSON.parse(stdout);
    const { purelib, platlib, scripts } = facts.paths;
    expect(said).toMatchObject({
      prefix: path,
      base: base.basePrefix,
      executable: join(path, 'bin/python'),
      purelib,
      platlib,
      scripts,
      headers: true,
    });
    expect(said.path.includes(purelib)).toBe(true);
    expect(said.path.includes(base.paths.purelib)).toBe(how.systemSitePackages && existsSync(base.paths.purelib));
    expect(said.user).toBe(how.systemSitePackages);
    expect(said.native).toEqual(native);
    const [major, minor] = base.versionInfo;
    for (const name of [`python${major}`, `python${major}.${minor}`]) {
      expect(realpathSync(join(path, 'bin', name)) === realpathSync(environment.python)).toBe(!how.alwaysCopy);
    }
    if (how.alwaysCopy) return;
    const asked = await interpreterFacts(environment.python, { cacheDir: null });
    expect(asked.paths.purelib).toBe(purelib);
    expect(asked.paths.include).toBe(facts.paths.include);
    expect(asked.markers).toEqual(facts.markers);
    expect(lstatSync(environment.python).isSymbolicLink()).toBe(major > 2);
  });
});

let count = 0;
let home: string;
let events: Event[];
beforeEach(() => {
  count += 1;
  home = join(root, String(count));
  mkdirSync(join(home, 'project'), { recursive: true });
  events = [];
});

/** An interpreter that answers without being one. */
function fakePython(path: string, version: string): string {
  const file = join(home, path);
  const [major, minor] = version.split('.');
  const facts = {
    executable: file,
    version,
    versionInfo: [...version.split('.').map(Number), 'final', 0],
    implementation: 'cpython',
    interpreterVersion: `${major}${minor}`,
    markers: { python_full_version: version, platform_python_implementation: 'CPython' },
    prefix: home,
    basePrefix: home,
    baseExecPrefix: home,
    paths: { stdlib: home, include: home, scripts: join(home, 'bin') },
    environmentPaths: {
      purelib: `lib/python${major}.${minor}/site-packages`,
      platlib: `lib/python${major}.${minor}/site-packages`,
      scripts: 'bin',
    },
    sysPath: [],
    sitePackages: [],
    abi: { freeThreaded: false, pointerBits: 64, flags: '' },
    platform: { name: 'linux-x86_64', machine: 'x86_64', armHardFloat: false },
    bundledWheels: [],
  };
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho '${FACTS_MARK}${JSON.stringify(facts)}'\n`);
  chmodSync(file, 0o755);
  return file;
}

interface Given {
  readonly env?: Record<string, string>;
  readonly local?: string;
  readonly range?: (version: string) => boolean;
}

async function place({ env = {}, local, range = () => true }: Given = {}): Promise<EnsureOptions> {
  const directory = join(home, 'project');
  if (local !== undefined) writeFileSync(join(directory, 'poetry.toml'), local);
  const variables = { HOME: home, PATH: `${join(home, 'bin')}:/bin`, ...env };
  const configuration = await loadConfiguration({ projectDir: directory, env: variables, home, platform: 'linux' });
  return {
    directory,
    name: 'demo',
    configuration,
    env: variables,
    cwd: directory,
    cacheDir,
    pythonVersions: '>=3.8',
    allowsPython: range,
    emit: (event) => events.push(event),
  };
}

const folderOf = () => join(home, '.cache/pypoetry/virtualenvs');
const baseOf = () => environmentBaseName('demo', join(home, 'project'));
const notices = () =>
  events.flatMap((event) =>
    event.kind === 'notice' && event.level !== 1 ? [event.text] : event.kind === 'warning' ? [`! ${event.text}`] : [],
  );

describe('which environment', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['none', {}, undefined],
    ['virtual', { VIRTUAL_ENV: '/v', CONDA_PREFIX: '/c' }, '/v'],
    ['conda', { CONDA_PREFIX: '/c', CONDA_DEFAULT_ENV: 'x' }, '/c'],
    ['conda base', { CONDA_PREFIX: '/c', CONDA_DEFAULT_ENV: 'base' }, undefined],
    ['conda base hides a virtual one', { VIRTUAL_ENV: '/v', CONDA_DEFAULT_ENV: 'base' }, undefined],
    ['empty', { VIRTUAL_ENV: '', CONDA_PREFIX: '/c' }, undefined],
  ])('active: %s', (_name, env, prefix) => expect(activePrefix(env)).toBe(prefix));

  test('active over .venv over the named one; a choice by `env use` over the active one', async () => {
    fakePython('bin/python', '3.9.1');
    expect(locateEnvironment(await place())).toEqual({ kind: 'none' });
    const named = join(folderOf(), `${baseOf()}-py3.9`);
    mkdirSync(named, { recursive: true });
    expect(locateEnvironment(await place())).toEqual({ kind: 'venv', path: named });
    mkdirSync(join(home, 'project/.venv'));
    expect(locateEnvironment(await place())).toEqual({ kind: 'venv', path: join(home, 'project/.venv') });
    const active = { VIRTUAL_ENV: '/active' };
    expect(locateEnvironment(await place({ env: active }))).toEqual({ kind: 'active', path: '/active' });
    expect(projectEnvironments(await place())).toEqual([join(home, 'project/.venv'), named]);
    expect(projectEnvironments(await place({ local: '[virtualenvs]\nin-project = false\n' }))).toEqual([named]);
    expect(locateEnvironment(await place())).toEqual({ kind: 'venv', path: named });
    mkdirSync(join(folderOf(), `${baseOf()}-py3.11`));
    await rememberPython(folderOf(), baseOf(), { minor: '3.11', patch: '3.11.7' });
    expect(locateEnvironment(await place({ env: active }))).toEqual({
      kind: 'venv',
      path: join(folderOf(), `${baseOf()}-py3.11`),
    });
  });

  test('in-project = true does not move a project that has a named one', async () => {
    fakePython('bin/python', '3.9.1');
    const named = join(folderOf(), `${baseOf()}-py3.9`);
    mkdirSync(named, { recursive: true });
    expect(locateEnvironment(await place({ local: '[virtualenvs]\nin-project = true\n' }))).toEqual({
      kind: 'venv',
      path: named,
    });
  });

  test('create = false: the interpreter’s own', async () => {
    fakePython('bin/python', '3.9.1');
    const found = findEnvironment(await place({ local: '[virtualenvs]\ncreate = false\n' }));
    expect(found).toMatchObject({ kind: 'system', path: home, python: join(home, 'bin/python') });
  });
});

describe('ensuring', () => {
  test('made where it is missing, found again, announced once', async () => {
    fakePython('bin/python', '3.9.1');
    const options = await place();
    const made = await ensureEnvironment(options);
    const name = `${baseOf()}-py3.9`;
    expect(made.path).toBe(join(folderOf(), name));
    expect(notices()).toEqual([`Creating virtualenv ${name} in ${folderOf()}`]);
    expect(readFileSync(join(made.path, 'pyvenv.cfg'), 'utf8')).toContain('prompt = demo-py3.9\n');
    expect((await ensureEnvironment(options)).path).toBe(made.path);
    expect(notices()).toHaveLength(1);
    expect(readFileSync(join(made.path, '.gitignore'), 'utf8')).toContain('\n*\n');
  });

  test('in the project', async () => {
    fakePython('bin/python', '3.9.1');
    const made = await ensureEnvironment(await place({ local: '[virtualenvs]\nin-project = true\n' }));
    const path = join(home, 'project/.venv');
    expect(made.path).toBe(path);
    expect(notices()).toEqual([`Creating virtualenv demo in ${path}`]);
  });

  test('a broken one is announced and made anew, a file in its place removed, a link to nowhere left alone', async () => {
    fakePython('bin/python', '3.9.1');
    const options = await place({ local: '[virtualenvs]\nin-project = true\n' });
    const path = join(home, 'project/.venv');
    mkdirSync(join(path, 'bin'), { recursive: true });
    symlinkSync('/nonexistent/python3.9', join(path, 'bin/python'));
    writeFileSync(join(path, 'stray'), '');
    expect(isSane(await ensureEnvironment(options))).toBe(true);
    expect(existsSync(join(path, 'stray'))).toBe(false);
    expect(notices()).toEqual([
      `! The virtual environment found in ${path} seems to be broken.`,
      `Recreating virtualenv demo in ${path}`,
    ]);
    removeEnvironment(path);
    writeFileSync(path, 'file');
    events = [];
    await ensureEnvironment(options);
    expect(notices()[0]).toBe(`! ${path} is not a virtual environment but a file. Removing it.`);
    removeEnvironment(path);
    symlinkSync('/nonexistent/folder', path);
    expect(ensureEnvironment(options)).rejects.toThrow('is a link to a folder that does not exist');
    expect(readlinkSync(path)).toBe('/nonexistent/folder');
  });

  test('a broken one is left as it is where nothing can replace it', async () => {
    fakePython('bin/python', '3.9.1');
    const path = join(home, 'project/.venv');
    mkdirSync(join(path, 'bin'), { recursive: true });
    symlinkSync('/nonexistent/python3.9', join(path, 'bin/python'));
    writeFileSync(join(path, 'stray'), '');
    const options = await place({ local: '[virtualenvs]\nin-project = true\n', range: () => false });
    const error = await ensureEnvironment(options).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'python-not-found', exitCode: 1 });
    expect(error.hints[0]).toBe(`the Python of the virtual environment in ${path} is gone; it is left as it is`);
    expect(existsSync(join(path, 'stray'))).toBe(true);
  });

  test('outside the range: another interpreter, or an error; an existing environment is not switched', async () => {
    fakePython('bin/python', '3.9.1');
    fakePython('bin/python3.11', '3.11.7');
    const range = (version: string) => version === '3.11.7';
    const made = await ensureEnvironment(await place({ range }));
    expect(basename(made.path)).toBe(`${baseOf()}-py3.11`);
    expect(notices()[0]).toStartWith(
      '! The currently activated Python version 3.9.1 is not supported by the project (>=3.8).\n',
    );
    expect(notices()[1]).toBe('Using python3.11 (3.11.7)');
    writeFileSync(join(made.path, 'stray'), '');
    expect((await ensureEnvironment(await place({ range }))).path).toBe(made.path);
    expect(existsSync(join(made.path, 'stray'))).toBe(true);
    expect(ensureEnvironment(await place({ range: () => false }))).rejects.toThrow(
      'Poetry was unable to find a compatible version.',
    );
    await ensureEnvironment(await place());
    expect(ensureEnvironment(await place({ range: () => false }))).rejects.toThrow(
      'Current Python version (3.9.1) is not allowed by the project (>=3.8).\nPlease change python executable via the "env use" command.',
    );
  });

  test('an active environment: used, made where nothing is, never deleted', async () => {
    fakePython('bin/python', '3.9.1');
    const path = join(home, 'deploy/venv');
    const options = await place({ env: { VIRTUAL_ENV: path } });
    const made = await ensureEnvironment(options);
    expect(made).toMatchObject({ path, kind: 'active' });
    expect(isSane(made)).toBe(true);
    rmSync(join(path, 'bin/python'));
    expect(ensureEnvironment(options)).rejects.toThrow(`The virtual environment found in ${path} seems to be broken.`);
    expect(existsSync(join(path, 'pyvenv.cfg'))).toBe(true);
  });

  test('`env use`: made, remembered, made anew for another patch release', async () => {
    const executable = fakePython('old/python', '3.11.1');
    const options = await place();
    const use = async (python: string) =>
      useInterpreter(options, {
        executable: python,
        found: python,
        facts: await interpreterFacts(python, { cacheDir: null }),
      });
    const path = join(folderOf(), `${baseOf()}-py3.11`);
    expect((await use(executable)).path).toBe(path);
    expect(chosenPython(folderOf(), baseOf())).toEqual({ minor: '3.11', patch: '3.11.1' });
    await use(executable);
    expect(notices()).toHaveLength(1);
    await use(fakePython('new/python', '3.11.7'));
    expect(notices().at(-1)).toBe(`Recreating virtualenv ${basename(path)} in ${path}`);
    expect(chosenPython(folderOf(), baseOf())?.patch).toBe('3.11.7');
    expect(
      useInterpreter(
        { ...options, allowsPython: () => false },
        { executable, found: executable, facts: await interpreterFacts(executable, { cacheDir: null }) },
      ),
    ).rejects.toThrow('The specified Python version (3.11.1) is not supported by the project (>=3.8).');
  });

  test('pip by the given installer, before the interpreter is linked; no-pip and no wheel leave it out', async () => {
    const facts = await interpreterFacts(fakePython('bin/python', '3.9.1'), { cacheDir: null });
    const wheels = [
      '/b/pip-9.0-py3-none-any.whl',
      '/b/pip-23.0.1-py3-none-any.whl',
      '/b/setuptools-99-py3-none-any.whl',
    ];
    const installed: string[] = [];
    const path = join(home, 'env');
    const plan = {
      path,
      emit: (event: Event) => void events.push(event),
      installPip: async (wheel: string) => {
        expect(existsSync(join(path, 'bin/python'))).toBe(false);
        installed.push(wheel);
      },
    };
    await createEnvironment({ ...plan, interpreter: { ...facts, bundledWheels: wheels } });
    expect(installed).toEqual(['/b/pip-23.0.1-py3-none-any.whl']);
    removeEnvironment(path);
    await createEnvironment({ ...plan, interpreter: facts });
    expect(installed).toHaveLength(1);
    expect(events).toMatchObject([{ kind: 'notice', level: 1 }]);
    expect(bundledPip(facts)).toBeUndefined();
  });
});

describe('envs.toml', () => {
  test('remembers and forgets; Poetry’s own file is read', async () => {
    writeFileSync(join(home, 'envs.toml'), '[other-AbC_-123]\nminor = "3.8"\npatch = "3.8.1"\n');
    await rememberPython(home, 'demo-x', { minor: '3.9', patch: '3.9.1' });
    expect(readFileSync(join(home, 'envs.toml'), 'utf8')).toBe(
      '[other-AbC_-123]\nminor = "3.8"\npatch = "3.8.1"\n\n[demo-x]\nminor = "3.9"\npatch = "3.9.1"\n',
    );
    expect(chosenPython(home, 'other-AbC_-123')?.minor).toBe('3.8');
    expect(await forgetPython(home, 'demo-x', '3.8')).toBeUndefined();
    expect(await forgetPython(home, 'demo-x')).toBe('3.9');
    expect(await forgetPython(home, 'demo-x')).toBeUndefined();
    expect([...(await readEnvs(home)).keys()]).toEqual(['other-AbC_-123']);
  });
});

describe('installed', () => {
  function put(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  test('every way a distribution is recorded', () => {
    put(home, {
      'Zope.Interface-5.0.dist-info/METADATA': '',
      'Zope.Interface-5.0.dist-info/INSTALLER': 'pip\n',
      'torch-1.0+cu118.dist-info/direct_url.json': '{"url": "https://index.example/t.whl", "archive_info": {}}',
      'mine-0.1.dist-info/direct_url.json': '{"url": "file:///src", "dir_info": {"editable": true}}',
      'broken-0.1.dist-info/direct_url.json': '{',
      'old-1.2-py2.7.egg-info/PKG-INFO': '',
      'single-3.0.egg-info': 'Name: single\nVersion: 3.0\n',
      'bare.egg-info/PKG-INFO': 'Metadata-Version: 1.0\nName: Bare\nVersion: 4.0\n\nName: no\n',
      '~ip-1.0.dist-info/METADATA': '',
      'linked.egg-link': `${join(home, 'src')}\n.`,
      'src/linked.egg-info/PKG-INFO': 'Name: linked\nVersion: 0.5\n',
      'package/__init__.py': '',
    });
    const found = [...readPackageFolder(home, { installer: true })];
    expect(
      found.map(({ name, version, editable }) => `${name} ${version}${editable ? ' editable' : ''}`).sort(),
    ).toEqual([
      'bare 4.0',
      'broken 0.1',
      'linked 0.5 editable',
      'mine 0.1 editable',
      'old 1.2',
      'single 3.0',
      'torch 1.0+cu118',
      'zope-interface 5.0',
    ]);
    const zope = found.find(({ version }) => version === '5.0');
    expect(zope).toMatchObject({ prettyName: 'Zope.Interface', installer: 'pip', inherited: false });
    expect(found.find(({ version }) => version.startsWith('1.0+'))?.directUrl?.url).toBe('https://index.example/t.whl');
    expect([...readPackageFolder(join(home, 'absent'))]).toEqual([]);
  });

  test('of an environment, the base’s only where it sees them', async () => {
    const interpreter = await interpreterFacts(fakePython('bin/python', '3.9.1'), { cacheDir: null });
    put(join(home, 'lib/python3.9/site-packages'), {
      'shared-1.0.dist-info/METADATA': '',
      'both-1.0.dist-info/METADATA': '',
    });
    for (const systemSitePackages of [false, true]) {
      const path = join(home, `env-${systemSitePackages}`);
      await createEnvironment({ path, interpreter, systemSitePackages, emit: () => {} });
      put(join(path, 'lib/python3.9/site-packages'), { 'both-2.0.dist-info/METADATA': '' });
      const facts = environmentFacts(interpreter, path, join(path, 'bin/python'));
      const found = readInstalled({ ...virtualEnvironment(path, 'venv', {}), factsNow: () => facts });
      expect(found.map(({ name, version, inherited }) => `${name} ${version} ${inherited}`)).toEqual(
        systemSitePackages ? ['both 2.0 false', 'shared 1.0 true'] : ['both 2.0 false'],
      );
    }
  });
});

test('variables of a program inside', () => {
  const env = { PATH: '/usr/bin', PYTHONHOME: '/x', __PYVENV_LAUNCHER__: 'y', KEEP: '1' };
  expect(childVariables(env, { path: '/e', bin: '/e/bin', kind: 'venv' })).toEqual({
    PATH: '/e/bin:/usr/bin',
    KEEP: '1',
    VIRTUAL_ENV: '/e',
  });
  expect(childVariables({}, { path: '/usr', bin: '/usr/bin', kind: 'system' })).toEqual({ PATH: '/usr/bin:' });
});
