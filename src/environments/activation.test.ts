/** The activation scripts, run by whatever shells are on `PATH`. */

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../process/spawn.ts';
import { which } from '../process/which.ts';
import { activationScripts, shellQuote } from './activation-scripts.ts';

const root = mkdtempSync(join(tmpdir(), 'tercet-activation-'));
const path = join(root, `odd $HOME 'quoted' !x`);
const prompt = `it's "me" $x`;
const env = { PATH: process.env.PATH, HOME: root, TERM: 'dumb', PYTHONHOME: '/python-home' };

beforeAll(() => {
  const bin = join(path, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of activationScripts(
    { path, bin: 'bin', prompt, sitePackages: ['lib/python3.11/site-packages'] },
    false,
  )) {
    writeFileSync(join(bin, name), text);
  }
  writeFileSync(join(bin, 'python'), '#!/bin/sh\necho "own python: $*"\n');
  chmodSync(join(bin, 'python'), 0o755);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const POSIX = `
before="$PATH"
. "$SCRIPT"
echo "env=$VIRTUAL_ENV"
echo "prompt=$VIRTUAL_ENV_PROMPT"
python -V
pydoc x
echo "home=\${PYTHONHOME-unset}"
case "$PS1" in "($VIRTUAL_ENV_PROMPT) >"*) echo prompted ;; esac
. "$SCRIPT"
deactivate
[ "$PATH" = "$before" ] && echo "path is back"
echo "home=\${PYTHONHOME-unset} env=\${VIRTUAL_ENV-unset} ps1=$PS1"
[ "$(command -v deactivate)" = deactivate ] || echo "deactivate is gone"
`;

const POSIX_OUTPUT = [
  `env=${path}`,
  `prompt=${prompt}`,
  'own python: -V',
  'own python: -m pydoc x',
  'home=unset',
  'prompted',
  'path is back',
  'home=/python-home env=unset ps1=>',
  'deactivate is gone',
  '',
].join('\n');

describe('posix', () => {
  for (const shell of ['bash', 'dash', 'sh', 'zsh', 'ksh', 'mksh']) {
    const file = which(shell, process.env);
    for (const options of ['', 'set -eu\n']) {
      test.skipIf(file === undefined)(`${shell} ${options.trim()}`, async () => {
        const script = `PS1='>'\n${options}${POSIX}`;
        const result = await run(file ?? '', ['-c', script], { env: { ...env, SCRIPT: join(path, 'bin/activate') } });
        expect(result).toEqual({ code: 0, stdout: POSIX_OUTPUT, stderr: '' });
      });
    }
  }

  test('the prompt stays where that is asked for', async () => {
    const script = 'PS1=">"; . "$SCRIPT"; echo "$PS1"; deactivate; echo "$PS1"';
    const result = await run('/bin/sh', ['-c', script], {
      env: { ...env, SCRIPT: join(path, 'bin/activate'), VIRTUAL_ENV_DISABLE_PROMPT: '1' },
    });
    expect(result.stdout).toBe('>\n>\n');
  });
});

const fish = which('fish', process.env);
test.skipIf(fish === undefined)('fish', async () => {
  const script = `
function fish_prompt; echo "status=$status>"; end
set --path before $PATH
source $SCRIPT
echo "env=$VIRTUAL_ENV"
python -V
pydoc x
set -q PYTHONHOME; or echo no home
false; fish_prompt
source $SCRIPT
deactivate
test "$PATH" = "$before"; and echo path is back
echo "home=$PYTHONHOME env=$VIRTUAL_ENV"
true; fish_prompt
functions -q deactivate; or echo deactivate is gone`;
  const result = await run(fish ?? '', ['--no-config', '-c', script], {
    env: { ...env, SCRIPT: join(path, 'bin/activate.fish') },
  });
  expect(result.stdout).toBe(
    `env=${path}\nown python: -V\nown python: -m pydoc x\nno home\n(${prompt}) status=1>\npath is back\nhome=/python-home env=\nstatus=0>\ndeactivate is gone\n`,
  );
});

const tcsh = which('tcsh', process.env) ?? which('csh', process.env);
test.skipIf(tcsh === undefined)('csh', async () => {
  const file = join(root, 'test.csh');
  const script = `
set prompt = ">"
set before = "$PATH:q"
source "$SCRIPT:q"
echo "env=$VIRTUAL_ENV:q"
echo "prompt=$VIRTUAL_ENV_PROMPT:q"
python -V
echo "$prompt:q"
echo "home=$?PYTHONHOME"
source "$SCRIPT:q"
deactivate
test "$PATH:q" = "$before:q" && echo "path is back"
echo "home=$PYTHONHOME env=$?VIRTUAL_ENV $prompt:q"
alias deactivate
echo end
`;
  writeFileSync(file, script);
  const result = await run(tcsh ?? '', ['-f', file], { env: { ...env, SCRIPT: join(path, 'bin/activate.csh') } });
  expect(result.stdout).toBe(
    `env=${path}\nprompt=${prompt}\nown python: -V\n(${prompt}) >\nhome=0\npath is back\nhome=/python-home env=0 >\nend\n`,
  );
});

test('activate_this.py makes packages importable', async () => {
  const python = which('python3', process.env);
  if (python === undefined) return;
  const packages = join(path, 'lib/python3.11/site-packages');
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, 'ours.py'), 'there = True\n');
  const program = `import runpy, os, sys; runpy.run_path(${JSON.stringify(join(path, 'bin/activate_this.py'))}); import ours; print(ours.there, os.environ['VIRTUAL_ENV'] == sys.prefix, os.environ['VIRTUAL_ENV_PROMPT'])`;
  const result = await run(python, ['-c', program]);
  expect(result.stdout).toBe(`True True ${prompt}\n`);
});

test.each([
  ['/a/b-c', '/a/b-c'],
  ['a b', "'a b'"],
  ["it's", `'it'"'"'s'`],
  ['', "''"],
])('shellQuote %p', (text, quoted) => expect(shellQuote(text)).toBe(quoted));

test('windows gets scripts for cmd.exe, with its line ends', () => {
  const scripts = activationScripts(
    { path: 'C:\\env', bin: 'Scripts', prompt: 'p%x', sitePackages: ['Lib/site-packages'] },
    true,
  );
  expect(scripts.get('activate.bat')).toContain('@set "VIRTUAL_ENV=C:\\env"\r\n');
  expect(scripts.get('activate.bat')).toContain('PROMPT=p%%x');
  expect(scripts.get('deactivate.bat')).toContain('@set VIRTUAL_ENV=\r\n');
});
