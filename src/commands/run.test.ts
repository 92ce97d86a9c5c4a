/** `run` as a program of its own: it replaces its process, so it cannot be called from a test. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvironment } from '../environments/create.ts';
import { type RunResult, run } from '../process/spawn.ts';
import { which } from '../process/which.ts';
import { interpreterFacts } from '../python/facts.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-run-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const python = which('python3', process.env);
const project = join(root, 'project');
const cacheDir = join(root, 'cache');
const main = join(import.meta.dir, '../main.ts');

function tercet(args: readonly string[], cwd = project, env: Record<string, string> = {}): Promise<RunResult> {
  const variables = { PATH: '/usr/bin:/bin', HOME: root, TERCET_CACHE_DIR: cacheDir, PYTHONHOME: '/nowhere', ...env };
  return run(process.execPath, [main, ...args], { cwd, env: variables });
}

function file(path: string, text: string, mode = 0o644): void {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), text);
  chmodSync(join(project, path), mode);
}

describe.skipIf(python === undefined)('run', () => {
  beforeAll(async () => {
    file(
      'pyproject.toml',
      `[tool.poetry]
name = "demo-app"
version = "1.0"
authors = []
description = ""

[tool.poetry.dependencies]
python = ">=3.6"

[tool.poetry.scripts]
hello = "demo_app.cli:hello"
installed = "demo_app.cli:hello"
copied = {reference = "tool.sh", type = "file"}

[tool.other]
text = """
[tool.poetry.scripts]
python = "no:no"
"""
`,
    );
    file('src/demo_app/__init__.py', '');
    file('src/demo_app/cli.py', 'import sys\ndef hello():\n    print(sys.argv)\n    return 3\n');
    file('run.py', 'import sys; print("ran", sys.argv[1:], sys.prefix)\n');
    file('plain.txt', 'x');
    file('noshebang', 'echo "by sh $1"\n', 0o755);
    file('badshebang', '#!/nonexistent/python\n', 0o755);
    const interpreter = await interpreterFacts(python ?? '', { cacheDir });
    await createEnvironment({ path: join(project, '.venv'), interpreter, emit: () => {} });
    file('.venv/bin/installed', '#!/bin/sh\n', 0o755);
    file('.venv/bin/copied', '#!/bin/sh\necho copied\n', 0o755);
    file('.venv/bin/mytool', `#!/bin/sh\necho "$0 $VIRTUAL_ENV \${PYTHONHOME-unset} $*"\nexit 9\n`, 0o755);
  });

  test('a program of the environment, its arguments untouched, its exit code', async () => {
    const result = await tercet(['run', 'mytool', '-v', '--help', '--', 'a b']);
    const venv = join(project, '.venv');
    expect(result).toEqual({ code: 9, stdout: `${venv}/bin/mytool ${venv} unset -v --help -- a b\n`, stderr: '' });
  });

  test('from a folder below, and another one by -C', async () => {
    mkdirSync(join(project, 'deep/er'), { recursive: true });
    expect(
      (await tercet(['run', 'python', '-c', 'import sys; print(sys.prefix)'], join(project, 'deep/er'))).stdout,
    ).toBe(`${project}/.venv\n`);
    expect((await tercet(['-C', project, 'run', 'pwd'], root)).stdout).toBe(`${project}\n`);
  });

  test('a program of PATH, ended by a signal', async () => {
    expect((await tercet(['run', 'sh', '-c', 'kill -TERM $$'])).code).toBe(143);
  });

  test('the same process', async () => {
    const child = Bun.spawn([process.execPath, main, 'run', 'sh', '-c', 'echo $$'], {
      cwd: project,
      env: { PATH: '/usr/bin:/bin', HOME: root, TERCET_CACHE_DIR: cacheDir },
      stdout: 'pipe',
    });
    expect(Number(await child.stdout.text())).toBe(child.pid);
  });

  test('not found', async () => {
    expect(await tercet(['run', 'nope'])).toEqual({ code: 1, stdout: '', stderr: 'Command not found: nope\n' });
  });

  test('an entry point, installed or not', async () => {
    const absent = await tercet(['run', 'hello', 'x', '"y"']);
    expect({ ...absent, stderr: '' }).toEqual({ code: 3, stdout: `['hello', 'x', '"y"']\n`, stderr: '' });
    expect(absent.stderr).toStartWith(
      "Warning: 'hello' is an entry point defined in pyproject.toml, but it's not installed",
    );
    expect(await tercet(['run', 'installed'])).toEqual({
      code: 3,
      stdout: `['${project}/.venv/bin/installed']\n`,
      stderr: '',
    });
    expect((await tercet(['run', 'copied'])).stdout).toBe('copied\n');
  });

  test('a Python file by its name; other files that are no programs', async () => {
    expect((await tercet(['run', 'run.py', 'a'])).stdout).toBe(`ran ['a'] ${project}/.venv\n`);
    expect((await tercet(['run', './run.py'])).stdout).toBe(`ran [] ${project}/.venv\n`);
    expect(await tercet(['run', './plain.txt'])).toMatchObject({
      code: 1,
      stderr: "[Errno 13] Permission denied: './plain.txt'\n",
    });
    expect((await tercet(['run', './noshebang', 'x'])).stdout).toBe('by sh x\n');
    const bad = await tercet(['run', './badshebang']);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toEndWith('Command not found: ./badshebang\n');
  });

  test('an active environment comes first', async () => {
    const active = join(root, 'active');
    await createEnvironment({
      path: active,
      interpreter: await interpreterFacts(python ?? '', { cacheDir }),
      emit: () => {},
    });
    const result = await tercet(['run', 'python', '-c', 'import sys; print(sys.prefix)'], project, {
      VIRTUAL_ENV: active,
    });
    expect(result.stdout).toBe(`${active}\n`);
  });
});

test('no project', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'tercet-empty-'));
  const result = await tercet(['run', 'true'], empty);
  rmSync(empty, { recursive: true });
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('Poetry could not find a pyproject.toml file in ');
});
