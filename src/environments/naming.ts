/** The names of Poetry's virtual environments: project, folder and Python version in one, so that each project finds its own. */

import { realPath } from '../files/real-path.ts';

/** What stands for the name of a project that has none. */
export const NAMELESS = 'non-package-mode';

/**
 * The name of a project's environments without `-pyX.Y`: the project's name, cut and made safe, and the first eight
 * characters of its folder's hash.
 *
 * @param name the project's name in normalised form; undefined where it has none
 * @param projectDir the project's folder; links in it are resolved
 */
export function environmentBaseName(name: string | undefined, projectDir: string): string {
  const safe = (name ?? NAMELESS)
    .toLowerCase()
    .replace(/[ $`!*@"\\\r\n\t]/g, '_')
    .slice(0, 42);
  return `${safe}-${folderHash(projectDir)}`;
}

/** The environment's name for a Python version `X.Y`. */
export function environmentName(baseName: string, minor: string): string {
  return `${baseName}-py${minor.trim()}`;
}

function folderHash(projectDir: string): string {
  const real = realPath(projectDir);
  const folder = process.platform === 'win32' ? real.replaceAll('/', '\\').toLowerCase() : real;
  return new Bun.CryptoHasher('sha256').update(folder, 'utf8').digest('base64url').slice(0, 8);
}
