/** `search`: releases in the project's sources. */

import { argumentList, type Command } from '../cli/command.ts';
import { type Cell, compactTable } from '../render/compact-table.ts';
import { colours, noColours } from '../render/style.ts';

const HEADERS: readonly Cell[] = ['Package', 'Version', 'Source', 'Description'].map((text) => ({
  text,
  style: 'bold',
}));

export const command: Command = {
  name: 'search',
  description: "Search for packages in the project's sources.",
  arguments: [{ name: 'tokens', multiple: true, description: 'On PyPI names, elsewhere parts of names.' }],
  options: [],
  async run(context, input) {
    const { searchPackages } = await import('../app/search.ts');
    const found = await searchPackages(context, argumentList(input, 'tokens'));
    if (found.length === 0) {
      context.emit({ kind: 'line', text: 'No matching packages were found.', style: 'info' });
      return 0;
    }
    const value = found.map(({ name, version, source }) => ({ name, version: version.text, source }));
    context.emit({ kind: 'data', name: 'releases', value });
    const rows = found.map(({ name, version, source }): readonly Cell[] => [
      { text: name, style: 'c1' },
      { text: version.text, style: 'bold' },
      { text: source, style: 'source' },
      { text: '' },
    ]);
    const lines = compactTable([HEADERS, ...rows], { paint: context.decorated ? colours : noColours });
    for (const text of lines) context.emit({ kind: 'line', text });
    return 0;
  },
};
