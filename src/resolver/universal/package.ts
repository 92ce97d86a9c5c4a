/**
 * A package as the search works with it: a version of a project, with or without extras, and its
 * requirements. Copies share the requirement cells (see dependency.ts).
 */

import type { LockedFile, LockedPackage, LockedSource } from '../../lock/lock.ts';
import { anyMarker, markerFromPython } from '../../markers/marker.ts';
import { type ExtraName, MAIN_GROUP, type ProjectName } from '../../names/name.ts';
import { formatRequirement, parseRequirement } from '../../requirements/pep508.ts';
import { requirementFromTable } from '../../requirements/poetry-table.ts';
import type { Origin, Requirement } from '../../requirements/requirement.ts';
import { parseMarkerConstraint } from '../../versions/poetry-constraint.ts';
import type { Version } from '../../versions/version.ts';
import { allows, anyVersion, exactly, isAnyRange, type VersionRange } from '../../versions/version-range.ts';
import type { ReleaseMetadata } from '../question.ts';
import { completeName, type Dependency, dependencyOf } from './dependency.ts';
import { isDirectOrigin, sameSource } from './source.ts';

export interface Package {
  readonly name: ProjectName;
  readonly prettyName: string;
  readonly completeName: string;
  readonly version: Version;
  /** The extras that this package stands for. */
  readonly extras: readonly ExtraName[];
  readonly source: LockedSource | undefined;
  /** Requirements in order; several copies of a package may share the array. */
  readonly requires: Dependency[];
  /** What it requires as its metadata say, whatever the search makes of that. */
  readonly declared: readonly Requirement[];
  /** Extra → its requirements, the same cells as in `requires`. */
  readonly requiredByExtra: ReadonlyMap<ExtraName, readonly Dependency[]>;
  /** Requires-Python verbatim, and parsed. */
  readonly pythonVersions: string;
  readonly python: VersionRange;
  readonly description: string;
  /** Undefined where they are to be asked for. */
  readonly files: readonly LockedFile[] | undefined;
  /** The source that told the metadata, for releases of an index; undefined is the default index. */
  readonly listedAt: string | undefined;
  readonly develop: boolean | undefined;
  readonly yanked: boolean;
  readonly yankedReason: string | undefined;
  readonly isRoot: boolean;
  /** The folder that relative paths of the requirements start from, seen from the project. */
  readonly base: string;
}

/** The package that a release's metadata describe, as told by `listedAt`. `name` is the name it was asked for by. */
export function packageOfRelease(name: ProjectName, metadata: ReleaseMetadata, listedAt?: string): Package {
  const source = metadata.lockedSource;
  const direct = isDirectOrigin(source);
  const base = source?.type === 'directory' ? source.url : '';
  const requires: Dependency[] = [];
  const requiredByExtra = new Map<ExtraName, Dependency[]>();
  const earlier = new Map<ProjectName, Requirement[]>();
  for (const requirement of metadata.requirements) {
    const dependency = dependencyOf(requirement, base);
    for (const extra of dependency.inExtras) entryOf(requiredByExtra, extra).push(dependency);
    const same = entryOf(earlier, requirement.name);
    if (same.some((one) => areWrittenAlike(one, requirement))) continue;
    same.push(requirement);
    requires.push(dependency);
  }
  return {
    name,
    prettyName: direct ? metadata.prettyName : name,
    completeName: name,
    version: metadata.version,
    extras: [],
    source,
    requires,
    declared: metadata.requirements,
    requiredByExtra,
    pythonVersions: metadata.requiresPython,
    python: pythonRange(metadata.requiresPython),
    description: metadata.summary,
    files: metadata.files,
    listedAt,
    develop: metadata.develop,
    yanked: metadata.yanked,
    yankedReason: metadata.yankedReason,
    isRoot: false,
    base,
  };
}

/** A release of which nothing but name and version is known yet. */
export function bareRelease(name: ProjectName, version: Version): Package {
  return packageOfRelease(name, {
    prettyName: name,
    version,
    summary: '',
    requiresPython: '*',
    requirements: [],
    files: [],
    yanked: false,
  });
}

/** The package a lock describes. */
export function packageOfLock(locked: LockedPackage): Package {
  const base = locked.source?.type === 'directory' ? locked.source.url : '';
  const requiredByExtra = new Map<ExtraName, readonly Dependency[]>();
  for (const [extra, texts] of locked.extras) {
    requiredByExtra.set(
      extra,
      texts.map((text) => dependencyOf(requirementOfLockedExtra(text), base)),
    );
  }
  return {
    name: locked.name,
    prettyName: locked.prettyName,
    completeName: locked.name,
    version: locked.version,
    extras: [],
    source: locked.source,
    requires: locked.requirements.map((requirement) => dependencyOf(requirement, base)),
    declared: locked.requirements,
    requiredByExtra,
    pythonVersions: locked.pythonVersions,
    python: pythonRange(locked.pythonVersions),
    description: locked.description,
    files: locked.files,
    listedAt: undefined,
    develop: locked.develop,
    yanked: false,
    yankedReason: undefined,
    isRoot: false,
    base,
  };
}

/** The package with these extras; everything else is shared. */
export function withFeatures(pack: Package, extras: readonly ExtraName[]): Package {
  return { ...pack, extras, completeName: completeName(pack.name, extras) };
}

/** The package with exactly these requirements. */
export function withRequires(pack: Package, requires: Dependency[]): Package {
  return { ...pack, requires };
}

/**
 * The requirement that only this package satisfies. Its marker speaks of the package's Pythons, and
 * its range is the exact version.
 */
export function dependencyOn(pack: Package): Dependency {
  const constraint = exactly(pack.version);
  const marker = isAnyRange(pack.python) ? anyMarker : markerFromPython(pack.python);
  const direct = isDirectOrigin(pack.source);
  return {
    name: pack.name,
    prettyName: pack.name,
    completeName: pack.completeName,
    extras: pack.extras,
    origin: originOfSource(pack),
    base: direct ? '' : pack.base,
    groups: [MAIN_GROUP],
    allowPrereleases: direct ? true : undefined,
    isRoot: pack.isRoot,
    source: direct ? pack.source : undefined,
    constraint,
    written: pack.version.text,
    marker,
    python: pack.python,
    optional: false,
    inExtras: [],
    transitive: undefined,
    sourceName: undefined,
  };
}

/** True where the package is what the requirement asks for: name, version and source. */
export function satisfies(pack: Package, dependency: Dependency): boolean {
  return pack.name === dependency.name && allows(dependency.constraint, pack.version) && fromSource(pack, dependency);
}

/** `name (1.0)`, with the place for direct origins, as in Poetry's messages. */
export function packageText(pack: Package): string {
  return `${pack.completeName} (${shownVersion(pack)})`;
}

function fromSource(pack: Package, dependency: Dependency): boolean {
  if (dependency.source !== undefined) return sameSource(dependency.source, pack.source);
  if (dependency.sourceName === undefined) return true;
  const wanted = dependency.sourceName.toLowerCase();
  if (pack.source === undefined) return wanted === 'pypi';
  return pack.source.type === 'legacy' && pack.source.reference?.toLowerCase() === wanted;
}

function shownVersion(pack: Package): string {
  const { source } = pack;
  if (source === undefined || source.type === 'legacy') return pack.version.text;
  if (source.type !== 'git') return `${pack.version.text} ${source.url}`;
  const commit = source.resolvedReference ?? source.reference ?? '';
  return `${pack.version.text} ${commit.length === 40 ? commit.slice(0, 7) : commit}`;
}

function originOfSource(pack: Package): Origin {
  const { source } = pack;
  if (source === undefined) return { kind: 'index' };
  const subdirectory = source.subdirectory === undefined ? {} : { subdirectory: source.subdirectory };
  switch (source.type) {
    case 'legacy':
      return { kind: 'index' };
    case 'url':
      return { kind: 'url', url: source.url, ...subdirectory };
    case 'file':
      return { kind: 'file', path: source.url, ...subdirectory };
    case 'directory':
      return { kind: 'directory', path: source.url, develop: pack.develop ?? false };
    case 'git': {
      const reference = source.reference ?? 'HEAD';
      return {
        kind: 'git',
        url: source.url,
        reference: { kind: 'rev', name: reference },
        develop: pack.develop ?? false,
        ...subdirectory,
      };
    }
  }
}

const pythonRanges = new Map<string, VersionRange>();

/** The range a Requires-Python text stands for; memoised, since few texts serve all of an index. */
export function pythonRange(text: string): VersionRange {
  if (text === '*' || text === '') return anyVersion;
  let range = pythonRanges.get(text);
  if (range === undefined) {
    range = parseMarkerConstraint(text);
    pythonRanges.set(text, range);
  }
  return range;
}

/** A lock's extras may hold texts of old Poetry versions that are no PEP 508: `foo (1.0)`. */
function requirementOfLockedExtra(text: string): Requirement {
  try {
    return parseRequirement(text);
  } catch (error) {
    const match = /^(.+?)(?:\[(.+?)])?(?:\s+\((.+)\))?$/.exec(text);
    if (match === null) throw error;
    const [, name = '', extras = '', constraint = '*'] = match;
    return requirementFromTable(name, { version: constraint, extras: extras === '' ? [] : extras.split(',') });
  }
}

/** True where two requirements of one project have the same text; that is not made where their extras tell them apart. */
function areWrittenAlike(a: Requirement, b: Requirement): boolean {
  if (a === b) return true;
  return (
    sameList(a.inExtras, b.inExtras) && sameList(a.extras, b.extras) && formatRequirement(a) === formatRequirement(b)
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function entryOf<Key, Value>(map: Map<Key, Value[]>, key: Key): Value[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}
