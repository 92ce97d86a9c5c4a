/** `cache list`: the sources that the cache knows something of. */

import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'cache list',
  description: "List Poetry's caches.",
  arguments: [],
  options: [],
  async run(context) {
    const { listCaches } = await import('../app/cache.ts');
    const names = await listCaches(context);
    for (const text of names) context.emit({ kind: 'line', text, style: 'info' });
    if (names.length === 0) context.emit({ kind: 'notice', text: 'No caches found' });
    return 0;
  },
};
