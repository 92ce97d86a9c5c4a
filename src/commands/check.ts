/** `check`: is `pyproject.toml` valid, and does `poetry.lock` belong to it? */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, flag } from '../cli/command.ts';
import type { Source } from '../manifest/manifest.ts';

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
    const [{ checkManifest }, { readLockText }, { readSeal }, { isFresh }, { sha256 }] = await Promise.all([
      import('../manifest/check.ts'),
      import('../app/lock-file.ts'),
      import('../lock/poetry-lock.ts'),
      import('../lock/freshness.ts'),
      import('../files/sha256.ts'),
    ]);
    const lock = await readLockText(lockPath);
    const { errors, warnings } = checkManifest(manifest.toml, {
      exists: (path) => existsSync(join(directory, path)),
      sources: withImpliedPypi(manifest.sources),
      lock: lock === undefined ? undefined : isFresh(readSeal(lock), manifest.toml, sha256) ? 'fresh' : 'stale',
      requireLock: flag(input, 'lock'),
    });

    context.emit({ kind: 'data', name: 'check', value: { errors, warnings } });
    if (errors.length + warnings.length === 0) context.emit({ kind: 'line', text: 'All set!', style: 'info' });
    for (const error of errors) context.emit({ kind: 'notice', text: `Error: ${error}` });
    for (const warning of warnings) context.emit({ kind: 'warning', text: `Warning: ${warning}` });
    return errors.length > 0 || (flag(input, 'strict') && warnings.length > 0) ? 1 : 0;
  },
};

/** PyPI is a source wherever no other primary one is named. */
function withImpliedPypi(sources: readonly Source[]): readonly Source[] {
  if (sources.some((one) => one.priority === 'primary')) return sources;
  return [...sources, { name: 'PyPI', url: undefined, priority: 'primary' }];
}
