/** Wrong input: a clear message on stderr, exit code 1, and nothing changed. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type IndexServer, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf, type RunOptions } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

let index: IndexServer;
beforeAll(() => {
  index = startIndex([
    buildWheel({ name: 'alpha', version: '1.0', requires: ['shared<2'] }),
    buildWheel({ name: 'omega', version: '1.0', requires: ['shared>=2'] }),
    buildWheel({ name: 'shared', version: '1.0' }),
    buildWheel({ name: 'shared', version: '2.0' }),
    buildWheel({ name: 'django', version: '5.0' }),
  ]);
});
afterAll(() => index.stop());

/** What a command must leave as it is. */
function snapshot(home: Home): unknown {
  return {
    manifest: home.exists('pyproject.toml') ? home.read('pyproject.toml') : undefined,
    lock: isFile(home, 'poetry.lock') ? home.read('poetry.lock') : undefined,
    files: readdirSync(home.project)
      .filter((one) => one !== '.venv')
      .sort(),
    installed: home.exists('.venv') ? installed(home) : [],
  };
}

function isFile(home: Home, path: string): boolean {
  return lstatSync(join(home.project, path), { throwIfNoEntry: false })?.isFile() === true;
}

function installed(home: Home): string[] {
  const lib = join(home.project, '.venv/lib');
  if (!home.exists('.venv/lib')) return [];
  return readdirSync(lib).flatMap((one) =>
    readdirSync(join(lib, one, 'site-packages')).filter((name) => /^(alpha|omega|shared|django)/.test(name)),
  );
}

/** Runs a command that must fail and change nothing; answers with its stderr. */
async function refused(home: Home, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const before = snapshot(home);
  const { code, stderr } = await home.run(args, options);
  expect(code).toBe(1);
  expect(snapshot(home)).toEqual(before as Record<string, unknown>);
  expect(stderr).not.toContain('This is a bug in tercet');
  expect(stderr).not.toMatch(/^ {4}at /m);
  return stderr;
}

describe('wrong input', () => {
  test('no pyproject.toml', async () => {
    using home = createHome(index.url);
    expect(await refused(home, ['add', 'alpha'])).toContain('Poetry could not find a pyproject.toml file in ');
  });

  test('broken TOML, with a mark at the place', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', '[project]\nname = "demo"\nversion = = "1"\n');
    for (const command of ['install', 'lock', 'show', 'check', 'version']) {
      const stderr = await refused(home, [command]);
      expect(stderr).toContain('pyproject.toml');
      expect(stderr).toMatch(/3 \| version = = "1"\n +\| +\^/);
    }
  });

  test('an invalid project', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', '[project]\nname = "demo"\nversion = 3\n');
    expect(await refused(home, ['install'])).toStartWith('\nThe Poetry configuration is invalid:\n  - ');
  });

  test('a package that does not exist, with near names', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf([]));
    const stderr = await refused(home, ['add', 'djagno']);
    expect(stderr).toStartWith('\nCould not find a matching version of package djagno\n');
    expect(stderr).toContain('hint: did you mean `django`?');
    expect(await refused(home, ['add', 'django>99'])).toBe(
      '\nCould not find a matching version of package django\n\nhint: the newest version is 5.0; `>99` allows none that can be taken\n',
    );
  });

  test('what cannot be read as a package', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf([]));
    expect(await refused(home, ['add', './missing/path'])).toContain(
      'Invalid dependency specification: ./missing/path',
    );
    expect(await refused(home, ['add', 'django@^^1'])).toContain('^^1');
    for (const name of ['django', 'unknown']) {
      expect(await refused(home, ['add', `${name} rubbish`])).toBe('\nCould not parse version constraint: rubbish\n');
    }
  });

  test('an empty version, with its line', async () => {
    using home = createHome(index.url);
    const head = '[project]\nname = "demo"\nversion = "1"\ndescription = ""\n';
    for (const [lines, shown] of [
      ['[tool.poetry.dependencies]\npython = ">=3.8"\nalpha = ""', 'alpha = ""'],
      ["[tool.poetry.dependencies]\nalpha = {markers = '', version = ''}", "alpha = {markers = '', version = ''}"],
      ['[tool.poetry.group.dev.dependencies.alpha] # one\nsource = "x"\nversion = "" # any', 'version = "" # any'],
      ['requires-python = ""', 'requires-python = ""'],
    ] as const) {
      const text = `${head}${lines}\n`;
      home.write('pyproject.toml', text);
      const line = text.split('\n').indexOf(shown) + 1;
      expect(await refused(home, ['check'])).toBe(
        `\nCould not parse version constraint: \n\nhint: \`${shown}\` stands in ${join(home.project, 'pyproject.toml')}, line ${line}.\n`,
      );
    }
  });

  test('a folder that may not be looked into', async () => {
    using home = createHome(index.url);
    home.write('closed/pyproject.toml', manifestOf([]));
    const closed = join(home.project, 'closed');
    chmodSync(closed, 0);
    for (const command of [['check'], ['install'], ['run', 'true']]) {
      const stderr = await refused(home, ['-P', closed, ...command], { unprivileged: true });
      expect(stderr).toContain(`${closed}/pyproject.toml: permission denied (EACCES)`);
    }
    expect(await refused(home, ['-C', closed, 'check'], { unprivileged: true })).toContain(
      `${closed}: permission denied`,
    );
    chmodSync(closed, 0o755);
  });

  test('a page for a folder that is not there, or in the place of one', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf([]));
    home.write('pages/x', '');
    expect((await home.run(['lock'])).code).toBe(0);
    expect(await refused(home, ['graph', '-o', 'away/graph.html'])).toBe(
      `\n${home.project}/away/graph.html cannot be written: there is no folder ${home.project}/away.\n`,
    );
    expect(await refused(home, ['graph', '-o', 'pages'])).toStartWith(`\n${home.project}/pages: it is a folder, `);
  });

  test('constraints that exclude each other, explained', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['alpha']));
    expect((await home.run(['lock'])).code).toBe(0);
    const stderr = await refused(home, ['add', 'omega']);
    expect(stderr).toContain('shared');
    expect(stderr).toContain('\nBecause ');
    expect(stderr).toContain('version solving failed.');
  });

  test('no Python that fits', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['alpha']).replace('>=3.8', '>=3.98'));
    const stderr = await refused(home, ['install']);
    expect(stderr).toContain('>=3.98');
    expect(stderr).toContain('Poetry was unable to find a compatible version.');
    expect(home.exists('.venv')).toBe(false);
  });

  test('an index that cannot be reached', async () => {
    using home = createHome('http://127.0.0.1:1/simple/');
    home.write('pyproject.toml', manifestOf(['alpha']));
    const said = await Promise.all([home.run(['lock']), home.run(['add', 'omega']), home.run(['install'])]);
    for (const { code, stderr } of said) {
      expect(code).toBe(1);
      expect(stderr).toContain('127.0.0.1:1');
    }
    expect(home.read('pyproject.toml')).toBe(manifestOf(['alpha']));
    expect(home.exists('poetry.lock')).toBe(false);
  }, 20_000);

  test('a wheel that is not the one that was locked', async () => {
    await using own = startIndex([buildWheel({ name: 'alpha', version: '1.0' })], { hashes: true });
    using home = createHome(own.url);
    home.write('pyproject.toml', manifestOf(['alpha']));
    expect((await home.run(['lock'])).code).toBe(0);
    home.write('poetry.lock', home.read('poetry.lock').replace(/sha256:[0-9a-f]{4}/, 'sha256:0000'));
    const stderr = await refused(home, ['install']);
    expect(stderr).toContain('alpha');
    expect(stderr).toContain('did not match any known checksums in your lock file.');
    expect(installed(home)).toEqual([]);
  });

  test('an environment whose interpreter is gone is made anew', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['django']));
    expect((await home.run(['install'])).code).toBe(0);
    const python = join(home.project, '.venv/bin/python');
    expect(lstatSync(python).isSymbolicLink()).toBe(true);
    rmSync(python);
    symlinkSync('/nowhere/python', python);
    const { code, stdout, stderr } = await home.run(['install']);
    expect(stderr).toMatch(/seems to be broken\.\nRecreating virtualenv demo in /);
    expect(stdout).toContain('  - Installing django (5.0)\n');
    expect(code).toBe(0);
  });

  test('a project that is read-only', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf([]));
    chmodSync(home.project, 0o555);
    chmodSync(join(home.project, 'pyproject.toml'), 0o444);
    const options = { unprivileged: true, env: { POETRY_VIRTUALENVS_IN_PROJECT: 'false' } };
    for (const args of [['add', 'django'], ['lock'], ['version', 'major']]) {
      expect(await refused(home, args, options)).toContain('read-only');
    }
  });

  test('a lock that cannot be read', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['django']));
    home.write('poetry.lock', 'not = [toml');
    expect(await refused(home, ['install'])).toContain('Unable to read the lock file');
  });

  test('a file that is not UTF-8 is not rewritten', async () => {
    using home = createHome(index.url);
    const path = join(home.project, 'pyproject.toml');
    const text = manifestOf([]).replace('description = ""', 'description = "Café"');
    for (const [bytes, what] of [
      [Buffer.from(text, 'latin1'), 'line 4 holds the byte 0xe9'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'it seems to be UTF-16'],
    ] as const) {
      writeFileSync(path, bytes);
      for (const args of [['add', 'django'], ['lock'], ['version', 'major']]) {
        expect(await refused(home, args)).toContain(`pyproject.toml is not UTF-8: ${what}`);
      }
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }
    writeFileSync(path, text.replace('Café', 'Caf\ufffd'));
    expect((await home.run(['lock'])).code).toBe(0);
  });

  test('a folder, a circle of links or a name too long where a file should be', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf([]));
    const lock = join(home.project, 'poetry.lock');
    mkdirSync(lock);
    expect(await refused(home, ['lock'])).toContain(`${lock}: it is a folder, not a file (EISDIR)`);
    rmSync(lock, { recursive: true });
    symlinkSync('poetry.lock', lock);
    expect(await refused(home, ['lock'])).toContain(`${lock}: the symbolic links lead in a circle (ELOOP)`);
    rmSync(lock);
    expect(await refused(home, ['new', 'a'.repeat(300)])).toContain(
      'the name is too long for the file system (ENAMETOOLONG)',
    );
    const inFile = join(home.project, 'pyproject.toml/out.txt');
    expect((await home.run(['lock'])).code).toBe(0);
    expect(await refused(home, ['export', '-o', inFile])).toContain(
      `${inFile}: a part of it is a file, not a folder (ENOTDIR)`,
    );
  });

  test('a project that cannot be made leaves nothing behind, and its manifest takes the place of another in one step', async () => {
    using home = createHome(index.url);
    // Its folder can be made, the package in it has too long a path.
    const room = 4000 - home.project.length;
    const parts = [
      'q'.repeat(1 + (room % 201)),
      ...Array.from({ length: Math.floor(room / 201) }, () => 'p'.repeat(200)),
    ];
    expect(await refused(home, ['new', parts.join('/')])).toContain('ENAMETOOLONG');

    home.write('pyproject.toml', '[tool.black]\n');
    linkSync(join(home.project, 'pyproject.toml'), join(home.project, 'before'));
    expect((await home.run(['init', '-n', '--python', '>=3.10'])).code).toBe(0);
    expect(home.read('pyproject.toml')).toContain('[project]');
    expect(home.read('before')).toBe('[tool.black]\n');
  });

  test('groups and extras that do not exist', async () => {
    using home = createHome(index.url);
    home.write('pyproject.toml', manifestOf(['django']));
    expect((await home.run(['lock'])).code).toBe(0);
    expect(await refused(home, ['install', '--with', 'nope'])).toContain('Group(s) not found: nope (via --with)');
    expect(await refused(home, ['install', '-E', 'nope'])).toContain('Extra [nope] is not specified.');
  });
});

test('a path that is required and gone is told of by whatever reads the project, as in Poetry', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([], '[tool.poetry.dependencies]\ngone = { path = "gone" }\n'));
  const { stderr } = await home.run(['check']);
  expect(stderr).toContain(`Path ${join(home.project, 'gone')} for gone does not exist\n`);
  const locked = await home.run(['lock']);
  expect(locked.code).toBe(1);
  expect(locked.stderr).toBe(
    `${`Path ${join(home.project, 'gone')} for gone does not exist\n`}\nPath ${join(home.project, 'gone')} for gone does not exist\n`,
  );
});

test('requirements that contradict each other matter to those alone who resolve or install', async () => {
  using home = createHome();
  home.write('demo/__init__.py', '');
  const table = '[tool.poetry.dependencies]\nrequests = ">1"\n';
  const project = '[project]\nname = "demo"\nversion = "1.2"\nrequires-python = ">=3.8"\n';
  home.write('pyproject.toml', `${project}dependencies = ["requests==1.0"]\n\n${table}`);
  for (const args of [['version'], ['check'], ['build']]) expect(await home.run(args)).toMatchObject({ code: 0 });
  expect((await home.run(['lock'])).stderr).toContain('Cannot enrich dependency with incompatible constraints');
});
