import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type IndexServer, type PublishedDistribution, startIndex } from '../support/index-server.ts';
import { FAST } from '../support/interpreters.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { FAKE_SETUPTOOLS, SETUP_PY, type SourceTreeDraft, sourceTree } from '../support/source-tree.ts';
import { type BuiltDistribution, buildSdist, buildWheel } from '../support/wheel-builder.ts';

const open: { index: IndexServer; home: Home }[] = [];
afterEach(async () => {
  for (const { index, home } of open.splice(0)) {
    home[Symbol.dispose]();
    await index.stop();
  }
});

/** A project on an index; `hooks` are the hooks of test backends that were called since it was last asked. */
function world(published: readonly PublishedDistribution[], requirements: readonly string[], more = '') {
  const index = startIndex(published);
  const home = createHome(index.url);
  open.push({ index, home });
  home.write('pyproject.toml', manifestOf(requirements, more));
  const log = join(home.path, 'hooks');
  return {
    index,
    home,
    run: (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      home.run(args, { env: { ...FAST, BUILD_HOOKS: log, ...env } }),
    python: (code: string) => home.run(['run', 'python', '-c', code], { env: FAST }),
    hooks(): readonly string[] {
      if (!existsSync(log)) return [];
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      writeFileSync(log, '');
      return lines.filter((line) => line !== '');
    },
  };
}

/** An sdist whose PKG-INFO says nothing of its requirements. */
function sdistOf(draft: SourceTreeDraft): BuiltDistribution {
  return buildSdist({ name: draft.name, version: draft.version ?? '1.0', files: sourceTree(draft) });
}

function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const beta = buildWheel({ name: 'beta' });

describe('an sdist from the index', () => {
  test('its metadata are built once, its wheel too, for all environments', async () => {
    const here = world([sdistOf({ name: 'alpha', requires: ['beta>=1'] }), beta], ['alpha']);
    expect(await here.run(['lock'])).toMatchObject({ code: 0, stderr: '' });
    expect(here.home.read('poetry.lock')).toContain('beta = ">=1"');
    expect(here.hooks()).toEqual(['alpha prepare_metadata_for_build_wheel']);
    await here.run(['lock', '--regenerate']);
    expect(here.hooks()).toEqual([]);

    const installed = await here.run(['install']);
    expect(installed.stdout).toContain('  - Installing alpha (1.0)\n');
    expect(here.hooks()).toEqual(['alpha build_wheel']);
    expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('built\n');
    await here.run(['env', 'remove', '--all']);
    const requests = here.index.requests.length;
    await here.run(['install']);
    expect(here.hooks()).toEqual([]);
    expect(here.index.requests.length).toBe(requests);
    expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('built\n');
  });

  test('a backend without metadata hook builds its wheel for them', async () => {
    const here = world([sdistOf({ name: 'alpha', requires: ['beta'], withoutMetadata: true }), beta], ['alpha']);
    expect(await here.run(['lock'])).toMatchObject({ code: 0 });
    expect(here.home.read('poetry.lock')).toContain('beta = "*"');
    expect(here.hooks()).toEqual(['alpha build_wheel']);
  });

  test('what it needs to be built is resolved and installed, also what a hook asks for and what must be built itself', async () => {
    const tool = sdistOf({ name: 'tool', before: 'import beta', buildRequires: ['beta'] });
    const alpha = sdistOf({
      name: 'alpha',
      buildRequires: ['tool>=1'],
      moreRequires: ['gamma; python_version > "2"'],
      before: 'import tool, gamma',
    });
    const here = world([alpha, tool, beta, buildWheel({ name: 'gamma' })], ['alpha']);
    await here.run(['lock']);
    here.hooks();
    expect(await here.run(['install'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('rror') });
    expect(here.hooks()).toContain('alpha build_wheel');
    expect((await here.python('import alpha')).code).toBe(0);
    expect((await here.python('import tool')).code).toBe(1);
  });

  test('builds that need each other are told as a circle', async () => {
    const here = world(
      [sdistOf({ name: 'alpha', buildRequires: ['tool'] }), sdistOf({ name: 'tool', buildRequires: ['alpha'] })],
      ['alpha'],
    );
    const { code, stderr } = await here.run(['lock']);
    expect(code).toBe(1);
    expect(stderr).toContain('alpha (1.0) needs tool (1.0) needs alpha (1.0)');
    expect(here.home.exists('poetry.lock')).toBe(false);
  });

  test('settings and constraints of builds', async () => {
    const older = buildWheel({ name: 'tool', version: '1.0', files: { 'tool.py': 'V = 1' } });
    const newer = buildWheel({ name: 'tool', version: '2.0', files: { 'tool.py': 'V = 2' } });
    const alpha = sdistOf({ name: 'alpha', buildRequires: ['tool'], before: 'import tool; assert tool.V == 1' });
    const here = world(
      [alpha, older, newer],
      ['alpha'],
      '\n[tool.poetry.build-constraints]\nalpha = { tool = "<2" }\n',
    );
    await here.run(['lock']);
    here.hooks();
    const env = { POETRY_INSTALLER_BUILD_CONFIG_SETTINGS_ALPHA: '{"--global-option": ["a", "b"]}' };
    expect(await here.run(['install'], env)).toMatchObject({ code: 0 });
    expect(here.hooks()).toEqual(["alpha build_wheel [('--global-option', ['a', 'b'])]"]);
  });
});

describe('a build that fails', () => {
  const failing = sdistOf({ name: 'alpha', before: 'print("cc: no such header"); raise SystemExit(7)' });

  test('its own last words come first, its log is kept, the environment stays as it was', async () => {
    const here = world([failing, beta], ['alpha', 'beta']);
    await here.run(['lock']);
    const { code, stdout, stderr } = await here.run(['install']);
    expect(code).toBe(1);
    expect(stdout).toContain('  - Installing alpha (1.0): Failed');
    expect(stderr).toContain(
      '    | building alpha\n    | cc: no such header\n\nPEP517 build of alpha (1.0) failed: `build_wheel`',
    );
    const log = /output is in (\S+)/.exec(stderr)?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).toBe('building alpha\ncc: no such header\n');
    expect((await here.python('import beta')).code).toBe(1);
  });

  test('with -v its output is shown as it comes', async () => {
    const here = world([failing], ['alpha']);
    await here.run(['lock']);
    expect((await here.run(['install', '-v'])).stderr).toContain('alpha | cc: no such header\n');
  });

  test('while locking: nothing is changed', async () => {
    const broken = sdistOf({ name: 'alpha', withoutMetadata: true, before: 'raise ValueError("not today")' });
    const here = world([broken], ['alpha']);
    const { code, stderr } = await here.run(['lock']);
    expect(code).toBe(1);
    expect(stderr).toContain('ValueError: not today');
    expect(here.home.exists('poetry.lock')).toBe(false);
  });

  test('a backend outside of the tree, a backend that is missing, requirements that do not exist', async () => {
    const outside = sdistOf({ name: 'alpha', backendPath: ['../..'] });
    expect((await world([outside], ['alpha']).run(['lock'])).stderr).toContain(
      '`build-system.backend-path` leaves the tree',
    );
    const other = buildSdist({
      name: 'alpha',
      files: { 'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "absent"\n' },
    });
    expect((await world([other], ['alpha']).run(['lock'])).stderr).toContain('its backend absent cannot be imported');
    const wanting = sdistOf({ name: 'alpha', buildRequires: ['absent'] });
    expect((await world([wanting], ['alpha']).run(['lock'])).stderr).toContain(
      'What the build of alpha (1.0) requires cannot be had',
    );
  });
});

test('a setup.py without pyproject.toml is built by setuptools', async () => {
  const setuptools = buildWheel({ name: 'setuptools', version: '80.0', files: FAKE_SETUPTOOLS });
  const legacy = buildSdist({ name: 'legacy', files: { 'setup.py': SETUP_PY, 'src.py': 'WHERE = "legacy"\n' } });
  const here = world([setuptools, legacy], ['legacy']);
  expect(await here.run(['lock'])).toMatchObject({ code: 0 });
  expect(await here.run(['install'])).toMatchObject({ code: 0 });
  expect((await here.python('import legacy; print(legacy.WHERE)')).stdout).toBe('legacy\n');
});

test('no-binary builds where there is a wheel, only-binary never builds', async () => {
  const wheel = buildWheel({ name: 'alpha', files: { 'alpha.py': 'WHERE = "wheel"\n' } });
  const here = world([wheel, sdistOf({ name: 'alpha' })], ['alpha']);
  await here.run(['lock']);
  await here.run(['install'], { POETRY_INSTALLER_NO_BINARY: 'alpha' });
  expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('built\n');
  expect(here.hooks()).toEqual(['alpha build_wheel']);
});

describe('folders and git', () => {
  test('a folder is built as it is now, an editable one by PEP 660', async () => {
    const here = world([beta], []);
    writeTree(join(here.home.project, 'lib'), sourceTree({ name: 'alpha', requires: ['beta'] }));
    here.home.write('pyproject.toml', manifestOf([], '\n[tool.poetry.dependencies]\nalpha = { path = "lib" }\n'));
    expect(await here.run(['lock'])).toMatchObject({ code: 0 });
    await here.run(['install']);
    expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('built\n');
    const info = join(here.home.project, '.venv/lib');
    const site = join(info, readdirSync(info)[0] ?? '', 'site-packages');
    expect(JSON.parse(readFileSync(join(site, 'alpha-1.0.dist-info/direct_url.json'), 'utf8'))).toEqual({
      dir_info: {},
      url: `file://${here.home.project}/lib`,
    });

    here.home.write(
      'pyproject.toml',
      manifestOf([], '\n[tool.poetry.dependencies]\nalpha = { path = "lib", develop = true }\n'),
    );
    await here.run(['lock']);
    here.hooks();
    expect((await here.run(['install'])).stdout).toContain('Updating alpha');
    expect(here.hooks()).toEqual(['alpha build_editable']);
    expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('source\n');
  });

  test('editable without PEP 660 says so', async () => {
    const here = world([], []);
    writeTree(join(here.home.project, 'lib'), sourceTree({ name: 'alpha', withoutEditable: true }));
    here.home.write(
      'pyproject.toml',
      manifestOf([], '\n[tool.poetry.dependencies]\nalpha = { path = "lib", develop = true }\n'),
    );
    await here.run(['lock']);
    expect((await here.run(['install'])).stderr).toContain('has no hook `build_editable`');
  });

  test('a repository: metadata and wheel of a commit are built once, with its subfolder and its submodule', async () => {
    const here = world([], []);
    const git = (folder: string, ...argv: string[]) => {
      const command = [
        'git',
        '-C',
        folder,
        '-c',
        'user.name=n',
        '-c',
        'user.email=e@e.example',
        '-c',
        'protocol.file.allow=always',
      ];
      const { exitCode, stderr, stdout } = Bun.spawnSync([...command, ...argv]);
      if (exitCode !== 0) throw new Error(stderr.toString());
      return stdout.toString().trim();
    };
    const commit = (folder: string) => {
      git(folder, 'init', '--quiet', '-b', 'main');
      git(folder, 'add', '-A');
      git(folder, 'commit', '--quiet', '--no-gpg-sign', '-m', 'one');
    };
    const [repository, part] = [join(here.home.path, 'repository'), join(here.home.path, 'part')];
    writeTree(part, { 'text.py': 'TEXT = "of the submodule"\n' });
    commit(part);
    writeTree(
      join(repository, 'inner'),
      sourceTree({ name: 'alpha', before: 'assert open("../part/text.py").read()' }),
    );
    commit(repository);
    git(repository, 'submodule', '--quiet', 'add', `file://${part}`, 'part');
    git(repository, 'commit', '--quiet', '--no-gpg-sign', '-m', 'two');
    const wish = `\n[tool.poetry.dependencies]\nalpha = { git = "file://${repository}", subdirectory = "inner" }\n`;
    here.home.write('pyproject.toml', manifestOf([], wish));
    expect(await here.run(['lock'])).toMatchObject({ code: 0, stderr: '' });
    await here.run(['lock', '--regenerate']);
    expect(here.hooks()).toEqual(['alpha prepare_metadata_for_build_wheel']);
    expect(await here.run(['install'])).toMatchObject({ code: 0 });
    await here.run(['env', 'remove', '--all']);
    await here.run(['install']);
    expect(here.hooks()).toEqual(['alpha build_wheel']);
    expect((await here.python('import alpha; print(alpha.WHERE)')).stdout).toBe('built\n');
  });
});

test('the project’s own build script is run each time, with what build-system requires', async () => {
  const tool = buildWheel({ name: 'tool', files: { 'tool.py': 'V = 1' } });
  const here = world([tool], []);
  here.home.write(
    'pyproject.toml',
    `[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.8"

[tool.poetry.build]
script = "generate.py"

[build-system]
requires = ["tool"]
build-backend = "tool"
`,
  );
  here.home.write('demo/__init__.py', '');
  here.home.write('generate.py', 'import tool\nprint("generated")\nopen("demo/made.py", "w").write("MADE = True")\n');
  const first = await here.run(['install']);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toContain('Preparing build environment with build-system requirements tool\n');
  expect((await here.python('import demo.made')).code).toBe(0);
  expect((await here.run(['install'])).stdout).toBe(
    'Installing dependencies from lock file\n\nInstalling the current project: demo (0.1.0)\ngenerated\n',
  );
  here.home.write('generate.py', 'raise SystemExit(3)\n');
  const failed = await here.run(['install']);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('generate.py ended with exit code 3');
});

test('a project that enables poetry-dynamic-versioning is built by the backend of that', async () => {
  const backend = `import os
def build_wheel(folder, settings=None, metadata=None):
    open(os.path.join(folder, "demo-1.4.2-py3-none-any.whl"), "w").close()
    return "demo-1.4.2-py3-none-any.whl"
`;
  const published = [
    buildWheel({ name: 'poetry-core', version: '2.5.0' }),
    buildWheel({
      name: 'poetry-dynamic-versioning',
      files: { 'poetry_dynamic_versioning/__init__.py': '', 'poetry_dynamic_versioning/backend.py': backend },
    }),
  ];
  const here = world(published, []);
  const manifest = (enable: boolean) => `[project]
name = "demo"
dynamic = ["version"]
requires-python = ">=3.8"

[tool.poetry]
version = "0.0.0"

[tool.poetry-dynamic-versioning]
enable = ${enable}

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
`;
  here.home.write('demo/__init__.py', '');
  here.home.write('pyproject.toml', manifest(true));
  const found = await here.run(['build', '-f', 'wheel']);
  expect(found).toMatchObject({ code: 0 });
  expect(found.stdout).toBe('Building demo (0.0.0)\nBuilding wheel\n  - Built demo-1.4.2-py3-none-any.whl\n');
  here.home.write('pyproject.toml', manifest(false));
  const written = await here.run(['build', '-f', 'wheel']);
  expect(written.stdout).toContain('  - Built demo-0.0.0-py3-none-any.whl\n');
});

test('plug-ins that a project requires: what is not built in is left out, and that is said', async () => {
  const wanted = '[tool.poetry.requires-plugins]\npoetry-plugin-export = ">=1.8"\npoetry-plugin-other = "*"\n';
  const here = world([], [], wanted);
  expect(await here.run(['lock'])).toMatchObject({ code: 0, stderr: '' });
  expect((await here.run(['install'])).stderr).toContain(
    'The project requires the plug-in poetry-plugin-other of Poetry. tercet loads no plug-ins: what it does is left out.\n',
  );
});
