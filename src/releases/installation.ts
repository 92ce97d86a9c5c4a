/**
 * How this program came to be here. The installers leave a receipt beside the folder of the executable; npm and pip leave it in folders
 * of their own; what else there is was built or copied by hand.
 */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TercetError } from '../ground/error.ts';

/** What the installer wrote down. */
export interface Receipt {
  readonly version: string;
  /** `linux-x64-musl`: the part behind `tercet-` of a release's file. */
  readonly target: string;
  /** Where releases are, without a slash at its end. */
  readonly baseUrl: string;
}

export type Installation =
  /** By an installer; `home` is the folder that holds `bin`. `key` is the public release key (PEM), where signatures are checked. */
  | {
      readonly kind: 'own';
      readonly program: string;
      readonly home: string;
      readonly receipt: Receipt;
      readonly key: string | undefined;
    }
  /** By a package manager, which alone may change it; `command` does so. */
  | { readonly kind: 'managed'; readonly program: string; readonly by: string; readonly command: string }
  | { readonly kind: 'other'; readonly program: string };

/** Finds out, from the path of the running executable. Throws `receipt-invalid`. */
export function findInstallation(executable: string): Installation {
  const program = realpathSync(executable);
  const folder = dirname(program);
  const home = dirname(folder);
  const file = join(home, 'receipt.json');
  if (basename(folder) === 'bin' && existsSync(file)) {
    const key = join(home, 'release-key.pem');
    return {
      kind: 'own',
      program,
      home,
      receipt: readReceipt(readFileSync(file, 'utf8'), file),
      key: existsSync(key) ? readFileSync(key, 'utf8') : undefined,
    };
  }
  const parts = program.split(/[/\\]/);
  if (parts.includes('node_modules')) {
    return { kind: 'managed', program, by: 'npm', command: 'npm install --global tercet@latest' };
  }
  if (parts.includes('pipx') && existsSync(join(home, 'pyvenv.cfg'))) {
    return { kind: 'managed', program, by: 'pipx', command: 'pipx upgrade tercet' };
  }
  if (existsSync(join(home, 'pyvenv.cfg')) || hasPythonPackage(home)) {
    const python = process.platform === 'win32' ? 'python.exe' : 'python3';
    const named = existsSync(join(folder, python)) ? join(folder, python) : 'python3';
    return { kind: 'managed', program, by: 'pip', command: `${named} -m pip install --upgrade tercet` };
  }
  return { kind: 'other', program };
}

function readReceipt(text: string, file: string): Receipt {
  try {
    const value: unknown = JSON.parse(text);
    const field = (name: string): unknown =>
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    const [version, target, baseUrl] = [field('version'), field('target'), field('base_url')];
    if (
      field('schema') === 1 &&
      typeof version === 'string' &&
      typeof target === 'string' &&
      /^[a-z0-9-]+$/.test(target) &&
      typeof baseUrl === 'string' &&
      /^https?:\/\//.test(baseUrl)
    ) {
      return { version, target, baseUrl: baseUrl.replace(/\/+$/, '') };
    }
  } catch {}
  throw new TercetError('receipt-invalid', `${file} is not what an installer of tercet writes`, {
    hints: ['Run the installer again: it writes the file anew.'],
  });
}

/** Whether `pip install` outside a virtual environment put it there. */
function hasPythonPackage(prefix: string): boolean {
  const found = new Bun.Glob('{lib,Lib}/{python*/,}{site,dist}-packages/tercet-*.dist-info').scanSync({
    cwd: prefix,
    onlyFiles: false,
  });
  for (const _ of found) return true;
  return false;
}
