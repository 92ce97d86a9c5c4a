/**
 * Which requirements of a manifest's groups are cells of their own, which are put together anew each time, and which
 * are another group's (root.ts says why that matters).
 */

import type { ManifestGroup } from '../../manifest/manifest.ts';
import { intersectMarkers, isEmptyMarker } from '../../markers/marker.ts';
import { type GroupName, groupName, MAIN_GROUP } from '../../names/name.ts';
import { requirementFromTable } from '../../requirements/poetry-table.ts';
import type { Requirement } from '../../requirements/requirement.ts';
import type { RootGroup, RootRequirement } from './root.ts';

type Table = Readonly<Record<string, unknown>>;

/** The groups of a manifest for the search. `toml` is the whole file as plain values. */
export function rootGroups(groups: readonly ManifestGroup[], toml: Table): readonly RootGroup[] {
  const standard = tableAt(toml, 'dependency-groups');
  const poetry = tableAt(tableAt(toml, 'tool'), 'poetry');
  const poetryGroups = tableAt(poetry, 'group');
  const sizes = new Map(groups.map(({ name, requirements }) => [name, requirements.length]));
  return groups.map(({ name, requirements }) => {
    const includes = [...includedByStandard(standard, name), ...includedByPoetry(poetryGroups, name)];
    const included = includes.reduce((sum, group) => sum + (sizes.get(group) ?? 0), 0);
    const own = requirements.slice(0, requirements.length - included);
    const details = detailsOf(name, { toml, standard, poetry, poetryGroups });
    return { name, includes, own: own.map((requirement) => rootRequirement(requirement, details)) };
  });
}

/** A requirement that detail was added to has a marker which lies within the detail's. */
function rootRequirement(requirement: Requirement, all: readonly Requirement[]): RootRequirement {
  const details = all.filter(({ name }) => name === requirement.name);
  const isComposed = details.some(({ marker }) => !isEmptyMarker(intersectMarkers(requirement.marker, marker)));
  return { requirement, kind: isComposed ? 'composed' : 'own', details };
}

/** What `[tool.poetry]` adds to a group's standard requirements; nothing where the group has none. */
function detailsOf(
  group: GroupName,
  {
    toml,
    standard,
    poetry,
    poetryGroups,
  }: { readonly toml: Table; readonly standard: Table; readonly poetry: Table; readonly poetryGroups: Table },
): readonly Requirement[] {
  const project = tableAt(toml, 'project');
  const hasStandard =
    group === MAIN_GROUP
      ? hasItems(project.dependencies) || Object.values(tableAt(project, 'optional-dependencies')).some(hasItems)
      : Object.entries(standard).some(([name, items]) => groupName(name) === group && hasItems(items));
  if (!hasStandard) return [];
  const tables =
    group === MAIN_GROUP
      ? [tableAt(poetry, 'dependencies')]
      : Object.entries(poetryGroups)
          .filter(([name]) => groupName(name) === group)
          .map(([, value]) => tableAt(asTable(value), 'dependencies'));
  return tables.flatMap((table) =>
    Object.entries(table)
      .filter(([name]) => name.toLowerCase() !== 'python')
      .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => written(group, name, one))),
  );
}

function written(group: GroupName, name: string, value: unknown): Requirement {
  return requirementFromTable(name, typeof value === 'string' ? value : asTable(value), { groups: [group] });
}

function includedByStandard(standard: Table, group: GroupName): readonly GroupName[] {
  return Object.entries(standard)
    .filter(([name]) => groupName(name) === group)
    .flatMap(([, items]) => (Array.isArray(items) ? items : []))
    .flatMap((item: unknown) => {
      const included = asTable(item)['include-group'];
      return typeof included === 'string' ? [groupName(included)] : [];
    });
}

function includedByPoetry(poetryGroups: Table, group: GroupName): readonly GroupName[] {
  return Object.entries(poetryGroups)
    .filter(([name]) => groupName(name) === group)
    .flatMap(([, value]) => {
      const names = asTable(value)['include-groups'];
      return Array.isArray(names) ? names.filter((name) => typeof name === 'string').map(groupName) : [];
    });
}

function tableAt(table: Table, key: string): Table {
  return asTable(table[key]);
}

function asTable(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
