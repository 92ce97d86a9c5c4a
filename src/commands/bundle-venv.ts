/** `bundle venv`: the project in a virtual environment that can be handed on, as poetry-plugin-bundle makes it. */

import { resolve } from 'node:path';
import { argument, type Command, flag, value } from '../cli/command.ts';
import { GROUP_OPTIONS, groupOptions } from './_options.ts';

export const command: Command = {
  name: 'bundle venv',
  description: 'Bundle the current project into a virtual environment.',
  arguments: [{ name: 'path', description: 'The path to the virtual environment to bundle into.' }],
  options: [
    ...GROUP_OPTIONS,
    {
      name: 'python',
      short: 'p',
      takesValue: true,
      description: 'The Python executable to use to create the virtual environment.',
    },
    { name: 'clear', description: 'Clear the existing virtual environment if it exists.' },
    { name: 'compile', description: 'Compile Python source files to bytecode.' },
  ],
  async run(context, input) {
    const { bundleVenv } = await import('../app/bundle-venv.ts');
    return bundleVenv(context, {
      path: resolve(context.cwd, argument(input, 'path') ?? ''),
      python: value(input, 'python'),
      clear: flag(input, 'clear'),
      compile: flag(input, 'compile'),
      groups: groupOptions(input),
    });
  },
};
