/**
 * One application from `requirements.txt` to production, the way an article of 2019 tells it:
 *
 *     npm run acceptance
 *
 * Needs an index (PyPI, or `TERCET_INDEX_URL`), git, and a CPython 3.11 (`ACCEPTANCE_PYTHON`, default `python3.11`). Ansible is taken from
 * PATH or from `ACCEPTANCE_ANSIBLE` (its `bin`); Docker where an engine answers and has the base image. What cannot be tried is skipped,
 * and says why.
 */

import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeRelease } from '../../scripts/package/release.ts';
import { hostTarget } from '../../scripts/package/targets.ts';
import { DJANGO_APP } from './django-app.ts';
import { createStage, expectIn, Skipped } from './stage.ts';
import { travisJob } from './travis-runner.ts';

const root = join(import.meta.dir, '../..');
const python = process.env.ACCEPTANCE_PYTHON ?? Bun.which('python3.11') ?? '';
const ansible = process.env.ACCEPTANCE_ANSIBLE;
const stage = createStage('acceptance', [
  ...(python === '' ? [] : [dirname(python)]),
  ...(ansible === undefined ? [] : [ansible]),
]);
const { home, run, shell, step, write } = stage;

const site = join(home, 'site');
const host = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    const file = Bun.file(join(site, new URL(request.url).pathname));
    return (await file.exists()) ? new Response(file) : new Response('not found', { status: 404 });
  },
});
const baseUrl = `http://127.0.0.1:${host.port}`;

/** Starts a server in the background, asks it for its front page, and ends it. */
async function answers(
  command: readonly string[],
  port: number,
  options: { cwd: string; env?: Record<string, string> },
): Promise<void> {
  const child = Bun.spawn([...command], {
    cwd: join(home, options.cwd),
    env: { ...stage.env, ...options.env },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  try {
    expectIn(await front(port), 'the shop is open');
  } finally {
    child.kill('SIGTERM');
    await child.exited;
  }
}

async function front(port: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    } catch (error) {
      if (tries > 150) throw error;
      await Bun.sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('') });
  const { port = 0 } = probe;
  await probe.stop(true);
  return port;
}

for (const [path, text] of Object.entries(DJANGO_APP)) write(`app/${path}`, text);

await step('a release', async () => {
  const program = join(root, 'dist/tercet');
  if (!existsSync(program)) throw new Skipped('dist/tercet is missing: npm run build');
  if (python === '') throw new Skipped('there is no python3.11: name one in ACCEPTANCE_PYTHON');
  const { version } = (await Bun.file(join(root, 'package.json')).json()) as { version: string };
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const executables = new Map([[hostTarget()?.name ?? '', program]]);
  writeRelease({ directory: site, version, executables, baseUrl, signingKey: privateKey });
});

await step('the installer, piped into Python, and its env file', async () => {
  await shell(`curl -sSL ${baseUrl}/get-tercet.py | python3.11 - --as-poetry --no-modify-path`);
  await shell('cat ~/.poetry/env >> ~/.bashrc');
  expectIn(
    (await shell('source ~/.poetry/env && poetry --version && tercet --version')).out,
    'Poetry (version 2.5.1)\ntercet (',
  );
}, ['a release']);

await step('import', async () => {
  await run(['git', 'init', '-q'], { cwd: 'app' });
  await run(['tercet', 'import'], { cwd: 'app' });
  expectIn(await Bun.file(join(home, 'app/pyproject.toml')).text(), 'pytest');
  await run(['tercet', 'check', '--lock'], { cwd: 'app' });
  // Heroku stops where both are.
  await run(['git', 'rm', '-q', '-f', '--ignore-unmatch', 'requirements.txt', 'requirements-dev.txt'], { cwd: 'app' });
  await shell('rm -f requirements.txt requirements-dev.txt; git add -A; git commit -qm imported', { cwd: 'app' });
}, ['the installer, piped into Python, and its env file']);

await step('the application in its environment', async () => {
  await run(['poetry', 'install'], { cwd: 'app' });
  for (const words of ['check', 'migrate', 'collectstatic --noinput']) {
    await run(['poetry', 'run', 'python', 'manage.py', ...words.split(' ')], { cwd: 'app' });
  }
  expectIn((await run(['poetry', 'run', 'pytest', '-sv', 'tests/'], { cwd: 'app' })).out, '1 passed');
  const port = await freePort();
  await answers(['poetry', 'run', 'gunicorn', '--bind', `127.0.0.1:${port}`, 'shopsite.wsgi'], port, { cwd: 'app' });
}, ['import']);

await step('Travis CI', async () => {
  await run(['git', 'clone', '-q', 'app', 'travis']);
  const text = await Bun.file(join(root, 'integrations/travis/.travis.yml')).text();
  write('job.sh', travisJob(text));
  const home2 = join(home, 'travis-home');
  mkdirSync(home2);
  const { out } = await run(['bash', '../job.sh'], { cwd: 'travis', env: { HOME: home2, TERCET_BASE_URL: baseUrl } });
  expectIn(out, '1 passed');
}, ['import']);

await step('Ansible: check, sync, again', async () => {
  if (Bun.which('ansible-playbook', { PATH: stage.env.PATH ?? '' }) === null) {
    throw new Skipped('there is no ansible-playbook: name its folder in ACCEPTANCE_ANSIBLE');
  }
  mkdirSync(join(home, 'collections/ansible_collections/tercet'), { recursive: true });
  symlinkSync(join(root, 'integrations/ansible'), join(home, 'collections/ansible_collections/tercet/tercet'));
  await run(['git', 'clone', '-q', 'app', 'srv']);
  write(
    'site.yml',
    `- hosts: localhost
  gather_facts: false
  roles:
    - role: tercet.tercet.deploy
      vars:
        tercet_project: ${home}/srv
        tercet_virtualenv: ${home}/srv-env
        tercet_base_url: ${baseUrl}
        tercet_home: ${home}/opt
        tercet_environment: {TERCET_INDEX_URL: "{{ lookup('env', 'TERCET_INDEX_URL') }}"}
`,
  );
  const play = [
    'ansible-playbook',
    '-i',
    'localhost,',
    '-c',
    'local',
    '-e',
    `ansible_python_interpreter=${python}`,
    'site.yml',
  ];
  const env = { ANSIBLE_COLLECTIONS_PATH: join(home, 'collections'), ANSIBLE_LOCALHOST_WARNING: 'False' };
  await run(play, { env });
  expectIn((await run(play, { env })).out, 'changed=0');
  await run([join(home, 'srv-env/bin/python'), 'manage.py', 'check'], { cwd: 'srv' });
  await shell('rm -rf ../srv-env/lib/python3.11/site-packages/sqlparse*', { cwd: 'srv' });
  expectIn((await run([...play, '--check', '--diff'], { env })).out, '+sqlparse ');
  expectIn((await run(play, { env })).out, 'changed=1');
  write('srv/pyproject.toml', (await Bun.file(join(home, 'srv/pyproject.toml')).text()).replace('4.2', '4.1'));
  expectIn((await run(play, { env, code: 2 })).out, 'pyproject.toml changed significantly');
}, ['import']);

await step('Docker: build, run, stop', async () => {
  const docker = ['/usr/bin/docker', '/usr/local/bin/docker'].find((file) => existsSync(file));
  if (docker === undefined) throw new Skipped('there is no docker');
  if ((await run([docker, 'info'], { code: 'any' })).code !== 0)
    throw new Skipped('no engine answers: set DOCKER_HOST, or start dockerd');
  await run(['git', 'clone', '-q', 'app', 'image']);
  await run(['tercet', 'docker', 'init'], { cwd: 'image' });
  const base = /^FROM (\S+) AS build$/m.exec(await Bun.file(join(home, 'image/Dockerfile')).text())?.[1] ?? '';
  if ((await run([docker, 'image', 'inspect', base], { code: 'any' })).code !== 0)
    throw new Skipped(`the engine has no ${base}`);
  const build = `${docker} build --network host --build-arg TERCET_INDEX_URL -t tercet-acceptance $(tercet docker label) .`;
  const env = { DOCKER_BUILDKIT: '1' };
  await shell(build, { cwd: 'image', env });
  await shell('echo "# a change" >> shopsite/urls.py', { cwd: 'image' });
  const again = await shell(build, { cwd: 'image', env });
  if (/Package operations/.test(again.out + again.err))
    throw new Error('a change of the code installed the dependencies anew');
  const sha1 = (await shell('sha1sum poetry.lock | cut -d " " -f 1', { cwd: 'image' })).out.trim();
  expectIn((await run([docker, 'inspect', '-f', '{{json .Config.Labels}}', 'tercet-acceptance'])).out, sha1);
  const port = await freePort();
  const options = ['--network', 'host', '--read-only', '--tmpfs', '/tmp', '--user', '12345'];
  const bind = ['gunicorn', '--bind', `127.0.0.1:${port}`, 'shopsite.wsgi'];
  const { out } = await run([docker, 'run', '-d', ...options, 'tercet-acceptance', ...bind]);
  try {
    expectIn(await front(port), 'the shop is open');
  } finally {
    const began = performance.now();
    await run([docker, 'stop', out.trim()]);
    if (performance.now() - began > 8000) console.log('       docker stop took as long as a kill');
    await run([docker, 'rm', out.trim()]);
  }
  await run([docker, 'rmi', 'tercet-acceptance']);
}, ['import']);

await step('doctor: nothing will break', async () => {
  expectIn((await run(['tercet', 'doctor'], { cwd: 'app' })).out, 'nothing will break');
}, ['import']);

await step('git push to a small Heroku', async () => {
  await run(['git', 'init', '-q', '--bare', 'heroku.git']);
  const slug = join(home, 'slug');
  const buildpack = join(root, 'integrations/heroku/bin');
  write('config/TERCET_BASE_URL', baseUrl);
  if (process.env.TERCET_INDEX_URL !== undefined) write('config/TERCET_INDEX_URL', process.env.TERCET_INDEX_URL);
  write(
    'heroku.git/hooks/pre-receive',
    `#!/bin/bash
set -e
read old new ref
build=$(mktemp -d)
git archive "$new" | tar -x -C "$build"
unset GIT_DIR GIT_QUARANTINE_PATH
"${buildpack}/detect" "$build"
TERCET_APP_DIR="${slug}" "${buildpack}/compile" "$build" "${home}/heroku-cache" "${home}/config"
rm -rf "${slug}"
cp -a "$build" "${slug}"
rm -rf "$build"
`,
  );
  await run(['chmod', '755', 'heroku.git/hooks/pre-receive']);
  expectIn(
    (await run(['git', 'push', '-q', '../heroku.git', 'HEAD:master'], { cwd: 'app' })).err,
    'Installing the dependencies',
  );
  const port = await freePort();
  const web = (await Bun.file(join(slug, 'Procfile')).text()).replace(/^web: /, '').trim();
  const env = { HOME: slug, PORT: `${port}` };
  await answers(['bash', '-c', `. .profile.d/tercet.sh; exec ${web} --bind 127.0.0.1:$PORT`], port, {
    cwd: 'slug',
    env,
  });
  // Once more, with the cache and a change.
  await shell('echo "# a change" >> shopsite/urls.py; git commit -qam change', { cwd: 'app' });
  expectIn(
    (await run(['git', 'push', '-q', '../heroku.git', 'HEAD:master'], { cwd: 'app' })).err,
    'No dependencies to install or update',
  );
  await answers(['bash', '-c', `. .profile.d/tercet.sh; exec ${web} --bind 127.0.0.1:$PORT`], port, {
    cwd: 'slug',
    env,
  });
  // A lock that is stale does not get through.
  cpSync(join(home, 'app/pyproject.toml'), join(home, 'good.toml'));
  await shell('sed -i "s/4\\.2/4.1/" pyproject.toml; git commit -qam stale', { cwd: 'app' });
  expectIn(
    (await run(['git', 'push', '-q', '../heroku.git', 'HEAD:master'], { cwd: 'app', code: 1 })).err,
    'pyproject.toml changed significantly',
  );
}, ['import']);

await step('the real services: Travis CI, Heroku, a registry', async () => {
  throw new Skipped('they are not reached from here; their rules are imitated above');
});

await host.stop(true);
process.exit(stage.finish());
