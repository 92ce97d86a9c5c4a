/** `env info`: what the project's environment is; nothing is made. */

import type { Context } from '../app/context.ts';
import { type Command, flag } from '../cli/command.ts';

export const command: Command = {
  name: 'env info',
  description: 'Displays information about the current environment.',
  arguments: [],
  options: [
    { name: 'path', short: 'p', description: "Only display the environment's path." },
    { name: 'executable', short: 'e', description: "Only display the environment's python executable path." },
  ],
  run: (context, input) =>
    envInfoCommand({ path: flag(input, 'path'), executable: flag(input, 'executable') }, context),
};

export interface EnvInfoOptions {
  readonly path: boolean;
  readonly executable: boolean;
}

/** With `path` or `executable`: that line alone, or nothing and 1 where there is no virtual environment. */
export async function envInfoCommand(options: EnvInfoOptions, context: Context): Promise<number> {
  const [{ projectPlace }, { presentEnvironment }, { isSane, isVirtual }] = await Promise.all([
    import('../app/project-environment.ts'),
    import('../environments/ensure.ts'),
    import('../environments/environment.ts'),
  ]);
  const environment = presentEnvironment(await projectPlace(context));
  const line = (text: string) => context.emit({ kind: 'line', text });
  const isVirtualOne = environment !== undefined && isVirtual(environment);
  if (options.path || options.executable) {
    if (!isVirtualOne) return 1;
    line(options.path ? environment.path : environment.python);
    return 0;
  }
  const sane = environment !== undefined && isSane(environment);
  const facts = sane ? await environment.facts() : undefined;
  const value = {
    path: isVirtualOne ? environment.path : null,
    executable: isVirtualOne ? environment.python : null,
    python: facts?.version ?? null,
    implementation: facts?.markers.platform_python_implementation ?? null,
    valid: sane,
    base: facts?.basePrefix ?? null,
  };
  context.emit({ kind: 'data', name: 'environment', value });
  line('');
  line('Virtualenv');
  line(`Python:         ${facts?.version ?? 'NA'}`);
  line(`Implementation: ${facts?.markers.platform_python_implementation ?? 'NA'}`);
  line(`Path:           ${isVirtualOne ? environment.path : 'NA'}`);
  line(`Executable:     ${isVirtualOne ? environment.python : 'NA'}`);
  if (isVirtualOne) line(`Valid:          ${sane ? 'True' : 'False'}`);
  line('');
  line('Base');
  line(`Platform:   ${facts?.markers.sys_platform ?? process.platform}`);
  line(`OS:         ${facts?.markers.os_name ?? (process.platform === 'win32' ? 'nt' : 'posix')}`);
  line(`Python:     ${facts?.version ?? 'NA'}`);
  line(`Path:       ${facts?.basePrefix ?? 'NA'}`);
  line(`Executable: ${facts === undefined ? 'NA' : await baseExecutable(facts)}`);
  return 0;
}

/** The base's `pythonX.Y`, `pythonX` or whatever it is called by. */
async function baseExecutable(facts: {
  readonly basePrefix: string;
  readonly baseExecutable: string;
  readonly versionInfo: readonly [number, number, ...unknown[]];
}): Promise<string> {
  const [{ existsSync }, { join }] = await Promise.all([import('node:fs'), import('node:path')]);
  const [major, minor] = facts.versionInfo;
  const names = [`python${major}.${minor}`, `python${major}`].map((name) => join(facts.basePrefix, 'bin', name));
  return names.find((file) => existsSync(file)) ?? facts.baseExecutable;
}
