/** The Python of a task: a call of a function (`script`), or an expression whose value is printed (`expr`). */

import { TercetError } from '../ground/error.ts';
import type { Task, TaskAction } from '../manifest/tasks.ts';
import type { Variables } from '../process/variables.ts';
import type { TaskValue } from './task-arguments.ts';
import { substituted } from './task-words.ts';

const CALL = /^\s*([\w.]+)\s*(?::\s*([\w.]+)\s*(\([\s\S]*\))?)?\s*$/u;

/** Python that calls the function; what it returns does not count. Declared arguments are given by their names unless the call has its own. */
export function pythonCall(text: string, task: Task, values: ReadonlyMap<string, TaskValue>): string {
  const found = CALL.exec(text);
  if (found === null) {
    throw new TercetError(
      'task-invalid',
      `The script of the task ${task.name} must be \`module:function\` or \`module:function(…)\`: ${text}`,
    );
  }
  const [, module = '', callable = 'main', own] = found;
  const lines = [
    'import sys',
    'from importlib import import_module',
    "sys.path[:0] = ['.', 'src'] if sys.path[:1] != ['.'] else []",
  ];
  lines.push(...assignments(values));
  const keywords = [...values.keys()].map((name) => `${identifier(name)}=${identifier(name)}`).join(', ');
  lines.push(`sys.argv[0] = ${JSON.stringify(task.name)}`);
  lines.push(`import_module('${module}').${callable}${own ?? `(${keywords})`}`);
  return lines.join('\n');
}

/**
 * Python that prints the expression's value. Declared arguments are variables; `${NAME}` is the variable of that name as a text,
 * `_extra_args` and `sys.argv` what else was given.
 */
export function pythonExpression(
  { text, imports, failure }: TaskAction & { readonly kind: 'expr' },
  {
    task,
    values,
    variables,
    given,
  }: {
    readonly task: Task;
    readonly values: ReadonlyMap<string, TaskValue>;
    readonly variables: Variables;
    readonly given: readonly string[];
  },
): string {
  const used: Record<string, string> = {};
  const expression = substituted(text.trim(), (name) => {
    const value = variables[name];
    if (value === undefined || value === '') return undefined;
    used[name] = value;
    return `__env[${JSON.stringify(name)}]`;
  });
  return [
    ['import sys', ...imports].join(', '),
    "sys.path[:0] = ['.', 'src']",
    `sys.argv = ${JSON.stringify([task.name, ...given])}`,
    `_extra_args = ${JSON.stringify(task.args === undefined ? given : [])}`,
    `__env = ${JSON.stringify(used)}`,
    ...assignments(values),
    `result = (\n${expression}\n)`,
    'print(result)',
    ...(failure === 0 ? [] : [`sys.exit(0 if result else ${failure})`]),
  ].join('\n');
}

function assignments(values: ReadonlyMap<string, TaskValue>): string[] {
  return [...values].map(([name, value]) => `${identifier(name)} = ${literal(value)}`);
}

function identifier(name: string): string {
  const plain = name.replaceAll('-', '_');
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(plain))
    throw new TercetError('task-invalid', `${name} is no name for an argument of a script.`);
  return plain;
}

function literal(value: TaskValue): string {
  if (value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}
