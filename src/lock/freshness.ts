/** Whether a lock still belongs to its `pyproject.toml`. */

import type { TomlTable } from '../toml/read.ts';
import { compareVersions, parseVersion, tryParseVersion } from '../versions/version.ts';
import { contentHash, type Sha256Function } from './content-hash.ts';
import type { Lock } from './lock.ts';

/** Poetry began to hash `[dependency-groups]` with this version. */
const GROUPS_HASHED_SINCE = '2.3.0';

/**
 * True if the stored content hash is that of the project as it is now. A lock that names a Poetry before 2.3 may also
 * carry the hash of that time, which knew no `[dependency-groups]`. A lock without hash is never fresh.
 *
 * @param toml the whole `pyproject.toml` as plain values
 */
export function isFresh(
  lock: Pick<Lock, 'contentHash' | 'generator'>,
  toml: TomlTable,
  sha256: Sha256Function,
): boolean {
  if (lock.contentHash === undefined) return false;
  if (lock.contentHash === contentHash(toml, sha256)) return true;
  return ignoredGroups(lock.generator) && lock.contentHash === contentHash(toml, sha256, { withoutGroups: true });
}

function ignoredGroups(generator: string | undefined): boolean {
  const named = generator === undefined ? undefined : /Poetry ([^ ]+)/.exec(generator)?.[1];
  const version = named === undefined ? undefined : tryParseVersion(named);
  return version !== undefined && compareVersions(version, parseVersion(GROUPS_HASHED_SINCE)) < 0;
}
