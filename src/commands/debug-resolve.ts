/** `debug resolve`: what would be locked, without locking it. */

import { argumentList, type Command, flag, value, values } from '../cli/command.ts';
import { compactTable } from '../render/compact-table.ts';
import { colours, noColours } from '../render/style.ts';

export const command: Command = {
  name: 'debug resolve',
  description: 'Show what would be locked, for the project or for packages given here.',
  arguments: [
    {
      name: 'package',
      required: false,
      multiple: true,
      description: 'What to resolve; as after add. Default: the project.',
    },
  ],
  options: [
    { name: 'extras', short: 'E', takesValue: true, multiple: true, description: 'Extras of these packages.' },
    { name: 'python', takesValue: true, description: 'Python versions to resolve for.' },
    { name: 'tree', description: 'As a tree of who requires whom.' },
    { name: 'install', description: "Only what the project's environment would get." },
  ],
  async run(context, input) {
    const { debugResolve } = await import('../app/debug-resolve.ts');
    const { lock, manifest, ordered } = await debugResolve(context, {
      packages: argumentList(input, 'package'),
      extras: values(input, 'extras'),
      python: value(input, 'python'),
    });
    const paint = context.decorated ? colours : noColours;
    const line = (text: string): void => context.emit({ kind: 'line', text });
    line('\nResolution results:\n');

    if (flag(input, 'tree')) {
      const { packageTree } = await import('../render/tree.ts');
      const direct = new Set(manifest.groups.flatMap((group) => group.requirements.map((one) => one.name)));
      for (const root of ordered.filter((one) => direct.has(one.name))) {
        for (const text of packageTree(root, lock.packages, { paint })) line(text);
      }
      return 0;
    }
    let shown = ordered;
    if (flag(input, 'install')) {
      const { requiredPackages } = await import('../app/environment-packages.ts');
      const groups = manifest.groups.map(({ name }) => name);
      const required = await requiredPackages(context, lock, groups);
      shown = ordered.filter((one) => required.has(one));
    }
    const facts = shown.map(({ name, version }) => ({ name, version: version.text }));
    context.emit({ kind: 'data', name: 'packages', value: facts });
    const rows = shown.map(({ name, version }) => [
      { text: name, style: 'c1' as const },
      { text: version.text, style: 'bold' as const },
    ]);
    for (const text of compactTable(rows, { paint, framed: false })) line(text);
    return 0;
  },
};
