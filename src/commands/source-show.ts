/** `source show`: the indexes that the project names. */

import { argumentList, type Command } from '../cli/command.ts';
import { compactTable } from '../render/compact-table.ts';
import { colours, noColours } from '../render/style.ts';

const IMPLICIT =
  'PyPI is implicitly enabled as a primary source. If you wish to disable it, or alter its priority please refer to ' +
  'https://python-poetry.org/docs/repositories/#package-sources.';

export const command: Command = {
  name: 'source show',
  description: 'Show the indexes that the project names.',
  arguments: [{ name: 'source', required: false, multiple: true, description: 'Only these.' }],
  options: [],
  async run(context, input) {
    const [{ writtenSources }, { manifest }] = await Promise.all([
      import('../manifest/edit-sources.ts'),
      context.project(),
    ]);
    const line = (text: string): void => context.emit({ kind: 'line', text });
    const paint = context.decorated ? colours : noColours;
    const sources = writtenSources(manifest.toml);
    const implicit = manifest.sources.some(({ name }) => name === 'PyPI');
    const names = argumentList(input, 'source').map((name) => name.toLowerCase());
    if (sources.length === 0) line('No sources configured for this project.\n');
    const shown = sources.filter(({ name }) => names.length === 0 || names.includes(name.toLowerCase()));
    if (sources.length > 0 && shown.length === 0) {
      const text = `No source found with name(s): ${argumentList(input, 'source').join(', ')}`;
      context.emit({ kind: 'notice', text });
      return 1;
    }
    for (const { name, url, priority } of shown) {
      context.emit({ kind: 'data', name: 'source', value: { name, url: url ?? null, priority } });
      const row = (label: string, text: string) => [
        { text: label, style: 'info' as const },
        { lead: ' : ', text, ...(label === 'name' ? { style: 'c1' as const } : {}) },
      ];
      const rows = [row('name', name), ...(url === undefined ? [] : [row('url', url)]), row('priority', priority)];
      for (const text of compactTable(rows, { paint })) line(text);
      line('');
    }
    const isListed = shown.some(({ name }) => name.toLowerCase() === 'pypi');
    if (implicit && !isListed && (names.length === 0 || sources.length === 0)) {
      line(IMPLICIT);
      line('');
    }
    return 0;
  },
};
