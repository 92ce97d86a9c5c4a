/** `lock`: bring `poetry.lock` in step with `pyproject.toml`. */

import { type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'lock',
  description: 'Lock the dependencies of the project.',
  arguments: [],
  options: [{ name: 'regenerate', description: 'Forget the present lock file and take the newest of everything.' }],
  help: 'Versions that are locked already stay as they are, as long as they fit.\n\n  poetry lock',
  async run(context, input) {
    const { relock } = await import('../app/relock.ts');
    await relock(context, { regenerate: flag(input, 'regenerate') });
    return 0;
  },
};
