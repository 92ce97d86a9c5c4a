/** `self install`: nothing of its own is missing. */

import type { Command } from '../cli/command.ts';
import { sayNothingToDo } from './_self.ts';

export const command: Command = {
  name: 'self install',
  description: 'Has nothing to do: this program is whole.',
  arguments: [],
  options: [
    { name: 'sync', description: 'Has no effect (Deprecated).' },
    { name: 'dry-run', description: 'Only say what would be done.' },
  ],
  async run(context) {
    return sayNothingToDo(context);
  },
};
