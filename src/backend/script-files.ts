/** `[tool.poetry.scripts]` of type `file`: files of the project that are installed among the scripts. */

import { isAbsolute } from 'node:path';
import { TercetError } from '../ground/error.ts';
import { isFile, isFolder, shortened } from './_paths.ts';
import { type BuildSource, buildScript } from './source.ts';

/**
 * Paths relative to the project. Throws `script-invalid` for one that is absolute, or that is missing while no build script
 * could still make it.
 */
export function scriptFiles({ manifest, projectDir }: BuildSource): readonly string[] {
  const paths: string[] = [];
  for (const [name, script] of manifest.poetryScripts) {
    if (script.kind !== 'file') continue;
    if (isAbsolute(script.path))
      throw invalid(`${script.path} in ${name} is an absolute path. Expected relative path.`);
    const path = [projectDir, shortened(script.path)].filter(Boolean).join('/');
    if (buildScript(manifest) === undefined && !isFile(path)) {
      const why = isFolder(path) ? 'is not a file' : 'is not found';
      throw invalid(`${path} in script specification (${name}) ${why}.`);
    }
    paths.push(shortened(script.path));
  }
  return paths;
}

function invalid(message: string): TercetError {
  return new TercetError('script-invalid', message);
}
