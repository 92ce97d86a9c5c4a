/**
 * The Dockerfile and `.dockerignore` of a project. Two stages: the first has tercet and makes the environment from the lock alone, so that
 * its layer stays until the lock changes; the last has the environment, the code, a user without rights, and no tool.
 */

import type { LockedPackage } from '../lock/lock.ts';
import { allowsPython, type ProjectFacts, PYTHON_MINORS, pinnedPythons } from './project-facts.ts';
import { startCommand } from './start-command.ts';

export interface DockerfileOptions {
  /** The version of tercet that the image is built with. */
  readonly toolVersion: string;
  /** Where releases of tercet are; undefined: from the Python package index, by pip. */
  readonly releases: string | undefined;
  /** The Python version that the project's environment has now, `3.11`. */
  readonly tried: string | undefined;
  /** The base image. Default: `python:X.Y-slim`, of the version that is pinned, else tried, else the newest that fits. */
  readonly base?: string;
}

/** The text of the Dockerfile. */
export function dockerfile(facts: ProjectFacts, options: DockerfileOptions): string {
  const base = options.base ?? `python:${pythonFor(facts, options.tried)}-slim`;
  const system = systemPackages(facts);
  const isPackage = facts.manifest.packageMode && facts.manifest.name !== undefined;
  const secret = facts.manifest.sources.some(({ url }) => url !== undefined) ? AUTH_SECRET : '';
  const command = startCommand(facts);
  const start =
    command.kind === 'argv' ? JSON.stringify(command.argv).replaceAll('","', '", "') : shellForm(command.line);
  return `# Written by \`tercet docker init\`; yours to change.
#
#     docker build -t ${facts.manifest.name ?? 'app'}:"$(tercet lock --sha1)" $(tercet docker label) .

FROM ${base} AS build
${system}${toolLines(options)}WORKDIR /app
ENV POETRY_VIRTUALENVS_IN_PROJECT=true \\
    POETRY_VIRTUALENVS_OPTIONS_NO_PIP=true \\
    POETRY_CACHE_DIR=/cache \\
    TERCET_LINK_MODE=copy
# For an index in PyPI's place: --build-arg TERCET_INDEX_URL=https://…
ARG TERCET_INDEX_URL
# Only the two files decide about this layer: a change of the code leaves it.
RUN --mount=type=cache,target=/cache \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    --mount=type=bind,source=poetry.lock,target=poetry.lock \\
${secret}    tercet sync --only main --no-root --no-directory --compile --no-interaction
${isPackage ? PROJECT_ITSELF : ''}
FROM ${base}
RUN useradd --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \\
    PYTHONUNBUFFERED=1
COPY --from=build /app/.venv /app/.venv
${isPackage ? 'COPY --from=project /project /app/.venv\n' : ''}COPY . .
USER 10001
EXPOSE 8000
# The program is process 1 itself: it gets the signals of \`docker stop\`.
CMD ${start}
`;
}

/** Credentials of the project's sources; they reach no layer: `--secret id=poetry-auth,src=$HOME/.config/pypoetry/auth.toml`. */
const AUTH_SECRET = `    --mount=type=secret,id=poetry-auth,target=/root/.config/pypoetry/auth.toml \\
`;

/** The project itself is a layer of its own above that of its dependencies. */
const PROJECT_ITSELF = `
FROM build AS project
COPY . .
# What installing the project adds to the environment, a few small files.
RUN touch /stamp \\
 && tercet install --only-root --no-interaction \\
 && mkdir /project && cd .venv \\
 && find . -newer /stamp ! -type d -exec cp --parents -P {} /project \\;
`;

/** The text of `.dockerignore`. */
export const DOCKERIGNORE = `# Written by \`tercet docker init\`; yours to change.
.git
.gitignore
.github
.venv
venv
**/__pycache__
**/*.py[cod]
.mypy_cache
.pytest_cache
.ruff_cache
.tox
.coverage
htmlcov
dist
build
*.egg-info
node_modules
.env
.env.*
*.sqlite3
Dockerfile*
.dockerignore
compose*.y*ml
docker-compose*.y*ml
.idea
.vscode
`;

function pythonFor({ manifest, files }: ProjectFacts, tried: string | undefined): string {
  const pinned = pinnedPythons(files.get('.python-version') ?? '').map((one) => /^(\d+\.\d+)/.exec(one)?.[1]);
  const wanted = [...pinned, tried, ...PYTHON_MINORS].filter((one) => one !== undefined);
  return wanted.find((one) => allowsPython(manifest.python, one)) ?? PYTHON_MINORS[0];
}

function toolLines({ toolVersion, releases }: DockerfileOptions): string {
  if (releases === undefined) return `RUN pip install --no-cache-dir tercet==${toolVersion}\n`;
  return `ARG TERCET_BASE_URL=${releases}
ADD \${TERCET_BASE_URL}/get-tercet.py /tmp/
RUN python3 /tmp/get-tercet.py --version ${toolVersion} --home /opt/tercet --no-modify-path
ENV PATH=/opt/tercet/bin:$PATH
`;
}

/** Debian packages without which the lock cannot be installed: git, and a compiler for what comes as source. */
function systemPackages({ lock }: ProjectFacts): string {
  const main = (lock?.packages ?? []).filter(
    ({ groups }) => groups.length === 0 || groups.some((one) => one === 'main'),
  );
  const git = main.some(({ source }) => source?.type === 'git');
  const built = main.filter(isSourceOnly).map(({ name }) => name);
  if (!git && built.length === 0) return '';
  const packages = [...(built.length > 0 ? ['build-essential'] : []), ...(git ? ['git'] : [])];
  const why = built.length > 0 ? `# Without a wheel, and built here: ${built.join(', ')}.\n` : '';
  return `${why}RUN apt-get update \\
 && apt-get install -y --no-install-recommends ${packages.join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
`;
}

function isSourceOnly({ files, source }: LockedPackage): boolean {
  if (source !== undefined && source.type !== 'legacy') return false;
  return files.length > 0 && !files.some(({ file }) => file.endsWith('.whl'));
}

/** A line with variables needs a shell, which gives its place to the program. */
function shellForm(line: string): string {
  return JSON.stringify(['sh', '-c', `exec ${line}`]).replaceAll('","', '", "');
}
