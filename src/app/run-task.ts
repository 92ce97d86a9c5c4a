/**
 * Runs a task of `pyproject.toml` in the project's environment: what it depends on first, then itself, in its folder and with its variables. The
 * last program takes this process's place, so that signals and the exit code are its own.
 */

import { existsSync, globSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { childVariables } from '../environments/child-variables.ts';
import type { Environment } from '../environments/environment.ts';
import { expanded } from '../formats/dotenv.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import type { Task, Tasks, TaskVariable } from '../manifest/tasks.ts';
import { replaceProcess } from '../process/replace.ts';
import { run, runAttached } from '../process/spawn.ts';
import type { Variables } from '../process/variables.ts';
import { which } from '../process/which.ts';
import { readEnvFile } from './env-files.ts';
import { type TaskValue, taskValues } from './task-arguments.ts';
import { pythonCall, pythonExpression } from './task-python.ts';
import { splitWords } from './task-words.ts';

/** Where tasks run. */
export interface TaskSurroundings {
  readonly tasks: Tasks;
  readonly environment: Environment;
  /** The project's folder. */
  readonly directory: string;
  /** Where the command was given. */
  readonly cwd: string;
  readonly env: Variables;
  readonly emit: Emit;
}

/** Tasks inside tasks: deeper is taken for a circle. */
const DEEPEST = 50;

/** Runs the task with what was given behind its name; answers with the exit code. Throws `task-not-found`, `usage`. */
export async function runTask(name: string, given: readonly string[], surroundings: TaskSurroundings): Promise<number> {
  const { env, environment, directory, cwd, tasks } = surroundings;
  const base: Variables = { ...childVariables(env, environment), POE_ROOT: directory, POE_PWD: cwd };
  const variables = withVariables(withFiles(base, tasks.envFiles, directory), tasks.variables);
  return new Runner(surroundings).run(named(tasks, name), given, { variables, depth: 0, last: true });
}

interface Level {
  readonly variables: Variables;
  readonly depth: number;
  /** Nothing runs after it: it may take this process's place. */
  readonly last: boolean;
  /** Its output is wanted, not shown. */
  readonly capture?: { text: string };
}

/** What a task was given, and where. */
interface Given {
  readonly given: readonly string[];
  /** Of that, what is put behind its command. */
  readonly extra: readonly string[];
  readonly values: ReadonlyMap<string, TaskValue>;
  readonly cwd: string;
}

class Runner {
  readonly #surroundings: TaskSurroundings;
  /** What ran already as somebody's dependency. */
  readonly #done = new Set<string>();

  constructor(surroundings: TaskSurroundings) {
    this.#surroundings = surroundings;
  }

  async run(task: Task, given: readonly string[], level: Level): Promise<number> {
    const { tasks, directory } = this.#surroundings;
    if (level.depth > DEEPEST) throw new TercetError('task-circular', `The task ${task.name} requires itself.`);
    const values = task.args === undefined ? undefined : taskValues(task, given);
    let variables = withVariables(withFiles(level.variables, task.envFiles, directory), task.variables);
    for (const dep of task.deps) {
      const [name = '', ...words] = texts(dep, variables);
      if (this.#done.has(dep)) continue;
      this.#done.add(dep);
      const code = await this.run(named(tasks, name), words, {
        variables: level.variables,
        depth: level.depth + 1,
        last: false,
      });
      if (code !== 0) return code;
    }
    for (const [variable, use] of task.uses) {
      const [name = '', ...words] = texts(use, variables);
      const capture = { text: '' };
      const code = await this.run(named(tasks, name), words, {
        variables,
        depth: level.depth + 1,
        last: false,
        capture,
      });
      if (code !== 0) return code;
      variables = { ...variables, [variable]: capture.text.replace(/\s+$/, '') };
    }
    if (values !== undefined) variables = { ...variables, ...asVariables(values) };
    const extra = task.args === undefined ? given : [];
    const cwd =
      task.cwd === undefined
        ? directory
        : resolve(
            directory,
            expanded(task.cwd, (name) => variables[name]),
          );
    return this.#act(task, { ...level, variables }, { given, extra, values: values ?? new Map(), cwd });
  }

  async #act(task: Task, level: Level, { given, extra, values, cwd }: Given): Promise<number> {
    const { tasks, environment } = this.#surroundings;
    const { action } = task;
    const { variables } = level;
    switch (action.kind) {
      case 'cmd':
        return this.#start([...words(action.text, variables, cwd), ...extra], level, cwd);
      case 'shell': {
        const program = shellProgram(action.interpreter, environment.python);
        return this.#start(
          [...program, action.text, ...(program.at(-1) === '-c' ? [task.name || 'task'] : []), ...extra],
          level,
          cwd,
        );
      }
      case 'script':
        return this.#start([environment.python, '-c', pythonCall(action.text, task, values), ...extra], level, cwd);
      case 'expr': {
        const script = pythonExpression(action, { task, values, variables, given });
        return this.#start([environment.python, '-c', script], level, cwd);
      }
      case 'switch': {
        const capture = { text: '' };
        const deeper = { ...level, depth: level.depth + 1 };
        const code = await this.run(action.control, given, { ...deeper, last: false, capture });
        if (code !== 0) {
          throw new TercetError('task-failed', `The task ${task.name} ends, because its control task has failed.`);
        }
        const found = capture.text.replace(/\s+$/, '');
        const chosen = action.cases.find(({ values }) => values === undefined || values.includes(found));
        if (chosen !== undefined) return this.run(chosen.task, given, deeper);
        if (action.otherwise === 'pass') return 0;
        throw new TercetError('task-failed', `The task ${task.name} has no case for ${JSON.stringify(found)}.`);
      }
      case 'ref': {
        const [name = '', ...own] = texts(action.text, variables);
        return this.run(named(tasks, name), [...own, ...extra], { ...level, depth: level.depth + 1 });
      }
      case 'sequence': {
        let worst = 0;
        for (const [index, one] of action.tasks.entries()) {
          const isLast = index === action.tasks.length - 1 && action.ignoreFailure === 'no';
          const code = await this.run(one, [], { ...level, depth: level.depth + 1, last: level.last && isLast });
          if (code !== 0 && action.ignoreFailure === 'no') return code;
          worst ||= code;
        }
        return action.ignoreFailure === 'zero' ? 0 : worst;
      }
    }
  }

  async #start(argv: readonly string[], { variables, last, capture }: Level, cwd: string): Promise<number> {
    const { environment, emit } = this.#surroundings;
    const [name = '', ...rest] = argv;
    if (!existsSync(cwd)) throw new TercetError('task-invalid', `The folder ${cwd} of the task does not exist.`);
    emit({ kind: 'notice', level: 1, text: `Task => ${argv.join(' ')}` });
    const file = isAbsolute(name) ? name : which(name, variables, { before: [environment.bin], cwd });
    if (file === undefined) {
      emit({ kind: 'notice', text: `Command not found: ${name}` });
      return 1;
    }
    if (capture !== undefined) {
      const { code, stdout, stderr } = await run(file, rest, { cwd, env: variables });
      capture.text += stdout;
      if (stderr !== '') emit({ kind: 'notice', text: stderr.trimEnd() });
      return code;
    }
    if (!last) return runAttached(file, rest, { cwd, env: variables });
    process.chdir(cwd);
    const ended = await replaceProcess(file, [file, ...rest], variables);
    if (typeof ended === 'number') return ended;
    const again = ended.code === 'ENOEXEC' ? await replaceProcess('/bin/sh', ['sh', file, ...rest], variables) : ended;
    if (typeof again === 'number') return again;
    emit({ kind: 'notice', text: `${name} could not be started: ${again.message}` });
    return 1;
  }
}

function named({ tasks }: Tasks, name: string): Task {
  const task = tasks.get(name);
  if (task !== undefined) return task;
  const known = [...tasks.keys()].filter((one) => !one.startsWith('_'));
  throw new TercetError('task-not-found', `There is no task ${name}.`, {
    hints: [
      known.length === 0
        ? 'tasks are defined in [tool.tercet.tasks] of pyproject.toml'
        : `there are: ${known.join(', ')}`,
    ],
  });
}

function texts(text: string, variables: Variables): string[] {
  return splitWords(text, (name) => variables[name]).map((word) => word.text);
}

/** With patterns as the files that they match; one that matches none stays as it is. */
function words(text: string, variables: Variables, cwd: string): string[] {
  return splitWords(text, (name) => variables[name]).flatMap((word) => {
    if (!word.isPattern) return [word.text];
    const found = globSync(word.text, { cwd }).sort();
    return found.length > 0 ? found : [word.text];
  });
}

function withFiles(variables: Variables, files: readonly string[], directory: string): Variables {
  let now = variables;
  for (const file of files) {
    const path = join(
      directory,
      expanded(file, (name) => now[name]),
    );
    now = { ...now, ...readEnvFile(path, now) };
  }
  return now;
}

function withVariables(variables: Variables, more: ReadonlyMap<string, TaskVariable>): Variables {
  const now: Record<string, string | undefined> = { ...variables };
  for (const [name, { value, isDefault }] of more) {
    if (!isDefault || now[name] === undefined) now[name] = expanded(value, (other) => now[other]);
  }
  return now;
}

/** Values as variables: a flag that is not set is none, several are separated by spaces. */
function asVariables(values: ReadonlyMap<string, TaskValue>): Variables {
  const found: Record<string, string | undefined> = {};
  for (const [name, value] of values) {
    const key = name.replaceAll('-', '_');
    if (value === undefined || value === false) found[key] = undefined;
    else if (value === true) found[key] = 'True';
    else found[key] = Array.isArray(value) ? value.join(' ') : String(value);
  }
  return found;
}

const SHELLS: Readonly<Record<string, readonly string[]>> = {
  posix: ['sh', '-c'],
  sh: ['sh', '-c'],
  bash: ['bash', '-c'],
  zsh: ['zsh', '-c'],
  fish: ['fish', '-c'],
  pwsh: ['pwsh', '-NoLogo', '-Command'],
  powershell: ['powershell', '-NoLogo', '-Command'],
};

function shellProgram(interpreter: string | undefined, python: string): readonly string[] {
  if (interpreter === 'python') return [python, '-c'];
  const found = SHELLS[interpreter ?? 'posix'];
  if (found === undefined)
    throw new TercetError('task-invalid', `The interpreter ${interpreter} of a shell task is not known.`);
  return found;
}
