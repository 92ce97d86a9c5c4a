/**
 * Tasks: `[tool.tercet.tasks]`, and `[tool.poe.tasks]` of poethepoet, whose keys both have.
 * https://poethepoet.natn.io/tasks/index.html
 */

import { TercetError } from '../ground/error.ts';
import { asArray, asString, asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';

/** A value, or one that counts only where the variable is not set. */
export interface TaskVariable {
  readonly value: string;
  readonly isDefault: boolean;
}

export interface TaskArgument {
  readonly name: string;
  /** `-n`, `--name`; empty for a positional one. */
  readonly options: readonly string[];
  readonly help: string;
  readonly required: boolean;
  /** Takes all that follow. */
  readonly multiple: boolean;
  readonly type: 'string' | 'integer' | 'float' | 'boolean';
  readonly fallback: string | undefined;
}

/** What a task does. */
export type TaskAction =
  /** Words as in a shell, without one. */
  | { readonly kind: 'cmd'; readonly text: string }
  | { readonly kind: 'shell'; readonly text: string; readonly interpreter: string | undefined }
  /** `module:function`, or a call with arguments. */
  | { readonly kind: 'script'; readonly text: string }
  /** A Python expression whose value is printed; where it is false, `failure` is the exit code. */
  | {
      readonly kind: 'expr';
      readonly text: string;
      readonly imports: readonly string[];
      readonly failure: number;
    }
  /** One of several tasks: the first whose `values` have what the control task prints; undefined have everything. */
  | {
      readonly kind: 'switch';
      readonly control: Task;
      readonly cases: readonly { readonly values: readonly string[] | undefined; readonly task: Task }[];
      /** What happens where there is none. */
      readonly otherwise: 'pass' | 'fail';
    }
  /** Another task with arguments. */
  | { readonly kind: 'ref'; readonly text: string }
  | { readonly kind: 'sequence'; readonly tasks: readonly Task[]; readonly ignoreFailure: 'no' | 'zero' | 'non-zero' };

export interface Task {
  /** '' for a task inside another one. */
  readonly name: string;
  readonly help: string;
  readonly action: TaskAction;
  readonly variables: ReadonlyMap<string, TaskVariable>;
  /** Paths of `.env` files, relative to the project. */
  readonly envFiles: readonly string[];
  /** Tasks with arguments that run before. */
  readonly deps: readonly string[];
  /** Variable → task whose output it gets. */
  readonly uses: ReadonlyMap<string, string>;
  /** Undefined: none are declared, and what is given is put behind the command. */
  readonly args: readonly TaskArgument[] | undefined;
  /** Relative to the project. Undefined: the project's folder. */
  readonly cwd: string | undefined;
}

export interface Tasks {
  readonly tasks: ReadonlyMap<string, Task>;
  /** For all tasks. */
  readonly variables: ReadonlyMap<string, TaskVariable>;
  readonly envFiles: readonly string[];
}

/** Tasks of `[tool.tercet.tasks]` first; those of `[tool.poe.tasks]` do not replace them. Throws `task-invalid`. */
export function readTasks(toml: TomlTable): Tasks {
  const own = tableAt(toml, 'tool', 'tercet') ?? {};
  const poe = tableAt(toml, 'tool', 'poe') ?? {};
  const tasks = new Map<string, Task>();
  for (const [table, settings, where] of [
    [asTable(own.tasks), own, 'tool.tercet.tasks'],
    [asTable(poe.tasks), poe, 'tool.poe.tasks'],
  ] as const) {
    const type = asString(settings.default_task_type) ?? 'cmd';
    for (const [name, value] of Object.entries(table ?? {})) {
      if (!tasks.has(name)) tasks.set(name, taskOf(name, value, { where: `${where}.${name}`, type }));
    }
  }
  return { tasks, variables: variablesOf(poe.env), envFiles: filesOf(poe.envfile) };
}

interface Place {
  /** For messages. */
  readonly where: string;
  /** What a text means. */
  readonly type: string;
}

const KINDS = ['cmd', 'shell', 'script', 'expr', 'switch', 'ref', 'sequence', 'parallel'] as const;

function taskOf(name: string, value: unknown, place: Place): Task {
  const { where, type } = place;
  if (typeof value === 'string') return taskOf(name, { [type]: value }, place);
  if (Array.isArray(value)) return taskOf(name, { sequence: value }, place);
  const table = asTable(value);
  if (table === undefined) throw invalid(where, 'must be a text, a list or a table');
  const found = KINDS.filter((kind) => table[kind] !== undefined);
  const [kind] = found;
  if (kind === undefined || found.length > 1) {
    throw invalid(where, `must have one of the keys ${KINDS.join(', ')}`);
  }
  const args = table.args === undefined ? undefined : argumentsOf(table.args, where);
  return {
    name,
    help: asString(table.help)?.trim() ?? '',
    action: actionOf(kind, table, { name, place }),
    variables: variablesOf(table.env),
    envFiles: filesOf(table.envfile),
    deps: asStrings(table.deps),
    uses: new Map(
      Object.entries(asTable(table.uses) ?? {}).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
    ),
    args,
    cwd: asString(table.cwd),
  };
}

function actionOf(
  kind: (typeof KINDS)[number],
  table: TomlTable,
  { name, place }: { readonly name: string; readonly place: Place },
): TaskAction {
  const { where } = place;
  const value = table[kind];
  if (kind === 'switch') return switchOf(table, { name, place });
  if (kind === 'sequence' || kind === 'parallel') {
    if (!Array.isArray(value)) throw invalid(where, `\`${kind}\` must be a list`);
    const type = asString(table.default_item_type) ?? 'ref';
    const tasks = value.map((one: unknown, index) => taskOf('', one, { where: `${where}[${index}]`, type }));
    return { kind: 'sequence', tasks, ignoreFailure: ignored(table.ignore_fail) };
  }
  const text = asString(value);
  if (text === undefined) throw invalid(where, `\`${kind}\` must be a text`);
  if (kind === 'expr') {
    return { kind, text, imports: asStrings(table.imports), failure: Number(table.assert ?? false) };
  }
  if (kind !== 'shell') return { kind, text };
  return { kind, text, interpreter: asString(table.interpreter) ?? asString(asArray(table.interpreter)[0]) };
}

/** The cases have the arguments of the whole; those with values come first. */
function switchOf(table: TomlTable, { name, place }: { readonly name: string; readonly place: Place }): TaskAction {
  const { where } = place;
  if (!Array.isArray(table.switch)) throw invalid(where, '`switch` must be a list');
  const whole = (value: unknown, part: string): Task => {
    const task = typeof value === 'string' ? { [place.type]: value } : asTable(value);
    if (task === undefined) throw invalid(where, `\`${part}\` must be a text or a table`);
    const given = table.args === undefined ? task : { ...task, args: table.args };
    return taskOf(name, given, { ...place, where: `${where}.${part}` });
  };
  const cases = table.switch.map((value: unknown, at) => {
    const { case: when, ...task } = asTable(value) ?? {};
    const values = when === undefined ? undefined : (Array.isArray(when) ? when : [when]).map(String);
    return { values, task: whole(task, `switch[${at}]`) };
  });
  return {
    kind: 'switch',
    control: whole(table.control, 'control'),
    cases: [...cases.filter(({ values }) => values), ...cases.filter(({ values }) => !values)],
    otherwise: table.default === 'pass' ? 'pass' : 'fail',
  };
}

function ignored(value: unknown): 'no' | 'zero' | 'non-zero' {
  if (value === 'return_non_zero') return 'non-zero';
  return value === true || value === 'return_zero' ? 'zero' : 'no';
}

function variablesOf(value: unknown): ReadonlyMap<string, TaskVariable> {
  const found = new Map<string, TaskVariable>();
  for (const [name, one] of Object.entries(asTable(value) ?? {})) {
    const fallback = asString(asTable(one)?.default);
    if (typeof one === 'string' || typeof one === 'number') found.set(name, { value: String(one), isDefault: false });
    else if (fallback !== undefined) found.set(name, { value: fallback, isDefault: true });
  }
  return found;
}

/** A path, a list of them, or poe's `{expected, optional}`. */
function filesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const table = asTable(value);
  if (table !== undefined) return [...filesOf(table.expected), ...filesOf(table.optional)];
  return asStrings(value);
}

/** A list of names and tables, or a table of tables. */
function argumentsOf(value: unknown, where: string): TaskArgument[] {
  const table = asTable(value);
  const entries: readonly unknown[] =
    table === undefined ? asArray(value) : Object.entries(table).map(([name, one]) => ({ name, ...asTable(one) }));
  return entries.map((entry) => {
    const written = typeof entry === 'string' ? { name: entry } : asTable(entry);
    const name = asString(written?.name);
    if (written === undefined || name === undefined)
      throw invalid(where, '`args` must hold names or tables with a name');
    const type = asString(written.type) ?? 'string';
    if (type !== 'string' && type !== 'integer' && type !== 'float' && type !== 'boolean') {
      throw invalid(where, `the argument ${name} has the unknown type ${type}`);
    }
    const isPositional = written.positional === true || typeof written.positional === 'string';
    const options = asStrings(written.options);
    const fallback = written.default;
    return {
      name,
      options: isPositional ? [] : options.length > 0 ? options : [`--${name}`],
      help: asString(written.help) ?? '',
      required:
        written.required === true ||
        (isPositional && fallback === undefined && written.multiple !== true && written.required !== false),
      multiple: written.multiple === true || typeof written.multiple === 'number',
      type,
      fallback: fallback === undefined ? undefined : String(fallback),
    };
  });
}

function invalid(where: string, why: string): TercetError {
  return new TercetError('task-invalid', `[${where}] in pyproject.toml: ${why}`);
}
