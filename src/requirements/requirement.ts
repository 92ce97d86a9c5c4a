/**
 * A requirement: one wish for a project, wherever it was written (PEP 508 string, Poetry table, lock file).
 *
 * Values are immutable. The resolver makes its own working copies, because Poetry's search changes
 * markers while it runs.
 */

import type { Marker } from '../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../names/name.ts';
import type { VersionRange } from '../versions/version-range.ts';

/** What a git requirement asks for; without one, the repository's HEAD. */
export interface GitReference {
  readonly kind: 'branch' | 'tag' | 'rev';
  readonly name: string;
}

/** Where a requirement's distribution comes from (PEP 610 vocabulary); `index` is any package index. */
export type Origin =
  | { readonly kind: 'index' }
  | { readonly kind: 'url'; readonly url: string; readonly subdirectory?: string }
  /** `path` as written by the one who requires it. */
  | { readonly kind: 'file'; readonly path: string; readonly subdirectory?: string }
  | { readonly kind: 'directory'; readonly path: string; readonly develop: boolean; readonly subdirectory?: string }
  | {
      readonly kind: 'git';
      readonly url: string;
      readonly reference?: GitReference;
      readonly subdirectory?: string;
      readonly develop: boolean;
    };

export interface Requirement {
  readonly name: ProjectName;
  /** The name as it was written; it becomes the key in `[package.dependencies]`. */
  readonly prettyName: string;
  /** Extras asked for, normalised, sorted, without repetition. */
  readonly extras: readonly ExtraName[];
  readonly origin: Origin;
  readonly constraint: VersionRange;
  /** The constraint's text in a lock: verbatim when written in a Poetry table, else rendered. */
  readonly prettyConstraint: string;
  readonly marker: Marker;
  /** True for members of an extra, and where the marker names one. */
  readonly optional: boolean;
  /** The extras that this requirement belongs to. */
  readonly inExtras: readonly ExtraName[];
  readonly groups: readonly GroupName[];
  /** Undefined: pre-releases only where nothing stable fits. */
  readonly allowPrereleases: boolean | undefined;
  /** The configured source it must come from; undefined: any that is not explicit. */
  readonly source: string | undefined;
}
