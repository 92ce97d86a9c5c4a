/** How `config` changes settings, repositories, credentials and certificates. */

import type { Context } from '../app/context.ts';
import { buildConfigSettings, type Configuration, isTable } from '../configuration/configuration.ts';
import { readProperty, removeProperty, setProperty } from '../configuration/property.ts';
import { isFlagText, isSettingKey, isValidText, type SettingKey, storedValue } from '../configuration/settings.ts';
import { TercetError } from '../ground/error.ts';
import { projectName } from '../names/name.ts';

/** The files a change goes to. */
export interface ConfigTarget {
  readonly configuration: Configuration;
  /** `config.toml`, or the project's `poetry.toml`. */
  readonly file: string;
  /** `auth.toml`: credentials and certificates, whatever `file` is. */
  readonly authFile: string;
}

/** `repo`, `repos` and `repositories` are one; the name may hold dots. */
export const REPOSITORY_KEY = /^repos?(?:itories)?(?:\.(.+?)(?:\.(url))?)?$/;

const CREDENTIALS_KEY = /^(http-basic|pypi-token)\.(.+)/;
const CERTIFICATE_KEY = /^certificates\.(.+)\.(cert|client-cert)$/;
const BUILD_SETTINGS_KEY = /^installer\.build-config-settings\.([^.]+)/;

/** An error in what was typed after `config`. */
export function configError(message: string): TercetError {
  return new TercetError('setting-invalid', message);
}

/** What a key of `config` names. */
type ConfigKey =
  | { readonly kind: 'setting'; readonly key: SettingKey }
  | { readonly kind: 'repository'; readonly name: string; readonly part: string | undefined }
  | { readonly kind: 'credentials'; readonly of: string; readonly name: string }
  | { readonly kind: 'certificate'; readonly name: string; readonly part: string }
  | { readonly kind: 'build-settings'; readonly project: string };

/** Throws `setting-invalid` for what names nothing, and for all repositories at once. */
function readKey(key: string): ConfigKey {
  if (isSettingKey(key)) return { kind: 'setting', key };
  const repository = REPOSITORY_KEY.exec(key);
  if (repository !== null) {
    const [, name, part] = repository;
    if (name === undefined) throw configError('You cannot remove the [repositories] section');
    return { kind: 'repository', name, part };
  }
  const [, of, user] = CREDENTIALS_KEY.exec(key) ?? [];
  if (of !== undefined && user !== undefined) return { kind: 'credentials', of, name: user };
  const [, holder, part] = CERTIFICATE_KEY.exec(key) ?? [];
  if (holder !== undefined && part !== undefined) return { kind: 'certificate', name: holder, part };
  const [, project] = BUILD_SETTINGS_KEY.exec(key) ?? [];
  if (project === undefined) throw configError(`Setting ${key} does not exist`);
  return { kind: 'build-settings', project };
}

/** Sets `key`. Throws `setting-invalid`. */
export async function writeSetting(
  key: string,
  values: readonly string[],
  target: ConfigTarget,
  context: Context,
): Promise<void> {
  const [first = ''] = values;
  const named = readKey(key);
  switch (named.kind) {
    case 'setting':
      if (values.length > 1) throw configError('You can only pass one value.');
      if (!isValidText(named.key, first)) throw configError(`"${first}" is an invalid value for ${key}`);
      await setProperty(target.file, key.split('.'), storedValue(named.key, first));
      return;
    case 'repository':
      if (values.length !== 1) {
        throw configError('You must pass the url. Example: poetry config repositories.foo https://bar.com');
      }
      await setProperty(target.file, ['repositories', named.name, 'url'], first);
      return;
    case 'credentials':
      await writeCredentials(named.of, named.name, values, target, context);
      return;
    case 'certificate': {
      if (values.length !== 1) throw configError('You must pass exactly 1 value');
      const value = named.part === 'cert' && isFlagText(first) ? first === 'true' || first === '1' : first;
      await setProperty(target.authFile, ['certificates', named.name, named.part], value);
      return;
    }
    case 'build-settings':
      await writeBuildSettings(named.project, values, target);
  }
}

/** Removes `key`; what is not set is no error, but an unknown repository or key is. Throws `setting-invalid`. */
export async function unsetSetting(key: string, target: ConfigTarget): Promise<void> {
  const named = readKey(key);
  switch (named.kind) {
    case 'setting':
      await removeProperty(target.file, key.split('.'));
      return;
    case 'repository': {
      const { name, part } = named;
      if (target.configuration.lookup(['repositories', name]) === undefined) {
        throw configError(`There is no ${name} repository defined`);
      }
      await removeProperty(target.file, ['repositories', name, ...(part === undefined ? [] : [part])]);
      return;
    }
    case 'credentials':
      await forget(target, named.of, named.name);
      await removeProperty(target.authFile, [named.of, named.name]);
      return;
    case 'certificate':
      await removeProperty(target.authFile, ['certificates', named.name, named.part]);
      return;
    case 'build-settings':
      await removeProperty(target.file, ['installer', 'build-config-settings', projectName(named.project)]);
  }
}

async function writeCredentials(
  kind: string,
  name: string,
  values: readonly string[],
  target: ConfigTarget,
  context: Context,
): Promise<void> {
  const [first = '', second] = values;
  if (kind === 'pypi-token') {
    if (values.length !== 1) throw configError(`Expected only one argument (token), got ${values.length}`);
    if (await kept(target, name, TOKEN_USER, first)) {
      await removeProperty(target.authFile, ['pypi-token', name]);
      return;
    }
    warnOfPlainText(context);
    await setProperty(target.authFile, ['pypi-token', name], first);
    return;
  }
  if (values.length > 2) {
    throw configError(`Expected one or two arguments (username, password), got ${values.length}`);
  }
  const password = second ?? (await askSecret(context));
  const inKeyring = await kept(target, name, first, password);
  if (!inKeyring) warnOfPlainText(context);
  await setProperty(target.authFile, ['http-basic', name], { username: first, ...(inKeyring ? {} : { password }) });
}

/** The user under which a token is kept in the keyring. */
const TOKEN_USER = '__token__';

/** Whether the keyring took the password. It is not asked where the settings say so. */
async function kept({ configuration }: ConfigTarget, name: string, user: string, password: string): Promise<boolean> {
  if (configuration.get('keyring.enabled') === false) return false;
  const { storePassword } = await import('../credentials/keyring.ts');
  return storePassword(name, user, password);
}

/** Takes the password of a repository out of the keyring, if it is there. */
async function forget({ configuration }: ConfigTarget, kind: string, name: string): Promise<void> {
  if (configuration.get('keyring.enabled') === false) return;
  const user = kind === 'pypi-token' ? TOKEN_USER : configuration.lookup(['http-basic', name, 'username']);
  if (typeof user !== 'string') return;
  const { deletePassword } = await import('../credentials/keyring.ts');
  await deletePassword(name, user);
}

function warnOfPlainText(context: Context): void {
  context.emit({ kind: 'warning', text: 'Using a plaintext file to store credentials' });
}

/** A password from the terminal, which does not show it meanwhile. */
async function askSecret(context: Context): Promise<string> {
  if (!context.interactive) throw configError('A password is needed: give it after the username');
  return context.ask.secret('Password:');
}

async function writeBuildSettings(project: string, values: readonly string[], target: ConfigTarget): Promise<void> {
  const path = ['installer', 'build-config-settings', projectName(project)];
  const before = await readProperty(target.file, path);
  const settings: Record<string, unknown> = isTable(before) ? { ...before } : {};
  for (const text of values) {
    const added = buildConfigSettings(text);
    if (added === undefined) {
      throw configError(
        `Invalid build config setting '${text}'. ` +
          'It must be a valid JSON with each property a string or a list of strings.',
      );
    }
    Object.assign(settings, added);
  }
  await setProperty(target.file, path, settings);
}
