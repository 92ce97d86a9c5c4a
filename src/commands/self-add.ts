/** `self add`: there are no plug-ins to add; what is built in instead. */

import { argumentList, type Command } from '../cli/command.ts';
import { refusePlugins } from './_self.ts';

export const command: Command = {
  name: 'self add',
  description: 'Say which plug-ins of Poetry are built in; none are loaded.',
  arguments: [{ name: 'name', multiple: true, description: 'The plug-ins.' }],
  options: [
    { name: 'editable', short: 'e', description: 'Has no effect.' },
    { name: 'extras', short: 'E', takesValue: true, multiple: true, description: 'Has no effect.' },
    { name: 'source', takesValue: true, description: 'Has no effect.' },
    { name: 'allow-prereleases', description: 'Has no effect.' },
    { name: 'dry-run', description: 'Only say what would be done.' },
  ],
  async run(context, input) {
    return refusePlugins(context, argumentList(input, 'name'));
  },
};
