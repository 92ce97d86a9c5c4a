/** `up`: raises the constraints in `pyproject.toml`, with the options of poetry-plugin-up. */

import { argumentList, type Command, flag, values } from '../cli/command.ts';
import { GROUP_OPTIONS, groupOptions } from './_options.ts';

export const command: Command = {
  name: 'up',
  description: 'Update dependencies and bump versions in pyproject.toml.',
  arguments: [{ name: 'packages', multiple: true, required: false, description: 'The packages to update.' }],
  options: [
    ...GROUP_OPTIONS,
    { name: 'latest', description: 'To the latest releases, whatever the constraints allow now.' },
    { name: 'pinned', description: 'Also exact versions; with --latest.' },
    { name: 'exclude', takesValue: true, multiple: true, description: 'Not these; with --latest.' },
    { name: 'preserve-wildcard', description: 'Leave constraints with a * as they are; with --latest.' },
    { name: 'interactive', short: 'i', description: 'Ask about each one.' },
    { name: 'no-install', description: 'Only pyproject.toml and poetry.lock.' },
    { name: 'dry-run', description: 'Print the new pyproject.toml and do nothing.' },
  ],
  help: `Without --latest a constraint is raised to the newest release that it allows: ^1.2 becomes ^1.9, and stays below 2. With --latest it
becomes ^3.0. The operator stays (^, ~, ~=, >=, ==); exact versions, wildcards and several conditions are left alone unless the options
say otherwise.`,
  async run(context, input) {
    const { raiseConstraints } = await import('../app/raise-constraints.ts');
    return raiseConstraints(context, {
      names: argumentList(input, 'packages'),
      groups: groupOptions(input),
      latest: flag(input, 'latest'),
      pinned: flag(input, 'pinned'),
      preserveWildcard: flag(input, 'preserve-wildcard'),
      exclude: values(input, 'exclude').flatMap((one) => one.split(',')),
      interactive: flag(input, 'interactive'),
      print: true,
      dryRun: flag(input, 'dry-run'),
      lockOnly: flag(input, 'no-install'),
      sync: false,
    });
  },
};
