/** `hooks remove`: take away what `hooks install` put into git's hooks. */

import { relative } from 'node:path';
import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'hooks remove',
  description: 'Take the git hooks of tercet away; those of others stay.',
  arguments: [],
  options: [],
  async run(context) {
    const { removeHooks } = await import('../app/git-hooks.ts');
    const files = await removeHooks(context);
    for (const file of files) context.emit({ kind: 'line', text: `Removed from ${relative(context.cwd, file)}` });
    if (files.length === 0) context.emit({ kind: 'line', text: 'There are no hooks of tercet here' });
    return 0;
  },
};
