/** `config` keeps passwords in the keyring where the program `keyring` is there. */

import { expect, test } from 'bun:test';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHome, type Home } from '../support/run-tercet.ts';

/** A keyring that keeps each entry in a file of the folder `entries`. */
const KEYRING = `#!/bin/sh
entry="$HOME/entries/$2-$3"
case "$1" in
  set) mkdir -p "$HOME/entries"; read -r password; printf '%s' "$password" > "$entry" ;;
  get) cat "$entry" 2>/dev/null || exit 1 ;;
  del) rm "$entry" ;;
esac
`;

function withKeyring(home: Home, script = KEYRING) {
  home.write('bin/keyring', script);
  chmodSync(join(home.project, 'bin/keyring'), 0o755);
  const env = { POETRY_KEYRING_ENABLED: 'true', PATH: `${join(home.project, 'bin')}:/usr/bin:/bin` };
  return (...args: string[]) => home.run(['config', ...args], { env });
}

const entry = (home: Home, name: string) => join(home.path, 'entries', name);
const auth = (home: Home) => readFileSync(join(home.path, '.config/pypoetry/auth.toml'), 'utf8');

test('a password and a token go into the keyring, and out of it', async () => {
  using home = createHome();
  const config = withKeyring(home);
  expect(await config('http-basic.corp', 'ann', 'secret word')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(entry(home, 'poetry-repository-corp-ann'), 'utf8')).toBe('secret word');
  expect(auth(home)).toBe('[http-basic.corp]\nusername = "ann"\n');
  expect(await config('pypi-token.pypi', 'pypi-abc')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(entry(home, 'poetry-repository-pypi-__token__'), 'utf8')).toBe('pypi-abc');
  expect(auth(home)).not.toContain('pypi-abc');

  expect((await config('--unset', 'http-basic.corp')).code).toBe(0);
  expect((await config('--unset', 'pypi-token.pypi')).code).toBe(0);
  expect(existsSync(entry(home, 'poetry-repository-corp-ann'))).toBe(false);
  expect(existsSync(entry(home, 'poetry-repository-pypi-__token__'))).toBe(false);
  expect(auth(home)).not.toContain('ann');
});

test.each([
  ['that refuses', '#!/bin/sh\nexit 1\n'],
  ['that forgets', '#!/bin/sh\nexit 0\n'],
])('a keyring %s: the file, and a warning', async (_, script) => {
  using home = createHome();
  const config = withKeyring(home, script);
  const { code, stderr } = await config('http-basic.corp', 'ann', 'secret');
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'Using a plaintext file to store credentials\n' });
  expect(auth(home)).toContain('password = "secret"');
});

test('a keyring that is switched off is not asked', async () => {
  using home = createHome();
  withKeyring(home);
  expect((await home.run(['config', 'http-basic.corp', 'ann', 'secret'])).stderr).toContain('plaintext');
  expect(existsSync(join(home.path, 'entries'))).toBe(false);
});
