/** `cache clear`: one source, one release, or all of the cache. */

import { argument, type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'cache clear',
  description: "Clear Poetry's caches.",
  arguments: [
    { name: 'cache', required: false, description: 'The source, as `cache list` names it; or SOURCE:PROJECT:VERSION.' },
  ],
  options: [{ name: 'all', description: 'All that is kept of the source; without one, all of the cache.' }],
  help: `  poetry cache clear PyPI --all            what is known of PyPI's projects
  poetry cache clear PyPI:requests:2.32.3  one release, its files included
  poetry cache clear --all                 everything, stored wheels included

Environments keep their files, but for those made with TERCET_LINK_MODE=symlink.`,
  async run(context, input) {
    const { clearCache } = await import('../app/cache.ts');
    await clearCache(context, argument(input, 'cache'), flag(input, 'all'));
    return 0;
  },
};
