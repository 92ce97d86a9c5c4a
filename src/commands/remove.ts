/** `remove`: packages out of `pyproject.toml`, the lock and the environment. */

import { argumentList, type Command, flag, value } from '../cli/command.ts';
import { DRY_RUN, LOCK_ONLY } from './_options.ts';

export const command: Command = {
  name: 'remove',
  description: 'Remove packages from the project.',
  arguments: [{ name: 'packages', multiple: true, description: 'The packages.' }],
  options: [
    { name: 'group', short: 'G', takesValue: true, description: 'Only from this group; else from all.' },
    { name: 'dev', short: 'D', description: 'Only from the group dev: short for -G dev.' },
    DRY_RUN,
    LOCK_ONLY,
  ],
  async run(context, input) {
    const { removePackages } = await import('../app/remove.ts');
    return removePackages(context, {
      names: argumentList(input, 'packages'),
      group: flag(input, 'dev') ? 'dev' : value(input, 'group'),
      dryRun: flag(input, 'dry-run'),
      lockOnly: flag(input, 'lock'),
    });
  },
};
