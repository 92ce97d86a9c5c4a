/** `env use`: chooses the Python of the project's environment, and makes that environment where it is missing. */

import type { Context } from '../app/context.ts';
import { argument, type Command } from '../cli/command.ts';
import { TercetError } from '../ground/error.ts';

export const command: Command = {
  name: 'env use',
  description: 'Activates or creates a new virtualenv for the current project.',
  arguments: [{ name: 'python', description: 'The python executable to use.' }],
  options: [],
  run: (context, input) => envUseCommand({ python: argument(input, 'python') ?? '' }, context),
};

export interface EnvUseOptions {
  /** A version, a name, a path, or `system` to forget the choice. */
  readonly python: string;
}

/** Throws `python-not-found` and `python-not-allowed`. */
export async function envUseCommand({ python }: EnvUseOptions, context: Context): Promise<number> {
  if (python === 'system') return forget(context);
  const [{ ensureOptions }, { useInterpreter }, { interpreterByName }, { discoverOptions }] = await Promise.all([
    import('../app/project-environment.ts'),
    import('../environments/ensure.ts'),
    import('../python/discover.ts'),
    import('../environments/place.ts'),
  ]);
  const options = await ensureOptions(context);
  const interpreter = await interpreterByName(discoverOptions(options), python);
  if (interpreter === undefined) {
    const hints = /^\d+\.\d+/.test(python) ? [`pyenv users get it by \`pyenv install ${python}\``] : [];
    throw new TercetError('python-not-found', `Could not find the python executable ${python}`, { hints });
  }
  const environment = await useInterpreter(options, interpreter);
  context.emit({ kind: 'line', text: `Using virtualenv: ${environment.path}` });
  return 0;
}

async function forget(context: Context): Promise<number> {
  const [{ projectPlace }, { forgetPython }, { baseNameOf }, { environmentName }, { join }] = await Promise.all([
    import('../app/project-environment.ts'),
    import('../environments/envs-file.ts'),
    import('../environments/place.ts'),
    import('../environments/naming.ts'),
    import('node:path'),
  ]);
  const place = await projectPlace(context);
  const folder = place.configuration.folder('virtualenvs.path');
  const minor = await forgetPython(folder, baseNameOf(place));
  if (minor !== undefined) {
    const path = join(folder, environmentName(baseNameOf(place), minor));
    context.emit({ kind: 'notice', text: `Deactivating virtualenv: ${path}` });
  }
  return 0;
}
