/** `debug tags`: which wheels the project's environment takes (PEP 425), best first. */

import type { Command } from '../cli/command.ts';
import { colours, noColours } from '../render/style.ts';

export const command: Command = {
  name: 'debug tags',
  description: "Show the tags of wheels that fit the project's environment, best first.",
  arguments: [],
  options: [],
  async run(context) {
    const environment = await context.environment();
    const [{ environmentTags }, facts] = await Promise.all([
      import('../installer/environment-tags.ts'),
      environment.facts(),
    ]);
    const paint = context.decorated ? colours : noColours;
    const tags = environmentTags(facts);
    context.emit({ kind: 'data', name: 'tags', value: tags });
    for (const tag of tags) {
      const [interpreter = '', abi = '', ...platform] = tag.split('-');
      const text = [paint('c1', interpreter), paint('bold', abi), paint('source', platform.join('-'))].join('-');
      context.emit({ kind: 'line', text });
    }
    return 0;
  },
};
