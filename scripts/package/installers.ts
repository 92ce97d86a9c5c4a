/** The installers with their address and key written in: `install.sh`, `install.ps1`, and `get-tercet.py`, which holds the first. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dir, '../../install');

export interface Stamp {
  /** Where releases are. Default: none, whoever installs says `TERCET_BASE_URL`. */
  readonly baseUrl?: string;
  /** The public half of the release key (PEM). Default: none, signatures are not checked. */
  readonly publicKey?: string;
}

/** The three files, by name. */
export function installers({ baseUrl, publicKey }: Stamp): Readonly<Record<string, string>> {
  const stamped = (text: string): string => {
    const located = baseUrl === undefined ? text : text.replaceAll('@BASE_URL@', baseUrl);
    return publicKey === undefined ? located : located.replaceAll('@PUBLIC_KEY@', publicKey.trim());
  };
  const shell = stamped(readFileSync(join(folder, 'install.sh'), 'utf8'));
  if (shell.includes("'''"))
    throw new Error("install.sh has ''' in it, which ends the string that get-tercet.py keeps it in");
  const python = stamped(readFileSync(join(folder, 'get-tercet.py'), 'utf8'));
  return {
    'install.sh': shell,
    'install.ps1': stamped(readFileSync(join(folder, 'install.ps1'), 'utf8')),
    'get-tercet.py': python.replace('@INSTALL_SH@', () => shell.trimEnd()),
  };
}
