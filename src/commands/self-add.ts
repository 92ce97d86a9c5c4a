/** `self add`: there are no plug-ins to add; what is built in instead. */

import { builtIn } from '../app/plug-ins.ts';
import { argumentList, type Command } from '../cli/command.ts';
import { sayNoPlugins } from './_self.ts';

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
    const wanted = argumentList(input, 'name');
    sayNoPlugins(context, wanted);
    // A pipeline that adds what is built in goes on.
    return wanted.every(builtIn) ? 0 : 1;
  },
};
