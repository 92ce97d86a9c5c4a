/** Programs of PyPI that acceptance uses, each in an environment of its own that is kept between runs. */

import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PYENV } from '../support/interpreters.ts';
import { Skipped } from './stage.ts';

/**
 * The folder with the programs of `requirement` (`ansible-core==2.19.*`), installed by the pip of `python`. Throws `Skipped` where pip cannot have it.
 */
export async function pythonTool(python: string, requirement: string): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tercet-acceptance');
  const folder = join(cache, requirement.replaceAll(/[^\w.-]/g, '_'));
  const stamp = join(folder, 'complete');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    for (const command of [
      [python, '-m', 'venv', folder],
      [join(folder, 'bin/pip'), 'install', '--quiet', requirement],
    ]) {
      const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
      const [err, code] = await Promise.all([child.stderr.text(), child.exited]);
      if (code !== 0) throw new Skipped(`pip cannot install ${requirement}: ${err.trimEnd().split('\n').at(-1)}`);
    }
    await Bun.write(stamp, '');
  }
  return join(folder, 'bin');
}

/** The CPython of that minor version: `ACCEPTANCE_PYTHON`, else pyenv's own (not its shim), else the one on PATH; undefined where there is none. */
export function findCPython(minor: string): string | undefined {
  const versions = join(PYENV, 'versions');
  const ofPyenv = existsSync(versions)
    ? [...new Bun.Glob(`${minor}.*/bin/python${minor}`).scanSync({ cwd: versions, onlyFiles: false })]
    : [];
  const [first] = ofPyenv;
  return (
    process.env.ACCEPTANCE_PYTHON ??
    (first === undefined ? undefined : join(versions, first)) ??
    Bun.which(`python${minor}`) ??
    undefined
  );
}
