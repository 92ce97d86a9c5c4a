/** `new`: a new folder with a project in it. */

import { resolve } from 'node:path';
import { argument, type Command, flag, value } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { PROJECT_OPTIONS, sharedOptions } from './_project-options.ts';

export const command: Command = {
  name: 'new',
  description: 'Create a new project at <path>.',
  arguments: [{ name: 'path', description: 'Where to create it.' }],
  options: [
    { name: 'interactive', short: 'i', description: 'Ask what the project is.' },
    { name: 'name', takesValue: true, description: "The package's name; dots make a namespace." },
    { name: 'src', description: 'Put the package below src (Deprecated: that is the default).' },
    { name: 'flat', description: 'Put the package beside pyproject.toml.' },
    { name: 'readme', takesValue: true, description: 'The ending of the readme, md unless told otherwise.' },
    ...PROJECT_OPTIONS,
  ],
  async run(context, input) {
    if (context.projectOption !== undefined) {
      const text =
        '--project only makes sense with existing projects, and will be ignored. You should consider the option --path instead.';
      context.emit({ kind: 'warning', text });
    }
    const { initProject, isOccupied } = await import('../app/init.ts');
    const directory = resolve(context.cwd, argument(input, 'path') ?? '.');
    if (isOccupied(directory)) {
      throw new TercetError(
        'folder-occupied',
        `Destination ${directory} exists and is not empty. Did you mean \`poetry init\`?`,
      );
    }
    if (flag(input, 'src')) {
      const text = 'The --src option is now the default and will be removed in a future version.';
      context.emit({ kind: 'notice', text });
    }
    return initProject(context, {
      ...sharedOptions(input),
      directory,
      interactive: flag(input, 'interactive'),
      layout: flag(input, 'flat') ? 'flat' : 'src',
      filesWhenEmpty: true,
      readme: value(input, 'readme') ?? 'md',
    });
  },
};
