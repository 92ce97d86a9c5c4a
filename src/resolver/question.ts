/**
 * The conversation between the search and the world. The search is a generator: it yields a question and is
 * resumed with the answer; it never fetches. See docs/resolver.md.
 */

import type { LockedFile, LockedSource } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import type { Origin, Requirement } from '../requirements/requirement.ts';
import type { Version } from '../versions/version.ts';

/** One release of a project as an index lists it. */
export interface Release {
  readonly version: Version;
  /** True where every file of the release is yanked (PEP 592). */
  readonly yanked: boolean;
  /** The configured source that has it; undefined is the default index (PyPI). */
  readonly source: string | undefined;
}

/** What a release says of itself. */
export interface ReleaseMetadata {
  /** The name as published. */
  readonly prettyName: string;
  readonly version: Version;
  readonly summary: string;
  /** Requires-Python verbatim, `*` where there is none. */
  readonly requiresPython: string;
  /** Requirements in the order listed, parsed by the time they are looked at; those that cannot be read are left out. */
  readonly requirements: readonly Requirement[];
  /**
   * The same as `Requires-Dist` values, where `requirements` are not parsed yet. Who looks ahead of the search looks at these: a lock
   * shows in which order markers were parsed (docs/resolver.md, "Twins").
   */
  readonly requiresDist?: readonly string[];
  /** Undefined: to be asked for, once the release is chosen. */
  readonly files?: readonly LockedFile[];
  readonly yanked: boolean;
  /** Why it was yanked, where the index says. */
  readonly yankedReason?: string;
  /** Set for everything that does not come from the default index. */
  readonly lockedSource?: LockedSource;
  readonly develop?: boolean;
}

/** Why there is no answer; each becomes a sentence in the explanation of a failure. */
export type Unavailable =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'no-metadata'; readonly detail: string }
  | { readonly kind: 'offline' };

/** A question that waits for an answer may tell how many packages are decided so far in the run at hand, the project left out. */
export type Question =
  /** All releases of a project. Answer: `versions` (order as listed by the index), or `unavailable`. */
  | {
      readonly kind: 'versions';
      readonly project: ProjectName;
      readonly source: string | undefined;
      readonly decided?: number;
    }
  /** One release's metadata. Answer: `metadata` or `unavailable`. */
  | {
      readonly kind: 'metadata';
      readonly project: ProjectName;
      readonly version: Version;
      readonly source: string | undefined;
      readonly decided?: number;
    }
  /** The files of releases, as a lock lists them. Answer: `files`, a list for each release, or `unavailable`. */
  | { readonly kind: 'files'; readonly releases: readonly AskedRelease[] }
  /** The one distribution of a direct origin. Answer: `metadata` or `unavailable`. */
  | { readonly kind: 'origin'; readonly project: ProjectName; readonly origin: Origin; readonly decided?: number }
  /** No answer is needed (`noted`): lets the driver start early. */
  | { readonly kind: 'prefetch'; readonly wishes: readonly Requirement[] };

/** A release at the source that has told its metadata. */
export interface AskedRelease {
  readonly project: ProjectName;
  readonly version: Version;
  readonly source: string | undefined;
}

export type Answer =
  | { readonly kind: 'versions'; readonly releases: readonly Release[] }
  | { readonly kind: 'metadata'; readonly metadata: ReleaseMetadata }
  | { readonly kind: 'files'; readonly files: readonly (readonly LockedFile[])[] }
  | { readonly kind: 'unavailable'; readonly reason: Unavailable }
  | { readonly kind: 'noted' };
