/** `poetry.lock` as data. How it is written and read is in `poetry-lock.ts`. */

import type { Marker } from '../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { Version } from '../versions/version.ts';

/** A distribution file with its hash, `sha256:…`. */
export interface LockedFile {
  readonly file: string;
  readonly hash: string;
}

/** Where a locked package comes from; absent for the default index. Field names as in the file. */
export interface LockedSource {
  readonly type: 'git' | 'url' | 'file' | 'directory' | 'legacy';
  readonly url: string;
  readonly reference?: string;
  readonly resolvedReference?: string;
  readonly subdirectory?: string;
}

/** The source, or a folder in it. */
export function withSubdirectory(source: LockedSource, subdirectory: string | undefined): LockedSource {
  return subdirectory === undefined || subdirectory === '' ? source : { ...source, subdirectory };
}

export interface LockedPackage {
  readonly name: ProjectName;
  /** The name as it stands in the file; for an index's packages the normalised one. */
  readonly prettyName: string;
  readonly version: Version;
  readonly description: string;
  readonly optional: boolean;
  /** Requires-Python verbatim, `*` where there is none. */
  readonly pythonVersions: string;
  /** `main` first, then by name. Empty in locks before 2.1. */
  readonly groups: readonly GroupName[];
  /** The condition under which each group needs the package; a group that is missing needs it always. */
  readonly markers: ReadonlyMap<GroupName, Marker>;
  readonly files: readonly LockedFile[];
  /** Set for directories and git only. */
  readonly develop?: boolean;
  readonly requirements: readonly Requirement[];
  /** Extra → PEP 508 strings without the extra's own marker, sorted. */
  readonly extras: ReadonlyMap<ExtraName, readonly string[]>;
  readonly source?: LockedSource;
  /**
   * The longest way from the project, 0 for what it requires itself: known where a search has just found the package, and not written.
   * Installations go from the deepest on.
   */
  readonly depth?: number;
}

export interface Lock {
  /** Format, `2.1` for what is written today. */
  readonly lockVersion: string;
  /** The tool named in the first line, such as `Poetry 2.5.1`; undefined where none is named. */
  readonly generator: string | undefined;
  /** The project's Python range verbatim. */
  readonly pythonVersions: string;
  /** 64 hexadecimal digits; undefined in a damaged lock. */
  readonly contentHash: string | undefined;
  readonly packages: readonly LockedPackage[];
  /** The project's own extras → pretty names of their dependencies. */
  readonly extras: ReadonlyMap<ExtraName, readonly string[]>;
}
