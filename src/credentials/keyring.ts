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
