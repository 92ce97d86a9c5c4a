/** `self show`: which tercet this is, and who takes care of it. */

import { argument, type Command, flag, value } from '../cli/command.ts';
import { POETRY_VERSION } from '../cli/program.ts';
import { TercetError } from '../ground/error.ts';
import { pythonJson } from '../ground/python-json.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { projectName } from '../names/name.ts';
import type { Installation } from '../releases/installation.ts';

export const command: Command = {
  name: 'self show',
  description: 'Show which tercet this is and how it was installed.',
  arguments: [{ name: 'package', required: false, description: 'tercet or poetry; there is nothing else.' }],
  options: [
    { name: 'addons', description: 'Only plug-ins: there are none.' },
    { name: 'tree', short: 't', description: 'Has no effect.' },
    { name: 'latest', short: 'l', description: 'Has no effect.' },
    { name: 'outdated', short: 'o', description: 'Has no effect.' },
    { name: 'format', short: 'f', takesValue: true, default: 'text', description: 'text or json.' },
  ],
  async run(context, input) {
    const name = argument(input, 'package');
    if (name !== undefined && !['tercet', 'poetry'].includes(projectName(name))) {
      throw new TercetError('package-not-found', `Package ${name} not found`);
    }
    if (flag(input, 'addons')) return 0;
    const { findInstallation } = await import('../releases/installation.ts');
    const installation = findInstallation(process.execPath);
    const rows = [
      ['version', context.toolVersion],
      ['as Poetry', POETRY_VERSION],
      ['executable', installation.program],
      ...rowsOf(installation),
    ];
    if (value(input, 'format') === 'json') {
      context.emit({ kind: 'line', text: pythonJson({ name: 'tercet', ...Object.fromEntries(rows) }) });
      return 0;
    }
    for (const [label = '', text = ''] of rows) {
      context.emit({ kind: 'line', text: ` ${label.padEnd(12)} : ${text}` });
    }
    return 0;
  },
};

function rowsOf(installation: Installation): readonly (readonly string[])[] {
  switch (installation.kind) {
    case 'own':
      return [
        ['installed by', 'the installer of tercet'],
        ['releases', withoutCredentials(installation.receipt.baseUrl)],
        ['signatures', installation.key === undefined ? 'not checked' : 'checked'],
        ['update', 'tercet self update'],
      ];
    case 'managed':
      return [
        ['installed by', installation.by],
        ['update', installation.command],
      ];
    case 'other':
      return [['installed by', 'hand']];
  }
}
