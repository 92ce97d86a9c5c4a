/** `graph`: what is locked, drawn on a page that needs no network. */

import { relative, resolve } from 'node:path';
import { type Command, value, values } from '../cli/command.ts';
import { GROUP_OPTIONS } from './_options.ts';

export const command: Command = {
  name: 'graph',
  description: 'Draw the locked packages as an HTML page.',
  arguments: [],
  options: [
    ...GROUP_OPTIONS,
    {
      name: 'output',
      short: 'o',
      takesValue: true,
      default: 'graph.html',
      description: 'The file to write; - for stdout.',
    },
  ],
  help: `One file, to be opened in any browser, which loads nothing from anywhere: who requires whom, why each package is there, and its size, age, licence
and groups, with search and filters. Sizes, ages and licences are asked of the index, and stay open where it does not say.`,
  async run(context, input) {
    const [{ packageGraph }, { graphPage }, { writeProjectFile }] = await Promise.all([
      import('../app/graph.ts'),
      import('../render/graph-page.ts'),
      import('../app/project-file.ts'),
    ]);
    const graph = await packageGraph(context, {
      with: values(input, 'with'),
      without: values(input, 'without'),
      only: values(input, 'only'),
      defaults: 'all',
    });
    const page = graphPage(graph, Date.now());
    const output = value(input, 'output') ?? 'graph.html';
    if (output === '-') {
      context.emit({ kind: 'line', text: page });
      return 0;
    }
    const path = resolve(context.cwd, output);
    await writeProjectFile(path, page);
    context.emit({
      kind: 'line',
      text: `Wrote ${relative(context.cwd, path) || path}: ${graph.packages.length} packages`,
    });
    return 0;
  },
};
