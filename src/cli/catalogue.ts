/** Every command's name, and where it is. Nothing is loaded before it is asked for. */

import type { Catalogue, Command } from './command.ts';

type Load = () => Promise<{ readonly command: Command }>;

const COMMANDS: Readonly<Record<string, Load>> = {
  about: () => import('../commands/about.ts'),
  add: () => import('../commands/add.ts'),
  audit: () => import('../commands/audit.ts'),
  build: () => import('../commands/build.ts'),
  'bundle venv': () => import('../commands/bundle-venv.ts'),
  'cache clear': () => import('../commands/cache-clear.ts'),
  'cache list': () => import('../commands/cache-list.ts'),
  'cache prune': () => import('../commands/cache-prune.ts'),
  'cache size': () => import('../commands/cache-size.ts'),
  check: () => import('../commands/check.ts'),
  completions: () => import('../commands/completions.ts'),
  config: () => import('../commands/config.ts'),
  'debug info': () => import('../commands/debug-info.ts'),
  'debug resolve': () => import('../commands/debug-resolve.ts'),
  'debug tags': () => import('../commands/debug-tags.ts'),
  'docker init': () => import('../commands/docker-init.ts'),
  'docker label': () => import('../commands/docker-label.ts'),
  doctor: () => import('../commands/doctor.ts'),
  'env activate': () => import('../commands/env-activate.ts'),
  'env info': () => import('../commands/env-info.ts'),
  'env list': () => import('../commands/env-list.ts'),
  'env remove': () => import('../commands/env-remove.ts'),
  'env use': () => import('../commands/env-use.ts'),
  export: () => import('../commands/export.ts'),
  graph: () => import('../commands/graph.ts'),
  help: () => import('../commands/help.ts'),
  import: () => import('../commands/import.ts'),
  'hooks install': () => import('../commands/hooks-install.ts'),
  'hooks remove': () => import('../commands/hooks-remove.ts'),
  'hooks run': () => import('../commands/hooks-run.ts'),
  init: () => import('../commands/init.ts'),
  install: () => import('../commands/install.ts'),
  licenses: () => import('../commands/licenses.ts'),
  list: () => import('../commands/list.ts'),
  lock: () => import('../commands/lock.ts'),
  new: () => import('../commands/new.ts'),
  publish: () => import('../commands/publish.ts'),
  'python install': () => import('../commands/python-install.ts'),
  'python list': () => import('../commands/python-list.ts'),
  'python remove': () => import('../commands/python-remove.ts'),
  remove: () => import('../commands/remove.ts'),
  run: () => import('../commands/run.ts'),
  search: () => import('../commands/search.ts'),
  'self add': () => import('../commands/self-add.ts'),
  'self install': () => import('../commands/self-install.ts'),
  'self lock': () => import('../commands/self-lock.ts'),
  'self remove': () => import('../commands/self-remove.ts'),
  'self show': () => import('../commands/self-show.ts'),
  'self show plugins': () => import('../commands/self-show-plugins.ts'),
  'self sync': () => import('../commands/self-sync.ts'),
  'self update': () => import('../commands/self-update.ts'),
  shell: () => import('../commands/shell.ts'),
  show: () => import('../commands/show.ts'),
  'source add': () => import('../commands/source-add.ts'),
  'source remove': () => import('../commands/source-remove.ts'),
  'source show': () => import('../commands/source-show.ts'),
  sync: () => import('../commands/sync.ts'),
  task: () => import('../commands/task.ts'),
  up: () => import('../commands/up.ts'),
  update: () => import('../commands/update.ts'),
  version: () => import('../commands/version.ts'),
};

export const catalogue: Catalogue = {
  namespaces: new Set(
    Object.keys(COMMANDS)
      .filter((name) => name.includes(' '))
      .map((name) => name.slice(0, name.indexOf(' '))),
  ),
  async load(name) {
    return Object.hasOwn(COMMANDS, name) ? (await COMMANDS[name]?.())?.command : undefined;
  },
  loadAll: () => Promise.all(Object.values(COMMANDS).map(async (load) => (await load()).command)),
};
