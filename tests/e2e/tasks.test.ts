/** Tasks and `.env` files, run by the built executable in an environment without packages. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the files' own

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHome, type Home } from '../support/run-tercet.ts';

const MANIFEST = `[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.8"
dependencies = []

[tool.poetry]
package-mode = false

[tool.tercet.tasks]
words = "printf '%s\\\\n' 'a b' $HOME_TOWN $\{MISSING:-none} \\"\${HOME_TOWN}\\" *.cfg"
fails = { shell = "exit 7" }
here = { shell = "pwd; echo $LEVEL-$FROM_FILE-$POE_ROOT", cwd = "sub", env = { LEVEL = "\${HOME_TOWN}!", HOME_TOWN = { default = "no" } }, envfile = "a.env" }
both = ["words", "fails", "words"]
calm = { sequence = ["fails", { shell = "echo after" }], ignore_fail = true }
deep = { shell = "echo deep", deps = ["first", "second"], help = "With what it needs" }
first = { shell = "echo first" }
second = { shell = "echo second", deps = ["first"] }
call = { script = "tools:greet", args = [{ name = "who", positional = true }, { name = "times", type = "integer", default = 1, options = ["-t", "--times"] }, { name = "loud", type = "boolean" }] }
fixed = { script = "tools:greet('x', times=2)" }
again = { ref = "words tail" }
used = { shell = "echo [$VALUE]", uses = { VALUE = "first" } }
loop = { ref = "loop" }
bad = { cmd = "a", shell = "b" }
`;

let home: Home;

describe('tasks', () => {
  beforeAll(async () => {
    home = createHome();
    home.write('pyproject.toml', MANIFEST.replace(/\nbad = .*/, ''));
    home.write('x.cfg', '');
    home.write('y.cfg', '');
    home.write('sub/z', '');
    home.write('a.env', '# one\nexport FROM_FILE="x ${HOME_TOWN}"\n');
    home.write(
      'tools.py',
      'import sys\ndef greet(who, times=1, loud=False):\n    print(who, times, loud, sys.argv[0])\n    return 3\n',
    );
    await home.run(['run', 'true']);
  });
  afterAll(() => home[Symbol.dispose]());

  const env = { HOME_TOWN: 'Old Town' };
  const run = (...args: string[]) => home.run(args, { env });

  test('words, variables, patterns, further arguments', async () => {
    const ran = await run('run', 'words', 'last one');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toBe('a b\nOld Town\nnone\nOld Town\nx.cfg\ny.cfg\nlast one\n');
    expect((await run('task', 'again', 'x')).stdout).toEndWith('y.cfg\ntail\nx\n');
  });

  test('folder, variables and files', async () => {
    const ran = await run('task', 'here');
    expect(ran.stdout).toBe(`${home.project}/sub\nOld Town!-x Old Town-${home.project}\n`);
  });

  test('exit codes, sequences, dependencies once', async () => {
    expect((await run('run', 'fails')).code).toBe(7);
    const both = await run('run', 'both');
    expect([both.code, both.stdout.split('a b').length]).toEqual([7, 2]);
    expect(await run('run', 'calm')).toMatchObject({ code: 0, stdout: 'after\n' });
    expect((await run('run', 'deep')).stdout).toBe('first\nsecond\ndeep\n');
    expect((await run('run', 'used')).stdout).toBe('[first]\n');
  });

  test('Python functions with arguments', async () => {
    expect(await run('run', 'call', 'Ann', '-t', '2', '--loud')).toMatchObject({
      code: 0,
      stdout: 'Ann 2 True call\n',
    });
    expect((await run('run', 'fixed')).stdout).toBe('x 2 False fixed\n');
    const wrong = await run('run', 'call', '--tims=2');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('Unrecognized argument: --tims=2\n\nUsage: call who [-t TIMES] [--loud]');
  });

  test('the list; what is wrong', async () => {
    const list = await run('task');
    expect(list.stdout).toContain('  deep    ');
    expect(list.stdout).toContain('With what it needs');
    expect((await run('task', 'nothing')).stderr).toContain('There is no task nothing.');
    expect((await run('task', 'loop')).stderr).toContain('requires itself');
    using other = createHome();
    other.write('pyproject.toml', MANIFEST);
    expect((await other.run(['task'])).stderr).toContain('[tool.tercet.tasks.bad]');
  });

  test("poethepoet's tasks stand behind programs of the same name", async () => {
    using poe = createHome();
    const tasks = `[tool.poe]\nenv = { GREETING = "hi" }\n[tool.poe.tasks]\nhello = "echo $GREETING"\ntrue = { shell = "exit 9" }\n`;
    poe.write('pyproject.toml', MANIFEST.replace(/\[tool\.tercet\.tasks\][\s\S]*/, tasks));
    expect(await poe.run(['run', 'hello'])).toMatchObject({ code: 0, stdout: 'hi\n' });
    expect((await poe.run(['run', 'true'])).code).toBe(0);
    expect((await poe.run(['task', 'true'])).code).toBe(9);
    expect((await poe.run(['run', 'nowhere'])).stderr).toBe('Command not found: nowhere\n');
  });

  test('expressions, and switches on what they say', async () => {
    using poe = createHome();
    const tasks = `[tool.tercet.tasks]
sum = { expr = """(
  math.floor(x + 0.5)
  + len(_extra_args)
)""", imports = ["math"], args = [{ name = "x", type = "float", positional = true }] }
town = { expr = "\${HOME_TOWN}.upper() + \${MISSING:-'!'} + str(sys.argv)" }
holds = { expr = "bool(flag)", assert = true, args = [{ name = "flag", type = "boolean" }] }
code = { expr = "0", assert = 4 }
value = { shell = "echo linux" }
flavour = { control = { expr = "flavour" }, args = ["flavour"], switch = [
  { case = "plain", shell = "echo plain" }, { expr = "f'other {flavour}'" }, { case = [1, "two"], ref = "value" } ] }
none = { control.expr = "sys.platform + 'x'", switch = [{ case = "y", cmd = "true" }] }
pass = { control = "echo y z", default = "pass", switch = [{ case = "y", cmd = "false" }] }
broken = { control = "false", switch = [{ cmd = "true" }] }
used = { shell = "echo [$TOTAL]", uses = { TOTAL = "sum 2" } }
`;
    poe.write('pyproject.toml', MANIFEST.replace(/\[tool\.tercet\.tasks\][\s\S]*/, tasks));
    const of = (...args: string[]) => poe.run(['task', ...args], { env });
    expect(await of('sum', '2.6')).toMatchObject({ code: 0, stdout: '3\n' });
    expect((await of('town', 'a')).stdout).toBe("OLD TOWN!['town', 'a']\n");
    expect(await of('holds')).toMatchObject({ code: 1, stdout: 'False\n' });
    expect(await of('holds', '--flag')).toMatchObject({ code: 0, stdout: 'True\n' });
    expect((await of('code')).code).toBe(4);
    expect((await of('flavour', '--flavour', 'plain')).stdout).toBe('plain\n');
    expect((await of('flavour', '--flavour', 'two')).stdout).toBe('linux\n');
    expect((await of('flavour', '--flavour', 'nuts')).stdout).toBe('other nuts\n');
    expect(await of('none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The task none has no case for'),
    });
    expect(await of('pass')).toMatchObject({ code: 0, stdout: '' });
    expect((await of('broken')).stderr).toContain('its control task has failed');
    expect((await of('used')).stdout).toBe('[2]\n');
  });

  test('.env files: by option, by setting, by variable; never unasked', async () => {
    using dot = createHome();
    const plain = MANIFEST.replace(/\[tool\.tercet\.tasks\][\s\S]*/, '');
    dot.write('pyproject.toml', plain);
    dot.write('.env', 'A=file\nB=\'$A ${A}\'\nC="two\\nlines" # comment\nnonsense\n');
    dot.write('other.env', 'A=other\n');
    dot.write('bunfig.toml', 'preload = ["./evil.ts"]\n');
    dot.write('evil.ts', 'console.log("evil");\n');
    const show = ['sh', '-c', 'echo "$A|$B|$C"'];
    const of = async (args: string[], more: Record<string, string> = {}) =>
      (await dot.run(args, { env: { A: 'set', ...more } })).stdout;
    expect(await of(['run', ...show])).toBe('set||\n');
    expect(await of(['run', '--env-file', '.env', ...show])).toBe('file|$A ${A}|two\nlines\n');
    expect(await of(['run', '--env-file=.env', '--env-file=other.env', ...show])).toStartWith('other|');
    expect(await of(['run', ...show], { POETRY_DOTENV_LOCATION: 'other.env' })).toBe('other||\n');
    expect(
      await of(['run', ...show], { POETRY_DOTENV_LOCATION: '.env', POETRY_DOTENV_DONT_OVERRIDE: 'true' }),
    ).toStartWith('set|');
    dot.write('pyproject.toml', `${plain}\n[tool.tercet]\nenv-file = true\n`);
    expect(await of(['run', ...show])).toStartWith('file|');
    expect(await of(['run', ...show], { POETRY_DONT_LOAD_ENV: '1' })).toBe('set||\n');
    const missing = await dot.run(['run', '--env-file', 'none.env', 'true']);
    expect([missing.code, missing.stderr.includes('none.env cannot be read')]).toEqual([1, true]);
  });
});
