/** `env list`: the project's environments, the one in use marked. */

import { basename } from 'node:path';
import type { Context } from '../app/context.ts';
import { type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'env list',
  description: 'Lists all virtualenvs associated with the current project.',
  arguments: [],
  options: [{ name: 'full-path', description: 'Output the full paths of the virtualenvs.' }],
  run: (context, input) => envListCommand({ fullPath: flag(input, 'full-path') }, context),
};

export interface EnvListOptions {
  readonly fullPath: boolean;
}

/** One line an environment; none without any. */
export async function envListCommand({ fullPath }: EnvListOptions, context: Context): Promise<number> {
  const [{ projectPlace }, { locateEnvironment, projectEnvironments }] = await Promise.all([
    import('../app/project-environment.ts'),
    import('../environments/find.ts'),
  ]);
  const place = await projectPlace(context);
  const current = locateEnvironment(place);
  for (const path of projectEnvironments(place)) {
    const shown = fullPath ? path : basename(path);
    const isCurrent = 'path' in current && current.path === path;
    context.emit({ kind: 'data', name: 'environment', value: { path, active: isCurrent } });
    context.emit(
      isCurrent ? { kind: 'line', text: `${shown} (Activated)`, style: 'info' } : { kind: 'line', text: shown },
    );
  }
  return 0;
}
