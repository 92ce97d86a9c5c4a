/** `--json`: every line fits docs/json.schema.json, and programs find in it what people read. */

import { expect, test } from 'bun:test';
import schema from '../../docs/json.schema.json';
import { startIndex } from '../support/index-server.ts';
import { schemaProblems } from '../support/json-schema.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const wheels = [
  buildWheel({ name: 'alpha', version: '1.0', requires: ['beta'], summary: 'First' }),
  buildWheel({ name: 'beta', version: '1.0' }),
];

async function json(home: Home, ...args: string[]) {
  const { code, stdout, stderr } = await home.run([...args, '--json']);
  expect(stderr).toBe('');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const line of lines) expect(schemaProblems(line, schema)).toEqual([]);
  const values = lines.filter(({ kind }) => kind === 'data').map(({ value }) => value);
  return { code, lines, values, last: lines.at(-1) };
}

test('locking, installing and showing', async () => {
  await using index = startIndex(wheels);
  using home = createHome(index.url);
  home.write('pyproject.toml', manifestOf(['alpha']));
  const locked = await json(home, 'lock');
  const both = [
    { name: 'alpha', version: '1.0' },
    { name: 'beta', version: '1.0' },
  ];
  expect(locked.values).toEqual([{ changed: true, packages: 2, added: both, removed: [] }]);
  expect(locked.last).toEqual({ kind: 'result', exitCode: 0 });
  expect((await json(home, 'lock')).values).toEqual([{ changed: false, packages: 2, added: [], removed: [] }]);

  const planned = await json(home, 'install', '--dry-run');
  expect(planned.lines).toContainEqual({
    kind: 'plan',
    installs: 2,
    updates: 0,
    removals: 0,
    skipped: 0,
    dryRun: true,
  });
  const installed = await json(home, 'install');
  const done = installed.lines
    .filter(({ kind }) => kind === 'operation-finished')
    .map(({ operation }) => operation.name);
  expect(done.toSorted()).toEqual(['alpha', 'beta']);

  expect((await json(home, 'show')).values[0]).toMatchObject([
    { name: 'alpha', installed_status: 'installed', version: '1.0', description: 'First' },
    { name: 'beta' },
  ]);
  expect((await json(home, 'show', 'alpha')).values[0]).toMatchObject({ name: 'alpha', dependencies: { beta: '*' } });
  expect((await json(home, 'search', 'beta')).values).toEqual([[{ name: 'beta', version: '1.0', source: 'PyPI' }]]);
  expect((await json(home, 'debug', 'resolve')).values.at(-1)).toHaveLength(2);
});

test('facts of the project', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  expect((await json(home, 'version')).values).toMatchObject([{ version: expect.any(String) }]);
  expect((await json(home, 'check')).values).toEqual([{ errors: [], warnings: [] }]);
  await json(home, 'source', 'add', 'corp', 'https://index.example/', '-p', 'explicit');
  const corp = { name: 'corp', url: 'https://index.example/', priority: 'explicit' };
  expect((await json(home, 'source', 'show')).values).toEqual([corp]);
  expect((await json(home, 'env', 'info')).values).toMatchObject([{ path: null }]);
  expect((await json(home, 'env', 'list')).values).toEqual([]);
  expect((await json(home, 'config', '--list')).values).toContainEqual({ key: 'virtualenvs.create', value: true });
  expect((await json(home, 'debug', 'tags')).values[0]).toContain('py3-none-any');
});

test('an error is the last line, with its code and hints', async () => {
  using home = createHome();
  const none = await json(home, 'check');
  expect(none.code).toBe(1);
  expect(none.last).toMatchObject({ kind: 'error', code: 'no-project', exitCode: 1, hints: [expect.any(String)] });
  home.write('pyproject.toml', manifestOf([]));
  expect((await json(home, 'show', '--nonsense')).last).toMatchObject({ kind: 'error', exitCode: 1 });
  expect((await json(home, 'nonsense')).last).toEqual({ kind: 'result', exitCode: 1 });
});
