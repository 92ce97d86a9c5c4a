/** `graph`: what is locked, drawn on a page that needs no network. */

import { type Command, value } from '../cli/command.ts';
import { drawGraph, GRAPH_FILE } from './_draw-graph.ts';
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
      default: GRAPH_FILE,
      description: 'The file to write; - for stdout.',
    },
  ],
  help: `One file, to be opened in any browser, which loads nothing from anywhere: who requires whom, why each package is there, and its size, age, licence
and groups, with search and filters. Sizes, ages and licences are asked of the index, and stay open where it does not say.`,
  run: (context, input) => drawGraph(context, input, value(input, 'output') ?? GRAPH_FILE),
};
