/** Every command's name, and where it is. Nothing is loaded before it is asked for. */

import type { Command } from './command.ts';

type Load = () => Promise<{ readonly command: Command }>;

const COMMANDS: Readonly<Record<string, Load>> = {
  about: () => import('../commands/about.ts'),
  add: () => import('../commands/add.ts'),
  check: () => import('../commands/check.ts'),
  'env activate': () => import('../commands/env-activate.ts'),
  'env info': () => import('../commands/env-info.ts'),
  'env list': () => import('../commands/env-list.ts'),
  'env remove': () => import('../commands/env-remove.ts'),
  'env use': () => import('../commands/env-use.ts'),
  help: () => import('../commands/help.ts'),
  init: () => import('../commands/init.ts'),
  install: () => import('../commands/install.ts'),
  list: () => import('../commands/list.ts'),
  lock: () => import('../commands/lock.ts'),
  new: () => import('../commands/new.ts'),
  remove: () => import('../commands/remove.ts'),
  run: () => import('../commands/run.ts'),
  shell: () => import('../commands/shell.ts'),
  show: () => import('../commands/show.ts'),
  sync: () => import('../commands/sync.ts'),
  update: () => import('../commands/update.ts'),
  version: () => import('../commands/version.ts'),
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** First words of the commands of two words. */
export const NAMESPACES: ReadonlySet<string> = new Set(
  COMMAND_NAMES.filter((name) => name.includes(' ')).map((name) => name.slice(0, name.indexOf(' '))),
);

/** The command of that exact name; undefined where there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(COMMANDS, name) ? (await COMMANDS[name]?.())?.command : undefined;
}

/** All of them, for the list and for suggestions. */
export async function loadAllCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map(async (load) => (await load()).command));
}
