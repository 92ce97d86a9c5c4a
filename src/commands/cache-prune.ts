/** `cache prune`: the cache without what nobody needs. */

import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'cache prune',
  description: 'Remove from the cache what no environment uses any more.',
  arguments: [],
  options: [],
  help: `Removed are wheels that share no file with an environment, built wheels and environments of builds that nobody has used for
30 days, files of older versions of this program, and what stopped runs left. Where files are cloned or copied, nothing is shared: those wheels are removed too, and fetched again when they are needed.`,
  async run(context) {
    const [{ pruneCache }, { bytesText }] = await Promise.all([
      import('../app/cache.ts'),
      import('../render/bytes-text.ts'),
    ]);
    const { wheels, bytes } = await pruneCache(context);
    const what = wheels === 1 ? '1 wheel' : `${wheels} wheels`;
    context.emit({ kind: 'line', text: bytes === 0 ? 'Nothing to remove' : `Removed ${what}, ${bytesText(bytes)}` });
    return 0;
  },
};
