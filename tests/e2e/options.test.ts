/** Options that no other test has: each is given to the built executable once, and changes what it says that it changes. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { which } from '../../src/process/which.ts';
import { type IndexServer, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const python = which('python3', { PATH: '/usr/bin:/bin' });
/** Without pip, and with a Python that answers at once. */
const env = { PATH: '/usr/bin:/bin', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' };

let index: IndexServer;
beforeAll(() => {
  index = startIndex([
    ...['alpha', 'beta', 'docs-tool', 'dev-tool'].flatMap((name) =>
      ['1.0', '1.5', '2.0'].map((version) => buildWheel({ name, version })),
    ),
    buildWheel({ name: 'gamma', version: '1.0', requires: ['beta ; extra == "fast"'], extras: ['fast'] }),
    buildWheel({ name: 'iota', version: '1.0b1' }),
  ]);
});
afterAll(() => index.stop());

const GROUPS = `
[dependency-groups]
dev = ["dev-tool (>=1,<2)"]

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
docs-tool = "^1.0"
`;
const GROUPED = manifestOf(['alpha (>=1,<2)'], GROUPS);
const LIBRARY = `[project]
name = "library"
version = "0.1"

[tool.poetry]
packages = [{ include = "library" }]

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
`;

function project(manifest: string): Home {
  const home = createHome(index.url);
  home.write('pyproject.toml', manifest);
  return home;
}

describe('add', () => {
  test('--source, --extras, --python, --platform, --markers, --allow-prereleases', async () => {
    const source = `\n[[tool.poetry.source]]\nname = "corp"\nurl = "${index.url}"\npriority = "explicit"\n`;
    using home = project(manifestOf([], source));
    const add = async (...args: string[]) => expect((await home.run(['add', '--lock', ...args])).code).toBe(0);
    await add('alpha', '--source', 'corp', '--python', '>=3.9');
    await add('gamma', '--extras', 'fast', '--platform', 'linux');
    await add('beta', '--markers', 'sys_platform == "win32"');
    await add('iota', '--allow-prereleases', '--dev');
    const text = home.read('pyproject.toml');
    expect(text).toContain('alpha = {source = "corp", python = ">=3.9"}');
    expect(text).toContain('"alpha (>=2.0,<3.0) ; python_version >= \\"3.9\\""');
    expect(text).toContain('"gamma[fast] (>=1.0,<2.0) ; sys_platform == \\"linux\\""');
    expect(text).toContain('"beta (>=2.0,<3.0) ; sys_platform == \\"win32\\""');
    expect(text).toContain('dev = [\n    "iota (>=1.0b1,<2.0)"\n]');
    expect(home.read('poetry.lock')).toContain('reference = "corp"');
  });

  test('--editable', async () => {
    using home = project(manifestOf([]));
    home.write('library/pyproject.toml', LIBRARY);
    home.write('library/library/__init__.py', '');
    expect((await home.run(['add', '--lock', '--editable', './library'])).code).toBe(0);
    expect(home.read('poetry.lock')).toContain('develop = true');
    const refused = await home.run(['add', '--lock', '--editable', 'alpha']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Only vcs/path dependencies')]);
  });
});

test.skipIf(python === undefined)('install, sync: --no-directory, --compile, groups and extras', async () => {
  using home = project(
    `${GROUPED.replace('"alpha (>=1,<2)"', '"alpha (>=1,<2)", "library @ ./library"')}
[project.optional-dependencies]
more = ["beta"]
`.replace('"library @ ./library"', '"library @ file://LIBRARY"'),
  );
  home.write('library/pyproject.toml', LIBRARY);
  home.write('library/library/__init__.py', '');
  home.write('pyproject.toml', home.read('pyproject.toml').replace('LIBRARY', join(home.project, 'library')));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await home.run(args, { env });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return stdout;
  };
  await run('lock');
  const site = (): string => {
    const lib = join(home.project, '.venv/lib');
    return join(lib, readdirSync(lib)[0] ?? '', 'site-packages');
  };
  const has = (name: string): boolean => readdirSync(site()).some((one) => one.startsWith(`${name}-`));
  await run('install', '--no-directory', '--compile', '--no-root', '--without', 'dev', '--with', 'docs');
  expect(['alpha', 'docs_tool', 'dev_tool', 'beta'].map(has)).toEqual([true, true, false, false]);
  expect(readdirSync(join(site(), '__pycache__')).join()).toContain('alpha');
  expect(has('library')).toBe(false);
  await run('sync', '--no-directory', '--compile', '--no-root', '--without', 'dev', '--all-extras');
  expect(['alpha', 'docs_tool', 'dev_tool', 'beta'].map(has)).toEqual([true, false, false, true]);
  expect(await run('sync', '--with', 'docs', '--extras', 'more', '--dry-run')).toContain('docs-tool');
  expect(await run('sync', '--all-groups', '--dry-run')).toContain('Removing beta (2.0)');
  expect(await run('sync', '--only-root', '--dry-run')).toContain('Removing alpha (1.5)');
  expect(await run('debug', 'resolve', 'gamma[fast]', '--install', '--python', '>=3.8')).toContain('beta');
});

test.skipIf(python === undefined)('bundle venv: --with, --without, --compile', async () => {
  using home = project(GROUPED);
  expect((await home.run(['lock'])).code).toBe(0);
  const args = ['bundle', 'venv', '../out', '--with', 'docs', '--without', 'dev', '--compile'];
  expect((await home.run(args, { env })).code).toBe(0);
  const lib = join(home.path, 'out/lib');
  const site = join(lib, readdirSync(lib)[0] ?? '', 'site-packages');
  const names = readdirSync(site).filter((name) => name.endsWith('.dist-info'));
  expect(names.sort()).toEqual(['alpha-1.5.dist-info', 'docs_tool-1.5.dist-info']);
  expect(readdirSync(join(site, '__pycache__')).join()).toContain('alpha');
});

test('groups of up, update, graph, audit, licenses', async () => {
  using home = project(GROUPED);
  const run = (...args: string[]) => home.run(args);
  expect((await run('lock')).code).toBe(0);
  const raised = async (...args: string[]) => {
    const { stdout } = await run('up', '--latest', '--dry-run', ...args);
    return ['alpha', 'dev-tool', 'docs-tool'].filter((name) => new RegExp(`${name}.*2\\.0`).test(stdout));
  };
  expect(await raised('--with', 'docs')).toEqual(['alpha', 'dev-tool', 'docs-tool']);
  expect(await raised('--without', 'dev')).toEqual(['alpha']);
  expect(await raised('--only', 'dev')).toEqual(['dev-tool']);
  expect(await raised('--exclude', 'alpha')).toEqual(['dev-tool']);
  home.write('pyproject.toml', manifestOf(['alpha==1.*', 'beta==1.0']));
  expect((await run('up', '--latest', '--dry-run', '--preserve-wildcard')).stdout).toContain('"alpha==1.*"');
  expect((await run('up', '--latest', '--dry-run', '--pinned')).stdout).toContain('"beta==2.0"');
  home.write('pyproject.toml', GROUPED);

  expect((await run('update', '--lock', '--without', 'dev', '--with', 'docs')).code).toBe(0);
  for (const [choice, count] of [
    [['--with', 'docs'], 3],
    [['--without', 'dev,docs'], 1],
    [['--only', 'docs'], 1],
  ] as const) {
    const drawn = await run('graph', ...choice, '--output', 'page.html');
    expect(drawn.stdout).toBe(`Wrote page.html: ${count} packages\n`);
  }
  expect((await run('graph', '-o', '-')).stdout).toContain('<html');
  home.write('advisories.json', '[]');
  expect((await run('audit', '--with', 'docs', '--advisories', 'advisories.json')).code).toBe(0);
  expect((await run('licenses', '--with', 'docs', '--offline')).stdout).toContain('docs-tool');
});

test('new and init: what the project is', async () => {
  using home = createHome(index.url);
  const described = ['--description', 'A shop', '--license', 'MIT', '--author', 'A <a@b.example>', '--python', '>=3.9'];
  const required = ['--dependency', 'alpha@^1', '--dev-dependency', 'dev-tool'];
  for (const [args, file] of [
    [['new', 'one', '--flat', '--readme', 'rst'], 'one/pyproject.toml'],
    [['new', 'two', '--src'], 'two/pyproject.toml'],
    [['init', '-n', '--name', 'three'], 'pyproject.toml'],
  ] as const) {
    expect((await home.run([...args, ...described, ...required])).code).toBe(0);
    const text = home.read(file);
    expect(text).toContain('description = "A shop"');
    expect(text).toContain('license = "MIT"');
    expect(text).toContain('"alpha (>=1,<2)"');
    expect(text).toContain('dev = [\n    "dev-tool (>=2.0,<3.0)"\n]');
  }
  expect([home.exists('one/one/__init__.py'), home.exists('one/README.rst')]).toEqual([true, true]);
  expect(home.exists('two/src/two/__init__.py')).toBe(true);
  const asked = { input: 'four\n\n\nn\n\nno\nno\n\n', env: { TERCET_INTERACTIVE: '1' } };
  expect((await home.run(['new', 'four', '--interactive', '--python', '>=3.9'], asked)).stdout).toContain(
    'name = "four"',
  );
});

test('new: paths of dependencies are told from the working folder on, for the new project is in another', async () => {
  using home = createHome(index.url);
  home.write('libs/one/pyproject.toml', '[project]\nname = "one"\nversion = "1"\n');
  const required = ['--dependency', 'one @ ./libs/one', '--dev-dependency', './libs/one'];
  expect((await home.run(['new', 'here', ...required])).code).toBe(0);
  const line = `    "one @ file://${home.project}/libs/one"\n`;
  expect(home.read('here/pyproject.toml').split(line)).toHaveLength(3);
});

test('build --local-version, import --dry-run', async () => {
  using home = project(LIBRARY);
  home.write('library/__init__.py', '');
  expect((await home.run(['build', '--local-version', 'team.1', '--format', 'wheel'])).code).toBe(0);
  expect(readdirSync(join(home.project, 'dist'))).toEqual(['library-0.1+team.1-py2.py3-none-any.whl']);
  home.write('requirements.txt', 'alpha==1.0\n');
  const imported = await home.run(['import', 'requirements.txt', '--dry-run', '--no-lock']);
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('alpha = "1.0"')]);
  expect(home.read('pyproject.toml')).toBe(LIBRARY);
});

test('docker init, doctor, hooks', async () => {
  using home = project(GROUPED);
  const run = (...args: string[]) => home.run(args);
  await run('lock');
  expect((await run('docker', 'init', '--base', 'python:3.12-alpine')).code).toBe(0);
  expect(home.read('Dockerfile')).toContain('python:3.12-alpine');
  expect((await run('docker', 'init')).code).toBe(1);
  expect((await run('docker', 'init', '--force')).code).toBe(0);
  expect(home.read('Dockerfile')).not.toContain('alpine');
  home.write('Procfile', 'web: true\n');
  const [plain, strict] = [await run('doctor'), await run('doctor', '--strict')];
  expect(strict.code).toBe(/, [1-9]\d* warnings?/.test(plain.stdout) || plain.code === 1 ? 1 : 0);
  Bun.spawnSync(['git', 'init', '-q'], { cwd: home.project });
  const options = ['--export', 'requirements.txt', '--without-hashes', '--with', 'dev', '--extras', 'more'];
  expect((await run('hooks', 'install', '--on', 'push', ...options)).code).toBe(0);
  expect(readFileSync(join(home.project, '.git/hooks/pre-push'), 'utf8')).toContain('--with=dev --extras=more');
  expect(
    (await run('hooks', 'run', 'push', '--export', 'requirements.txt', '--without-hashes', '--with', 'dev')).code,
  ).toBe(0);
});

test('self: what has no effect', async () => {
  using home = createHome();
  for (const args of [
    ['install', '--sync'],
    ['lock', '--regenerate'],
    ['show', '--addons'],
  ]) {
    expect((await home.run(['self', ...args])).code).toBe(0);
  }
  const added = await home.run([
    'self',
    'add',
    'x',
    '--editable',
    '--source',
    'y',
    '--allow-prereleases',
    '--extras',
    'z',
  ]);
  expect(added.code).toBe(1);
  expect((await home.run(['self', 'add', 'poetry-plugin-export@^1.8', 'poetry-plugin-shell'])).code).toBe(0);
});

test('publish: a client certificate that is not there', async () => {
  using home = project(manifestOf([]).replace('package-mode = false', ''));
  home.write('dist/demo-0.1.0-py3-none-any.whl', '');
  const args = ['publish', '--client-cert', 'none.pem', '--cert', 'none.pem', '-u', 'a', '-p', 'b'];
  const refused = await home.run(args);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('none.pem')]);
});

test('python: implementations and free-threaded builds', async () => {
  using home = createHome();
  const run = (...args: string[]) =>
    home.run(['python', ...args], { env: { PATH: '/nowhere', PYENV_ROOT: '/nowhere' } });
  expect((await run('list', '--free-threaded', '--managed')).stdout).toBe('No Python installations found.\n');
  expect((await run('list', '--implementation', 'pypy', '--managed')).stdout).toBe('No Python installations found.\n');
  expect((await run('install', '3.12', '--free-threaded')).stderr).toContain('Free threading is not supported');
  expect((await run('remove', '3.13.0', '--free-threaded')).stdout).toContain('cpython@3.13.0t');
});
