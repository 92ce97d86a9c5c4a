/** `sync`: the environment holds exactly what the lock says. */

import type { Command } from '../cli/command.ts';
import { GROUP_OPTIONS } from './_options.ts';
import { INSTALL_OPTIONS, installCommand } from './install.ts';

export const command: Command = {
  name: 'sync',
  description: 'Install what poetry.lock says, and remove all else.',
  arguments: [],
  options: [
    ...GROUP_OPTIONS,
    ...INSTALL_OPTIONS,
    {
      name: 'verify',
      description: 'Compare every installed file with what was locked, and install anew what differs.',
    },
  ],
  help: 'As `poetry install`, and packages that the lock does not hold are removed.',
  run: (context, input) => installCommand(context, input, true),
};
