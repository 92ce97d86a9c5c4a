/**
 * The parts of our guides that need a real index, and tools of others: installing by pip and npm, the README's tour, the Ansible collection as it is built and installed, the GitHub
 * action, the templates for GitLab and Travis with pyenv, the hooks for pre-commit.
 *
 *     npm run guides
 *
 * Needs an index (PyPI, or `TERCET_INDEX_URL`), git, and a CPython 3.11. Ansible and pre-commit are installed by pip. What cannot be tried is skipped, and says why.
 */

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeRelease } from '../../scripts/package/release.ts';
import { hostTarget } from '../../scripts/package/targets.ts';
import { guideBlock } from '../support/guide-blocks.ts';
import { PYENV } from '../support/interpreters.ts';
import { serveFolder } from '../support/serve-folder.ts';
import { APPLICATIONS } from './application.ts';
import { expectAnswer, freePort } from './front-page.ts';
import { runAction } from './github-runner.ts';
import { createStage, expectIn, Skipped } from './stage.ts';
import { findCPython, pythonTool } from './tools.ts';
import { travisJob } from './travis-runner.ts';

const root = join(import.meta.dir, '../..');
const program = join(root, 'dist/tercet');
const python = findCPython('3.11') ?? '';
const stage = createStage('guides', python === '' ? [] : [dirname(python)]);
const { home, run, shell, step, write } = stage;
const integration = (path: string): Promise<string> => Bun.file(join(root, 'integrations', path)).text();
mkdirSync(join(home, '.tercet/bin'), { recursive: true });
for (const name of ['tercet', 'poetry']) symlinkSync(program, join(home, '.tercet/bin', name));

const site = join(home, 'site');
const host = serveFolder(site);
const baseUrl = host.url;

const LOCKED = 'a locked project';
await step(LOCKED, async () => {
  if (python === '') throw new Skipped('there is no CPython 3.11: name one in ACCEPTANCE_PYTHON');
  writeRelease({
    directory: site,
    version: '1.0.0',
    executables: new Map([[hostTarget()?.name ?? '', program]]),
    baseUrl,
  });
  const [shop] = APPLICATIONS;
  if (shop === undefined) return;
  for (const [path, text] of Object.entries(shop.files)) write(`shop/${path}`, text);
  await run(['git', 'init', '-q'], { cwd: 'shop' });
  await shop.adopt(stage);
  await shell('git add -A; git commit -qm "a locked project"', { cwd: 'shop' });
});

await step('install.md: a wheel by pip, packages by npm', async () => {
  const packaged = (kind: string) =>
    run([process.execPath, join(root, 'scripts/package.ts'), kind, '--out', join(home, kind)]);
  await packaged('wheel');
  await run([python, '-m', 'venv', 'clean']);
  await shell('clean/bin/pip install --quiet --no-index wheel/*.whl');
  expectIn((await run(['clean/bin/tercet', '--version'])).out, 'tercet (version ');
  await packaged('npm');
  await shell('npm install --global --offline --no-audit --prefix global ./npm/*.tgz');
  expectIn((await run(['global/bin/tercet', '--version'])).out, 'tercet (version ');
}, [LOCKED]);

await step('README.md: the tour', async () => {
  const lines = guideBlock('README.md', 'tercet new shop')
    .split('\n')
    .filter((line) => line.startsWith('$ '));
  const commands = lines.map((line) => line.slice(2));
  const server = commands.pop() ?? '';
  mkdirSync(join(home, 'tour'));
  await shell(`set -e\n${commands.join('\n')}`, { cwd: 'tour' });
  const port = await freePort();
  await expectAnswer(stage, [...server.split(' '), '--noreload', `${port}`], port, 'The install worked successfully', {
    cwd: 'tour/shop',
  });
}, [LOCKED]);

await step('ansible.md: the collection is built, installed, and used', async () => {
  const programs = await pythonTool(python, 'ansible-core==2.19.*');
  const env = { PATH: `${programs}:${stage.env.PATH}`, ANSIBLE_LOCALHOST_WARNING: 'False' };
  await run(['cp', '-R', join(root, 'integrations'), 'integrations']);
  await shell(`set -e\n${guideBlock('docs/ansible.md', 'ansible-galaxy')}`, { env });
  await run(['git', 'clone', '-q', 'shop', 'srv-shop']);
  const play = guideBlock('docs/ansible.md', 'hosts: web').replaceAll('/srv/', `${home}/srv-`);
  write(
    'site.yml',
    `${play}  handlers:\n    - name: restart shop\n      ansible.builtin.debug: {msg: it is started anew}\n`,
  );
  write('hosts', `[web]\nlocalhost ansible_connection=local ansible_python_interpreter=${python}\n`);
  const command = ['ansible-playbook', '-i', 'hosts', 'site.yml'];
  expectIn((await run(command, { env })).out, 'it is started anew');
  expectIn((await run(command, { env })).out, 'changed=0');
}, [LOCKED]);

await step('ci.md: the GitHub action', async () => {
  await run(['git', 'clone', '-q', 'shop', 'github']);
  const text = await integration('github/action.yml');
  const env = await runAction(
    stage,
    text,
    { 'base-url': baseUrl, 'as-poetry': 'true', install: '--with dev' },
    'github',
  );
  expectIn((await run(['poetry', 'run', 'pytest', '-sv', 'tests/'], { cwd: 'github', env })).out, '1 passed');
}, [LOCKED]);

await step('ci.md: the GitLab job', async () => {
  await run(['git', 'clone', '-q', 'shop', 'gitlab']);
  const text = await integration('gitlab/tercet.gitlab-ci.yml');
  const job = (Bun.YAML.parse(text) as Record<string, { variables: Record<string, string>; before_script: string[] }>)[
    '.tercet'
  ];
  const script = [...text.matchAll(/^# {5}- (tercet .*)$/gm)].map(([, line]) => line);
  const variables = Object.entries(job?.variables ?? {}).map(([name, value]) => `export ${name}="${value}"`);
  mkdirSync(join(home, 'gitlab-home'));
  const lines = ['set -eo pipefail', ...variables, ...(job?.before_script ?? []), ...script].join('\n');
  const env = { HOME: join(home, 'gitlab-home'), CI_PROJECT_DIR: join(home, 'gitlab'), TERCET_BASE_URL: baseUrl };
  expectIn((await shell(lines, { cwd: 'gitlab', env })).out, '1 passed');
}, [LOCKED]);

await step('ci.md: Travis CI with pyenv', async () => {
  if (!existsSync(join(PYENV, 'bin/pyenv'))) throw new Skipped(`there is no pyenv in ${PYENV}`);
  await run(['git', 'clone', '-q', 'shop', 'travis']);
  const version = dirname(dirname(python)).split('/').at(-1) ?? '';
  write(
    'job.sh',
    travisJob((await integration('travis/pyenv.travis.yml')).replace(/PYTHON_VERSION=.*/, `PYTHON_VERSION=${version}`)),
  );
  mkdirSync(join(home, 'travis-home'));
  const env = {
    HOME: join(home, 'travis-home'),
    TERCET_BASE_URL: baseUrl,
    PYENV_ROOT: PYENV,
    PATH: `${PYENV}/bin:${stage.env.PATH}`,
  };
  expectIn((await run(['bash', '../job.sh'], { cwd: 'travis', env })).out, '1 passed');
}, [LOCKED]);

await step("ci.md: Poetry's hooks by pre-commit", async () => {
  const programs = await pythonTool(python, 'pre-commit');
  const env = { PATH: `${programs}:${stage.env.PATH}` };
  await run(['git', 'init', '-q', 'hooks']);
  await run(['cp', join(root, '.pre-commit-hooks.yaml'), 'hooks/']);
  await shell('git add -A; git commit -qm hooks', { cwd: 'hooks' });
  const rev = (await run(['git', 'rev-parse', 'HEAD'], { cwd: 'hooks' })).out.trim();
  await run(['git', 'clone', '-q', 'shop', 'hooked']);
  const ids = ['poetry-check', 'poetry-lock', 'poetry-export', 'poetry-install'];
  write(
    'hooked/.pre-commit-config.yaml',
    `repos:\n  - repo: ${home}/hooks\n    rev: ${rev}\n    hooks:\n${ids.map((id) => `      - id: ${id}\n`).join('')}`,
  );
  const inProject = { cwd: 'hooked', env };
  await run(['pre-commit', 'install', '--hook-type', 'pre-commit', '--hook-type', 'post-checkout'], inProject);
  // A dependency more, and a lock that does not know of it: the first commit is stopped, with the lock and the export made anew.
  await shell(
    `sed -i 's/gunicorn/docopt==0.6.2", "gunicorn/' pyproject.toml; grep -q docopt pyproject.toml; git add -A`,
    inProject,
  );
  const stopped = await run(['git', 'commit', '-m', 'docopt'], { ...inProject, code: 1 });
  expectIn(stopped.err + stopped.out, 'files were modified by this hook');
  await shell('git add -A; git commit -m docopt', inProject);
  expectIn((await run(['git', 'show', '--stat', 'HEAD'], inProject)).out, 'poetry.lock');
  await run(['git', 'checkout', '-q', '-b', 'another'], inProject);
  await run(['tercet', 'run', 'python', '-c', 'import docopt'], inProject);
}, [LOCKED]);

await host.stop();
process.exit(stage.finish());
