/** `self show`: which tercet this is, and who takes care of it. */

import type { Command } from '../cli/command.ts';
import { POETRY_VERSION } from '../cli/program.ts';
import { withoutCredentials } from '../ground/redact.ts';
import type { Installation } from '../releases/installation.ts';

export const command: Command = {
  name: 'self show',
  description: 'Show which tercet this is and how it was installed.',
  arguments: [],
  options: [],
  async run(context) {
    const { findInstallation } = await import('../releases/installation.ts');
    const installation = findInstallation(process.execPath);
    const rows = [
      ['version', context.toolVersion],
      ['as Poetry', POETRY_VERSION],
      ['executable', installation.program],
      ...rowsOf(installation),
    ];
    for (const [name = '', value = ''] of rows) {
      context.emit({ kind: 'line', text: ` ${name.padEnd(12)} : ${value}` });
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
