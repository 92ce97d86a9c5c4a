/** `init`: a `pyproject.toml` for the folder one is in. */

import type { Command } from '../cli/command.ts';
import { PROJECT_OPTIONS, sharedOptions } from './_project-options.ts';

export const command: Command = {
  name: 'init',
  description: 'Create a pyproject.toml in the current folder.',
  arguments: [],
  options: [{ name: 'name', takesValue: true, description: "The project's name." }, ...PROJECT_OPTIONS],
  help: 'Asks what the project is and what it needs, unless there is nobody to ask or --no-interaction is given.',
  async run(context, input) {
    const { initProject } = await import('../app/init.ts');
    return initProject(context, {
      directory: context.start,
      interactive: true,
      layout: 'flat',
      filesWhenEmpty: false,
      readme: 'md',
      ...sharedOptions(input),
    });
  },
};
