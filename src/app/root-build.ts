/**
 * `[tool.poetry.build]`: what has to be run before the project itself can be installed. Poetry runs the script in an environment that has
 * `build-system.requires`; where the script wants a generated `setup.py`, the project is built as editable instead.
 */

import { join } from 'node:path';
import { readBuildSystem } from '../builder/build-system.ts';
import { buildVariables } from '../builder/hooks.ts';
import type { Environment } from '../environments/environment.ts';
import { TercetError } from '../ground/error.ts';
import { runStreaming } from '../process/spawn.ts';
import type { Context } from './context.ts';

/**
 * Runs the project's build script with the environment's interpreter; its output is the command's. Throws `build-script-failed`, and what
 * providing an environment throws.
 */
export async function runBuildScript(context: Context, script: string, environment: Environment): Promise<void> {
  const { directory, manifest } = await context.project();
  const { requires } = readBuildSystem(directory, manifest.prettyName ?? directory);
  context.emit({
    kind: 'notice',
    text: `Preparing build environment with build-system requirements ${requires.join(', ')}`,
  });
  const builds = await (await context.index(manifest.sources)).builds();
  const prepared = await builds.provide(requires, manifest.prettyName ?? directory, environment);
  context.emit({ kind: 'line', level: 3, text: `  - Executing build script: ${script}` });
  const path = join(directory, script);
  const code = await runStreaming(prepared.python, [path], {
    cwd: context.cwd,
    env: buildVariables(context.env, prepared),
    onLine: (text, stream) => context.emit(stream === 'out' ? { kind: 'line', text } : { kind: 'notice', text }),
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (code === 0) return;
  throw new TercetError('build-script-failed', `The build script ${path} ended with exit code ${code}`, {
    hints: ['It is named by `[tool.poetry.build]`. `poetry install --no-root` leaves it, and the project itself, out.'],
  });
}
