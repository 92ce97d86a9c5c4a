/** A lock of an older format brought up to date in memory: resolved anew with nothing to choose from but what it holds. */

import { TercetError } from '../ground/error.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { evaluateMarker, type MarkerEnvironment } from '../markers/marker.ts';
import { type ExtraName, extraName, type GroupName, type ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { explain } from '../resolver/explain.ts';
import type { ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import { search } from '../resolver/search.ts';
import { sameVersion, tryParseVersion, type Version } from '../versions/version.ts';
import { exactly } from '../versions/version-range.ts';
import { type Answers, answered } from './answer.ts';
import { lockOf } from './lock.ts';
import { problemOf } from './problem.ts';

/** What is installed: what these groups require where these markers hold. */
export interface Installation {
  readonly groups: readonly GroupName[];
  readonly markers: MarkerEnvironment;
}

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

/**
 * As `resolveWithin`, but only the packages that the installation needs with any of the extras: what other groups and other
 * environments need does not have to be in the lock. As Poetry does it, "optional" alone decides what waits for an extra: what
 * is not optional is needed even where an extra lists it, what is optional and in no extra is never asked for.
 */
export async function resolveForInstallation(
  lock: Lock,
  manifest: Manifest,
  installation: Installation,
): Promise<Lock> {
  const { groups, markers } = installation;
  const holds = ({ marker }: Requirement): boolean => evaluateMarker(marker, markers);
  const wanted = manifest.groups
    .filter(({ name }) => groups.includes(name))
    .map((group) => ({
      ...group,
      requirements: group.requirements.filter(holds).map((one) => ({ ...one, inExtras: extrasToAskFor(one) })),
    }));
  const packages = lock.packages.map((one) => ({ ...one, requirements: one.requirements.filter(holds) }));
  // A Python that was built from its repository may call itself `3.14.0+`, which is no version.
  const python = tryParseVersion(markers.python_full_version ?? '');
  return resolveWithin(
    { ...lock, packages },
    {
      ...manifest,
      groups: wanted,
      ...(python === undefined ? {} : { python: exactly(python), pythonVersions: python.text }),
    },
  );
}

/** No extra that can be asked for has this name. */
const NO_EXTRA = extraName('!');

function extrasToAskFor({ optional, inExtras }: Requirement): readonly ExtraName[] {
  if (!optional) return [];
  return inExtras.length > 0 ? inExtras : [NO_EXTRA];
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
