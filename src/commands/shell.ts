/** `shell`: the user's shell with the project's environment active, as poetry-plugin-shell has it. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../app/context.ts';
import type { Command } from '../cli/command.ts';
import { shellQuote } from '../environments/activation-scripts.ts';
import { childVariables } from '../environments/child-variables.ts';
import { type Environment, isVirtual } from '../environments/environment.ts';
import { removeTree } from '../files/remove.ts';
import { runAttached } from '../process/spawn.ts';
import { isTerminal } from '../process/terminal.ts';
import type { Variables } from '../process/variables.ts';
import { which } from '../process/which.ts';
import { findRunning } from './_running.ts';
import { detectShell, type Shell, shellNamed } from './_shell.ts';

export const command: Command = {
  name: 'shell',
  description: 'Spawns a shell within the virtual environment.',
  arguments: [],
  options: [],
  run: (context) => shellCommand({}, context),
};

export type ShellCommandOptions = Readonly<Record<never, never>>;

/** Runs a shell and answers with its exit code. */
export async function shellCommand(_options: ShellCommandOptions, context: Context): Promise<number> {
  const { environment } = await findRunning(context, undefined);
  if (isActive(context.env, environment)) {
    context.emit({ kind: 'line', text: `Virtual environment already activated: ${environment.path}` });
    return 0;
  }
  const shell = chooseShell(context.env);
  if (shell === undefined) {
    context.emit({ kind: 'notice', text: 'Unable to detect the current shell.' });
    return 1;
  }
  context.emit({ kind: 'line', text: `Spawning shell within ${environment.path}` });
  const inside = { ...childVariables(context.env, environment), POETRY_ACTIVE: '1' };
  if (!isTerminal(0) || !isVirtual(environment)) return runAttached(shell.path, [], { env: inside });
  const started = activated(shell, environment, context.env);
  if (started === undefined) return runAttached(shell.path, ['-i'], { env: inside });
  try {
    // What the script sets it also takes back by `deactivate`, so it is to find the variables as they were.
    const env = { ...context.env, POETRY_ACTIVE: '1', ...started.env };
    return await runAttached(shell.path, started.argv, { env });
  } finally {
    started.cleanUp();
  }
}

/** Inside a shell that was made so, or one that activated the same environment itself. */
function isActive(env: Variables, environment: Environment): boolean {
  const flag = env.POETRY_ACTIVE ?? '';
  return /^(?:y|yes|t|true|on|1)$/i.test(flag) || (isVirtual(environment) && env.VIRTUAL_ENV === environment.path);
}

/** The shell that we were called from, else `$SHELL`, else any. */
function chooseShell(env: Variables): Shell | undefined {
  const usual = process.platform === 'win32' ? env.COMSPEC : env.SHELL;
  const named = usual ? shellNamed(usual) : undefined;
  const detected = detectShell();
  if (detected !== undefined && which(detected.path, env) !== undefined) {
    return { ...detected, path: which(detected.path, env) ?? detected.path };
  }
  if (named !== undefined && which(named.path, env) !== undefined) return named;
  const plain = which('sh', env);
  return plain === undefined ? undefined : { name: 'sh', path: plain };
}

interface Started {
  readonly argv: readonly string[];
  readonly env: Variables;
  readonly cleanUp: () => void;
}

/**
 * How a shell is made to activate the environment after its own start files have run, so that the environment comes
 * first on `PATH` and in the prompt. Undefined for a shell that has no way for that: it gets the variables alone.
 */
function activated(shell: Shell, environment: Environment, env: Variables): Started | undefined {
  const file = (name: string) => join(environment.bin, name);
  const plain = (argv: readonly string[]): Started => ({ argv, env: {}, cleanUp: () => {} });
  switch (shell.name) {
    case 'fish':
      return plain(['--init-command', `source ${shellQuote(file('activate.fish'))}`]);
    case 'nu':
      return plain(['--execute', `overlay use ${JSON.stringify(file('activate.nu'))}`]);
    case 'pwsh':
    case 'powershell':
      return plain(['-NoExit', '-Command', `& '${file('activate.ps1').replaceAll("'", "''")}'`]);
    case 'cmd':
      return plain(['/k', file('activate.bat')]);
    case 'bash':
      return withStartFile('bashrc', bashStart(file('activate')), (path) => ({
        argv: ['--rcfile', path, '-i'],
        env: {},
      }));
    case 'zsh':
      return withZshFolder(file('activate'), env);
    case 'sh':
    case 'dash':
    case 'ash':
    case 'ksh':
    case 'mksh':
      return withStartFile('shrc', posixStart(file('activate'), env.ENV), (path) => ({
        argv: ['-i'],
        env: { ENV: path },
      }));
    default:
      return undefined;
  }
}

function bashStart(activate: string): string {
  return `[ -f /etc/bash.bashrc ] && . /etc/bash.bashrc\n[ -f ~/.bashrc ] && . ~/.bashrc\n. ${shellQuote(activate)}\n`;
}

function posixStart(activate: string, before: string | undefined): string {
  const first = before ? `ENV=${shellQuote(before)}\n[ -f "$ENV" ] && . "$ENV"\n` : 'unset ENV\n';
  return `${first}. ${shellQuote(activate)}\n`;
}

/** zsh reads its files from `ZDOTDIR`: a folder of ours whose files first read the user's. */
function withZshFolder(activate: string, env: Variables): Started {
  const home = env.ZDOTDIR || env.HOME || '~';
  const passing = (name: string) =>
    `ZDOTDIR=${shellQuote(home)}\n[ -f ${shellQuote(join(home, name))} ] && . ${shellQuote(join(home, name))}\n`;
  const folder = temporaryFolder();
  // The user's .zshenv may move ZDOTDIR: ours has to be read first all the same.
  writeFileSync(join(folder, '.zshenv'), `${passing('.zshenv')}ZDOTDIR=${shellQuote(folder)}\n`);
  const restore = env.ZDOTDIR ? `ZDOTDIR=${shellQuote(env.ZDOTDIR)}\n` : 'unset ZDOTDIR\n';
  writeFileSync(join(folder, '.zshrc'), `${passing('.zshrc')}${restore}. ${shellQuote(activate)}\n`);
  return { argv: ['-i'], env: { ZDOTDIR: folder }, cleanUp: () => removeTree(folder) };
}

function withStartFile(name: string, text: string, start: (path: string) => Pick<Started, 'argv' | 'env'>): Started {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, text);
  return { ...start(path), cleanUp: () => removeTree(folder) };
}

/** A folder that only this user may read. */
function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tercet-shell-'));
}
