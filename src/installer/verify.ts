/**
 * Whether what is installed is still what was installed: every file hashed and compared with RECORD, and, where the
 * store has the locked wheel, with that.
 */

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { InstalledDistribution } from '../environments/installed.ts';
import { parseRecord, type RecordRow } from './record.ts';
import { type StoredWheel, storedRows } from './stored-wheel.ts';

/** A file that is not as it should be; `path` is absolute. */
export interface Damage {
  readonly path: string;
  readonly fault: 'is missing' | 'has other contents' | 'cannot be read';
}

/** One distribution and the wheel that the lock names for it, where the store has it. */
export interface VerifiedDistribution {
  readonly installed: InstalledDistribution;
  readonly wheel: StoredWheel | undefined;
}

/** What is wrong with each of the distributions; those with which nothing is are left out. */
export function verifyDistributions(
  distributions: readonly VerifiedDistribution[],
): ReadonlyMap<InstalledDistribution, readonly Damage[]> {
  const rowsOf = new Map(distributions.map(({ installed }) => [installed, rows(installed)]));
  const claims = claimsOf([...rowsOf]);
  const actual = new Map<string, string | undefined>();
  const digest = (path: string, algorithm: string): string | undefined => {
    const key = `${algorithm} ${path}`;
    if (!actual.has(key)) actual.set(key, digestOf(path, algorithm));
    return actual.get(key);
  };
  const found = new Map<InstalledDistribution, readonly Damage[]>();
  for (const { installed, wheel } of distributions) {
    const own = rowsOf.get(installed);
    if (own === undefined) {
      found.set(installed, [{ path: resolve(installed.path, 'RECORD'), fault: 'cannot be read' }]);
      continue;
    }
    const damages = new Map<string, Damage>();
    for (const row of own) {
      const path = resolve(dirname(installed.path), row.path);
      const fault = faultOf(row, path, digest, claims);
      if (fault !== undefined) damages.set(path, { path, fault });
    }
    for (const { path: below, hash } of wheel === undefined ? [] : parseRecord(storedRows(wheel).toString())) {
      const path = resolve(dirname(installed.path), below);
      // The installer writes RECORD itself, and a file that others own too may be theirs.
      const isOwn = digest(path, 'sha256') === hash || (claims.get(path)?.size ?? 0) > 1;
      if (!isOwn) damages.set(path, { path, fault: isThere(path) ? 'has other contents' : 'is missing' });
    }
    if (damages.size > 0) found.set(installed, [...damages.values()]);
  }
  return found;
}

/** The rows of RECORD; undefined where there is none that can be read. */
function rows({ path }: InstalledDistribution): readonly RecordRow[] | undefined {
  try {
    return parseRecord(readFileSync(resolve(path, 'RECORD'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Path → the hashes that the distributions give for it: a file that two own is right if it is one's. */
function claimsOf(
  distributions: readonly (readonly [InstalledDistribution, readonly RecordRow[] | undefined])[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const claims = new Map<string, Set<string>>();
  for (const [{ path }, listed] of distributions) {
    for (const row of listed ?? []) {
      const file = resolve(dirname(path), row.path);
      const known = claims.get(file);
      if (known === undefined) claims.set(file, new Set([row.hash]));
      else known.add(row.hash);
    }
  }
  return claims;
}

function faultOf(
  { hash }: RecordRow,
  path: string,
  digest: (path: string, algorithm: string) => string | undefined,
  claims: ReadonlyMap<string, ReadonlySet<string>>,
): Damage['fault'] | undefined {
  // Bytecode comes and goes.
  if (path.endsWith('.pyc')) return undefined;
  if (!isThere(path)) return 'is missing';
  if (hash === '') return undefined;
  const algorithm = hash.slice(0, hash.indexOf('='));
  const found = digest(path, algorithm);
  return found === withoutPadding(hash) || claims.get(path)?.has(found ?? '') === true
    ? undefined
    : 'has other contents';
}

function digestOf(path: string, algorithm: string): string | undefined {
  try {
    return `${algorithm}=${new Bun.CryptoHasher(algorithm as Bun.SupportedCryptoAlgorithms).update(readFileSync(path)).digest('base64url')}`;
  } catch {
    return undefined;
  }
}

function withoutPadding(hash: string): string {
  return hash.replace(/=+$/, '');
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
