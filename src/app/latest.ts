/** The newest version of each locked package, for `show --latest`. */

import { TercetError } from '../ground/error.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { parseConstraint } from '../versions/poetry-constraint.ts';
import { compareVersions, type Version } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import { bestVersion } from './best-version.ts';
import type { Context } from './context.ts';
import { displayVersion } from './display-version.ts';

export interface Latest {
  readonly version: string;
  readonly status: 'up-to-date' | 'semver-safe-update' | 'update-possible';
}

/** For each package the newest version an index has; for one that comes from elsewhere, or is not there any more, its own. */
export async function latestVersions(
  context: Context,
  packages: readonly LockedPackage[],
): Promise<ReadonlyMap<LockedPackage, Latest>> {
  const { manifest } = await context.project();
  const { client: index } = await context.index(manifest.sources);
  const prereleases = new Map<ProjectName, boolean | undefined>();
  for (const group of manifest.groups) {
    for (const one of group.requirements)
      if (!prereleases.has(one.name)) prereleases.set(one.name, one.allowPrereleases);
  }
  const newest = await Promise.all(
    packages.map(async (one): Promise<Version | undefined> => {
      if (one.source && one.source.type !== 'legacy') return undefined;
      try {
        return await bestVersion(index, one.name, {
          constraint: `>=${one.version.text}`,
          allowPrereleases: prereleases.get(one.name),
          source: one.source?.reference,
        });
      } catch (error) {
        if (error instanceof TercetError && error.code === 'no-version') return undefined;
        throw error;
      }
    }),
  );
  return new Map(packages.map((one, at) => [one, latestOf(one, newest[at])]));
}

function latestOf(locked: LockedPackage, newest: Version | undefined): Latest {
  if (!newest || compareVersions(newest, locked.version) === 0) {
    return { version: displayVersion(locked), status: 'up-to-date' };
  }
  const safe = allows(parseConstraint(`^${locked.version.text}`), newest);
  return { version: newest.text, status: safe ? 'semver-safe-update' : 'update-possible' };
}
