/** What is given behind a task's name, by the arguments that the task declares. */

import { TercetError } from '../ground/error.ts';
import type { Task, TaskArgument } from '../manifest/tasks.ts';

/** A declared argument's value as Python would have it; undefined where it is not given and has no default. */
export type TaskValue = string | number | boolean | readonly (string | number)[] | undefined;

/** The values by their names. Throws `usage` with the task's usage. */
export function taskValues(task: Task, given: readonly string[]): ReadonlyMap<string, TaskValue> {
  const declared = task.args ?? [];
  const texts = givenTexts(task, declared, given);
  return new Map(declared.map((one) => [one.name, valueFor(task, one, texts.get(one.name))]));
}

/** What is given for each argument, as it is written. An argument that takes several has all; of others the last one counts. */
function givenTexts(
  task: Task,
  declared: readonly TaskArgument[],
  given: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  const put = ({ name, multiple }: TaskArgument, values: readonly string[]): void => {
    texts.set(name, multiple ? [...(texts.get(name) ?? []), ...values] : values);
  };
  const positional = declared.filter((one) => one.options.length === 0);
  let next = 0;
  let onlyPositional = false;
  const rest = [...given];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--' && !onlyPositional) {
      onlyPositional = true;
    } else if (!onlyPositional && /^-[^\d]/.test(word)) {
      const [name, inline] = word.startsWith('--') ? splitOnce(word) : [word, undefined];
      const argument = declared.find((one) => one.options.includes(name));
      if (argument === undefined) throw usage(task, `Unrecognized argument: ${word}`);
      const values = optionTexts(argument, inline, rest);
      if (values.length === 0) throw usage(task, `Argument ${name} expects a value`);
      put(argument, values);
    } else {
      const argument = positional[next];
      if (argument === undefined) throw usage(task, `Unrecognized argument: ${word}`);
      put(argument, [word]);
      if (!argument.multiple) next += 1;
    }
  }
  return texts;
}

/** What an option is given: behind its `=`, else the words that follow, which are taken out of `rest`; a flag turns its default round. */
function optionTexts(argument: TaskArgument, inline: string | undefined, rest: string[]): readonly string[] {
  if (inline !== undefined) return [inline];
  return argument.type === 'boolean' ? [String(argument.fallback !== 'true')] : taken(rest, argument);
}

/** One line for each declared argument. */
export function taskUsage(task: Task): string {
  const words = (task.args ?? []).map((one) => {
    const word =
      one.options.length === 0
        ? one.name
        : `${one.options[0]}${one.type === 'boolean' ? '' : ` ${one.name.toUpperCase()}`}`;
    return `${one.required ? word : `[${word}]`}${one.multiple ? '...' : ''}`;
  });
  return [task.name, ...words].join(' ');
}

function taken(rest: string[], { multiple }: TaskArgument): string[] {
  const values: string[] = [];
  while (rest.length > 0 && (values.length === 0 || (multiple && !rest[0]?.startsWith('-'))))
    values.push(rest.shift() ?? '');
  return values;
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function valueFor(task: Task, argument: TaskArgument, texts: readonly string[] | undefined): TaskValue {
  const { name, type, multiple, fallback, required } = argument;
  if (texts === undefined && fallback === undefined) {
    if (required) throw usage(task, `The argument ${name} is required`);
    return type === 'boolean' ? false : undefined;
  }
  const values = (texts ?? [fallback ?? '']).map((text) => typed(task, argument, text));
  if (!multiple) return values[0];
  return values.filter((one) => typeof one !== 'boolean');
}

function typed(task: Task, { name, type }: TaskArgument, text: string): string | number | boolean {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      return /^(?:true|1|yes|on)$/i.test(text);
    case 'integer':
      if (!/^[+-]?\d+$/.test(text)) throw usage(task, `The argument ${name} must be an integer: ${text}`);
      return Number(text);
    case 'float':
      if (text.trim() === '' || Number.isNaN(Number(text)))
        throw usage(task, `The argument ${name} must be a number: ${text}`);
      return Number(text);
  }
}

function usage(task: Task, message: string): TercetError {
  return new TercetError('usage', `${message}\n\nUsage: ${taskUsage(task)}`);
}
