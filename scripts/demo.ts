/**
 * The walk-through: from an empty folder to a Django app that answers, with the built executable, in a scratch folder,
 * saying what it does. It uses the real index; where that cannot be reached, a small one of real-shaped wheels that it
 * builds for itself, and says so.
 *
 *     npm run demo
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type DemoIndex, startDemoIndex } from './demo/index.ts';

const root = join(import.meta.dir, '..');
const tercet = join(root, 'dist/tercet');
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tercet-demo-')));
const colour = process.stdout.isTTY && !process.env.NO_COLOR;

interface Act {
  readonly title: string;
  /** The Python to use: a version of pyenv's, or undefined for the one on PATH. */
  readonly python: string | undefined;
  readonly django: string;
  readonly toolbar: string;
}

let steps = 0;
let index: DemoIndex | undefined;

if (!existsSync(tercet)) build();
try {
  index = await chooseIndex();
  for (const act of acts()) await play(act);
  console.log(`\n${bold('Done.')} ${steps} commands, all as expected.`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  index?.stop();
  rmSync(scratch, { recursive: true, force: true });
}

/** The article's own versions where pyenv has their Pythons, and today's Django on the newest one. */
function acts(): Act[] {
  if (index)
    return [{ title: 'The small index', python: undefined, django: 'django', toolbar: 'django-debug-toolbar' }];
  const article = { django: 'django==2.0.12', toolbar: 'django-debug-toolbar==1.5' };
  const today = { django: 'django', toolbar: 'django-debug-toolbar' };
  const found: Act[] = [];
  for (const python of ['3.7.16', '3.6.15']) {
    if (hasPython(python)) found.push({ title: `2019: Django 2.0.12 on Python ${python}`, python, ...article });
  }
  const newest = pyenvVersions()
    .filter((one) => /^3\.1[0-9]\.\d+$/.test(one))
    .at(-1);
  found.push({
    title: `Today's Django on ${newest ? `Python ${newest}` : 'the Python on PATH'}`,
    python: newest,
    ...today,
  });
  return found;
}

async function play(act: Act): Promise<void> {
  console.log(`\n${bold(`━━ ${act.title} ━━`)}`);
  const home = join(scratch, `home-${steps}`);
  const project = join(home, 'shop');
  mkdirSync(project, { recursive: true });
  const at = (folder: string, env: Record<string, string> = {}) => ({ folder, env: environment(home, env) });
  const here = at(project);

  if (act.python) {
    say(`pyenv local ${act.python}`);
    writeFileSync(join(project, '.python-version'), `${act.python}\n`);
  }
  await run(here, [
    'init',
    '--no-interaction',
    '--name',
    'shop',
    '--description',
    'A small shop',
    '--author',
    'Ada <ada@example.org>',
    ...(act.python ? ['--python', `>=${act.python.split('.').slice(0, 2).join('.')}`] : []),
  ]);
  await run(here, ['add', act.django]);
  await run(here, ['add', '--dev', act.toolbar]);
  await run(here, ['show', '--tree']);
  await run(here, ['install', '--no-root']);
  await run(here, ['run', 'django-admin', 'startproject', 'shopsite', '.']);
  await run(here, ['run', 'python', 'manage.py', 'check'], { expect: 'no issues' });
  await serve(here);
  await run(here, ['check', '--lock']);
  const path = (await run(here, ['env', 'info', '-p'])).trim();
  await run(here, ['shell'], {
    input: 'python -c "import django, sys; print(django.__version__, sys.prefix)"\nexit\n',
    expect: path,
  });

  say('the same on another machine, in production');
  const other = join(home, 'production');
  mkdirSync(other);
  for (const file of ['pyproject.toml', 'poetry.lock', ...(act.python ? ['.python-version'] : [])]) {
    writeFileSync(join(other, file), await Bun.file(join(project, file)).bytes());
  }
  await run(at(other), ['install', '--no-dev', '--no-root']);
  await run(at(other), ['run', 'python', '-c', 'import django; print("django", django.__version__)'], {
    expect: 'django',
  });
  await run(at(other), ['run', 'python', '-c', 'import debug_toolbar'], { code: 1 });

  say('an environment of another tool, used as it is');
  const virtualenv = join(home, 'workon/shop');
  const python = act.python
    ? join(pyenvRoot(), 'versions', act.python, 'bin/python')
    : (Bun.which('python3') ?? 'python3');
  Bun.spawnSync([python, '-m', 'venv', virtualenv]);
  const active = at(project, {
    VIRTUAL_ENV: virtualenv,
    PATH: join(virtualenv, 'bin') + delimiter + (process.env.PATH ?? ''),
  });
  await run(active, ['env', 'info', '-p'], { expect: virtualenv });
  await run(active, ['install', '--no-root']);
  await run(active, ['run', 'python', '-c', 'import django, sys; print(django.__version__, sys.prefix)'], {
    expect: virtualenv,
  });
}

interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Expectation {
  readonly input?: string;
  /** Text that the output must hold. */
  readonly expect?: string;
  /** The exit code that is expected. Default: 0. */
  readonly code?: number;
}

/** Runs tercet, shows the command and what it says, and returns its standard output. */
async function run(
  place: Place,
  argv: readonly string[],
  { input, expect, code = 0 }: Expectation = {},
): Promise<string> {
  steps++;
  console.log(`\n${bold(`$ tercet ${argv.map((word) => (/[\s"]/.test(word) ? `'${word}'` : word)).join(' ')}`)}`);
  const child = Bun.spawn([tercet, ...argv], {
    cwd: place.folder,
    env: place.env,
    stdin: input === undefined ? 'ignore' : new TextEncoder().encode(input),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, ended] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  process.stdout.write(err + out);
  if (ended !== code) throw new Error(`\`tercet ${argv.join(' ')}\` ended with ${ended}, expected ${code}`);
  if (expect && !(out + err).includes(expect))
    throw new Error(`\`tercet ${argv.join(' ')}\` did not say \`${expect}\``);
  return out;
}

/** Starts the app on a free port, asks it for its first page, and ends it by its process id. */
async function serve(place: Place): Promise<void> {
  steps++;
  const port = freePort();
  console.log(`\n${bold(`$ tercet run python manage.py runserver 127.0.0.1:${port} --noreload &`)}`);
  const child = Bun.spawn([tercet, 'run', 'python', 'manage.py', 'runserver', `127.0.0.1:${port}`, '--noreload'], {
    cwd: place.folder,
    env: place.env,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  try {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const reply = await fetch(`http://127.0.0.1:${port}/`, { proxy: '' }).catch(() => undefined);
      if (reply) {
        console.log(`GET / → ${reply.status} ${reply.statusText}, ${(await reply.text()).length} characters`);
        return;
      }
      if (Date.now() > deadline || child.exitCode !== null) throw new Error('the app does not answer');
      await Bun.sleep(100);
    }
  } finally {
    process.kill(child.pid, 'SIGTERM');
    await child.exited;
  }
}

/** The real index where it answers, else a small one on loopback. */
async function chooseIndex(): Promise<DemoIndex | undefined> {
  const probe = Bun.spawn([tercet, 'add', '--dry-run', 'sqlparse'], {
    cwd: probeProject(),
    env: environment(join(scratch, 'probe')),
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  if ((await probe.exited) === 0) {
    console.log('The packages come from the real index.');
    return undefined;
  }
  console.log('The real index cannot be reached: the packages come from a small index built here, on loopback.');
  return startDemoIndex();
}

function probeProject(): string {
  const folder = join(scratch, 'probe');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'pyproject.toml'),
    '[project]\nname = "probe"\nversion = "0"\nrequires-python = ">=3.6"\n\n[tool.poetry]\npackage-mode = false\n',
  );
  return folder;
}

function environment(home: string, more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const { VIRTUAL_ENV: _active, CONDA_PREFIX: _conda, PYENV_VERSION: _pyenv, ...inherited } = process.env;
  return {
    ...inherited,
    HOME: home,
    PYENV_ROOT: pyenvRoot(),
    SHELL: '/bin/bash',
    ...(index ? { TERCET_INDEX_URL: index.url } : {}),
    TERCET_CACHE_DIR: join(scratch, 'cache'),
    ...more,
  };
}

function pyenvRoot(): string {
  return process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
}

function pyenvVersions(): string[] {
  const folder = join(pyenvRoot(), 'versions');
  return existsSync(folder) ? readdirSync(folder).sort((a, b) => Bun.semver.order(a, b)) : [];
}

function hasPython(version: string): boolean {
  return pyenvVersions().includes(version);
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() });
  const port = server.port ?? 0;
  server.stop(true);
  return port;
}

function build(): void {
  console.log('Building dist/tercet first.');
  const done = Bun.spawnSync([process.execPath, 'scripts/build.ts'], {
    cwd: root,
    stdout: 'inherit',
    stderr: 'inherit',
  });
  if (done.exitCode !== 0) process.exit(1);
}

function say(text: string): void {
  console.log(`\n${colour ? `\x1b[2m# ${text}\x1b[0m` : `# ${text}`}`);
}

function bold(text: string): string {
  return colour ? `\x1b[1m${text}\x1b[0m` : text;
}
