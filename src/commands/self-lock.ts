/** `self lock`: there is nothing of its own to lock. */

import type { Command } from '../cli/command.ts';
import { sayNothingToDo } from './_self.ts';

export const command: Command = {
  name: 'self lock',
  description: 'Has nothing to do: this program is whole.',
  arguments: [],
  options: [{ name: 'regenerate', description: 'Has no effect.' }],
  async run(context) {
    return sayNothingToDo(context);
  },
};
