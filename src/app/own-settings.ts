/** What `[tool.tercet]` of a project says to `run`: its tasks and its `.env` files. Loaded only where there is something of it. */

import type { Environment } from '../environments/environment.ts';
import { readTasks, type Tasks } from '../manifest/tasks.ts';
import type { Variables } from '../process/variables.ts';
import { tableAt } from '../toml/read.ts';
import type { Context } from './context.ts';
import { withEnvFiles } from './env-files.ts';
import { runTask } from './run-task.ts';

export interface OwnSettings {
  /** The process's variables with those of `.env` files. */
  readonly env: Variables;
  readonly tasks: Tasks;
  /** Whether there is a task of that name in `[tool.tercet.tasks]`; with `poe` also in poethepoet's table. */
  hasTask(name: string, where?: { readonly poe: boolean }): boolean;
  runTask(environment: Environment, name: string, given: readonly string[]): Promise<number>;
}

/** Throws `env-file`, `task-invalid`, and what reading the project throws. */
export async function ownSettings(
  context: Context,
  { files, directory }: { readonly files: readonly string[]; readonly directory: string },
): Promise<OwnSettings> {
  const { toml } = (await context.project()).manifest;
  const tasks = readTasks(toml);
  const own = tableAt(toml, 'tool', 'tercet') ?? {};
  const env = withEnvFiles(context.env, { files, setting: own['env-file'], directory, cwd: context.cwd });
  const ownTasks = tableAt(toml, 'tool', 'tercet', 'tasks') ?? {};
  return {
    env,
    tasks,
    hasTask: (name, where) => (where?.poe === true ? tasks.tasks.has(name) : Object.hasOwn(ownTasks, name)),
    runTask: (environment, name, given) =>
      runTask(name, given, { tasks, environment, directory, cwd: context.cwd, env, emit: context.emit }),
  };
}
