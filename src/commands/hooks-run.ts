/** `hooks run`: what the installed git hooks call. */

import { argument, type Command, flag, value, values } from '../cli/command.ts';
import { HOOK_OPTIONS } from './_hook-options.ts';
import { moment } from './hooks-install.ts';

export const command: Command = {
  name: 'hooks run',
  description: 'Do what a git hook of tercet does; called by git.',
  arguments: [{ name: 'moment', description: 'commit or push' }],
  options: HOOK_OPTIONS,
  async run(context, input) {
    const { runGitHook } = await import('../app/run-git-hook.ts');
    await runGitHook(context, {
      moment: moment(argument(input, 'moment') ?? ''),
      file: value(input, 'export'),
      hashes: !flag(input, 'without-hashes'),
      with: values(input, 'with'),
      extras: values(input, 'extras'),
    });
    return 0;
  },
};
