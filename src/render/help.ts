/** Help and the list of commands, written from the commands' tables in Poetry's layout. */

import type { Argument, Command, Option } from '../cli/command.ts';
import type { Paint } from './style.ts';

/** The help of one command. `globals` are the options every command has. Ends without a newline. */
export function commandHelp(command: Command, globals: readonly Option[], paint: Paint): string {
  const options = [...command.options.filter((one) => !one.hidden), ...globals];
  const parts = [
    `${paint('bold', 'Description:')}\n  ${command.description}\n`,
    `${paint('bold', 'Usage:')}\n  ${synopsis(command)}\n`,
    `${definition(command.arguments, options, paint)}\n`,
  ];
  if (command.help) parts.push(`${paint('bold', 'Help:')}\n${indented(command.help)}\n`);
  return parts.join('\n').trimEnd();
}

/** What `list` prints: `title`, the global options, and the commands by namespace (only those of `namespace` if given). */
export function commandList(
  title: string,
  commands: readonly Pick<Command, 'name' | 'description'>[],
  globals: readonly Option[],
  paint: Paint,
  namespace?: string,
): string {
  const shown = commands
    .filter((one) => namespace === undefined || namespaceOf(one.name) === namespace)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const width = Math.max(0, ...shown.map((one) => one.name.length)) + 2;
  const row = (one: Pick<Command, 'name' | 'description'>): string =>
    `  ${paint('c1', one.name)}${' '.repeat(width - one.name.length)}${one.description}`;

  const lines = [title, '', paint('bold', 'Usage:'), '  command [options] [arguments]', ''];
  lines.push(definition([], globals, paint), '');
  if (namespace !== undefined) {
    lines.push(paint('bold', `Available commands for the "${namespace}" namespace:`), ...shown.map(row));
    return lines.join('\n');
  }
  lines.push(paint('bold', 'Available commands:'), ...shown.filter((one) => !namespaceOf(one.name)).map(row));
  for (const space of new Set(shown.map((one) => namespaceOf(one.name)).filter((one) => one !== ''))) {
    lines.push('', ` ${paint('comment', space)}`, ...shown.filter((one) => namespaceOf(one.name) === space).map(row));
  }
  return lines.join('\n');
}

/** `env` of `env info`; '' for a command of one word. */
function namespaceOf(name: string): string {
  return name.includes(' ') ? name.slice(0, name.indexOf(' ')) : '';
}

function synopsis(command: Command): string {
  const words = [command.name, '[options]'];
  if (command.arguments.length > 0) words.push('[--]');
  for (const one of command.arguments) {
    const name = `<${one.name}>${one.multiple ? '...' : ''}`;
    words.push(one.required === false ? `[${name}]` : name);
  }
  return words.join(' ');
}

function definition(args: readonly Argument[], options: readonly Option[], paint: Paint): string {
  const width = Math.max(...options.map((one) => optionText(one).length), ...args.map((one) => one.name.length));
  const lines: string[] = [];
  if (args.length > 0) {
    lines.push(paint('bold', 'Arguments:'));
    for (const one of args) lines.push(row(one.name, one.description + defaultText(one.default, paint), width, paint));
    lines.push('');
  }
  lines.push(paint('bold', 'Options:'));
  for (const one of options) {
    const many = one.multiple ? paint('comment', ' (multiple values allowed)') : '';
    lines.push(row(optionText(one), one.description + defaultText(one.default, paint) + many, width, paint));
  }
  return lines.join('\n');
}

function row(name: string, description: string, width: number, paint: Paint): string {
  return `  ${paint('c1', name)}${' '.repeat(width - name.length)}  ${description}`;
}

function optionText(option: Option): string {
  const short = option.short ? `-${option.short}, ` : '    ';
  return `${short}--${option.name}${option.takesValue ? `=${option.name.toUpperCase()}` : ''}`;
}

function defaultText(value: string | undefined, paint: Paint): string {
  return value === undefined ? '' : paint('comment', ` [default: ${JSON.stringify(value)}]`);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
