/**
 * Two applications from what they are today to production, the way an article of 2019 tells it: a Django shop with `requirements.txt`, and a blog with a
 * manifest and a lock of 2019.
 *
 *     npm run acceptance
 *
 * Needs an index (PyPI, or `TERCET_INDEX_URL`), git, and a CPython 3.11 (pyenv's, or `ACCEPTANCE_PYTHON`). Ansible is installed by pip. Docker is the engine
 * of `DOCKER_HOST`, else Debian's `dockerd`, started and ended here (root); its base image is made by debootstrap. Heroku's buildpack is a
 * checkout of it, named by `ACCEPTANCE_BUILDPACK`. What cannot be tried is skipped, and says why. `npm run acceptance -- docker` runs the steps with that word
 * in their names, and those that they need.
 */

import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeRelease } from '../../scripts/package/release.ts';
import { hostTarget } from '../../scripts/package/targets.ts';
import { serveFolder } from '../support/serve-folder.ts';
import { playAnsible } from './ansible-step.ts';
import { APPLICATIONS } from './application.ts';
import { compareWithUv, dockerImage, entryPointImages } from './docker-step.ts';
import { type Engine, provideBaseImage, startEngine } from './engine.ts';
import { expectAnswer, freePort } from './front-page.ts';
import { pushToOfficial, pushToOurs } from './heroku-step.ts';
import { createStage, expectIn, Skipped } from './stage.ts';
import { findCPython, pythonTool } from './tools.ts';
import { travisJob } from './travis-runner.ts';

const BASE = 'python:3.11-slim';
const root = join(import.meta.dir, '../..');
const python = findCPython('3.11') ?? '';
const stage = createStage('acceptance', python === '' ? [] : [dirname(python)]);
const { home, run, shell, step, write } = stage;

const site = join(home, 'site');
const host = serveFolder(site);
const baseUrl = host.url;
const only = process.argv.slice(2);
const wanted = (name: string): boolean =>
  only.length === 0 || only.some((word) => name.toLowerCase().includes(word.toLowerCase()));

await step('a release', async () => {
  const program = join(root, 'dist/tercet');
  if (!existsSync(program)) throw new Skipped('dist/tercet is missing: npm run build');
  if (python === '') throw new Skipped('there is no CPython 3.11: name one in ACCEPTANCE_PYTHON');
  const { version } = (await Bun.file(join(root, 'package.json')).json()) as { version: string };
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const executables = new Map([[hostTarget()?.name ?? '', program]]);
  writeRelease({ directory: site, version, executables, baseUrl, signingKey: privateKey });
});

const INSTALLED = 'the installer, piped into Python, and its env file';
await step(INSTALLED, async () => {
  await shell(`curl -sSL ${baseUrl}/get-tercet.py | ${python} - --as-poetry --no-modify-path`);
  await shell('cat ~/.poetry/env >> ~/.bashrc');
  expectIn(
    (await shell('source ~/.poetry/env && poetry --version && tercet --version')).out,
    'Poetry (version 2.5.1)\ntercet (',
  );
}, ['a release']);

let engine: Engine | undefined;
const ENGINE = 'a Docker engine and its base image';
if (wanted('docker') || wanted("heroku's")) {
  await step(ENGINE, async () => {
    engine = await startEngine(stage);
    await provideBaseImage(stage, engine, BASE, python);
  }, ['a release']);
}

for (const app of APPLICATIONS) {
  const one = (name: string): string => `${app.name}: ${name}`;
  const chosen = async (name: string, work: () => Promise<void>, needs: readonly string[]): Promise<void> => {
    if (wanted(name)) await step(one(name), work, needs);
  };

  await step(one('its files become a locked project'), async () => {
    for (const [path, text] of Object.entries(app.files)) write(`${app.name}/${path}`, text);
    await run(['git', 'init', '-q'], { cwd: app.name });
    await app.adopt(stage);
    await run(['tercet', 'check', '--lock'], { cwd: app.name });
    await shell('git add -A; git commit -qm "a locked project"', { cwd: app.name });
  }, [INSTALLED]);
  const adopted = [one('its files become a locked project')];

  await chosen(
    'in its environment',
    async () => {
      await run(['poetry', 'install'], { cwd: app.name });
      for (const check of app.checks) await run(['poetry', 'run', 'python', ...check], { cwd: app.name });
      expectIn((await run(['poetry', 'run', 'pytest', '-sv', 'tests/'], { cwd: app.name })).out, '1 passed');
      const port = await freePort();
      const command = ['poetry', 'run', 'gunicorn', '--bind', `127.0.0.1:${port}`, app.wsgi];
      await expectAnswer(stage, command, port, app.answer, { cwd: app.name });
    },
    adopted,
  );

  await chosen(
    'Travis CI',
    async () => {
      await run(['git', 'clone', '-q', app.name, `${app.name}-travis`]);
      write('job.sh', travisJob(await Bun.file(join(root, 'integrations/travis/.travis.yml')).text()));
      const ofJob = join(home, `${app.name}-travis-home`);
      mkdirSync(ofJob);
      const env = { HOME: ofJob, TERCET_BASE_URL: baseUrl };
      expectIn((await run(['bash', '../job.sh'], { cwd: `${app.name}-travis`, env })).out, '1 passed');
    },
    adopted,
  );

  await chosen(
    'Ansible: our role and the tasks of 2019',
    async () => {
      await playAnsible(stage, app, { python, programs: await pythonTool(python, 'ansible-core==2.19.*'), baseUrl });
    },
    adopted,
  );

  const onEngine = async (
    work: (step: { engine: Engine; baseUrl: string; base: string }) => Promise<void>,
  ): Promise<void> => {
    if (engine !== undefined) await work({ engine, baseUrl, base: BASE });
  };
  await chosen('Docker: the image of `docker init`', () => onEngine((it) => dockerImage(stage, app, it)), [
    ...adopted,
    ENGINE,
  ]);
  await chosen('Docker: beside uv', () => onEngine((it) => compareWithUv(stage, app, it)), [
    one('Docker: the image of `docker init`'),
  ]);
  await chosen(
    "Docker: the article's Dockerfile and the guide's",
    () => onEngine((it) => entryPointImages(stage, app, it)),
    [...adopted, ENGINE],
  );

  await chosen(
    'doctor: nothing will break',
    async () => {
      expectIn((await run(['tercet', 'doctor'], { cwd: app.name })).out, 'nothing will break');
    },
    adopted,
  );

  await chosen('git push to a small Heroku with our buildpack', () => pushToOurs(stage, app, baseUrl), adopted);

  await chosen("git push to a small Heroku with Heroku's buildpack", async () => {
    const buildpack = process.env.ACCEPTANCE_BUILDPACK;
    if (buildpack === undefined)
      throw new Skipped('name a checkout of heroku-buildpack-python in ACCEPTANCE_BUILDPACK');
    await onEngine((it) => pushToOfficial(stage, app, { ...it, python, buildpack, site }));
  }, [...adopted, ENGINE]);
}

await step('the real services: Travis CI, Heroku, a registry', async () => {
  throw new Skipped('they are not reached from here; their rules are imitated above');
});

await engine?.[Symbol.asyncDispose]();
await host.stop();
process.exit(stage.finish());
