/** From a manifest and the previous lock to what the resolver is asked. */

import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import type { Problem } from '../resolver/search.ts';
import { parseVersion } from '../versions/version.ts';

export interface ProblemOptions {
  /** Projects to bring to their newest release. Default: folders only, which are always read anew. */
  readonly update?: 'all' | ReadonlySet<ProjectName>;
  /** Packages that are preferred beside those of the previous lock, and in their place where those are to be updated. Default: none. */
  readonly preferred?: readonly LockedPackage[];
  /** See `Problem`. */
  readonly mend?: Problem['mend'];
}

/** What the resolver is asked: the manifest's wishes and the previous lock's preferences. */
export function problemOf(
  manifest: Manifest,
  previous: Lock | undefined,
  { update, preferred = [], mend }: ProblemOptions = {},
): Problem {
  const pinned = new Set(preferred.map(({ name }) => name));
  const isReplaced = (name: ProjectName): boolean => update instanceof Set && update.has(name) && pinned.has(name);
  const locked = [...(previous?.packages ?? []).filter(({ name }) => !isReplaced(name)), ...preferred];
  const folders = locked.filter(({ source }) => source?.type === 'directory').map(({ name }) => name);
  return {
    root: {
      name: manifest.name ?? projectName('non-package-mode'),
      version: parseVersion(manifest.version ?? '0'),
      pythonVersions: manifest.pythonVersions,
      python: manifest.python,
    },
    groups: manifest.groups,
    toml: manifest.toml,
    locked,
    update:
      update instanceof Set ? new Set([...update].filter((name) => !pinned.has(name))) : (update ?? new Set(folders)),
    sources: manifest.sources,
    ...(mend === undefined ? {} : { mend }),
  };
}
