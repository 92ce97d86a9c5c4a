/** `self show plugins`: none are loaded; what of them is built in. */

import { BUILT_IN } from '../app/plug-ins.ts';
import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'self show plugins',
  description: 'Show which plug-ins of Poetry are built in.',
  arguments: [],
  options: [],
  async run(context) {
    const line = (text: string): void => context.emit({ kind: 'line', text });
    line('No plug-ins are loaded.');
    for (const { plugin, instead } of BUILT_IN) line(`  - ${plugin}: built in as ${instead}`);
    return 0;
  },
};
