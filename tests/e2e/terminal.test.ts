/** tercet as a person meets it: questions, lists and progress in a terminal, and Ctrl-C in each of them. */

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { which } from '../../src/process/which.ts';
import { type IndexServer, type IndexServerOptions, startIndex } from '../support/index-server.ts';
import { createHome, type Home, manifestOf } from '../support/run-tercet.ts';
import { KEYS, runInTerminal, type TerminalRun } from '../support/terminal.ts';
import { buildWheel } from '../support/wheel-builder.ts';

const WHEELS = [
  buildWheel({ name: 'alpha', version: '1.0' }),
  buildWheel({ name: 'alpha', version: '2.0' }),
  buildWheel({ name: 'beta', version: '1.0' }),
  buildWheel({ name: 'beta', version: '2.0' }),
];
const MANIFEST = manifestOf(['alpha (>=1,<2)', 'beta (>=1,<2)']);

let index: IndexServer;
beforeAll(() => {
  index = startIndex(WHEELS);
});
afterAll(() => index.stop());

/** Where a Python is that answers at once, if there is one. */
const PATH = which('python3', { PATH: '/usr/bin:/bin' }) === undefined ? process.env.PATH : '/usr/bin:/bin';

interface StartOptions {
  /** The index. */
  readonly url?: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

function start(home: Home, args: readonly string[], more: StartOptions = {}): TerminalRun {
  const env = {
    HOME: home.path,
    PATH: PATH ?? '',
    POETRY_VIRTUALENVS_OPTIONS_NO_PIP: 'true',
    TERCET_INDEX_URL: more.url ?? index.url,
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    POETRY_KEYRING_ENABLED: 'false',
    GIT_CONFIG_NOSYSTEM: '1',
    ...more.env,
  };
  return runInTerminal(args, { cwd: home.project, env, columns: more.columns ?? 80 });
}

/** An index that never answers for what ends so; `asked` resolves once it was asked. */
function hanging(suffix: string): { readonly index: IndexServer; readonly asked: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fault: IndexServerOptions['fault'] = (_request, path) => {
    if (!path.endsWith(suffix)) return undefined;
    resolve();
    return new Promise<Response>(() => {});
  };
  return { index: startIndex(WHEELS, { fault }), asked: promise };
}

/** Nothing that a shell would stumble over is left behind, and neither file was touched. */
async function expectBrokenOff(run: TerminalRun, home: Home, manifest: string | undefined): Promise<void> {
  expect(await run.exited).toBe(1);
  expect(run.cooked()).toBe(true);
  expect(run.cursorVisible()).toBe(true);
  // The next prompt of the shell has a line for itself.
  expect(run.screen().split('\n').at(-1)).toBe('');
  expect(run.screen()).not.toMatch(/bug in tercet|^ {4}at /m);
  expect(home.exists('poetry.lock')).toBe(false);
  if (manifest === undefined) expect(home.exists('pyproject.toml')).toBe(false);
  else expect(home.read('pyproject.toml')).toBe(manifest);
}

test('init: lines are edited, packages searched for and chosen', async () => {
  using home = createHome();
  using run = start(home, ['init', '--python', '>=3.9']);
  await run.press('Package name [project]:', 'shp', KEYS.left);
  await run.press('shp', 'o');
  await run.press('shop', KEYS.enter);
  await run.press('Version [0.1.0]:', KEYS.enter);
  await run.press('Description []:', 'A smalll', KEYS.backspace, ' shop', KEYS.enter);
  await run.press('n to skip]:', 'Ada <ada@example.org>', KEYS.enter);
  await run.press('License []:', KEYS.enter);
  await run.press('main dependencies interactively?', KEYS.enter);
  await run.press('Package to add or search for', 'alpha', KEYS.enter);
  await run.press(' > ', 'x', KEYS.down, KEYS.down, KEYS.up, KEYS.enter);
  await run.press('leave blank to use the latest version', KEYS.enter);
  await run.press('Add a package', 'nothing-of-that-name', KEYS.enter);
  await run.press('Add a package', 'beta@^1', KEYS.enter);
  await run.press('Add a package', KEYS.enter);
  await run.press('development dependencies interactively?', 'no', KEYS.enter);
  await run.press('Do you confirm generation? (yes/no) [yes]', KEYS.enter);
  expect(await run.exited).toBe(0);
  expect(run.cooked()).toBe(true);
  const screen = run.screen();
  expect(screen).toContain('Package name [project]:  shop\nVersion [0.1.0]:\nDescription []:  A small shop\n');
  expect(screen).toContain('Found 1 packages matching alpha\n');
  expect(screen).toContain(`[]:
 [ 0] alpha
 [ 1]
 > alpha
Enter the version constraint to require (or leave blank to use the latest versio
n):
Using version ^2.0 for alpha

Add a package (leave blank to skip): nothing-of-that-name
Unable to find package

Add a package (leave blank to skip): beta@^1
Adding beta@^1
`);
  expect(home.read('pyproject.toml')).toContain(
    'description = "A small shop"\nauthors = [\n    {name = "Ada",email = "ada@example.org"}\n]\n',
  );
  expect(home.read('pyproject.toml')).toContain(
    'dependencies = [\n    "alpha (>=2.0,<3.0)",\n    "beta (>=1,<2)"\n]\n',
  );
});

test('a number chooses, three wrong answers end the command', async () => {
  using home = createHome();
  using run = start(home, ['init', '--name', 'x', '--author', 'A', '--license', 'MIT', '--python', '>=3.9']);
  for (const prompt of ['Version', 'Description', 'Author', 'main dependencies']) await run.press(prompt, KEYS.enter);
  await run.press('Package to add or search for', 'alpha', KEYS.enter);
  await run.press(' > ', '0', KEYS.enter);
  await run.press('latest version', KEYS.enter);
  await run.press('Using version ^2.0 for alpha', 'alpha', KEYS.enter);
  for (const wrong of ['7', 'x', '-1']) await run.press(' > ', wrong, KEYS.enter);
  expect(await run.exited).toBe(1);
  expect(run.screen().match(/^Value ".*" is invalid$/gm)).toHaveLength(3);
  expect(home.exists('pyproject.toml')).toBe(false);
});

test('what is typed early is not lost', async () => {
  using home = createHome();
  using run = start(home, ['init', '--author', 'A', '--python', '>=3.9', '-l', 'MIT']);
  await run.press('Package name', 'shop\r1.5\rA shop\r\rno\rno\r\r');
  expect(await run.exited).toBe(0);
  expect(home.read('pyproject.toml')).toStartWith(
    '[project]\nname = "shop"\nversion = "1.5"\ndescription = "A shop"\n',
  );
});

test('Ctrl-D at a question', async () => {
  using home = createHome();
  using run = start(home, ['init']);
  await run.press('Package name', KEYS.end);
  await expectBrokenOff(run, home, undefined);
  expect(run.screen()).toContain('Package name [project]:\n\nAborted\n');
});

test('up --interactive: a list', async () => {
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  using run = start(home, ['up', '--latest', '--interactive', '--no-install']);
  await run.until('[x] Raise beta');
  expect(run.cursorVisible()).toBe(false);
  await run.press('', KEYS.down, ' ', KEYS.enter);
  expect(await run.exited).toBe(0);
  expect(run.cursorVisible()).toBe(true);
  expect(run.cooked()).toBe(true);
  expect(run.screen()).toContain('Raising alpha from >=1,<2 to >=2.0,<3.0\nUpdating dependencies\n');
  expect(run.screen()).not.toContain('[x]');
  expect(home.read('pyproject.toml')).toBe(MANIFEST.replace('alpha (>=1,<2)', 'alpha (>=2.0,<3.0)'));
});

test('add: what is being done, and what was', async () => {
  using home = createHome();
  home.write('pyproject.toml', manifestOf([]));
  using run = start(home, ['add', 'alpha']);
  expect(await run.exited).toBe(0);
  expect(run.screen().replace(/\(\d\.\ds\)/, '(0.1s)')).toBe(`Using version ^2.0 for alpha

Updating dependencies
Resolving dependencies... (0.1s)
Creating virtualenv demo in ${home.project}/.venv

Package operations: 1 install, 0 updates, 0 removals

  - Installing alpha (2.0)

Writing lock file
`);
});

test('shell: a shell in the environment', async () => {
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  using run = start(home, ['shell'], { env: { SHELL: '/bin/sh' } });
  await run.press('Spawning shell within', 'echo "in <$VIRTUAL_ENV>"; exit 3', KEYS.enter);
  expect(await run.exited).toBe(3);
  expect(run.screen()).toContain(`in <${home.project}/.venv>\n`);
  expect(run.cooked()).toBe(true);
});

test.each([
  ['at a question', ['init'], 'Package name [project]:', undefined],
  ['in a list', ['up', '--latest', '-i'], '[x] Raise beta', MANIFEST],
] as const)('Ctrl-C %s', async (_where, args, awaited, manifest) => {
  using home = createHome();
  if (manifest !== undefined) home.write('pyproject.toml', manifest);
  using run = start(home, args);
  await run.press(awaited, 'x');
  run.interrupt();
  await expectBrokenOff(run, home, manifest);
});

test('Ctrl-C while a password is typed, which nobody sees', async () => {
  using home = createHome();
  using run = start(home, ['config', 'http-basic.corp', 'ann']);
  await run.press('Password:', 'secret');
  run.interrupt();
  expect(await run.exited).toBe(1);
  expect(run.cooked()).toBe(true);
  expect(run.written()).not.toContain('secret');
  using again = start(home, ['config', 'http-basic.corp', 'ann']);
  await again.press('Password:', 'secrex', KEYS.backspace, 't', KEYS.enter);
  expect(await again.exited).toBe(0);
  expect(again.written()).not.toContain('secre');
  expect(readFileSync(join(home.path, '.config/pypoetry/auth.toml'), 'utf8')).toContain('password = "secret"');
});

test.each([
  ['the search', 'lock', '/simple/alpha/', 'Resolving dependencies...'],
  ['a download', 'install', '/alpha-1.0-py3-none-any.whl', '  - Installing alpha (1.0): Cancelled'],
] as const)('Ctrl-C during %s', async (_when, command, suffix, said) => {
  const { index: slow, asked } = hanging(suffix);
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  using run = start(home, [command], { url: slow.url });
  await asked;
  run.interrupt();
  await expectBrokenOff(run, home, MANIFEST);
  expect(run.screen()).toContain(said);
  expect(run.screen()).not.toContain('Installing...');
  await slow.stop();
});

test('a narrow terminal: the live line is cut, not wrapped', async () => {
  const { index: slow, asked } = hanging('/simple/beta/');
  using home = createHome();
  home.write('pyproject.toml', MANIFEST);
  using run = start(home, ['lock'], { url: slow.url, columns: 24 });
  await asked;
  await run.until('Resolving dependencies..');
  expect(run.screen()).toBe('Updating dependencies\nResolving dependencies..\n');
  run.interrupt();
  await expectBrokenOff(run, home, MANIFEST);
  await slow.stop();
});
