/** `docker label`: the arguments that label an image with what it was built from. */

import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'docker label',
  description: 'Print `--label` arguments that tell what an image was built from.',
  arguments: [],
  options: [],
  help: 'No value has a space in it, so that no quotes are needed:\n\n  docker build $(tercet docker label) .',
  async run(context) {
    const { imageLabels } = await import('../app/lock-digest.ts');
    const labels = await imageLabels(context);
    context.emit({ kind: 'line', text: labels.map(([name, text]) => `--label ${name}=${text}`).join(' ') });
    return 0;
  },
};
