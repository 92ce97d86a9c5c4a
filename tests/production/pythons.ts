/**
 * Every Python that pyenv has: an environment, a wheel and a source distribution installed, and run.
 *
 *     npm run pythons
 *
 * And environments of other tools, used as they are: virtualenvwrapper's (installed by pip) and one of conda's shape (a folder with
 * `conda-meta`; conda itself is not run).
 */

import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startIndex } from '../support/index-server.ts';
import { PYENV } from '../support/interpreters.ts';
import { buildSdist, buildWheel } from '../support/wheel-builder.ts';
import { createStage, expectIn, Skipped } from './stage.ts';
import { findCPython, pythonTool } from './tools.ts';

const versions = existsSync(join(PYENV, 'versions')) ? readdirSync(join(PYENV, 'versions')).sort(byNumbers) : [];
const stage = createStage('pythons');
const { home, run, shell, step, write } = stage;
mkdirSync(join(home, '.tercet/bin'), { recursive: true });
symlinkSync(join(import.meta.dir, '../../dist/tercet'), join(home, '.tercet/bin/tercet'));

const SETUP = `from setuptools import setup

setup(name="sourced", version="1.0", py_modules=["sourced"])
`;
await using index = startIndex([
  buildWheel({ name: 'wheeled', version: '1.0', tag: 'py2.py3-none-any', files: { 'wheeled.py': 'WORD = "wheel"\n' } }),
  buildSdist({ name: 'sourced', version: '1.0', files: { 'setup.py': SETUP, 'sourced.py': 'WORD = "source"\n' } }),
]);

const manifest = (python: string, needs: readonly string[]): string => `[tool.poetry]
name = "demo"
version = "0.1.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "${python}"
${needs.map((one) => `${one} = "*"\n`).join('')}`;

if (versions.length === 0) {
  await step('pyenv', async () => {
    throw new Skipped(`there are no versions in ${PYENV}`);
  });
}
for (const version of versions) {
  const python = join(PYENV, 'versions', version, 'bin/python');
  const minor = version.split('.').slice(0, 2).join('.');
  const project = `py${version}`;
  const env = { TERCET_INDEX_URL: index.url, PYENV_ROOT: PYENV, POETRY_VIRTUALENVS_IN_PROJECT: 'true' };
  await step(`${version}: an environment and a wheel`, async () => {
    if (!existsSync(python)) throw new Skipped('it has no bin/python');
    write(`${project}/pyproject.toml`, manifest(`~${minor}`, ['wheeled']));
    await run(['tercet', 'env', 'use', python], { cwd: project, env });
    await run(['tercet', 'install'], { cwd: project, env });
    const code = 'import sys, wheeled; print("%d.%d.%d %s" % (sys.version_info[:3] + (wheeled.WORD,)))';
    expectIn((await run(['tercet', 'run', 'python', '-c', code], { cwd: project, env })).out, `${version} wheel`);
  });
  await step(`${version}: a source distribution`, async () => {
    // Its build needs setuptools and wheel from a real index.
    write(`${project}/pyproject.toml`, manifest(`~${minor}`, ['wheeled', 'sourced']));
    const real = process.env.TERCET_INDEX_URL ?? '';
    if (real === '') throw new Skipped('it needs setuptools: set TERCET_INDEX_URL');
    const source = `\n[[tool.poetry.source]]\nname = "local"\nurl = "${index.url}"\npriority = "supplemental"\n`;
    write(
      `${project}/pyproject.toml`,
      manifest(`~${minor}`, ['wheeled', 'sourced']).replaceAll('= "*"', '= {version = "*", source = "local"}') + source,
    );
    await run(['tercet', 'lock'], { cwd: project, env: { ...env, TERCET_INDEX_URL: real } });
    await run(['tercet', 'install'], { cwd: project, env: { ...env, TERCET_INDEX_URL: real } });
    expectIn(
      (await run(['tercet', 'run', 'python', '-c', 'import sourced; print(sourced.WORD)'], { cwd: project, env })).out,
      'source',
    );
  }, [`${version}: an environment and a wheel`]);
}

const newest = versions.findLast((one) => one.startsWith('3.11')) ?? versions.at(-1);
const base = newest === undefined ? '' : join(PYENV, 'versions', newest);
const env = { TERCET_INDEX_URL: index.url };
write('tools/pyproject.toml', manifest('>=3.6', ['wheeled']));

await step("virtualenvwrapper's environment", async () => {
  const python = findCPython('3.11');
  if (python === undefined) throw new Skipped('there is no CPython 3.11 to install it with');
  const bin = await pythonTool(python, 'virtualenvwrapper');
  const line = `export VIRTUALENVWRAPPER_PYTHON=${bin}/python PATH=${bin}:$PATH; source ${bin}/virtualenvwrapper.sh >/dev/null
mkvirtualenv demo >/dev/null 2>&1; workon demo; cd tools; tercet install && tercet env info -p && python -c 'import wheeled'`;
  expectIn((await shell(line, { env })).out, `${home}/.virtualenvs/demo\n`);
});

await step("an environment of conda's shape", async () => {
  if (base === '') throw new Skipped('there is no Python to make it of');
  const conda = join(home, 'conda/envs/demo');
  for (const part of ['bin', 'lib', 'include'])
    cpSync(join(base, part), join(conda, part), { recursive: true, verbatimSymlinks: true });
  write('conda/envs/demo/conda-meta/history', '');
  const variables = { ...env, CONDA_PREFIX: conda, CONDA_DEFAULT_ENV: 'demo' };
  await run(['tercet', 'install'], { cwd: 'tools', env: variables });
  expectIn((await run(['tercet', 'env', 'info', '-p'], { cwd: 'tools', env: variables })).out, conda);
  await run([join(conda, 'bin/python3'), '-c', 'import wheeled']);
});

await index.stop();
process.exit(stage.finish());

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
