/** `bundle venv`: what is in the environment comes from wheels, and stays when the project is gone. */

import { expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { which } from '../../src/process/which.ts';
import { startIndex } from '../support/index-server.ts';
import { createHome } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const python = which('python3', { PATH: '/usr/bin:/bin' });

test.skipIf(python === undefined)('the project, its requirements and a folder, nothing editable', async () => {
  const alpha = buildWheel({ name: 'alpha', version: '1.0' });
  const tests = buildWheel({ name: 'tests-only', version: '1.0' });
  await using index = startIndex([alpha, tests]);
  using home = createHome(index.url);
  const env = { PATH: '/usr/bin:/bin', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' };
  home.write(
    'pyproject.toml',
    `[project]
name = "demo"
version = "1.2"
description = ""
requires-python = ">=3.8"
dependencies = ["alpha"]
scripts = {demo = "demo:main"}

[tool.poetry.group.dev.dependencies]
tests-only = "*"

[build-system]
requires = ["poetry-core>=2.0.0,<3.0.0"]
build-backend = "poetry.core.masonry.api"
`,
  );
  home.write('demo/__init__.py', 'import alpha\n\ndef main():\n    print("demo with", alpha.VERSION)\n');
  expect((await home.run(['bundle', 'venv', 'out'], { env })).stderr).toContain('poetry.lock does not exist');
  expect((await home.run(['lock'], { env })).code).toBe(0);

  const target = join(home.path, 'bundled');
  const subject = `demo (1.2) into ${target}`;
  const bundled = await home.run(['bundle', 'venv', '../bundled', '--only', 'main'], { env });
  expect(bundled).toEqual({
    code: 0,
    stderr: '',
    stdout: `
  • Bundling ${subject}
  • Bundling ${subject}: Creating a virtual environment using Poetry-determined Python
  • Bundling ${subject}: Installing dependencies
  • Bundling ${subject}: Installing demo (1.2)
  • Bundled ${subject}
`,
  });
  expect(home.exists('.venv')).toBe(false);
  expect(home.exists('dist')).toBe(false);
  for (const gone of ['demo', 'pyproject.toml', 'poetry.lock']) rmSync(join(home.project, gone), { recursive: true });
  const ran = Bun.spawnSync([join(target, 'bin/demo')]);
  expect(ran.stdout.toString()).toBe('demo with 1.0\n');
  const missing = Bun.spawnSync([join(target, 'bin/python'), '-c', 'import tests_only'], { stderr: 'ignore' });
  expect(missing.exitCode).toBe(1);
});

test.skipIf(python === undefined)('what is no environment is not replaced unasked', async () => {
  using home = createHome();
  home.write(
    'pyproject.toml',
    '[project]\nname = "d"\nversion = "1"\nrequires-python = ">=3.8"\n[tool.poetry]\npackage-mode = false\n',
  );
  home.write('out/precious.txt', 'mine');
  const env = { PATH: '/usr/bin:/bin', POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true' };
  expect((await home.run(['lock'], { env })).code).toBe(0);
  const refused = await home.run(['bundle', 'venv', 'out'], { env });
  expect([refused.code, home.read('out/precious.txt')]).toEqual([1, 'mine']);
  expect((await home.run(['bundle', 'venv', 'out', '--clear', '--python', 'python3'], { env })).code).toBe(0);
  expect(home.exists('out/bin/python')).toBe(true);
  expect((await home.run(['bundle', 'venv', 'out'], { env })).code).toBe(0);
  expect((await home.run(['bundle', 'venv', 'out', '-p', '3.99'], { env })).stderr).toContain(
    'No Python 3.99 was found',
  );
});
