import { describe, expect, test } from 'bun:test';
import { readLock } from '../lock/poetry-lock.ts';
import { readManifest } from '../manifest/read.ts';
import { dockerfile } from './dockerfile.ts';
import { diagnose } from './doctor.ts';
import type { LockState, ProjectFacts } from './project-facts.ts';
import { startCommand } from './start-command.ts';

const MANIFEST = `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9,<3.13"
[tool.poetry]
package-mode = false
`;

interface Draft {
  readonly manifest?: string;
  readonly packages?: readonly { readonly name: string; readonly group?: string; readonly more?: string }[];
  readonly files?: Readonly<Record<string, string>>;
  readonly lockState?: LockState;
}

function facts({ manifest = MANIFEST, packages = [], files = {}, lockState = 'fresh' }: Draft): ProjectFacts {
  const entries = packages.map(
    ({
      name,
      group = 'main',
      more = `files = [{file = "${name}-1-py3-none-any.whl", hash = "sha256:00"}]`,
    }) => `[[package]]
name = "${name}"
version = "1"
description = ""
optional = false
python-versions = "*"
groups = ["${group}"]
${more}
`,
  );
  const lock = readLock(`${entries.join('\n')}
[metadata]
lock-version = "2.1"
python-versions = ">=3.9,<3.13"
content-hash = "${'0'.repeat(64)}"
`);
  return { manifest: readManifest(manifest), lock, lockState, files: new Map(Object.entries(files)) };
}

const OPTIONS = { toolVersion: '1.0.0', releases: undefined, tried: undefined };

describe('dockerfile', () => {
  test.each([
    [{}, undefined, '3.12'],
    [{}, '3.10', '3.10'],
    [{}, '3.14', '3.12'],
    [{ '.python-version': '# mine\n3.14.1\n3.11.7\n' }, '3.10', '3.11'],
  ] as const)('with the files %p and %p tried: Python %s', (files, tried, version) => {
    expect(dockerfile(facts({ files }), { ...OPTIONS, tried })).toContain(`FROM python:${version}-slim AS build\n`);
  });

  test('a package is a layer above its dependencies; a project that is none has no such stage', () => {
    expect(dockerfile(facts({}), OPTIONS)).not.toContain('--only-root');
    const text = dockerfile(facts({ manifest: MANIFEST.replace('package-mode = false', '') }), OPTIONS);
    expect(text).toContain('FROM build AS project\n');
    expect(text).toContain('COPY --from=project /project /app/.venv\n');
  });

  test('what the lock needs of the system', () => {
    const text = dockerfile(
      facts({
        packages: [
          { name: 'wheely' },
          { name: 'old', more: 'files = [{file = "old-1.tar.gz", hash = "sha256:00"}]' },
          { name: 'far', more: 'files = []\n[package.source]\ntype = "git"\nurl = "https://git.example/far.git"' },
          { name: 'tool', group: 'dev', more: 'files = [{file = "tool-1.tar.gz", hash = "sha256:00"}]' },
        ],
      }),
      OPTIONS,
    );
    expect(text).toContain('# Without a wheel, and built here: old.\n');
    expect(text).toContain('--no-install-recommends build-essential git \\\n');
    expect(dockerfile(facts({}), OPTIONS)).not.toContain('apt-get');
  });

  test('where tercet comes from; credentials only where there are sources', () => {
    expect(dockerfile(facts({}), OPTIONS)).toContain('RUN pip install --no-cache-dir tercet==1.0.0\n');
    const released = dockerfile(facts({}), { ...OPTIONS, releases: 'https://releases.example' });
    expect(released).toContain('ARG TERCET_BASE_URL=https://releases.example\n');
    expect(released).not.toContain('secret');
    const source = '[[tool.poetry.source]]\nname = "private"\nurl = "https://index.example/simple/"\n';
    expect(dockerfile(facts({ manifest: MANIFEST + source }), OPTIONS)).toContain('--mount=type=secret,id=poetry-auth');
  });
});

describe('startCommand', () => {
  const DJANGO = { 'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shopsite.settings.prod')\n" };
  test.each([
    [
      { files: { Procfile: 'web: poetry run gunicorn shop:app --log-file -\nworker: x\n' } },
      'gunicorn shop:app --log-file -',
    ],
    [{ files: DJANGO, packages: [{ name: 'gunicorn' }] }, 'gunicorn --bind 0.0.0.0:8000 shopsite.wsgi'],
    [{ files: DJANGO, packages: [{ name: 'gunicorn', group: 'dev' }] }, 'python manage.py runserver 0.0.0.0:8000'],
    [{ files: { 'run.py': '', 'app.py': '' } }, 'python run.py'],
    [{ manifest: `${MANIFEST.replace('package-mode = false', '')}[project.scripts]\nshopd = "shop:main"\n` }, 'shopd'],
    [{}, 'python'],
  ] as readonly [Draft, string][])('%p → %s', (draft, line) => {
    const command = startCommand(facts(draft));
    expect(command.kind === 'shell' ? command.line : command.argv.join(' ')).toBe(line);
  });
});

describe('doctor', () => {
  const said = (draft: Draft): readonly string[] =>
    diagnose(facts(draft)).map(
      ({ severity, file, line, text }) => `${severity} ${file}${line === undefined ? '' : `:${line}`} ${text}`,
    );

  test('what tercet writes itself is healthy', () => {
    const packages = [{ name: 'gunicorn' }];
    const Dockerfile = dockerfile(facts({ packages }), OPTIONS);
    expect(
      said({ packages, files: { Dockerfile, Procfile: 'web: gunicorn shop.wsgi\n', '.python-version': '3.11\n' } }),
    ).toEqual([]);
  });

  test.each<[string, Draft, readonly (string | RegExp)[]]>([
    ['a stale lock', { lockState: 'stale' }, [/^error poetry\.lock it is older/]],
    [
      'an image of another Python, whole copies, development groups, a shell as process 1',
      { files: { Dockerfile: 'FROM python:3.8-slim\nCOPY . .\nRUN poetry install\nCMD gunicorn x\n' } },
      [
        /^error Dockerfile:1 the image has Python 3\.8, which the project \(>=3\.9,<3\.13\) does not allow/,
        /^warning Dockerfile:4 the shell form/,
        /^warning Dockerfile:2 the code is copied before/,
        /^warning Dockerfile:3 the groups for development/,
      ],
    ],
    [
      'a lock that does not reach the image',
      {
        files: {
          Dockerfile: 'FROM python:3.12\nCOPY pyproject.toml .\nRUN pip install foo \\\n && tercet sync --only main\n',
        },
      },
      [/^error Dockerfile:3 poetry\.lock does not reach/],
    ],
    [
      '.dockerignore keeps the lock out',
      {
        files: {
          Dockerfile: 'FROM x\nCOPY poetry.lock .\nRUN tercet sync --only main\n',
          '.dockerignore': '# x\n*.lock\n',
        },
      },
      [/^error \.dockerignore:2 `\*\.lock` is kept from the build/],
    ],
    [
      'Travis: 3.10 without quotes, Pythons outside the range, 2019',
      {
        files: {
          '.travis.yml':
            'python:\n- 3.10\n- "3.11"\n- 3.6\nenv:\n- A=3.10\ninstall:\n- curl https://x/get-poetry.py | python\n- poetry install --no-dev\n',
        },
      },
      [
        /^error \.travis\.yml:8 get-poetry\.py was retired/,
        /^error \.travis\.yml:9 Poetry 2 refuses --no-dev/,
        /^error \.travis\.yml:2 YAML reads 3\.10 as the number 3\.1$/,
        /^error \.travis\.yml:4 Python 3\.6 is not allowed/,
      ],
    ],
    [
      'GitHub: a matrix',
      {
        files: {
          '.github/workflows/ci.yml': '    strategy:\n      matrix:\n        python-version: [3.9, 3.10, "3.14"]\n',
        },
      },
      [/:3 YAML reads 3\.10/, /:3 Python 3\.14 is not allowed/],
    ],
    [
      'Heroku',
      {
        files: {
          Procfile: 'web: poetry run gunicorn shop --bind 0.0.0.0:8000\nnonsense\n',
          'runtime.txt': 'python-3.8.1\n',
          'requirements.txt': '',
        },
      },
      [
        /^error requirements\.txt Heroku stops the build/,
        /^error runtime\.txt:1 Python 3\.8\.1 is not allowed/,
        /^warning runtime\.txt:1 runtime\.txt is deprecated/,
        /^error Procfile:1 there is no poetry when the application runs/,
        /^error Procfile:1 gunicorn is not among the main dependencies/,
        /^error Procfile:1 the port is fixed/,
        /^error Procfile:2 not of the form/,
      ],
    ],
    ['requirements.txt without Heroku is fine', { files: { 'requirements.txt': '' } }, []],
    [
      '.python-version outside the range',
      { files: { '.python-version': '3.6.8\n' } },
      [/^error \.python-version:1 Python 3\.6\.8/],
    ],
    [
      'Ansible: the tasks of 2019',
      {
        files: {
          'deploy/site.yml':
            '- hosts: all\n  tasks:\n    - name: get\n      shell: curl -sSL https://x/get-tercet.py | python\n    - shell: poetry install\n',
        },
      },
      [/:4 a download that fails is not noticed/, /:5 no folder is named/, /:5 the task says `changed`/],
    ],
    [
      'pre-commit',
      {
        files: {
          '.pre-commit-config.yaml':
            'repos:\n- repo: https://github.com/python-poetry/poetry\n  rev: main\n  hooks:\n  - id: poetry-check\n  - id: poetry-export\n',
        },
      },
      [/:3 the revision `main` moves/, /:6 Poetry's repository has no hook poetry-export/],
    ],
  ])('%s', (_, draft, expected) => {
    const lines = said(draft);
    expect(lines.length).toBe(expected.length);
    for (const [at, pattern] of expected.entries()) expect(lines[at]).toMatch(pattern);
  });

  test('a file that installs tercet means it by poetry', () => {
    const script = 'curl https://x/get-tercet.py | python - --as-poetry\npoetry install --no-dev\n';
    expect(said({ files: { 'build.sh': script } })).toEqual([]);
  });
});
