/** `check`: is `pyproject.toml` valid, and does `poetry.lock` belong to it? */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, flag } from '../cli/command.ts';

const STALE =
  'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.';

export const command: Command = {
  name: 'check',
  description: 'Check pyproject.toml, and that poetry.lock belongs to it.',
  arguments: [],
  options: [
    { name: 'lock', description: 'A missing poetry.lock is an error.' },
    { name: 'strict', description: 'Warnings count as errors.' },
  ],
  async run(context, input) {
    const { manifest, directory, lockPath } = await context.project();
    const [{ checkManifest }, { readLockFile, sha256 }, { isFresh }] = await Promise.all([
      import('../manifest/check.ts'),
      import('../app/lock-file.ts'),
      import('../lock/freshness.ts'),
    ]);
    const found = checkManifest(manifest.toml, { exists: (path) => existsSync(join(directory, path)) });
    const errors = [...found.errors];
    const lock = await readLockFile(lockPath);
    if (!lock && flag(input, 'lock')) errors.push('poetry.lock was not found.');
    if (lock && !isFresh(lock, manifest.toml, sha256)) errors.push(STALE);

    if (errors.length + found.warnings.length === 0) context.emit({ kind: 'line', text: 'All set!', style: 'info' });
    for (const error of errors) context.emit({ kind: 'notice', text: `Error: ${error}` });
    for (const warning of found.warnings) context.emit({ kind: 'warning', text: `Warning: ${warning}` });
    return errors.length > 0 || (flag(input, 'strict') && found.warnings.length > 0) ? 1 : 0;
  },
};
