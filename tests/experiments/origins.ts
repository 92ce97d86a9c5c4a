/** Where packages come from: sources, folders, archives, git repositories, addresses. X3 and X20 among them. */

import { buildSdist, buildWheel } from '../support/wheel-builder.ts';
import { FIXTURE } from './lockfile.ts';
import type { Experiment, Place } from './play.ts';
import type { Universe } from './universe.ts';
import { project, source, toolPoetry } from './write.ts';

const FILELIB = buildWheel({
  name: 'FileLib',
  summary: 'A wheel',
  requires: ['foo<2', 'leaf<3; extra == "q"', 'b; extra == "r"'],
  extras: ['q', 'r'],
  requiresPython: ' >= 3.6',
});

/** A `pyproject.toml` of a library. */
function library(name: string, dependencies: readonly string[], version = '0.1'): string {
  const list = dependencies.map((one) => JSON.stringify(one)).join(', ');
  return `[project]\nname = "${name}"\nversion = "${version}"\ndescription = "About ${name}"\nrequires-python = ">=3.8"\ndependencies = [${list}]\n`;
}

const FOLDERS = {
  'dist/FileLib-1.0-py3-none-any.whl': FILELIB.bytes,
  'libdir/pyproject.toml': `${library('My.Lib_Dir', ['le (>=1.0,<1.1)', 'mixpre'])}
[project.optional-dependencies]
x-y = ["foo==1"]
z = ["b"]
`,
  'libdir2/pyproject.toml': library('nested', ['pre']),
  'setupdir/pyproject.toml': `[tool.poetry]
name = "plib"
version = "3.2.1"
description = "of the old kind"
authors = []

[tool.poetry.dependencies]
python = "^3.8"
le = "^2 || ~1.0"
loc = [{version = "~1.0", python = "<3.11"}, {version = ">=1", python = ">=3.11"}]
nested = {path = "../libdir2", develop = true}
common = {version = "^1.0", optional = true}

[tool.poetry.extras]
lee = ["common"]
`,
};

const LE: Universe = { ...FIXTURE, le: { '1.0': [], '2.0': [] } };

/** Two repositories: one project at the top, one in a folder, with a branch and tags. */
function repositories(at: Place): void {
  at.commit('top.git', { 'pyproject.toml': library('Git_Lib', ['foo<2']) });
  at.git('repositories/top.git', 'checkout', '--quiet', '-b', 'next');
  at.commit('top.git', { 'pyproject.toml': library('Git_Lib', ['foo'], '0.2') });
  at.git('repositories/top.git', 'checkout', '--quiet', 'main');
  at.commit('deep.git', { 'subd/inner/pyproject.toml': library('deep-lib', ['leaf<2']), 'README.md': 'more' });
  at.git('repositories/deep.git', 'tag', 'v2');
  at.git('repositories/deep.git', 'tag', '--annotate', '--message', 'three', 'v3');
}

const DIRECT = `python = "^3.9"
filelib = {path = "dist/FileLib-1.0-py3-none-any.whl", extras = ["q"]}
my-lib-dir = {path = "libdir", develop = true, extras = ["x-y"]}
plib = {path = "./setupdir"}
git-lib = {git = "https://git.example/top.git", branch = "next"}
deep-lib = {git = "https://git.example/deep.git", tag = "v2", subdirectory = "subd/inner"}
`;

const X3: Experiment = {
  name: 'X3: archives, folders and repositories',
  universe: LE,
  steps: [
    { write: { ...FOLDERS, 'pyproject.toml': toolPoetry(DIRECT) }, prepare: repositories },
    {},
    {
      write: {
        'pyproject.toml': project(['foo'], `\n[tool.poetry.dependencies]\n${DIRECT}`),
        'poetry.lock': undefined,
      },
    },
  ],
};

const X20: Experiment = {
  name: 'X20: a changed wheel and a branch that has moved are seen when all is locked anew',
  universe: LE,
  steps: [
    { write: { ...FOLDERS, 'pyproject.toml': toolPoetry(DIRECT) }, prepare: repositories },
    {
      write: { 'dist/FileLib-1.0-py3-none-any.whl': buildWheel({ name: 'FileLib', requires: ['leaf'] }).bytes },
      prepare(at) {
        at.git('repositories/top.git', 'checkout', '--quiet', 'next');
        at.commit('top.git', { 'pyproject.toml': library('Git_Lib', ['mixpre'], '0.3') });
      },
    },
    { run: ['update', 'git-lib', '--lock'] },
    { run: ['lock', '--regenerate'] },
  ],
};

/** Each way to name a commit, each in a project of its own. */
function gitExperiment(name: string, wishes: readonly string[], code = 0): Experiment {
  return {
    name,
    universe: FIXTURE,
    steps: wishes.map((wish, index) => ({
      write: { 'pyproject.toml': toolPoetry(`python = "^3.9"\n${wish}`), 'poetry.lock': undefined },
      ...(index === 0 ? { prepare: repositories } : {}),
      code,
    })),
  };
}

const TOP = 'git-lib = {git = "https://git.example/top.git"';
const DEEP = 'deep-lib = {git = "https://git.example/deep.git", subdirectory = "subd/inner"';

const GIT_REFERENCES = gitExperiment('git-references: HEAD, branches, tags and commits, under each other’s names too', [
  `${TOP}}`,
  `${TOP}, develop = true}`,
  `${TOP}, branch = "next"}`,
  `${TOP}, rev = "next"}`,
  `${DEEP}, tag = "v3"}`,
  `${DEEP}, rev = "v3"}`,
  `${DEEP}, branch = "v2"}`,
]);

const GIT_MISSING = gitExperiment(
  'git-missing: what a repository does not have',
  [
    `${TOP}, branch = "nothing"}`,
    `${TOP}, tag = "nothing"}`,
    `${TOP}, rev = "0123456"}`,
    'x = {git = "https://git.example/nothing.git"}',
  ],
  1,
);

const SYSTEM = { POETRY_SYSTEM_GIT_CLIENT: 'true' };
const GIT_ADDRESSES: Experiment = {
  name: 'git-addresses: ssh in both spellings, PEP 508, a commit by its names',
  universe: FIXTURE,
  steps: [
    {
      write: { 'pyproject.toml': toolPoetry('python = "^3.9"\ngit-lib = {git = "git@git.example:a/top.git"}') },
      prepare(at) {
        repositories(at);
        at.commit('a/top.git', { 'pyproject.toml': library('Git_Lib', ['foo<2']) });
      },
      env: SYSTEM,
    },
    {
      write: {
        'pyproject.toml': toolPoetry(
          'python = "^3.9"\ngit-lib = {git = "ssh://git@git.example/top.git", branch = "next"}',
        ),
        'poetry.lock': undefined,
      },
      env: SYSTEM,
    },
    {
      write: {
        'pyproject.toml': project([
          'git-lib @ git+https://git.example/top.git@next',
          'deep-lib @ git+https://git.example/deep.git@v2#subdirectory=subd/inner',
        ]),
        'poetry.lock': undefined,
      },
    },
    {
      write: { 'pyproject.toml': project(['git-lib @ git+ssh://git@git.example/top.git']), 'poetry.lock': undefined },
      env: SYSTEM,
    },
    {
      prepare(at) {
        const commit = at.git('repositories/top.git', 'rev-parse', 'next');
        at.write(
          'pyproject.toml',
          toolPoetry(`python = "^3.9"\ngit-lib = {git = "https://git.example/top.git", rev = "${commit}"}`),
        );
      },
    },
    {
      prepare(at) {
        const commit = at.git('repositories/top.git', 'rev-parse', '--short=8', 'main');
        at.write(
          'pyproject.toml',
          toolPoetry(`python = "^3.9"\ngit-lib = {git = "https://git.example/top.git", rev = "${commit}"}`),
        );
      },
      write: { 'poetry.lock': undefined },
    },
  ],
};

const GIT_SUBMODULES: Experiment = {
  name: 'git-submodules: a project in a submodule of a submodule',
  universe: FIXTURE,
  steps: [
    {
      write: {
        'pyproject.toml': toolPoetry(
          'python = "^3.9"\nouter = {git = "https://git.example/outer.git"}\ngit-lib = {git = "https://git.example/outer.git", subdirectory = "middle/inner"}',
        ),
      },
      prepare(at) {
        repositories(at);
        at.commit('middle.git', { 'README.md': 'middle' });
        at.git('repositories/middle.git', 'submodule', '--quiet', 'add', 'https://git.example/top.git', 'inner');
        at.commit('middle.git', {});
        at.commit('outer.git', { 'pyproject.toml': library('outer', ['leaf<2']) });
        at.git('repositories/outer.git', 'submodule', '--quiet', 'add', 'https://git.example/middle.git', 'middle');
        at.commit('outer.git', {});
      },
    },
  ],
};

const SDIST = buildSdist({ name: 'Sd_Lib', version: '2.0', requires: ['foo<2', 'leaf; extra == "x"'], extras: ['x'] });
const ARCHIVES: Experiment = {
  name: 'archives: wheels and sdists of the project’s folder and of other hosts',
  universe: FIXTURE,
  hosts: {
    files: {
      'http://files.example/a/FileLib-1.0-py3-none-any.whl': FILELIB.bytes,
      'http://files.example/b/Sd_Lib-2.0.tar.gz': SDIST.bytes,
    },
  },
  steps: [
    {
      write: {
        'FileLib-1.0-py3-none-any.whl': FILELIB.bytes,
        'some where/Sd_Lib-2.0.tar.gz': SDIST.bytes,
        'pyproject.toml': toolPoetry(
          'python = "^3.9"\nsd-lib = {path = "some where/Sd_Lib-2.0.tar.gz", extras = ["x"]}\nfilelib = {file = "./FileLib-1.0-py3-none-any.whl", optional = true}',
          '[tool.poetry.extras]\nall = ["filelib"]\n',
        ),
      },
    },
    {
      write: {
        'pyproject.toml': toolPoetry(
          'python = "^3.9"\nsd-lib = {url = "http://files.example/b/Sd_Lib-2.0.tar.gz"}\nfilelib = {url = "http://files.example/a/FileLib-1.0-py3-none-any.whl", extras = ["q"], python = "<3.12"}',
        ),
        'poetry.lock': undefined,
      },
    },
    {
      write: {
        'pyproject.toml': project([
          'sd-lib[x] @ http://files.example/b/Sd_Lib-2.0.tar.gz',
          "filelib @ http://files.example/a/FileLib-1.0-py3-none-any.whl ; sys_platform == 'linux'",
        ]),
        'poetry.lock': undefined,
      },
    },
    {},
    {
      write: {
        'pyproject.toml': project(['wrong-name @ http://files.example/a/FileLib-1.0-py3-none-any.whl']),
        'poetry.lock': undefined,
      },
    },
    { write: { 'pyproject.toml': toolPoetry('python = "^3.9"\nnone = {path = "nowhere"}') }, code: 1 },
    { write: { 'pyproject.toml': project(['x @ http://files.example/a/none-1.0-py3-none-any.whl']) }, code: 1 },
  ],
};

const OTHER: Universe = { foo: { '3': ['leaf'] }, only: { '1': ['foo'] }, mixpre: { '1.5': [] } };
const both = { universes: { 'one.example': FIXTURE, 'two.example': OTHER } };

const SOURCES: Experiment = {
  name: 'sources: primary ones together, supplemental ones where nothing else fits, explicit ones by name',
  universe: { foo: { '9': [] }, leaf: { '1': [] } },
  hosts: both,
  steps: [
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'only', 'mixpre'],
          source('One', 'http://one.example/simple/') + source('Two', 'http://two.example/simple'),
        ),
      },
    },
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'only', 'mixpre'],
          source('One', 'http://one.example/simple/', 'supplemental') +
            source('Two', 'http://two.example/simple', 'supplemental'),
        ),
        'poetry.lock': undefined,
      },
    },
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'only', 'leaf'],
          source('Two', 'http://two.example/simple', 'explicit') +
            '\n[tool.poetry.dependencies]\nonly = {source = "two"}\n',
        ),
        'poetry.lock': undefined,
      },
    },
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'mixpre', 'leaf'],
          `${source('One', 'http://one.example/simple/')}\n[[tool.poetry.source]]\nname = "PyPI"\npriority = "supplemental"\n
[tool.poetry.dependencies]\nfoo = {source = "pypi"}\n`,
        ),
        'poetry.lock': undefined,
      },
    },
    {},
    {
      write: {
        'pyproject.toml': project(
          ['foo', 'mixpre', 'leaf'],
          `${source('One', 'http://one.example/simple/')}\n[[tool.poetry.source]]\nname = "PyPI"\npriority = "explicit"\n`,
        ),
      },
      code: 1,
      says: 'Package foo (9) not found.',
    },
    {
      write: {
        'pyproject.toml': project(['foo'], '[tool.poetry.dependencies]\nfoo = {source = "nowhere"}\n'),
        'poetry.lock': undefined,
      },
      code: 1,
    },
  ],
};

const withoutPassword = (lock: string) => lock.replaceAll('me:secret@', '');

const CREDENTIALS: Experiment = {
  name: 'credentials: of a source, in its address and in settings; HTML pages',
  hosts: {
    universes: { 'closed.example': FIXTURE },
    passwords: { 'closed.example': 'me:secret' },
    html: ['closed.example'],
  },
  steps: [
    {
      write: { 'pyproject.toml': project(['yank', 'leaf', 'b'], source('Closed', 'http://closed.example/simple/')) },
      env: { POETRY_HTTP_BASIC_CLOSED_USERNAME: 'me', POETRY_HTTP_BASIC_CLOSED_PASSWORD: 'secret' },
    },
    {
      write: {
        'pyproject.toml': project(['yank', 'leaf', 'b'], source('Closed', 'http://me:secret@closed.example/simple/')),
        'poetry.lock': undefined,
      },
      differs: withoutPassword,
    },
    {
      write: { 'pyproject.toml': project(['yank', 'leaf'], source('Closed', 'http://closed.example/simple/')) },
      run: ['lock', '--no-cache'],
      code: 1,
      differs: withoutPassword,
    },
  ],
};

export const ORIGINS: readonly Experiment[] = [
  X3,
  X20,
  GIT_REFERENCES,
  GIT_MISSING,
  GIT_ADDRESSES,
  GIT_SUBMODULES,
  ARCHIVES,
  SOURCES,
  CREDENTIALS,
];
