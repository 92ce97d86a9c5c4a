/**
 * The project itself as a package. Its requirements are cells that runs share and change, except those that a
 * group includes from another: these are copied from the other group's present state each time they are asked for.
 */

import type { GroupName, ProjectName } from '../../names/name.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import type { Version } from '../../versions/version.ts';
import type { VersionRange } from '../../versions/version-range.ts';
import { type Dependency, dependencyOf } from './dependency.ts';
import type { Package } from './package.ts';

/** A dependency group of the project. */
export interface RootGroup {
  readonly name: GroupName;
  readonly own: readonly RootRequirement[];
  /** Groups whose requirements are this group's too. */
  readonly includes: readonly GroupName[];
}

export interface RootRequirement {
  readonly requirement: Requirement;
  /** True where the requirement is put together anew each time (`[project]` and `[tool.poetry]` both speak of it). */
  readonly composed: boolean;
}

/** What a project is called and which Pythons it is for. */
export interface RootFacts {
  readonly name: ProjectName;
  readonly version: Version;
  readonly pythonVersions: string;
  readonly python: VersionRange;
}

export interface Root {
  readonly pack: Package;
  readonly groups: readonly GroupCells[];
}

interface GroupCells {
  readonly name: GroupName;
  readonly own: readonly (() => Dependency)[];
  readonly includes: readonly GroupName[];
}

export function rootOf(facts: RootFacts, groups: readonly RootGroup[]): Root {
  return {
    groups: groups.map(({ name, own, includes }) => ({ name, includes, own: own.map(cell) })),
    pack: {
      name: facts.name,
      prettyName: facts.name,
      completeName: facts.name,
      version: facts.version,
      extras: [],
      source: undefined,
      requires: [],
      requiredByExtra: new Map(),
      pythonVersions: facts.pythonVersions,
      python: facts.python,
      description: '',
      files: [],
      develop: undefined,
      yanked: false,
      yankedReason: undefined,
      isRoot: true,
      base: '',
      fromLock: false,
    },
  };
}

/** All requirements of the project, group by group, in their present state. */
export function rootRequirements(root: Root): Dependency[] {
  return root.groups.flatMap((group) => requirementsOfGroup(root, group));
}

function requirementsOfGroup(root: Root, { name, own, includes }: GroupCells): Dependency[] {
  const found = own.map((get) => get());
  for (const included of includes) {
    const group = root.groups.find((candidate) => candidate.name === included);
    if (group === undefined) continue;
    for (const dependency of requirementsOfGroup(root, group)) found.push({ ...dependency, groups: [name] });
  }
  return found;
}

function cell({ requirement, composed }: RootRequirement): () => Dependency {
  if (composed) return () => dependencyOf(requirement, '');
  const dependency = dependencyOf(requirement, '');
  return () => dependency;
}
