/** `lock`: bring `poetry.lock` in step with `pyproject.toml`. */

import { type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'lock',
  description: 'Lock the dependencies of the project.',
  arguments: [],
  options: [
    { name: 'regenerate', description: 'Forget the present lock file and take the newest of everything.' },
    { name: 'sha1', description: 'Lock nothing, print what `sha1sum poetry.lock` would: a tag for images.' },
    { name: 'hash', description: 'Lock nothing, print a digest of what the lock says: the same on every platform.' },
  ],
  help: 'Versions that are locked already stay as they are, as long as they fit.\n\n  poetry lock',
  async run(context, input) {
    if (flag(input, 'sha1') || flag(input, 'hash')) {
      const { lockDigest } = await import('../app/lock-digest.ts');
      const { sha1, hash } = await lockDigest(context);
      context.emit({ kind: 'line', text: flag(input, 'sha1') ? sha1 : hash });
      return 0;
    }
    const { relock } = await import('../app/relock.ts');
    await relock(context, { regenerate: flag(input, 'regenerate') });
    return 0;
  },
};
