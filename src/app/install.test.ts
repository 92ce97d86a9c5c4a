import { describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeEnvironment } from '../../tests/support/fake-facts.ts';
import { type IndexServerOptions, type PublishedDistribution, startIndex } from '../../tests/support/index-server.ts';
import { type TestEnvironment, testEnvironment } from '../../tests/support/install-target.ts';
import { lockedFrom, lockedPackage } from '../../tests/support/locked-package.ts';
import { type BuiltDistribution, buildSdist, buildWheel } from '../../tests/support/wheel-builder.ts';
import { TercetError } from '../ground/error.ts';
import type { Event } from '../ground/events.ts';
import { createTransport } from '../http/transport.ts';
import { createIndexClient } from '../index/client.ts';
import { JOURNAL } from '../installer/step.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { readManifest } from '../manifest/read.ts';
import { MAIN_GROUP } from '../names/name.ts';
import { plainChunks } from '../render/plain.ts';
import { type InstallRequest, installLocked, installProjectItself } from './install.ts';

const LIBRARY = 'lib/python3.11/site-packages';

function lockOf(packages: readonly LockedPackage[]): Lock {
  return {
    lockVersion: '2.1',
    generator: undefined,
    pythonVersions: '*',
    contentHash: undefined,
    packages,
    extras: new Map(),
  };
}

interface World {
  readonly environment: TestEnvironment;
  readonly requests: () => number;
  /** Everything that was printed, stdout and stderr. */
  readonly output: () => string;
  readonly outside: InstallRequest['outside'];
  fileUrl(distribution: BuiltDistribution): string;
  install(packages: readonly LockedPackage[], more?: Partial<InstallRequest>): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

const manifest = readManifest('[project]\nname = "root"\nversion = "1.0"\nrequires-python = ">=3.11"\n');

function world(published: readonly PublishedDistribution[], options: IndexServerOptions = {}): World {
  const environment = testEnvironment();
  const server = startIndex(published, options);
  let printed = '';
  const plain = (_: string, text: string): string => text;
  const emit = (event: Event): void => {
    for (const { text } of plainChunks(event, { verbosity: 0, out: plain, err: plain })) printed += text;
  };
  const cacheDir = join(environment.folder, 'cache');
  const open = async () => {
    const transport = createTransport({ env: {}, retryDelay: 1 });
    const client = createIndexClient({ transport, cacheDir, sources: [], emit, now: Date.now, pypiUrl: server.url });
    return { client, transport };
  };
  const outside = { open, emit, signal: new AbortController().signal };
  return {
    environment,
    outside,
    fileUrl: server.fileUrl,
    requests: () => server.requests.length,
    output: () => printed,
    install(packages, more = {}) {
      printed = '';
      return installLocked({
        lock: lockOf(packages),
        manifest,
        projectDir: environment.folder,
        environment: fakeEnvironment(environment.target),
        groups: [MAIN_GROUP],
        extras: [],
        settings: { cacheDir, noBinary: [], onlyBinary: [] },
        outside,
        ...more,
      });
    },
    async [Symbol.asyncDispose]() {
      environment[Symbol.dispose]();
      await server.stop();
    },
  };
}

async function refusal(promise: Promise<unknown>): Promise<TercetError> {
  try {
    await promise;
  } catch (error) {
    expect(error).toBeInstanceOf(TercetError);
    return error as TercetError;
  }
  throw new Error('nothing was thrown');
}

const six = buildWheel({ name: 'six', version: '1.16.0' });
const six17 = buildWheel({ name: 'six', version: '1.17.0' });
const toml = buildWheel({ name: 'toml', version: '0.10.2' });
const lockedSix = lockedPackage('six', '1.16.0', [six]);
const lockedToml = lockedPackage('toml', '0.10.2', [toml]);

describe('what is printed', () => {
  test('installs, then nothing to do', async () => {
    await using here = world([six, toml]);
    await here.install([lockedToml, lockedSix]);
    expect(here.output()).toBe(
      '\nPackage operations: 2 installs, 0 updates, 0 removals\n\n  - Installing six (1.16.0)\n  - Installing toml (0.10.2)\n',
    );
    await here.install([lockedToml, lockedSix]);
    expect(here.output()).toBe('\nNo dependencies to install or update\n');
  });

  test('nothing at all where the lock is empty', async () => {
    await using here = world([]);
    await here.install([]);
    expect(here.output()).toBe('');
  });

  test('updates and removals', async () => {
    await using here = world([six, six17, toml]);
    await here.install([lockedSix, lockedToml]);
    await here.install([lockedPackage('six', '1.17.0', [six17])], { sync: true });
    expect(here.output()).toBe(
      '\nPackage operations: 0 installs, 1 update, 1 removal\n\n  - Removing toml (0.10.2)\n  - Updating six (1.16.0 -> 1.17.0)\n',
    );
    await here.install([lockedSix]);
    expect(here.output()).toBe(
      '\nPackage operations: 0 installs, 1 update, 0 removals\n\n  - Downgrading six (1.17.0 -> 1.16.0)\n',
    );
  });

  test('a dry run lists all and changes nothing', async () => {
    await using here = world([six]);
    const before = here.environment.tree();
    await here.install([lockedSix, lockedToml], { dryRun: true });
    expect(here.output()).toBe(
      '\nPackage operations: 2 installs, 0 updates, 0 removals\n\n  - Installing six (1.16.0)\n  - Installing toml (0.10.2)\n',
    );
    expect(here.environment.tree()).toEqual(before);
    expect(here.requests()).toBe(0);
  });
});

describe('in lanes, for many wheels', () => {
  const many = Array.from({ length: 12 }, (_, at) =>
    buildWheel({ name: `lane${at}`, files: { [`lane${at}.py`]: 'x = 1\n' } }),
  );
  const lockedMany = many.map((wheel, at) => lockedPackage(`lane${at}`, '1.0', [wheel]));

  test('all are installed; one that somebody wrote into is fetched again', async () => {
    await using here = world(many);
    const { purelib } = here.environment.target;
    await here.install(lockedMany);
    expect(here.output().match(/- Installing lane/g)?.length).toBe(12);
    const stored = here.environment.store.get(many[5]?.sha256 as never);
    const path = join(stored?.tree ?? '', 'lane5.py');
    writeFileSync(path, 'changed in place\n');
    utimesSync(path, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    const before = here.requests();
    rmSync(purelib, { recursive: true });
    mkdirSync(purelib);
    await here.install(lockedMany);
    expect(here.requests()).toBeGreaterThan(before);
    for (let at = 0; at < 12; at++) expect(readFileSync(join(purelib, `lane${at}.py`), 'utf8')).toBe('x = 1\n');
  });

  test('a hostile one: its own words, and nothing is left', async () => {
    const evil = buildWheel({ name: 'evil', record: (text) => text.replace(/^(evil\.py,sha256=)./m, '$1-') });
    await using here = world([...many, evil]);
    const before = here.environment.tree();
    const error = await refusal(here.install([...lockedMany, lockedPackage('evil', '1.0', [evil])]));
    expect(error).toMatchObject({ code: 'wheel-invalid', detail: { file: 'evil-1.0-py3-none-any.whl' } });
    expect(error.hints).toHaveLength(1);
    expect(withoutLock(here.environment.tree())).toEqual(before);
    expect(readdirSync(here.environment.store.folder).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(readdirSync(join(here.environment.folder, 'cache/downloads'))).toEqual([]);
  });
});

describe('where files come from', () => {
  test('nothing is asked for that the store has', async () => {
    await using here = world([six, toml]);
    await here.install([lockedSix, lockedToml]);
    const before = here.requests();
    rmSync(here.environment.target.purelib, { recursive: true });
    mkdirSync(here.environment.target.purelib);
    await here.install([lockedSix, lockedToml]);
    expect(here.requests()).toBe(before);
    expect(existsSync(join(here.environment.target.purelib, 'six.py'))).toBe(true);
  });

  test('a stored wheel that somebody wrote into is fetched again', async () => {
    await using here = world([six]);
    await here.install([lockedSix]);
    const stored = here.environment.store.get(six.sha256 as never);
    const path = join(stored?.tree ?? '', 'six.py');
    writeFileSync(path, 'changed in place\n');
    utimesSync(path, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    rmSync(here.environment.target.purelib, { recursive: true });
    mkdirSync(here.environment.target.purelib);
    await here.install([lockedSix]);
    expect(readFileSync(join(here.environment.target.purelib, 'six.py'), 'utf8')).toContain("NAME = 'six'");
  });

  test('a yanked file that is locked is installed, with a warning at the end', async () => {
    await using here = world([{ ...six, yanked: 'too old' }, toml]);
    await here.install([lockedSix, lockedToml]);
    expect(here.output()).toEndWith(
      '  - Installing toml (0.10.2)\nWarning: The file chosen for install of six 1.16.0 (six-1.16.0-py3-none-any.whl) is yanked. Reason for being yanked: too old\n',
    );
  });

  test('without a cache nothing is left in it', async () => {
    await using here = world([six]);
    const cacheDir = join(here.environment.folder, 'cache');
    await here.install([lockedSix], { settings: { cacheDir, noCache: true, noBinary: [], onlyBinary: [] } });
    expect(existsSync(join(here.environment.target.purelib, 'six.py'))).toBe(true);
    expect(readdirSync(cacheDir).filter((name) => /wheels|no-cache/.test(name))).toEqual([]);
  });

  test('a wheel file and a url', async () => {
    await using here = world([six, toml]);
    writeFileSync(join(here.environment.folder, six.file), six.bytes);
    const url = here.fileUrl(toml);
    await here.install([
      lockedFrom({ type: 'file', url: six.file }, 'six', '1.16.0', { files: lockedSix.files }),
      lockedFrom({ type: 'url', url }, 'toml', '0.10.2', { files: lockedToml.files }),
    ]);
    const direct = (folder: string): unknown =>
      JSON.parse(readFileSync(join(here.environment.target.purelib, folder, 'direct_url.json'), 'utf8'));
    expect(direct('six-1.16.0.dist-info')).toEqual({
      url: `file://${here.environment.folder}/${six.file}`,
      archive_info: { hashes: { sha256: six.sha256 } },
    });
    expect(direct('toml-0.10.2.dist-info')).toEqual({ url, archive_info: { hashes: { sha256: toml.sha256 } } });
    expect(here.output()).toContain(
      `  - Installing six (1.16.0 ${here.environment.folder}/${six.file})\n  - Installing toml (0.10.2 ${url})\n`,
    );
  });

  test('what is built goes through the same port', async () => {
    const sdist = buildSdist({ name: 'old' });
    const built = buildWheel({ name: 'old' });
    await using here = world([sdist]);
    const scratch = join(here.environment.folder, 'scratch');
    mkdirSync(scratch);
    writeFileSync(join(scratch, built.file), built.bytes);
    const seen: unknown[] = [];
    const request = here.install([lockedPackage('old', '1.0', [sdist])], {
      outside: {
        ...here.outside,
        build: async (_, source) => {
          seen.push({
            ...source,
            path: source.kind === 'sdist' && readFileSync(source.path).equals(Buffer.from(sdist.bytes)),
          });
          return { path: join(scratch, built.file), scratch };
        },
      },
    });
    await request;
    expect(seen).toEqual([{ kind: 'sdist', path: true, file: sdist.file }]);
    expect(existsSync(scratch)).toBe(false);
    expect(existsSync(join(here.environment.target.purelib, 'old.py'))).toBe(true);
  });
});

describe('what fails', () => {
  test('a file with another hash: named, nothing installed, nothing left', async () => {
    await using here = world([six, toml], {
      fault: (_, path) => (path.includes('toml-') ? new Response('other bytes') : undefined),
    });
    const before = here.environment.tree();
    const error = await refusal(here.install([lockedSix, lockedToml]));
    expect(error.code).toBe('hash-mismatch');
    expect(error.message).toContain('toml-0.10.2-py3-none-any.whl');
    expect(error.message).toContain(toml.sha256);
    expect(withoutLock(here.environment.tree())).toEqual(before);
    expect(here.output()).toContain('  - Installing toml (0.10.2): Failed\n');
    expect(readdirSync(join(here.environment.folder, 'cache/downloads'))).toEqual([]);
  });

  test('a hostile wheel: refused before anything is written, and again the next time', async () => {
    const evil = buildWheel({ name: 'evil', unrecorded: [{ path: '../../evil.txt', contents: 'x' }] });
    await using here = world([evil, six]);
    const locked = [lockedPackage('evil', '1.0', [evil]), lockedSix];
    const before = here.environment.tree();
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await refusal(here.install(locked));
      expect(error.code).toBe('archive-unsafe');
      expect(withoutLock(here.environment.tree())).toEqual(before);
    }
  });

  test('a file that the lock does not list', async () => {
    await using here = world([six]);
    const error = await refusal(here.install([lockedPackage('six', '1.16.0', [six17])]));
    expect(error.code).toBe('hash-not-locked');
  });

  test('a release that has nothing for this environment', async () => {
    const windows = buildWheel({ name: 'six', version: '1.16.0', tag: 'cp311-cp311-win_amd64' });
    await using here = world([windows]);
    const error = await refusal(here.install([lockedPackage('six', '1.16.0', [windows])]));
    expect(error.message).toStartWith('Unable to find installation candidates for six (1.16.0)');
  });

  test('a source distribution without a builder', async () => {
    const sdist = buildSdist({ name: 'old' });
    await using here = world([sdist]);
    expect((await refusal(here.install([lockedPackage('old', '1.0', [sdist])]))).code).toBe('build-unavailable');
  });

  test('Ctrl-C while files are fetched', async () => {
    const stop = new AbortController();
    await using here = world([six, toml], {
      fault: (_, path) => {
        if (path.startsWith('/files/')) stop.abort(new TercetError('cancelled', 'cancelled'));
        return undefined;
      },
    });
    const before = here.environment.tree();
    const error = await refusal(
      here.install([lockedSix, lockedToml], { outside: { ...here.outside, signal: stop.signal } }),
    );
    expect(error.code).toBe('cancelled');
    expect(withoutLock(here.environment.tree())).toEqual(before);
  });
});

test('an interrupted step is undone first', async () => {
  await using here = world([six]);
  const { purelib } = here.environment.target;
  const step = join(purelib, JOURNAL, '1-x');
  mkdirSync(`${step}.1.dist-info`, { recursive: true });
  writeFileSync(
    `${step}.json`,
    JSON.stringify({
      number: 1,
      label: 'toml (0.10.2)',
      removes: [],
      folders: [],
      creates: [join(purelib, 'toml.py')],
      distInfo: join(purelib, 'toml-0.10.2.dist-info'),
    }),
  );
  writeFileSync(join(purelib, 'toml.py'), 'half');
  await here.install([lockedSix]);
  expect(existsSync(join(purelib, 'toml.py'))).toBe(false);
  expect(here.output()).toContain('An interrupted installation was undone: toml (0.10.2)');
});

test('several at once in one environment all succeed', async () => {
  await using here = world([six, toml]);
  await Promise.all([1, 2, 3].map(() => here.install([lockedSix, lockedToml])));
  const tree = here.environment.tree();
  expect(tree[`${LIBRARY}/six.py`]).toBeDefined();
  expect(tree[`${LIBRARY}/toml-0.10.2.dist-info/RECORD`]).toBeDefined();
});

describe('the project itself', () => {
  const text = `
[project]
name = "My.Root"
version = "0.1.0"
description = "Demo"
authors = [{ name = "A B", email = "a@b.example" }]
license = "MIT"
readme = "README.md"
requires-python = ">=3.11,<3.13"
dependencies = ["six (>=1.16,<2.0) ; python_version < '3.12'"]
[project.optional-dependencies]
more = ["toml"]
[project.urls]
Home = "https://root.example"
[project.scripts]
tool = "my_root.cli:main.run"
[tool.poetry]
packages = [{ include = "my_root", from = "src" }]
[tool.poetry.scripts]
helper = { reference = "bin/helper.sh", type = "file" }
`;

  async function installRoot(here: World, manifestText = text): Promise<void> {
    const { folder, target } = here.environment;
    await installProjectItself({
      manifest: readManifest(manifestText),
      projectDir: folder,
      environment: fakeEnvironment(target),
      settings: { cacheDir: join(folder, 'cache'), noBinary: [], onlyBinary: [] },
      outside: here.outside,
      runScript: async () => {},
    });
  }

  function project(folder: string): void {
    mkdirSync(join(folder, 'src/my_root'), { recursive: true });
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'src/my_root/__init__.py'), '');
    writeFileSync(join(folder, 'bin/helper.sh'), '#!/bin/sh\n');
    writeFileSync(join(folder, 'README.md'), '# Root\n');
    writeFileSync(join(folder, 'LICENSE'), 'MIT\n');
  }

  test('is installed in the form of Poetry', async () => {
    await using here = world([]);
    const { folder, target } = here.environment;
    project(folder);
    await installRoot(here);
    const tree = here.environment.tree();
    const info = `${LIBRARY}/my_root-0.1.0.dist-info`;
    expect(tree[`${LIBRARY}/my_root.pth`]).toBe(`${folder}/src\n`);
    expect(tree['bin/tool*']).toBe(
      `#!${target.python}\nimport sys\nfrom my_root.cli import main\n\nif __name__ == '__main__':\n    sys.exit(main.run())\n`,
    );
    expect(tree['bin/helper*']).toBe('#!/bin/sh\n');
    expect(tree[`${info}/INSTALLER`]).toBe('poetry');
    expect(tree[`${info}/direct_url.json`]).toBe(`{"dir_info": {"editable": true}, "url": "file://${folder}"}`);
    expect(tree[`${info}/entry_points.txt`]).toBe('[console_scripts]\ntool=my_root.cli:main.run\n\n');
    expect(tree[`${info}/WHEEL`]).toBe(
      'Wheel-Version: 1.0\nGenerator: poetry-core 2.5.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    );
    expect(tree[`${info}/licenses/LICENSE`]).toBe('MIT\n');
    expect(tree[`${info}/METADATA`]).toBe(`Metadata-Version: 2.4
Name: My.Root
Version: 0.1.0
Summary: Demo
License-Expression: MIT
License-File: LICENSE
Author: A B
Author-email: a@b.example
Requires-Python: >=3.11,<3.13
Classifier: Programming Language :: Python :: 3
Classifier: Programming Language :: Python :: 3.11
Classifier: Programming Language :: Python :: 3.12
Provides-Extra: more
Requires-Dist: six (>=1.16,<2.0) ; python_version < "3.12"
Requires-Dist: toml ; extra == "more"
Project-URL: Home, https://root.example
Description-Content-Type: text/markdown

# Root

`);
    const record = tree[`${info}/RECORD`] ?? '';
    expect(record).toStartWith(`${target.purelib}/my_root.pth,sha256=`);
    expect(record).toEndWith(`${target.purelib}/my_root-0.1.0.dist-info/RECORD,,\r\n`);
    expect(here.output()).toBe('\nInstalling the current project: My.Root (0.1.0)\n');
  });

  test('is left alone where it is up to date, and replaced where it is not', async () => {
    await using here = world([]);
    project(here.environment.folder);
    await installRoot(here);
    const before = here.environment.tree();
    await installRoot(here);
    expect(here.environment.tree()).toEqual(before);
    await installRoot(here, text.replace('0.1.0', '0.2.0').replace('tool = ', 'other = '));
    const after = here.environment.tree();
    expect(Object.keys(after).filter((path) => path.includes('0.1.0') || path === 'bin/tool*')).toEqual([]);
    expect(after['bin/other*']).toBeDefined();
    expect(after[`${LIBRARY}/my_root.pth`]).toBe(before[`${LIBRARY}/my_root.pth`] as string);
  });

  test.each([
    ['no package', 'No file/folder found for package my-root', text.replace(/^packages.*$/m, '')],
    [
      'a package that is not there',
      'other does not contain any element',
      text.replace('include = "my_root"', 'include = "other"'),
    ],
    ['a folder without modules', 'empty is not a package.', text.replace('include = "my_root"', 'include = "empty"')],
  ])('is refused with %s', async (_, message, manifestText) => {
    await using here = world([]);
    mkdirSync(join(here.environment.folder, 'src/empty'), { recursive: true });
    const before = here.environment.tree();
    const error = await refusal(installRoot(here, manifestText));
    expect(error.code).toBe('root-not-found');
    expect(error.message).toContain(message);
    expect(withoutLock(here.environment.tree())).toEqual(before);
  });
});

/** The tree without the file that locks the environment. */
function withoutLock(tree: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { '.tercet.lock': _, ...rest } = tree;
  return rest;
}
