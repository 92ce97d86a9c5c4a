/**
 * `run`: a command in the project's environment, in this process's place. The hottest path of the program: it loads neither
 * a TOML parser nor the manifest's reader unless the project is odd or its environment is missing.
 */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Context } from '../app/context.ts';
import { argumentList, type Command, values } from '../cli/command.ts';
import { childVariables } from '../environments/child-variables.ts';
import { type NotStarted, replaceProcess } from '../process/replace.ts';
import type { Variables } from '../process/variables.ts';
import { isExecutable, which } from '../process/which.ts';
import type { QuickScript } from './_quick-project.ts';
import { findRunning, type Running } from './_running.ts';

export const command: Command = {
  name: 'run',
  description: 'Runs a command in the appropriate environment.',
  arguments: [{ name: 'args', description: 'The command and arguments/options to run.', multiple: true }],
  options: [{ name: 'env-file', takesValue: true, multiple: true, description: 'Set the variables of this file.' }],
  passThrough: true,
  help: `A task of [tool.tercet.tasks] in pyproject.toml is run by its name as well: see \`help task\`. The variables
of a file are set for every run by [tool.tercet] env-file = ".env" in pyproject.toml, or by POETRY_DOTENV_LOCATION.`,
  run: (context, input) =>
    runCommand({ args: argumentList(input, 'args'), envFiles: values(input, 'env-file') }, context),
};

export interface RunCommandOptions {
  /** The command and its arguments; not empty. */
  readonly args: readonly string[];
  /** `.env` files, relative to the working directory. */
  readonly envFiles: readonly string[];
}

/** Runs the command. On POSIX it returns only when the command could not be started. */
export async function runCommand({ args, envFiles }: RunCommandOptions, context: Context): Promise<number> {
  const [name = '', ...rest] = args;
  const running = await findRunning(context, name);
  let variables = context.env;
  if (running.project.hasOwnSettings || envFiles.length > 0 || variables.POETRY_DOTENV_LOCATION) {
    const { ownSettings } = await import('../app/own-settings.ts');
    const own = await ownSettings(context, { files: envFiles, directory: running.directory });
    variables = own.env;
    if (own.hasTask(name)) return own.runTask(running.environment, name, rest);
  }
  const env = childVariables(variables, running.environment);
  const script = running.project.script(name);
  if (script?.kind === 'call') return runScript(running, script, args, env, context);
  return execute(running, name, rest, env, context);
}

/** An entry point of `[tool.poetry.scripts]`: its function is called in the environment's Python, installed or not. */
async function runScript(
  { environment, directory, project }: Running,
  script: QuickScript & { readonly kind: 'call' },
  [name = '', ...rest]: readonly string[],
  env: Variables,
  context: Context,
): Promise<number> {
  const installed = join(environment.bin, process.platform === 'win32' ? `${name}.cmd` : name);
  const isInstalled = existsSync(installed);
  if (!isInstalled) context.emit({ kind: 'warning', text: notInstalledText(name) });
  const program = [
    'import sys',
    'from importlib import import_module',
    `sys.argv[0] = ${JSON.stringify(isInstalled ? installed : name)}`,
    ...(isInSource(directory, project.name) ? ["sys.path.append('src')"] : []),
    `sys.exit(import_module('${script.module}').${script.callable}())`,
  ];
  return start(environment.python, [environment.python, '-c', program.join('; '), ...rest], env, name, context);
}

/** Whether the project's module stands in `src` and was found there by itself. */
function isInSource(directory: string, name: string | undefined): boolean {
  const module = (name ?? '').replace(/[-.]/g, '_');
  const isThere = (folder: string) => existsSync(join(folder, module)) || existsSync(join(folder, `${module}.py`));
  return module !== '' && !isThere(directory) && isThere(join(directory, 'src'));
}

async function execute(
  running: Running,
  name: string,
  rest: readonly string[],
  env: Variables,
  context: Context,
): Promise<number> {
  const { environment } = running;
  const { bin, python } = environment;
  if (name === 'pip') return start(python, [python, ...(await pipArguments(running)), ...rest], env, name, context);
  const file = which(name, env, { before: [bin], cwd: context.cwd });
  if (file !== undefined) {
    const called = file.startsWith(bin) || process.platform === 'win32' ? file : name;
    return start(file, [called, ...rest], env, name, context);
  }
  const plain = resolve(context.cwd, name);
  const isFile = name !== '' && statSync(plain, { throwIfNoEntry: false })?.isFile() === true;
  // `run run.py` of a script that is no program by itself: its name says what runs it.
  if (isFile && name.endsWith('.py')) return start(python, [python, name, ...rest], env, name, context);
  if (isFile && name.includes('/')) {
    context.emit({ kind: 'notice', text: `[Errno 13] Permission denied: '${name}'` });
    return 1;
  }
  return (await runPoeTask(running, name, rest, context)) ?? notFound(name, context);
}

/** A task of poethepoet where there is no program of that name; undefined where there is none either. */
async function runPoeTask(
  { environment, directory }: Running,
  name: string,
  rest: readonly string[],
  context: Context,
): Promise<number | undefined> {
  if (!readFileSync(join(directory, 'pyproject.toml'), 'utf8').includes('poe')) return undefined;
  const { ownSettings } = await import('../app/own-settings.ts');
  const own = await ownSettings(context, { files: [], directory });
  return own.hasTask(name, { poe: true }) ? own.runTask(environment, name, rest) : undefined;
}

/** pip as the environment's module; without one, straight from the wheel that came with the interpreter. */
async function pipArguments({ environment }: Running): Promise<readonly string[]> {
  if (existsSync(join(environment.bin, process.platform === 'win32' ? 'pip.exe' : 'pip'))) return ['-m', 'pip'];
  const { bundledPip } = await import('../python/bundled-pip.ts');
  const wheel = bundledPip(await environment.facts());
  return wheel === undefined ? ['-m', 'pip'] : [join(wheel, 'pip')];
}

async function start(
  file: string,
  argv: readonly string[],
  env: Variables,
  name: string,
  context: Context,
): Promise<number> {
  const ended = await replaceProcess(file, argv, env);
  if (typeof ended === 'number') return ended;
  // What has no first line that names its interpreter is a shell's, as for `execvp`.
  const again = ended.code === 'ENOEXEC' ? await replaceProcess('/bin/sh', ['sh', file, ...argv.slice(1)], env) : ended;
  return typeof again === 'number' ? again : failed(again, file, name, context);
}

function failed(why: NotStarted, file: string, name: string, context: Context): number {
  if (why.code === 'ENOENT') {
    if (isExecutable(file)) {
      context.emit({ kind: 'notice', text: `${file} is there, but not the interpreter that its first line names.` });
    }
    return notFound(name, context);
  }
  context.emit({ kind: 'notice', text: `${name} could not be started: ${why.message}` });
  return 1;
}

function notFound(name: string, context: Context): number {
  context.emit({ kind: 'notice', text: `Command not found: ${name}` });
  return 1;
}

function notInstalledText(name: string): string {
  return `\
Warning: '${name}' is an entry point defined in pyproject.toml, but it's not installed as a script. \
You may get improper \`sys.argv[0]\`.

Run \`poetry install\` to install it.
`;
}
