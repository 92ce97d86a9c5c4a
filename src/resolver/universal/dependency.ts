/**
 * A requirement as the search works with it: a cell that is changed while the search runs and that several
 * packages, terms and runs share. Which operations change a cell in place and which make a copy decides
 * about the bytes of a lock; docs/resolver.md, "Shared requirements", says why.
 */

import type { LockedSource } from '../../lock/lock.ts';
import { isAnyMarker, isEmptyMarker, type Marker, pythonConstraintOf } from '../../markers/marker.ts';
import type { ExtraName, GroupName, ProjectName } from '../../names/name.ts';
import { type Origin, type Requirement, withMarker } from '../../requirements/requirement.ts';
import { anyVersion, formatRange, sameRange, type VersionRange } from '../../versions/version-range.ts';
import { isDirectOrigin, sameSource, sourceOfOrigin } from './source.ts';

export interface Dependency {
  readonly name: ProjectName;
  readonly prettyName: string;
  /** Name with the extras asked for: `foo[a,b]` and `foo` are two packages to the search. */
  readonly completeName: string;
  readonly extras: readonly ExtraName[];
  readonly origin: Origin;
  /** The folder that relative paths start from, seen from the project. */
  readonly base: string;
  readonly groups: readonly GroupName[];
  readonly allowPrereleases: boolean | undefined;
  /** True for the requirement that stands for the project itself. */
  readonly isRoot: boolean;
  /** The identity of a direct origin; undefined for an index. A git commit is filled in once known. */
  source: LockedSource | undefined;
  constraint: VersionRange;
  /** The range as written; undefined: as `formatRange` writes it. */
  written: string | undefined;
  /** Changed only through `setMarker`. */
  marker: Marker;
  /** The Pythons that the marker speaks of. */
  python: VersionRange;
  optional: boolean;
  inExtras: readonly ExtraName[];
  /** The condition under which the requirement is reached; undefined: its own marker. */
  transitive: Marker | undefined;
  /** The configured source it must come from. */
  sourceName: string | undefined;
}

/** A fresh cell for a requirement. `base` is the folder that its relative paths start from. */
export function dependencyOf(requirement: Requirement, base: string): Dependency {
  const marker = requirement.marker;
  return {
    name: requirement.name,
    prettyName: requirement.prettyName,
    completeName: completeName(requirement.name, requirement.extras),
    extras: requirement.extras,
    origin: requirement.origin,
    base,
    groups: requirement.groups,
    allowPrereleases: requirement.allowPrereleases,
    isRoot: false,
    source: requirement.origin.kind === 'index' ? undefined : sourceOfOrigin(requirement.origin, base),
    constraint: requirement.constraint,
    written: requirement.prettyConstraint,
    marker,
    python: pythonOf(marker),
    optional: requirement.optional,
    inExtras: requirement.inExtras,
    transitive: undefined,
    sourceName: requirement.source,
  };
}

/** The cell's present value. */
export function requirementOf(dependency: Dependency): Requirement {
  return {
    name: dependency.name,
    prettyName: dependency.prettyName,
    extras: dependency.extras,
    origin: dependency.origin,
    constraint: dependency.constraint,
    prettyConstraint: constraintText(dependency),
    marker: dependency.marker,
    optional: dependency.optional,
    inExtras: dependency.inExtras,
    groups: dependency.groups,
    allowPrereleases: dependency.allowPrereleases,
    source: dependency.sourceName,
  };
}

/** The range as a lock and messages show it. */
export function constraintText({ written, constraint }: Dependency): string {
  return written ?? formatRange(constraint);
}

/** A copy with its own state. */
export function clone(dependency: Dependency): Dependency {
  return { ...dependency };
}

/** A copy for another range; its text in a lock is then the rendered range. */
export function withRange(dependency: Dependency, constraint: VersionRange): Dependency {
  return { ...dependency, constraint, written: undefined };
}

/** A copy that asks for these extras (sorted). */
export function withExtras(dependency: Dependency, extras: readonly ExtraName[]): Dependency {
  return { ...dependency, extras, completeName: completeName(dependency.name, extras) };
}

/** Changes the marker in place, and with it what follows from it: Pythons, extras, optional. */
export function setMarker(dependency: Dependency, marker: Marker): void {
  dependency.marker = marker;
  dependency.python = pythonOf(marker);
  if (isAnyMarker(marker)) return;
  const derived = withMarker(requirementOf(dependency), marker);
  dependency.optional = derived.optional;
  dependency.inExtras = derived.inExtras;
}

/** The condition under which the requirement is reached. */
export function transitiveMarker(dependency: Dependency): Marker {
  return dependency.transitive ?? dependency.marker;
}

/** True where the requirement names its distribution itself. */
export function isDirect(dependency: Dependency): boolean {
  return isDirectOrigin(dependency.source);
}

/** Poetry's equality of requirements: identity and range; a direct origin's range follows from its identity. */
export function sameDependency(a: Dependency, b: Dependency): boolean {
  if (a === b) return true;
  return samePackage(a, b) && (isDirect(a) || sameRange(a.constraint, b.constraint));
}

/** Same complete name from the same source. */
export function samePackage(
  a: { readonly completeName: string; readonly source: LockedSource | undefined },
  b: { readonly completeName: string; readonly source: LockedSource | undefined },
): boolean {
  return a.completeName === b.completeName && sameSource(a.source, b.source);
}

/** `name[a,b]`; the bare name without extras. */
export function completeName(name: ProjectName, extras: readonly ExtraName[]): string {
  return extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
}

function pythonOf(marker: Marker): VersionRange {
  return isAnyMarker(marker) || isEmptyMarker(marker) ? anyVersion : pythonConstraintOf(marker);
}
