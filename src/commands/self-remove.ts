/** `self remove`: there are no plug-ins to remove. */

import { argumentList, type Command } from '../cli/command.ts';
import { sayNoPlugins } from './_self.ts';

export const command: Command = {
  name: 'self remove',
  description: 'Say which plug-ins of Poetry are built in; none can be removed.',
  arguments: [{ name: 'packages', multiple: true, description: 'The plug-ins.' }],
  options: [{ name: 'dry-run', description: 'Only say what would be done.' }],
  async run(context, input) {
    sayNoPlugins(context, argumentList(input, 'packages'));
    return 1;
  },
};
