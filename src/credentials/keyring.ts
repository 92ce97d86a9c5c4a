/**
 * Passwords of the system's keyring, through the program `keyring` (Python's library of that name, which Poetry uses): it reads
 * what Poetry wrote. It is started only after a server has refused, since it takes its time.
 */

import { run } from '../process/spawn.ts';
import type { Credentials } from './credentials.ts';

/** The user under which Poetry stores a password without a user name. */
const NO_USER = '__poetry_source_empty_username__';
/** Milliseconds for an answer; a keyring that asks somebody for its own password waits longer than anyone. */
const PATIENCE = 10_000;

/** The service under which Poetry keeps the passwords of a repository. */
function serviceOf(repository: string): string {
  return `poetry-repository-${repository}`;
}

/** Keeps a repository's password in the keyring. False where there is no program `keyring`, or it has nowhere to keep it. */
export async function storePassword(repository: string, username: string, password: string): Promise<boolean> {
  const argv = ['set', serviceOf(repository), username || NO_USER];
  if (argv.some((one) => one.startsWith('-')) || /[\r\n]/.test(password)) return false;
  const { code } = await run('keyring', argv, { input: `${password}\n`, timeout: PATIENCE });
  if (code !== 0) return false;
  // A backend that forgets at once (`null`) says that all went well.
  const { stdout } = await run('keyring', ['get', ...argv.slice(1)], { timeout: PATIENCE });
  return stdout.replace(/\r?\n$/, '') === password;
}

/** Removes a repository's password from the keyring, where there is one. */
export async function deletePassword(repository: string, username: string): Promise<void> {
  const argv = ['del', serviceOf(repository), username || NO_USER];
  if (!argv.some((one) => one.startsWith('-'))) await run('keyring', argv, { timeout: PATIENCE });
}

/** Looks up a service; without the program, or without an entry, undefined. */
export function createKeyring(): (service: string, username: string | undefined) => Promise<Credentials | undefined> {
  let isMissing = false;
  return async (service, username) => {
    if (isMissing || service.startsWith('-')) return undefined;
    if (username === undefined) return withoutUser(service);
    const { code, stdout } = await run('keyring', ['get', service, username || NO_USER], { timeout: PATIENCE });
    isMissing = code === 127;
    const password = stdout.replace(/\r?\n$/, '');
    return code === 0 && password !== '' ? { username, password } : undefined;
  };

  async function withoutUser(service: string): Promise<Credentials | undefined> {
    const { code, stdout } = await run('keyring', ['--mode', 'creds', 'get', service], { timeout: PATIENCE });
    isMissing = code === 127;
    const [username, ...password] = stdout.replace(/\r?\n$/, '').split('\n');
    return code === 0 && username !== undefined && password.length > 0
      ? { username, password: password.join('\n') }
      : undefined;
  }
}
