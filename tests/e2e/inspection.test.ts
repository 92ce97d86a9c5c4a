/** Commands that only look: `search`, `debug …`, `self …`, `about`, `completions`. */

import { expect, test } from 'bun:test';
import { startIndex } from '../support/index-server.ts';
import { createHome, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = [
  buildWheel({ name: 'alpha', version: '1.0', requires: ['beta>=1'] }),
  buildWheel({ name: 'alpha', version: '1.1', requires: ['beta>=1', 'gamma ; extra == "more"'] }),
  buildWheel({ name: 'beta', version: '1.0' }),
  buildWheel({ name: 'beta', version: '2.0a1' }),
  buildWheel({ name: 'gamma', version: '3.0' }),
];

test('search finds releases by name and constraint', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf([]));
  const found = await home.run(['search', 'beta', 'alpha>1.0', 'missing', '???']);
  expect(found).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      ' Package Version Source Description ',
      ' alpha   1.1     PyPI               ',
      ' beta    1.0     PyPI               ',
      '',
    ].join('\n'),
  });
  expect(await home.run(['search', 'missing'])).toMatchObject({
    code: 0,
    stdout: 'No matching packages were found.\n',
  });
});

test('search in a source that is not PyPI takes parts of names, in any spelling', async () => {
  await using index = startIndex([buildWheel({ name: 'Gamma.Ray', version: '0.4' }), ...wheels]);
  using home = createHome(index.url);
  const source = `[[tool.poetry.source]]\nname = "corp"\nurl = "${index.url}"\n`;
  home.write('pyproject.toml', `${manifestOf([])}\n${source}`);
  for (const part of ['Gamma.R', 'gamma-r', 'MMA_RAY']) {
    const { stdout } = await home.run(['search', part]);
    expect(stdout.split('\n')[1]).toBe(' gamma-ray 0.4     corp               ');
  }
});

test('debug resolve: the project, or packages given ad hoc; nothing is written', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['beta']));
  const start = 'Resolving dependencies...\n\nResolution results:\n\n';
  expect((await home.run(['debug', 'resolve'])).stdout).toBe(`${start}beta 1.0\n`);
  expect((await home.run(['debug', 'resolve', 'alpha'])).stdout).toBe(`${start}beta  1.0\nalpha 1.1\n`);
  const extras = await home.run(['debug', 'resolve', 'alpha@^1', '-E', 'more']);
  expect(extras.stdout).toBe(`${start}beta  1.0\ngamma 3.0\nalpha 1.1\n`);
  expect((await home.run(['debug', 'resolve', 'alpha==1.0', '--tree'])).stdout).toBe(
    `${start}alpha 1.0\n└── beta >=1\n`,
  );
  expect(await home.run(['debug', 'resolve', 'omega'])).toMatchObject({ code: 1 });
  expect(home.exists('poetry.lock')).toBe(false);
  expect(home.exists('.venv')).toBe(false);
});

test('debug info and debug tags', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  const info = await home.run(['debug', 'info']);
  expect(info.code).toBe(0);
  expect(info.stdout).toMatch(/^\nPoetry\nVersion: {4}2\.5\.1\n/);
  expect(info.stdout).toContain('\nVirtualenv\nPython:');
  const tags = await home.run(['debug', 'tags']);
  expect(tags.code).toBe(0);
  expect(tags.stdout).toMatch(/^cp3\d+-cp3\d+/);
  expect(tags.stdout).toEndWith('-none-any\n');
});

test('self: plug-ins are not loaded, and what is built in is named', async () => {
  using home = createHome();
  const added = await home.run(['self', 'add', 'poetry-plugin-export', 'poetry-other[x]>=1', '--dry-run']);
  expect(added).toMatchObject({ code: 1, stdout: '' });
  expect(added.stderr).toContain('poetry-plugin-export: not needed, `export` is built in');
  expect(added.stderr).toContain('poetry-other[x]>=1: a plug-in in Python cannot be run');
  expect((await home.run(['self', 'remove', 'poetry-plugin-shell'])).code).toBe(1);
  for (const name of ['install', 'sync', 'lock']) expect((await home.run(['self', name])).code).toBe(0);
  expect((await home.run(['self', 'show'])).stdout).toContain(' as Poetry    : 2.5.1\n');
  expect(JSON.parse((await home.run(['self', 'show', '-f', 'json'])).stdout)).toMatchObject({ name: 'tercet' });
  expect((await home.run(['self', 'show', 'six'])).stderr).toBe('\nPackage six not found\n');
  expect((await home.run(['self', 'show', 'plugins'])).stdout).toContain('poetry-plugin-export: built in');
  expect((await home.run(['about'])).code).toBe(0);
});

test('bash completes commands of several words, their options, and nothing for arguments', async () => {
  using home = createHome();
  const { stdout } = await home.run(['completions', 'bash', '--alias', 'poetry']);
  home.write('completions.bash', stdout);
  const ask = (...words: string[]): string => {
    const script = `. ./completions.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tercet_complete; echo "\${COMPREPLY[*]}"`;
    return Bun.spawnSync(['bash', '-c', script, 'bash', ...words], { cwd: home.project })
      .stdout.toString()
      .trim();
  };
  expect(ask('tercet', 'sho')).toBe('show');
  expect(ask('tercet', '-n', 'env', 'a')).toBe('activate');
  expect(ask('tercet', 'self', 'show', '')).toBe('plugins');
  expect(ask('tercet', 'add', 'six', '--dr')).toBe('--dry-run');
  expect(ask('tercet', '--no-i')).toBe('--no-interaction');
  expect(ask('tercet', 'add', '')).toBe('');
  expect(stdout).toContain('complete -o default -F _tercet_complete tercet poetry\n');
});

test('the other shells, and the one that SHELL names', async () => {
  using home = createHome();
  expect((await home.run(['completions', 'zsh'])).stdout).toStartWith('#compdef tercet\n');
  expect((await home.run(['completions'], { env: { SHELL: '/usr/bin/fish' } })).stdout).toContain(
    `complete -c tercet -f -n '__fish_tercet_complete "env"' -a activate -d `,
  );
  expect((await home.run(['completions', 'pwsh'])).stdout).toContain('Register-ArgumentCompleter -Native');
  expect((await home.run(['completions', 'tcsh'])).stderr).toContain('must be one of bash, zsh, fish, powershell');
});

test('show --top-level --latest as JSON asks for no package that it does not show', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha<1.1']));
  expect((await home.run(['lock'])).code).toBe(0);
  const before = index.requests.length;
  const shown = await home.run(['show', '--top-level', '--latest', '--format', 'json'], {
    env: { TERCET_CACHE_DIR: home.path },
  });
  expect(JSON.parse(shown.stdout)).toEqual([
    { name: 'alpha', installed_status: 'not-installed', version: '1.0', latest_version: '1.1', description: '' },
  ]);
  const asked = index.requests.slice(before).map(({ path }) => path);
  expect(asked.filter((path) => path.includes('alpha'))).not.toEqual([]);
  expect(asked.filter((path) => path.includes('beta'))).toEqual([]);
});
