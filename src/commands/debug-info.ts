/** `debug info`: this program and the project's environment, for reports of faults. */

import type { Command } from '../cli/command.ts';
import { POETRY_VERSION } from '../cli/program.ts';
import { colours, noColours } from '../render/style.ts';
import { envInfoCommand } from './env-info.ts';

export const command: Command = {
  name: 'debug info',
  description: "Show this program and the project's environment, for reports of faults.",
  arguments: [],
  options: [],
  async run(context) {
    const paint = context.decorated ? colours : noColours;
    const line = (text: string): void => context.emit({ kind: 'line', text });
    const row = (label: string, text: string): void =>
      line(`${paint('info', label)}:${' '.repeat(11 - label.length)}${paint('comment', text)}`);
    line('');
    line(paint('bold', 'Poetry'));
    row('Version', POETRY_VERSION);
    row('Python', 'none is needed');
    row('tercet', context.toolVersion);
    row('Executable', process.execPath);
    return envInfoCommand({ path: false, executable: false }, context);
  },
};
