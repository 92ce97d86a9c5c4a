/** `completions`: a script that teaches a shell the commands and options. */

import { basename } from 'node:path';
import { argument, type Command, values } from '../cli/command.ts';
import { GLOBAL_OPTIONS } from '../cli/global-options.ts';
import { TercetError } from '../ground/error.ts';
import { completionScript, SHELLS, type Shell } from '../render/completions.ts';

export const command: Command = {
  name: 'completions',
  description: 'Print a completion script for a shell.',
  arguments: [
    { name: 'shell', required: false, description: 'bash, zsh, fish or powershell; default: what SHELL names.' },
  ],
  options: [{ name: 'alias', takesValue: true, multiple: true, description: 'Another name of this program.' }],
  hidden: true,
  help: `\
bash:        tercet completions bash > ~/.local/share/bash-completion/completions/tercet
zsh:         tercet completions zsh > ~/.zfunc/_tercet   (with fpath+=~/.zfunc before compinit in .zshrc)
fish:        tercet completions fish > ~/.config/fish/completions/tercet.fish
PowerShell:  tercet completions powershell >> $PROFILE`,
  async run(context, input, catalogue) {
    const shell = shellOf(argument(input, 'shell') || context.env.SHELL);
    const commands = (await catalogue.loadAll()).filter(({ hidden }) => !hidden);
    const own = basename(process.argv0).replace(/\.exe$/i, '') || 'tercet';
    const names = [...new Set([own, ...values(input, 'alias')])];
    const table = { names, commands, globals: GLOBAL_OPTIONS };
    context.emit({ kind: 'line', text: completionScript(shell, table).trimEnd() });
    return 0;
  },
};

function shellOf(written: string | undefined): Shell {
  if (written === undefined || written === '') {
    throw new TercetError(
      'usage',
      'Could not read SHELL environment variable. Please specify your shell type by passing it as the first argument.',
    );
  }
  const name = basename(written)
    .toLowerCase()
    .replace(/\.exe$/, '');
  const found = SHELLS.find((one) => one === (name === 'pwsh' ? 'powershell' : name));
  if (found !== undefined) return found;
  throw new TercetError('usage', `[shell] argument must be one of ${SHELLS.join(', ')}`);
}
