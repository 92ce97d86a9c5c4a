/** `config`: shows and changes settings, repositories and credentials. */

import { join } from 'node:path';
import type { Context } from '../app/context.ts';
import { argument, argumentList, type Command, flag } from '../cli/command.ts';
import { type Configuration, isTable } from '../configuration/configuration.ts';
import { pythonText } from '../configuration/python-text.ts';
import { isSettingKey } from '../configuration/settings.ts';
import { TercetError } from '../ground/error.ts';
import { pythonJson } from '../ground/python-json.ts';
import { projectName } from '../names/name.ts';
import { configError, REPOSITORY_KEY, unsetSetting, writeSetting } from './_config-write.ts';

export const command: Command = {
  name: 'config',
  description: 'Manages configuration settings.',
  arguments: [
    { name: 'key', description: 'Setting key.', required: false },
    { name: 'value', description: 'Setting value.', required: false, multiple: true },
  ],
  options: [
    { name: 'list', description: 'List configuration settings.' },
    { name: 'unset', description: 'Unset configuration setting.' },
    { name: 'local', description: "Set/Get from the project's local configuration." },
    { name: 'migrate', description: 'Migrate outdated configuration settings.' },
  ],
  help: `\
This command allows you to edit the poetry config settings and repositories.

To add a repository:

    poetry config repositories.foo https://bar.com/simple/

To remove a repository (repo is a short alias for repositories):

    poetry config --unset repo.foo`,
  run: (context, input) =>
    configCommand(
      {
        key: argument(input, 'key'),
        values: argumentList(input, 'value'),
        list: flag(input, 'list'),
        unset: flag(input, 'unset'),
        local: flag(input, 'local'),
        migrate: flag(input, 'migrate'),
      },
      context,
    ),
};

export interface ConfigCommandOptions {
  readonly key: string | undefined;
  readonly values: readonly string[];
  readonly list: boolean;
  readonly unset: boolean;
  /** Work on the project's `poetry.toml`. */
  readonly local: boolean;
  readonly migrate: boolean;
}

/** Throws `configuration-invalid` and, for everything a user may have mistyped, `setting-invalid`. */
export async function configCommand(options: ConfigCommandOptions, context: Context): Promise<number> {
  const configuration = (await context.configuration()).withRepositories(await projectRepositories(context));
  const local = join(context.projectDirectory() ?? context.start, 'poetry.toml');
  const file = options.local ? local : join(configuration.directory, 'config.toml');
  if (options.migrate) await migrateFile(file, options.local, context);
  if (options.list) {
    listTable(configuration.all(), configuration.raw, '', context);
    return 0;
  }
  // Poetry 0.x put everything below `settings.`.
  const key = options.key?.replace(/^settings\./, '');
  if (!key) return 0;
  if (options.values.length > 0 && options.unset) {
    throw configError('You can not combine a setting value with --unset');
  }
  const target = { configuration, file, authFile: join(configuration.directory, 'auth.toml') };
  if (options.unset) await unsetSetting(key, target);
  else if (options.values.length > 0) await writeSetting(key, options.values, target, context);
  else showSetting(key, configuration, context);
  return 0;
}

/** The project's sources that have an address, as repositories; none without a project that can be read. */
async function projectRepositories(context: Context): Promise<Record<string, { readonly url: string }>> {
  if (context.projectDirectory() === undefined) return {};
  try {
    const { manifest } = await context.project();
    return Object.fromEntries(
      manifest.sources.flatMap(({ name, url }) => (url === undefined ? [] : [[name, { url }]])),
    );
  } catch (error) {
    if (error instanceof TercetError) return {};
    throw error;
  }
}

function showSetting(key: string, configuration: Configuration, context: Context): void {
  const line = (text: string) => context.emit({ kind: 'line', text });
  if (/^(?:http-basic|pypi-token)(?:\.|$)/.test(key)) throw configError(`Expected a value for ${key} setting.`);
  const settings = /^installer\.build-config-settings(?:\.([^.]+))?/.exec(key);
  if (settings !== null) {
    showBuildSettings(settings[1], configuration, context);
    return;
  }
  const repository = REPOSITORY_KEY.exec(key);
  if (repository !== null) {
    line(pythonText(repositoryValue(repository[1], repository[2], configuration)));
    return;
  }
  if (!isSettingKey(key)) throw configError(`There is no ${key} setting.`);
  const value = key === 'pypi-mirror.url' ? configuration.get(key) : configuration.lookup(key);
  line(typeof value === 'string' ? value : pythonJson(value));
}

function showBuildSettings(name: string | undefined, configuration: Configuration, context: Context): void {
  const path = ['installer', 'build-config-settings', ...(name === undefined ? [] : [projectName(name)])];
  const value = configuration.lookup(path);
  const isEmpty = !isTable(value) || Object.keys(value).length === 0;
  const line = (text: string) => context.emit({ kind: 'line', text });
  if (name === undefined && isEmpty) line('No packages configured with build config settings.');
  else if (name === undefined)
    listTable(value as Record<string, unknown>, value as Record<string, unknown>, '', context);
  else if (isEmpty) line(`No build config settings configured for ${projectName(name)}.`);
  else line(pythonJson(value));
}

function repositoryValue(name: string | undefined, part: string | undefined, configuration: Configuration): unknown {
  if (name === undefined) return configuration.lookup(['repositories']) ?? {};
  const repository = configuration.lookup(['repositories', name]);
  if (repository === undefined) throw configError(`There is no ${name} repository defined`);
  if (part === undefined) return repository;
  return isTable(repository) ? (repository[part] ?? '') : '';
}

/** One line a value, sorted at every level; where a template or a variable changes what the file says, both. */
function listTable(
  values: Readonly<Record<string, unknown>>,
  raw: Readonly<Record<string, unknown>>,
  prefix: string,
  context: Context,
): void {
  for (const key of Object.keys(values).sort()) {
    const name = `${prefix}${key}`;
    if (name === 'http-basic' || name === 'pypi-token') continue;
    const value = values[key];
    const written = raw[key];
    if (isTable(value)) {
      listTable(value, isTable(written) ? written : value, `${name}.`, context);
      continue;
    }
    const shown = Array.isArray(value) ? `[${value.map(listItem).join(', ')}]` : value;
    context.emit({ kind: 'data', name: 'setting', value: { key: name, value } });
    let text = `${name} = ${pythonJson(shown)}`;
    if (prefix.startsWith('repositories.')) text = `${name} = ${pythonJson(written)}`;
    else if (typeof written === 'string' && written !== shown)
      text = `${name} = ${pythonJson(written)}  # ${pythonText(shown)}`;
    context.emit({ kind: 'line', text });
  }
}

function listItem(item: unknown): string {
  return typeof item === 'string' ? item : pythonJson(item);
}

async function migrateFile(file: string, isLocal: boolean, context: Context): Promise<void> {
  const [{ existsSync }, { migrate, neededMigrations }] = await Promise.all([
    import('node:fs'),
    import('../configuration/migrations.ts'),
  ]);
  const line = (text: string) => context.emit({ kind: 'line', text });
  if (isLocal && !existsSync(file)) throw configError('No local config file found');
  line('Checking for required migrations ...');
  const needed = await neededMigrations(file);
  for (const { from, to, old, value } of needed) {
    line(`${from} = ${pythonJson(old)} -> ${to} = ${value === undefined ? 'Not explicit set' : pythonJson(value)}`);
  }
  if (needed.length === 0) {
    line('Already up to date.');
  } else if (!context.interactive || (await context.ask.confirm('Proceed with migration?: ', false))) {
    await migrate(file, needed);
    line('Config migration successfully done.');
  }
}
