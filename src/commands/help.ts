/** `help`: how a command is used. `--help` of every command ends here as well. */

import { argument, type Command } from '../cli/command.ts';
import { GLOBAL_OPTIONS } from '../cli/global-options.ts';
import { unknownCommandText } from '../cli/unknown-command.ts';
import { commandHelp } from '../render/help.ts';
import { colours, noColours } from '../render/style.ts';

export const command: Command = {
  name: 'help',
  description: 'Show how a command is used.',
  arguments: [{ name: 'command_name', description: 'The command', required: false, default: 'help' }],
  options: [],
  help: 'The help of one command:\n\n  poetry help list\n\nWhich commands there are says the command list.',
  async run(context, input, catalogue) {
    const name = argument(input, 'command_name') ?? 'help';
    const paint = context.decorated ? colours : noColours;
    const found = name === command.name ? command : await catalogue.load(name);
    if (!found) {
      context.emit({ kind: 'notice', text: await unknownCommandText(name, catalogue, paint) });
      return 1;
    }
    context.emit({ kind: 'line', text: `\n${commandHelp(found, GLOBAL_OPTIONS, paint)}` });
    return 0;
  },
};
