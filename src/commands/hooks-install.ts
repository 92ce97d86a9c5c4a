/** `hooks install`: git hooks that keep the lock and its export in step. */

import { relative } from 'node:path';
import type { HookMoment } from '../app/git-hooks.ts';
import { type Command, values } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';
import { HOOK_OPTIONS, hookArguments } from './_hook-options.ts';

export const command: Command = {
  name: 'hooks install',
  description: 'Install git hooks that keep poetry.lock, and an export of it, in step.',
  arguments: [],
  options: [
    {
      name: 'on',
      takesValue: true,
      multiple: true,
      default: 'commit',
      description: 'When: commit, push; may be repeated.',
    },
    ...HOOK_OPTIONS,
  ],
  help: `On commit, the export of the staged lock goes into the same commit; a lock that is older than pyproject.toml is refused.
On push, an export that is older than its lock is refused. Other hooks stay.

  tercet hooks install --export requirements.txt
  tercet hooks install --on commit --on push --export requirements.txt`,
  async run(context, input) {
    const { installHooks } = await import('../app/git-hooks.ts');
    const files = await installHooks(context, {
      moments: [...new Set(values(input, 'on').map(moment))],
      executable: process.execPath,
      arguments: hookArguments(input),
    });
    for (const file of files) context.emit({ kind: 'line', text: `Installed ${relative(context.cwd, file)}` });
    return 0;
  },
};

/** Throws `usage` for what is no moment. */
export function moment(text: string): HookMoment {
  if (text === 'commit' || text === 'push') return text;
  throw new TercetError('usage', `There are hooks on commit and on push, not on ${text}`);
}
