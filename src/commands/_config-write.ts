/** How `config` changes settings, repositories, credentials and certificates. */

import type { Context } from '../app/context.ts';
import { buildConfigSettings, type Configuration, isTable } from '../configuration/configuration.ts';
import { readProperty, removeProperty, setProperty } from '../configuration/property.ts';
import { isFlagText, isSettingKey, isValidText, storedValue } from '../configuration/settings.ts';
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

/** Sets `key`. Throws `setting-invalid`. */
export async function writeSetting(
  key: string,
  values: readonly string[],
  target: ConfigTarget,
  context: Context,
): Promise<void> {
  const [first = ''] = values;
  if (isSettingKey(key)) {
    if (values.length > 1) throw configError('You can only pass one value.');
    if (!isValidText(key, first)) throw configError(`"${first}" is an invalid value for ${key}`);
    await setProperty(target.file, key.split('.'), storedValue(key, first));
    return;
  }
  const [, repository] = REPOSITORY_KEY.exec(key) ?? [];
  if (REPOSITORY_KEY.test(key)) {
    if (repository === undefined) throw configError('You cannot remove the [repositories] section');
    if (values.length !== 1) {
      throw configError('You must pass the url. Example: poetry config repositories.foo https://bar.com');
    }
    await setProperty(target.file, ['repositories', repository, 'url'], first);
    return;
  }
  const [, kind, name] = CREDENTIALS_KEY.exec(key) ?? [];
  if (kind !== undefined && name !== undefined) {
    await writeCredentials(kind, name, values, target, context);
    return;
  }
  const [, holder, part] = CERTIFICATE_KEY.exec(key) ?? [];
  if (holder !== undefined && part !== undefined) {
    if (values.length !== 1) throw configError('You must pass exactly 1 value');
    const value = part === 'cert' && isFlagText(first) ? first === 'true' || first === '1' : first;
    await setProperty(target.authFile, ['certificates', holder, part], value);
    return;
  }
  const [, project] = BUILD_SETTINGS_KEY.exec(key) ?? [];
  if (project === undefined) throw configError(`Setting ${key} does not exist`);
  await writeBuildSettings(project, values, target);
}

/** Removes `key`; what is not set is no error, but an unknown repository or key is. Throws `setting-invalid`. */
export async function unsetSetting(key: string, target: ConfigTarget): Promise<void> {
  if (isSettingKey(key)) {
    await removeProperty(target.file, key.split('.'));
    return;
  }
  const [, repository, part] = REPOSITORY_KEY.exec(key) ?? [];
  if (REPOSITORY_KEY.test(key)) {
    if (repository === undefined) throw configError('You cannot remove the [repositories] section');
    if (target.configuration.lookup(['repositories', repository]) === undefined) {
      throw configError(`There is no ${repository} repository defined`);
    }
    await removeProperty(target.file, ['repositories', repository, ...(part === undefined ? [] : [part])]);
    return;
  }
  const [, kind, name] = CREDENTIALS_KEY.exec(key) ?? [];
  if (kind !== undefined && name !== undefined) {
    await forget(target, kind, name);
    await removeProperty(target.authFile, [kind, name]);
    return;
  }
  const [, holder, certificate] = CERTIFICATE_KEY.exec(key) ?? [];
  if (holder !== undefined && certificate !== undefined) {
    await removeProperty(target.authFile, ['certificates', holder, certificate]);
    return;
  }
  const [, project] = BUILD_SETTINGS_KEY.exec(key) ?? [];
  if (project === undefined) throw configError(`Setting ${key} does not exist`);
  await removeProperty(target.file, ['installer', 'build-config-settings', projectName(project)]);
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
