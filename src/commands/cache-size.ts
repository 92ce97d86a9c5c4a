/** `cache size`: how much the cache takes. */

import type { Command } from '../cli/command.ts';

export const command: Command = {
  name: 'cache size',
  description: 'Say how much the cache takes.',
  arguments: [],
  options: [],
  async run(context) {
    const [{ cacheSize }, { bytesText }] = await Promise.all([
      import('../app/cache.ts'),
      import('../render/bytes-text.ts'),
    ]);
    const { folder, kinds, bytes } = await cacheSize(context);
    const width = Math.max(0, ...kinds.map(({ name }) => name.length));
    for (const { name, files, bytes: own } of kinds) {
      const text = `${name.padEnd(width)}  ${bytesText(own).padStart(8)}  ${files} files`;
      context.emit({ kind: 'line', level: 1, text });
    }
    context.emit({ kind: 'line', text: `${bytesText(bytes)} in ${folder}` });
    return 0;
  },
};
