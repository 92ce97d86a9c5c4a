/** A lock of an older format brought up to date in memory: resolved anew with nothing to choose from but what it holds. */

import { TercetError } from '../ground/error.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ProjectName } from '../names/name.ts';
import { explain } from '../resolver/explain.ts';
import type { ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import { search } from '../resolver/search.ts';
import { sameVersion, type Version } from '../versions/version.ts';
import { type Answers, answered } from './answer.ts';
import { lockOf } from './lock.ts';
import { problemOf } from './problem.ts';

/** The same packages with groups and markers. Throws `unsolvable` where the lock does not hold all that the manifest requires. */
export async function resolveWithin(lock: Lock, manifest: Manifest): Promise<Lock> {
  const problem = problemOf(manifest, lock, { update: new Set() });
  const result = await answered(search(problem), answersOf(lock.packages), {
    python: manifest.python,
    searched: [undefined],
  });
  if (result.kind === 'resolution') return lockOf(manifest, result);
  const { message, hints } = explain(result);
  throw new TercetError('unsolvable', message, {
    hints: [...hints, 'the lock file is of an older format: `poetry lock` writes it anew'],
  });
}

const ABSENT: Unavailable = { kind: 'not-found' };

function answersOf(packages: readonly LockedPackage[]): Answers {
  const named = (project: ProjectName): readonly LockedPackage[] => packages.filter((one) => one.name === project);
  const found = (locked: LockedPackage | undefined): ReleaseMetadata | Unavailable =>
    locked ? metadataOf(locked) : ABSENT;
  return {
    async versions(project, source) {
      const releases = named(project)
        .filter((one) => isIndexed(one) && (source === undefined || one.source?.reference === source))
        .map((one) => ({ version: one.version, yanked: false, source: one.source?.reference }));
      return releases.length === 0 ? ABSENT : releases;
    },
    async metadata(project: ProjectName, version: Version) {
      return found(named(project).find((one) => sameVersion(one.version, version)));
    },
    async lockedFiles(project: ProjectName, version: Version) {
      return named(project).find((one) => sameVersion(one.version, version))?.files ?? [];
    },
    async origin(project) {
      return found(named(project).find((one) => !isIndexed(one)));
    },
  };
}

function isIndexed({ source }: LockedPackage): boolean {
  return source === undefined || source.type === 'legacy';
}

function metadataOf(locked: LockedPackage): ReleaseMetadata {
  return {
    prettyName: locked.prettyName,
    version: locked.version,
    summary: locked.description,
    requiresPython: locked.pythonVersions,
    requirements: locked.requirements,
    files: locked.files,
    yanked: false,
    ...(locked.source === undefined ? {} : { lockedSource: locked.source }),
    ...(locked.develop === undefined ? {} : { develop: locked.develop }),
  };
}
