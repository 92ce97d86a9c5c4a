/** What deployment files are written from and judged by: the project, its lock and a few of its files, as plain values. */

import type { Lock } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { parseVersion } from '../versions/version.ts';
import { allowsAny, between, exactly, type VersionRange } from '../versions/version-range.ts';

/** The lock beside the manifest. `stale`: it belongs to an older `pyproject.toml`. */
export type LockState = 'fresh' | 'stale' | 'missing';

export interface ProjectFacts {
  readonly manifest: Manifest;
  readonly lock: Lock | undefined;
  readonly lockState: LockState;
  /** Contents by path relative to the project, with slashes: those of the files that were looked for and are there. */
  readonly files: ReadonlyMap<string, string>;
}

/** Python versions that deployment files may name, newest first. */
export const PYTHON_MINORS = ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9', '3.8', '3.7', '3.6', '2.7'] as const;

/** Whether the range holds some release of that minor version, such as `3.11`, or, with three parts, that very release. */
export function allowsPython(range: VersionRange, version: string): boolean {
  const [major = '', minor, patch] = version.split('.');
  if (minor === undefined) return PYTHON_MINORS.some((one) => one.startsWith(`${major}.`) && allowsPython(range, one));
  const low = parseVersion(patch === undefined ? `${major}.${minor}` : version);
  const high = parseVersion(`${major}.${Number(minor) + 1}`);
  return allowsAny(range, patch === undefined ? between(low, high, true, false) : exactly(low));
}

/** The versions of `.python-version`, without comments. */
export function pinnedPythons(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Whether the lock has this project in the group `main`; undefined where the lock does not tell. */
export function isLockedInMain(lock: Lock | undefined, name: string): boolean | undefined {
  const found = lock?.packages.filter((one) => one.name === name);
  if (found === undefined) return undefined;
  if (found.length === 0) return false;
  if (found.every(({ groups }) => groups.length === 0)) return undefined;
  return found.some(({ groups }) => groups.some((group) => group === 'main'));
}
