/** `list`: all commands, or those of one namespace. */

import { argument, type Command } from '../cli/command.ts';
import { GLOBAL_OPTIONS } from '../cli/global-options.ts';
import { versionLine } from '../cli/program.ts';
import { TercetError } from '../ground/error.ts';
import { commandList } from '../render/help.ts';
import { colours, noColours } from '../render/style.ts';

export const command: Command = {
  name: 'list',
  description: 'List the commands.',
  arguments: [{ name: 'namespace', description: 'Only the commands that begin with this word', required: false }],
  options: [],
  help: 'All commands:\n\n  poetry list\n\nThose of a namespace:\n\n  poetry list env',
  async run(context, input, catalogue) {
    const namespace = argument(input, 'namespace');
    if (namespace !== undefined && !catalogue.namespaces.has(namespace)) {
      throw new TercetError('usage', `There are no commands in the "${namespace}" namespace.`);
    }
    const commands = (await catalogue.loadAll()).filter((one) => !one.hidden);
    const paint = context.decorated ? colours : noColours;
    context.emit({
      kind: 'line',
      text: commandList(versionLine(process.argv0), commands, GLOBAL_OPTIONS, paint, namespace),
    });
    return 0;
  },
};
