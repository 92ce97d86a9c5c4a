/** `self sync`: nothing of its own is missing or too much. */

import type { Command } from '../cli/command.ts';
import { sayNothingToDo } from './_self.ts';

export const command: Command = {
  name: 'self sync',
  description: 'Has nothing to do: this program is whole.',
  arguments: [],
  options: [{ name: 'dry-run', description: 'Only say what would be done.' }],
  async run(context) {
    return sayNothingToDo(context);
  },
};
