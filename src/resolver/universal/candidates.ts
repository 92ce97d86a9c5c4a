/**
 * The releases that a requirement could be met with, best first. See docs/resolver.md, "Candidates".
 */

import { compareVersions, isUnstable } from '../../versions/version.ts';
import { allows, isAnyRange, type VersionRange } from '../../versions/version-range.ts';
import type { Release } from '../question.ts';
import type { Dependency } from './dependency.ts';
import type { Package } from './package.ts';

/** A release of an index, or the one package of a direct origin or of a lock. */
export interface Candidate extends Release {
  /** Set where the package is known already. */
  readonly pack?: Package;
}

/** What was found, and the requirement that it was found for; the search hands its condition to that one. */
export interface Candidates {
  readonly dependency: Dependency;
  readonly list: readonly Candidate[];
}

/** What a selection among releases depends on. */
export interface Selection {
  readonly constraint: VersionRange;
  readonly allowPrereleases: boolean | undefined;
}

/**
 * The releases of one source that may be selected, in the given order. Yanked ones only for an exact version
 * (PEP 592); pre-releases only where asked for or where nothing stable fits.
 */
export function selectable<Listed extends Release>(
  releases: readonly Listed[],
  { constraint, allowPrereleases }: Selection,
): readonly Listed[] {
  const fitting: Listed[] = [];
  const unstable: Listed[] = [];
  const any = isAnyRange(constraint);
  for (const release of releases) {
    if (!any && !allows(constraint, release.version)) continue;
    if (release.yanked && constraint.kind !== 'version') continue;
    if (allowPrereleases !== true && isUnstable(release.version)) unstable.push(release);
    else fitting.push(release);
  }
  if (allowPrereleases === false) return fitting;
  return fitting.length > 0 ? fitting : unstable;
}

/** Best first: not yanked, stable unless pre-releases are as good, newest; otherwise in the given order. */
export function bestFirst<Listed extends Release>(
  releases: readonly Listed[],
  allowPrereleases: boolean | undefined,
): readonly Listed[] {
  const stableFirst = allowPrereleases !== true;
  return [...releases].sort((a, b) => {
    if (a.yanked !== b.yanked) return a.yanked ? 1 : -1;
    if (stableFirst) {
      const aUnstable = isUnstable(a.version);
      if (aUnstable !== isUnstable(b.version)) return aUnstable ? 1 : -1;
    }
    return compareVersions(b.version, a.version);
  });
}
