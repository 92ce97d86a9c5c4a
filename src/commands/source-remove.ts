/** `source remove`: an index that the project does not use any more. */

import { argument, type Command } from '../cli/command.ts';

export const command: Command = {
  name: 'source remove',
  description: 'Remove an index from the project.',
  arguments: [{ name: 'name', description: 'Its name.' }],
  options: [],
  async run(context, input) {
    const name = argument(input, 'name') ?? '';
    const [{ removeSource, writtenSources }, { text, manifest, manifestPath }] = await Promise.all([
      import('../manifest/edit-sources.ts'),
      context.project(),
    ]);
    const found = writtenSources(manifest.toml).find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      context.emit({ kind: 'notice', text: `Source with name ${name} was not found.` });
      return 1;
    }
    context.emit({ kind: 'line', text: `Removing source with name ${found.name}.` });
    const { writeProjectFile } = await import('../app/project-file.ts');
    await writeProjectFile(manifestPath, removeSource(text, name));
    return 0;
  },
};
