/** Digests of `poetry.lock` that tag or label what was built from it. */

import { sha256 } from '../files/sha256.ts';
import { TercetError } from '../ground/error.ts';
import { isFresh } from '../lock/freshness.ts';
import { readLock } from '../lock/poetry-lock.ts';
import { run } from '../process/spawn.ts';
import type { Context } from './context.ts';
import { readLockText } from './lock-file.ts';

export interface LockDigest {
  /** SHA-1 of the file as it is: what `sha1sum poetry.lock` prints. */
  readonly sha1: string;
  /** SHA-256 of what the file says: the same on every platform, whatever its line ends and whichever tool wrote it. */
  readonly hash: string;
}

/** Throws `no-lock`. A lock that is older than `pyproject.toml` is warned of. */
export async function lockDigest(context: Context): Promise<LockDigest> {
  const { lockPath, manifest } = await context.project();
  const text = await readLockText(lockPath);
  if (text === undefined) {
    throw new TercetError('no-lock', 'There is no poetry.lock', { hints: ['run `tercet lock`'] });
  }
  if (!isFresh(readLock(text), manifest.toml, sha256)) {
    context.emit({ kind: 'warning', text: 'Warning: poetry.lock is older than pyproject.toml. Run `tercet lock`.' });
  }
  return {
    sha1: new Bun.CryptoHasher('sha1').update(text).digest('hex'),
    hash: sha256(text.replaceAll('\r\n', '\n').replace(/^# This file is .*\n/, '')),
  };
}

/** The labels of an image that was built from the project as it is: OCI names, and the lock's digests. Without spaces. */
export async function imageLabels(context: Context): Promise<readonly (readonly [string, string])[]> {
  const { manifest, directory } = await context.project();
  const { sha1, hash } = await lockDigest(context);
  const git = await run('git', ['rev-parse', 'HEAD'], { cwd: directory, timeout: 5000 });
  const revision = /^[0-9a-f]{40,64}$/.exec(git.code === 0 ? git.stdout.trim() : '')?.[0];
  return [
    ...(manifest.name === undefined ? [] : [['org.opencontainers.image.title', manifest.name] as const]),
    ...(manifest.version === undefined ? [] : [['org.opencontainers.image.version', manifest.version] as const]),
    ...(revision === undefined ? [] : [['org.opencontainers.image.revision', revision] as const]),
    ['tercet.lock.sha1', sha1],
    ['tercet.lock.hash', `sha256:${hash}`],
  ];
}
