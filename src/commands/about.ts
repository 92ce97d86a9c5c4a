/** `about`: what this program is. */

import type { Command } from '../cli/command.ts';
import { POETRY_VERSION } from '../cli/program.ts';

export const command: Command = {
  name: 'about',
  description: 'Say what this program is.',
  arguments: [],
  options: [],
  async run(context) {
    const lines = [
      'tercet - a drop-in Poetry in one executable',
      '',
      `Version: ${context.toolVersion}`,
      `Compatible with Poetry: ${POETRY_VERSION}`,
      '',
      'It keeps pyproject.toml, poetry.lock and the virtual environment of a Python project in step.',
    ];
    for (const text of lines) context.emit({ kind: 'line', text });
    return 0;
  },
};
