/** `update`: the newest versions that `pyproject.toml` allows. */

import { argumentList, type Command, flag } from '../cli/command.ts';
import { DRY_RUN, GROUP_OPTIONS, groupOptions, LOCK_ONLY } from './_options.ts';

export const command: Command = {
  name: 'update',
  description: 'Update the dependencies to the newest that pyproject.toml allows.',
  arguments: [
    {
      name: 'packages',
      multiple: true,
      required: false,
      description: 'Only these; NAME@VERSION for exactly that release.',
    },
  ],
  options: [
    ...GROUP_OPTIONS,
    { name: 'sync', description: 'Also remove what the lock does not hold.' },
    DRY_RUN,
    LOCK_ONLY,
    {
      name: 'latest',
      description: 'Raise the constraints in pyproject.toml to the newest releases first, as `up --latest`.',
    },
  ],
  async run(context, input) {
    if (flag(input, 'latest')) {
      const { raiseConstraints } = await import('../app/raise-constraints.ts');
      return raiseConstraints(context, {
        names: argumentList(input, 'packages'),
        groups: groupOptions(input),
        latest: true,
        pinned: false,
        preserveWildcard: false,
        exclude: [],
        interactive: false,
        print: false,
        dryRun: flag(input, 'dry-run'),
        lockOnly: flag(input, 'lock'),
        sync: flag(input, 'sync'),
      });
    }
    const { updatePackages } = await import('../app/update.ts');
    return updatePackages(context, {
      names: argumentList(input, 'packages'),
      groups: groupOptions(input),
      sync: flag(input, 'sync'),
      dryRun: flag(input, 'dry-run'),
      lockOnly: flag(input, 'lock'),
    });
  },
};
