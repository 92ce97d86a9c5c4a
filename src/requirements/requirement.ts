/**
 * A requirement: one wish for a project, wherever it was written (PEP 508 string, Poetry table, lock file).
 *
 * Values are immutable. The resolver makes its own working copies, because Poetry's search changes
 * markers while it runs.
 */

import { anyMarker, extrasOf, type Marker, namesExtra } from '../markers/marker.ts';
import { type ExtraName, extraName, type GroupName, MAIN_GROUP, type ProjectName, projectName } from '../names/name.ts';
import { anyVersion, formatRange, type VersionRange } from '../versions/version-range.ts';

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

/** The requirement of that name and nothing else: any version from any index, always, in the main group. */
export function plainRequirement(prettyName: string): Requirement {
  return {
    name: projectName(prettyName),
    prettyName,
    extras: [],
    origin: { kind: 'index' },
    constraint: anyVersion,
    prettyConstraint: '*',
    marker: anyMarker,
    optional: false,
    inExtras: [],
    groups: [MAIN_GROUP],
    allowPrereleases: undefined,
    source: undefined,
  };
}

/** The requirement with another constraint, whose text is the range's. */
export function withConstraint(requirement: Requirement, constraint: VersionRange): Requirement {
  return { ...requirement, constraint, prettyConstraint: formatRange(constraint) };
}

/**
 * The requirement with another marker. A marker that speaks of extras makes it optional and adds those that it names; what
 * the requirement belonged to before stays.
 */
export function withMarker(requirement: Requirement, marker: Marker): Requirement {
  if (!namesExtra(marker)) return { ...requirement, marker };
  const fresh = extrasOf(marker).filter((extra) => !requirement.inExtras.includes(extra));
  return { ...requirement, marker, optional: true, inExtras: [...requirement.inExtras, ...fresh] };
}

/** Extras as a requirement holds them: normalised, sorted, each once. */
export function requestedExtras(extras: readonly string[]): readonly ExtraName[] {
  return [...new Set(extras.map(extraName))].sort((a, b) => (a < b ? -1 : 1));
}
