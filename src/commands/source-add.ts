/** `source add`: a package index for the project. */

import { argument, type Command, value } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { SOURCE_PRIORITIES, type SourcePriority } from '../manifest/manifest.ts';

export const command: Command = {
  name: 'source add',
  description: 'Add an index to the project, or change one.',
  arguments: [
    { name: 'name', description: 'Its name; PyPI means PyPI.' },
    { name: 'url', required: false, description: 'The root of its simple API; none for PyPI.' },
  ],
  options: [
    {
      name: 'priority',
      short: 'p',
      takesValue: true,
      description: 'primary (the default), supplemental or explicit.',
    },
  ],
  async run(context, input) {
    const given = argument(input, 'name') ?? '';
    const url = argument(input, 'url') || undefined;
    const name = given.toLowerCase() === 'pypi' ? 'PyPI' : given;
    const fail = (text: string): number => {
      context.emit({ kind: 'notice', text });
      return 1;
    };
    if (name === 'PyPI' && url !== undefined) return fail('The URL of PyPI is fixed and cannot be set.');
    if (name !== 'PyPI' && url === undefined) return fail('A custom source cannot be added without a URL.');

    const { putSource, writtenSources } = await import('../manifest/edit-sources.ts');
    const written = value(input, 'priority');
    if (written === undefined) {
      const text = 'The default priority will change to supplemental in a future release.';
      context.emit({ kind: 'warning', text });
    }
    const priority = priorityOf(written ?? 'primary');
    const { text, manifest, manifestPath } = await context.project();
    const known = writtenSources(manifest.toml).some((one) => one.name.toLowerCase() === name.toLowerCase());
    const said = known ? `Source with name ${name} already exists. Updating.` : `Adding source with name ${name}.`;
    context.emit({ kind: 'line', text: said });
    if (name === '') return fail('Missing [name] in source.');

    const edited = putSource(text, { name, url, priority });
    const [{ readManifest }, { writeProjectFile }] = await Promise.all([
      import('../manifest/read.ts'),
      import('../app/project-file.ts'),
    ]);
    readManifest(edited);
    await writeProjectFile(manifestPath, edited);
    return 0;
  },
};

function priorityOf(text: string): SourcePriority {
  const found = SOURCE_PRIORITIES.find((one) => one === text.toLowerCase());
  if (found !== undefined) return found;
  throw new TercetError('usage', `There is no priority "${text}"`, {
    hints: [`There are ${SOURCE_PRIORITIES.join(', ')}.`],
  });
}
