/** `self update`: put a newer tercet in the place of this one. */

import { argument, type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'self update',
  description: 'Update tercet itself to the newest release.',
  arguments: [{ name: 'version', description: 'The version to update to.', required: false, default: 'latest' }],
  options: [
    { name: 'preview', description: 'Pre-releases count.' },
    { name: 'dry-run', description: 'Say what would be done and do nothing.' },
  ],
  help: `Works where an installer of tercet put it. What npm, pip or pipx installed is theirs to update; then this says how.
The download is checked against its hash, and its signature where the installer left a key; a new program that does not
run here is not put in place.`,
  async run(context, input) {
    const { selfUpdate } = await import('../app/self-update.ts');
    await selfUpdate(context, {
      executable: process.execPath,
      version: argument(input, 'version') ?? 'latest',
      preview: flag(input, 'preview'),
      dryRun: flag(input, 'dry-run'),
    });
    return 0;
  },
};
