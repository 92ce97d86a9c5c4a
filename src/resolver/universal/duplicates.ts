/**
 * Several requirements of one package for the same project: made into requirements whose markers exclude each
 * other. See docs/resolver.md, "Duplicates".
 */

import { TercetError } from '../../ground/error.ts';
import {
  anyMarker,
  evaluateMarker,
  intersectMarkers,
  invertMarker,
  isEmptyMarker,
  type Marker,
  pythonConstraintOf,
  unionOf,
} from '../../markers/marker.ts';
import type { ExtraName } from '../../names/name.ts';
import { formatRequirement } from '../../requirements/pep508.ts';
import {
  allowsAny,
  anyVersion,
  formatRange,
  intersect,
  isEmptyRange,
  noVersion,
  sameRange,
  type VersionRange,
} from '../../versions/version-range.ts';
import { type Dependency, isDirect, requirementOf, setMarker, withRange } from './dependency.ts';
import type { Run } from './overrides.ts';
import { type Package, packageText } from './package.ts';
import { sameSource } from './source.ts';

/** How far duplicates of a package matter. */
export interface Duplication {
  readonly run: Run;
  readonly pack: Package;
  /** The extras asked for; undefined: any may be. */
  readonly extras: ReadonlySet<ExtraName> | undefined;
  /** True: also a requirement for the environments that none of the duplicates speaks of, with no range at all. */
  readonly coverLeftover: boolean;
}

/**
 * Requirements with exclusive markers in place of overlapping ones: for each combination of markers that
 * can hold together the intersection of their ranges. Throws a TercetError where ranges that are needed
 * together exclude each other.
 */
export function withExclusiveMarkers(
  dependencies: readonly Dependency[],
  duplication: Duplication,
): readonly Dependency[] {
  const merged = mergedByRange(dependencies);
  const found: Dependency[] = [];
  for (const uses of combinations(merged.length)) {
    const marker = combinedMarker(merged, uses);
    if (!isRelevant(marker, duplication)) continue;
    const used = merged.filter((_, index) => uses[index]);
    const { constraint, specific } = combinedRange(used, duplication.pack);
    if (isEmptyRange(constraint)) throw incompatibleConstraints(duplication.pack, used);
    if (used.length === 0 && !duplication.coverLeftover) continue;
    const from = specific ?? used[0] ?? merged[0];
    if (from === undefined) continue;
    const dependency = withRange(from, used.length === 0 ? noVersion : constraint);
    setMarker(dependency, marker);
    found.push(dependency);
  }
  return mergedByRange(found);
}

/**
 * Requirements with equal ranges made into one whose marker is the union. The first of them is changed
 * in place, for everyone who shares it.
 */
function mergedByRange(dependencies: readonly Dependency[]): readonly Dependency[] {
  const merged: Dependency[] = [];
  for (const group of bySource(dependencies)) {
    for (const equal of grouped(group, (a, b) => sameRange(a.constraint, b.constraint))) {
      const [first] = equal;
      if (first === undefined) continue;
      if (equal.length > 1) setMarker(first, unionOf(equal.map(({ marker }) => marker)));
      merged.push(first);
    }
  }
  return merged;
}

function bySource(dependencies: readonly Dependency[]): readonly (readonly Dependency[])[] {
  return grouped(dependencies, (a, b) => sameSource(a.source, b.source) && a.sourceName === b.sourceName);
}

/** Members in groups: each joins the first group whose first member it equals. */
function grouped<Member>(members: readonly Member[], equal: (a: Member, b: Member) => boolean): readonly Member[][] {
  const groups: { readonly first: Member; readonly all: Member[] }[] = [];
  for (const member of members) {
    const group = groups.find(({ first }) => equal(member, first));
    if (group === undefined) groups.push({ first: member, all: [member] });
    else group.all.push(member);
  }
  return groups.map(({ all }) => all);
}

/** All ways to use or not to use `count` things; using comes first, the last thing varies fastest. */
function* combinations(count: number): Generator<readonly boolean[]> {
  const uses = new Array<boolean>(count).fill(true);
  for (;;) {
    yield [...uses];
    let index = count - 1;
    while (index >= 0 && uses[index] === false) {
      uses[index] = true;
      index -= 1;
    }
    if (index < 0) return;
    uses[index] = false;
  }
}

/** The markers of what is used, then the negations of the rest. */
function combinedMarker(dependencies: readonly Dependency[], uses: readonly boolean[]): Marker {
  let marker: Marker = anyMarker;
  for (const [index, dependency] of dependencies.entries()) {
    if (uses[index] === true) marker = intersectMarkers(marker, dependency.marker);
  }
  for (const [index, dependency] of dependencies.entries()) {
    if (uses[index] === false) marker = intersectMarkers(marker, invertMarker(dependency.marker));
  }
  return marker;
}

function isRelevant(marker: Marker, { run, extras }: Duplication): boolean {
  if (isEmptyMarker(marker)) return false;
  if (!allowsAny(run.python, pythonConstraintOf(marker))) return false;
  return extras === undefined || evaluateMarker(marker, { extra: [...extras] });
}

function combinedRange(
  used: readonly Dependency[],
  pack: Package,
): { readonly constraint: VersionRange; readonly specific: Dependency | undefined } {
  let constraint: VersionRange = anyVersion;
  let specific: Dependency | undefined;
  for (const dependency of used) {
    if (isDirect(dependency) || dependency.sourceName !== undefined) {
      if (
        specific !== undefined &&
        (!sameSource(dependency.source, specific.source) || dependency.sourceName !== specific.sourceName)
      ) {
        throw incompatibleConstraints(pack, [dependency, specific], { withSources: true });
      }
      specific = dependency;
    }
    constraint = intersect(constraint, dependency.constraint);
  }
  return { constraint, specific };
}

function incompatibleConstraints(
  pack: Package,
  dependencies: readonly Dependency[],
  options: { readonly withSources?: boolean } = {},
): TercetError {
  const lines = dependencies.map((dependency) => {
    const text = formatRequirement(requirementOf(dependency));
    const version = isDirect(dependency) ? ` (${formatRange(dependency.constraint)})` : '';
    const source =
      options.withSources && dependency.sourceName !== undefined ? ` ; source=${dependency.sourceName}` : '';
    return text + version + source;
  });
  return new TercetError(
    'incompatible-constraints',
    `Incompatible constraints in requirements of ${packageText(pack)}:\n${lines.join('\n')}`,
    { detail: { isProject: pack.isRoot, name: dependencies[0]?.name } },
  );
}
