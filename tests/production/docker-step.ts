/** Images of an application: the one that `tercet docker init` writes, and the article's, where `poetry run` is the entry point. */

import { join } from 'node:path';
import { guideBlock } from '../support/guide-blocks.ts';
import type { Application } from './application.ts';
import type { Engine } from './engine.ts';
import { freePort, frontPage } from './front-page.ts';
import { expectIn, type Stage } from './stage.ts';

export interface DockerStep {
  readonly engine: Engine;
  readonly baseUrl: string;
  /** The base image, which the engine has. */
  readonly base: string;
}

/** Rebuilds keep the layer of the dependencies; the container stops at once, and is content with a read-only root, any user, and no network. */
export async function dockerImage(stage: Stage, app: Application, { engine }: DockerStep): Promise<void> {
  const { run, shell } = stage;
  const { docker, env } = engine;
  const folder = `${app.name}-image`;
  await run(['git', 'clone', '-q', app.name, folder]);
  const image = `tercet-${app.name}`;
  const guide = guideBlock('docs/docker.md', 'docker build').replaceAll('shop:', `${image}:`);
  const [init = '', plain = ''] = guide.split('\n');
  await shell(init, { cwd: folder });
  const here = '--progress plain --network host --build-arg TERCET_INDEX_URL';
  const build = plain.replace('docker build', `docker build ${here} -t ${image}`);
  const first = await timed(() => shell(build, { cwd: folder, env }));
  await shell(`echo "# a change" >> ${app.code}`, { cwd: folder });
  const again = await timed(() => shell(build, { cwd: folder, env }));
  expectIn(again.value.err, 'CACHED');
  if (/Package operations/.test(first.value.err + first.value.out) === false)
    throw new Error(`no operations in\n${first.value.err}`);
  if (/Package operations/.test(again.value.err + again.value.out))
    throw new Error(`a change of the code installed the dependencies anew\n${again.value.err}`);

  const sha1 = (await shell('sha1sum poetry.lock | cut -d " " -f 1', { cwd: folder })).out.trim();
  await docker(['image', 'inspect', `${image}:${sha1}`]);
  expectIn((await docker(['inspect', '-f', '{{json .Config.Labels}}', image])).out, sha1);

  const port = await freePort();
  const confined = ['--network', 'host', '--read-only', '--tmpfs', '/tmp', '--user', '12345'];
  const stopped = await serve(
    engine,
    [...confined, image, 'gunicorn', '--bind', `127.0.0.1:${port}`, app.wsgi],
    async () => expectIn(await frontPage(port), app.answer),
  );
  const inside = `import time, urllib.request
for _ in range(100):
    try:
        print(urllib.request.urlopen("http://127.0.0.1:8000/").read().decode())
        break
    except OSError:
        time.sleep(0.1)
`;
  const alone = await serve(engine, ['--network', 'none', image, 'gunicorn', app.wsgi], async (container) =>
    expectIn((await docker(['exec', container, 'python', '-c', inside])).out, app.answer),
  );
  for (const seconds of [stopped, alone]) {
    if (seconds >= 1) throw new Error(`docker stop took ${seconds.toFixed(2)} s`);
  }
  stage.say(
    `built in ${first.seconds.toFixed(1)} s, after a change of the code in ${again.seconds.toFixed(1)} s; docker stop ${stopped.toFixed(2)} s`,
  );
}

/** The article's own Dockerfile: every line but the installer's address. */
const ARTICLE = `FROM python:3.11-slim
RUN curl -sSL $TERCET_BASE_URL/get-tercet.py | python - --as-poetry
ENV PATH="/root/.poetry/bin:$PATH"
WORKDIR /opt/app
COPY pyproject.toml .
COPY poetry.lock .
RUN poetry install --no-dev
COPY . .
ENTRYPOINT ["poetry", "run"]
CMD ["python", "run.py"]
`;

/** Images with tercet in them, as an entry point: the article's, and that of docs/docker.md. */
export async function entryPointImages(stage: Stage, app: Application, step: DockerStep): Promise<void> {
  await entryPointImage(stage, app, step, 'article', ARTICLE);
  await entryPointImage(stage, app, step, 'guide', guideBlock('docs/docker.md', 'ENTRYPOINT'));
}

async function entryPointImage(
  stage: Stage,
  app: Application,
  { engine, baseUrl, base }: DockerStep,
  kind: string,
  dockerfile: string,
): Promise<void> {
  const { run, shell, write } = stage;
  const { docker, env } = engine;
  const folder = `${app.name}-${kind}`;
  await run(['git', 'clone', '-q', app.name, folder]);
  write(
    `${folder}/Dockerfile`,
    dockerfile.replace(/^FROM .*$/m, `FROM ${base}\nARG TERCET_INDEX_URL TERCET_BASE_URL=${baseUrl}`),
  );
  const image = `${kind}-${app.name}`;
  await shell(
    `docker build --network host --build-arg TERCET_INDEX_URL -t ${image}:$(sha1sum poetry.lock | awk '{ print $1 }') -t ${image} .`,
    { cwd: folder, env },
  );
  const said = await docker([
    'run',
    '--rm',
    '--network',
    'none',
    image,
    'python',
    '-c',
    'import os; print(os.getpid())',
  ]);
  if (said.out !== '1\n') throw new Error(`the program is process ${said.out}`);
  const port = await freePort();
  const stopped = await serve(
    engine,
    ['--network', 'host', image, 'gunicorn', '--bind', `127.0.0.1:${port}`, app.wsgi],
    async () => expectIn(await frontPage(port), app.answer),
  );
  if (stopped >= 1) throw new Error(`docker stop took ${stopped.toFixed(2)} s`);
}

/** Our image beside one that differs in the tool alone: uv, from the same lock, in the same stages. */
export async function compareWithUv(stage: Stage, app: Application, { engine }: DockerStep): Promise<void> {
  const { home, run, shell, write } = stage;
  const folder = `${app.name}-uv`;
  await run(['git', 'clone', '-q', app.name, folder]);
  await run(['tercet', 'docker', 'init'], { cwd: folder });
  await run(['tercet', 'export', '--without-hashes', '-o', 'requirements.txt'], { cwd: folder });
  const ours = await Bun.file(join(home, folder, 'Dockerfile')).text();
  const theirs = ours
    .replace(
      /^ARG TERCET_BASE_URL[\s\S]*?tercet\/bin:\$PATH\n/m,
      'ARG PIP_INDEX_URL\nRUN pip install --no-cache-dir uv\n',
    )
    .replace(/^ARG TERCET_INDEX_URL\n[\s\S]*?\n\n/m, UV);
  if (theirs.includes('tercet sync')) throw new Error(`the Dockerfile has other lines than this test knows:\n${ours}`);
  write(`${folder}/Dockerfile`, theirs);
  const index = '--build-arg PIP_INDEX_URL="$TERCET_INDEX_URL" --build-arg UV_DEFAULT_INDEX="$TERCET_INDEX_URL"';
  const image = `uv-${app.name}`;
  const line = `docker build --network host \${TERCET_INDEX_URL:+${index}} -t ${image} .`;
  const cold = await timed(() => shell(line, { cwd: folder, env: engine.env }));
  const size = async (name: string): Promise<number> =>
    Number((await engine.docker(['image', 'inspect', '-f', '{{.Size}}', name])).out) / 1e6;
  const [mine, other] = [await size(`tercet-${app.name}`), await size(image)];
  stage.say(`image: ${mine.toFixed(2)} MB; with uv: ${other.toFixed(2)} MB, built in ${cold.seconds.toFixed(1)} s`);
  if (mine > other) throw new Error(`the image is bigger than with uv: ${mine} > ${other} MB`);
}

const UV = `ARG UV_DEFAULT_INDEX
RUN --mount=type=cache,target=/root/.cache/uv \\
    --mount=type=bind,source=requirements.txt,target=requirements.txt \\
    uv venv .venv && UV_LINK_MODE=copy uv pip sync --python .venv --compile-bytecode requirements.txt

`;

/** Runs a container while `work` is done; the seconds that `docker stop` took. A busy machine gets three tries: who ignores SIGTERM takes ten seconds each time. */
async function serve(
  { docker }: Engine,
  options: readonly string[],
  work: (container: string) => Promise<void>,
): Promise<number> {
  const container = (await docker(['run', '-d', ...options])).out.trim();
  try {
    let fastest = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3 && fastest >= 1; tries += 1) {
      if (tries > 0) await docker(['start', container]);
      await work(container);
      fastest = Math.min(fastest, (await timed(() => docker(['stop', container]))).seconds);
    }
    return fastest;
  } catch (error) {
    const { out, err } = await docker(['logs', container], { code: 'any' });
    throw new Error(`${error instanceof Error ? error.message : error}\n${out}${err}`);
  } finally {
    await docker(['rm', '-f', container], { code: 'any' });
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - began) / 1000 };
}
