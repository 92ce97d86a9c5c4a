/** `env activate`: prints the line that activates the environment in the shell it is called from, for `eval`. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../app/context.ts';
import type { Command } from '../cli/command.ts';
import { shellQuote } from '../environments/activation-scripts.ts';
import { TercetError } from '../ground/error.ts';
import { detectShell } from './_shell.ts';

export const command: Command = {
  name: 'env activate',
  description: 'Print the command to activate a virtual environment.',
  arguments: [],
  options: [],
  run: (context) => envActivateCommand({}, context),
};

export type EnvActivateOptions = Readonly<Record<never, never>>;

/** Prints the line. Throws `shell-not-supported` where the environment has no script for the shell. */
export async function envActivateCommand(_options: EnvActivateOptions, context: Context): Promise<number> {
  const { ensureProjectEnvironment } = await import('../app/project-environment.ts');
  const environment = await ensureProjectEnvironment(context);
  const shell = detectShell()?.name ?? '';
  const { verb, file } = activation(shell);
  const script = join(environment.bin, file);
  if (!existsSync(script)) {
    throw new TercetError(
      'shell-not-supported',
      `Discovered shell '${shell}' doesn't have an activator in virtual environment`,
    );
  }
  context.emit({ kind: 'line', text: `${verb} ${quoted(script, shell)}`.trim() });
  return 0;
}

/** The script as a word of the shell; on Windows the shells of other systems know it with `/`. */
function quoted(script: string, shell: string): string {
  if (process.platform !== 'win32') return shellQuote(script);
  return /^(?:cmd|powershell|pwsh)$/.test(shell) ? `"${script}"` : shellQuote(script.replaceAll('\\', '/'));
}

function activation(shell: string): { readonly verb: string; readonly file: string } {
  switch (shell) {
    case 'fish':
      return { verb: 'source', file: 'activate.fish' };
    case 'nu':
      return { verb: 'overlay use', file: 'activate.nu' };
    case 'csh':
    case 'tcsh':
      return { verb: 'source', file: 'activate.csh' };
    case 'powershell':
    case 'pwsh':
      return { verb: '&', file: 'activate.ps1' };
    case 'cmd':
      return { verb: '', file: 'activate.bat' };
    case 'bash':
    case 'mksh':
    case 'zsh':
      return { verb: 'source', file: 'activate' };
    default:
      return { verb: '.', file: 'activate' };
  }
}
