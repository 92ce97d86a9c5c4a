/**
 * Small Herokus: a bare repository whose `pre-receive` takes what is pushed through a buildpack, and a slug that starts as the Procfile says. Once with
 * our buildpack, once with Heroku's own for Python, whose rules and whose Poetry then judge our lock.
 */

import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from './application.ts';
import { type Engine, installCPython } from './engine.ts';
import { expectAnswer, freePort, frontPage } from './front-page.ts';
import { expectIn, Skipped, type Stage } from './stage.ts';

const OURS = join(import.meta.dir, '../../integrations/heroku/bin');

/** A bare repository `NAME.git`; `compile` is a line that builds `$build`, and may end the push. */
async function bareRepository(stage: Stage, name: string, compile: string): Promise<void> {
  await stage.run(['git', 'init', '-q', '--bare', `${name}.git`]);
  const hook = `${name}.git/hooks/pre-receive`;
  stage.write(
    hook,
    `#!/bin/bash
set -e
read old new ref
build=$(mktemp -d)
git archive "$new" | tar -x -C "$build"
unset GIT_DIR GIT_QUARANTINE_PATH
${compile}
rm -rf "${stage.home}/${name}-slug"
cp -a "$build" "${stage.home}/${name}-slug"
rm -rf "$build"
`,
  );
  chmodSync(join(stage.home, hook), 0o755);
}

/** Pushes a commit with `change`, a line for a shell, in it; what the far side said. */
async function push(stage: Stage, folder: string, repository: string, change: string, code = 0): Promise<string> {
  await stage.shell(`${change}; git commit -qam change --allow-empty`, { cwd: folder });
  const { out, err } = await stage.run(['git', 'push', '-q', `../${repository}.git`, 'HEAD:master'], {
    cwd: folder,
    code,
  });
  return out + err;
}

/** Our own buildpack, on this machine. */
export async function pushToOurs(stage: Stage, app: Application, baseUrl: string): Promise<void> {
  const { home, run, write } = stage;
  const name = `${app.name}-heroku`;
  const slug = join(home, `${name}-slug`);
  await run(['git', 'clone', '-q', app.name, name]);
  write(`${name}-config/TERCET_BASE_URL`, baseUrl);
  if (process.env.TERCET_INDEX_URL !== undefined)
    write(`${name}-config/TERCET_INDEX_URL`, process.env.TERCET_INDEX_URL);
  const compile = `"${OURS}/detect" "$build"
TERCET_APP_DIR="${slug}" "${OURS}/compile" "$build" "${home}/${name}-cache" "${home}/${name}-config"`;
  await bareRepository(stage, name, compile);
  expectIn(await push(stage, name, name, 'true'), 'Installing the dependencies');
  await answersFromSlug();
  // Once more, with the cache and a change.
  expectIn(await push(stage, name, name, `echo "# a change" >> ${app.code}`), 'No dependencies to install or update');
  await answersFromSlug();
  // A lock that is stale does not get through.
  const manifest = await Bun.file(join(home, name, 'pyproject.toml')).text();
  write(`${name}/pyproject.toml`, manifest.replace(...app.edit));
  expectIn(await push(stage, name, name, 'true', 1), 'pyproject.toml changed significantly');

  async function answersFromSlug(): Promise<void> {
    const port = await freePort();
    const line = `. .profile.d/tercet.sh; exec ${webOf(slug)} --bind 127.0.0.1:$PORT`;
    const env = { HOME: slug, PORT: `${port}` };
    await expectAnswer(stage, ['bash', '-c', line], port, app.answer, { cwd: `${name}-slug`, env });
  }
}

export interface OfficialBuildpack {
  readonly engine: Engine;
  /** An image that stands for a stack of Heroku's. */
  readonly base: string;
  readonly python: string;
  /** A checkout of Heroku's buildpack for Python. */
  readonly buildpack: string;
  /** The folder behind `baseUrl`, where the archive of Python is put. */
  readonly site: string;
  readonly baseUrl: string;
}

/** Heroku's buildpack, in containers, with nothing changed but the address that Python comes from. */
export async function pushToOfficial(stage: Stage, app: Application, options: OfficialBuildpack): Promise<void> {
  const { engine, base, python, buildpack, site, baseUrl } = options;
  const { home, run, shell } = stage;
  if (!existsSync(join(buildpack, 'bin/compile'))) throw new Skipped(`there is no bin/compile in ${buildpack}`);
  const name = `${app.name}-official`;
  const slug = join(home, `${name}-slug`);
  await run(['git', 'clone', '-q', app.name, name]);
  if (!existsSync(join(home, 'buildpack'))) {
    await run(['cp', '-R', buildpack, 'buildpack']);
    await shell(`sed -i 's#^S3_BASE_URL=.*#S3_BASE_URL="${baseUrl}"#' buildpack/lib/python.sh`);
    await installCPython(stage, python, join(home, 'heroku-python'));
    // Whichever patch release it asks for is this one.
    const wanted = readFileSync(join(buildpack, 'lib/python_version.sh'), 'utf8').matchAll(/"?(3\.11\.\d+)"?/g);
    for (const version of new Set([...wanted].map(([, one = '']) => one))) {
      const archive = join(site, `python-${version}-ubuntu-24.04-$(dpkg --print-architecture).tar.zst`);
      await shell(`mkdir -p ${site}; tar -C heroku-python -cf - . | zstd -q -f -o ${archive}`);
    }
  }
  const mounts = `-v ${home}/buildpack:/buildpack -v $build:/tmp/build -v ${home}/${name}-cache:/tmp/cache`;
  const inBase = `docker run --rm --network host -e STACK=heroku-24 ${mounts} ${base}`;
  await bareRepository(
    stage,
    name,
    `export DOCKER_HOST=${engine.env.DOCKER_HOST} PATH=${engine.env.PATH}
mkdir -p ${home}/${name}-cache
${inBase} /buildpack/bin/detect /tmp/build
${inBase} bash -c 'mkdir /tmp/env; exec /buildpack/bin/compile /tmp/build /tmp/cache /tmp/env'`,
  );
  // The Poetry in there knows of no index in PyPI's place but those that the project names.
  const index = process.env.TERCET_INDEX_URL;
  const change = index === undefined ? 'true' : `tercet source add --priority primary near ${index}; tercet lock`;
  const first = await push(stage, name, name, change);
  expectIn(first, 'poetry sync --only main');
  expectIn(first.toLowerCase(), `installing ${app.dependency} `);
  await answersFromSlug();
  const again = await push(stage, name, name, `echo "# a change" >> ${app.code}`);
  expectIn(again, 'No dependencies to install or update');
  // Beside poetry.lock, a requirements.txt is one file too many: the article's own hook of 2019 would put it there.
  const both = 'tercet export -f requirements.txt -o requirements.txt; git add requirements.txt';
  expectIn(await push(stage, name, name, both, 1), 'Multiple Python package manager files');
  const doctor = await run(['tercet', 'doctor'], { cwd: name, code: 'any' });
  expectIn(doctor.out + doctor.err, 'requirements.txt');

  async function answersFromSlug(): Promise<void> {
    const port = await freePort();
    const line = `cd /app; for one in .profile.d/*.sh; do . $one; done; exec ${webOf(slug)} --bind 127.0.0.1:${port}`;
    const options = ['--network', 'host', '-e', 'HOME=/app', '-v', `${slug}:/app`];
    const container = (await engine.docker(['run', '-d', ...options, base, 'bash', '-c', line])).out.trim();
    try {
      expectIn(await frontPage(port), app.answer);
    } finally {
      await engine.docker(['rm', '-f', container]);
    }
  }
}

function webOf(slug: string): string {
  return readFileSync(join(slug, 'Procfile'), 'utf8')
    .replace(/^web: /, '')
    .trim();
}
