/**
 * Which requirements of a manifest's groups are cells of their own, which are put together anew each time, and which
 * are another group's (root.ts says why that matters).
 */

import type { ManifestGroup } from '../../manifest/manifest.ts';
import { type GroupName, groupName, MAIN_GROUP, type ProjectName, projectName } from '../../names/name.ts';
import type { RootGroup } from './root.ts';

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
    const detailed = detailedNames(name, { toml, standard, poetry, poetryGroups });
    return { name, includes, own: own.map((requirement) => ({ requirement, composed: detailed.has(requirement.name) })) };
  });
}

/** The projects that a group's standard requirements and `[tool.poetry]` may both speak of. */
function detailedNames(
  group: GroupName,
  { toml, standard, poetry, poetryGroups }: { readonly toml: Table; readonly standard: Table; readonly poetry: Table; readonly poetryGroups: Table },
): ReadonlySet<ProjectName> {
  const project = tableAt(toml, 'project');
  const hasStandard =
    group === MAIN_GROUP
      ? hasItems(project.dependencies) || Object.values(tableAt(project, 'optional-dependencies')).some(hasItems)
      : Object.entries(standard).some(([name, items]) => groupName(name) === group && hasItems(items));
  if (!hasStandard) return new Set();
  const table =
    group === MAIN_GROUP
      ? tableAt(poetry, 'dependencies')
      : Object.entries(poetryGroups)
          .filter(([name]) => groupName(name) === group)
          .reduce<Table>((all, [, value]) => ({ ...all, ...tableAt(asTable(value), 'dependencies') }), {});
  return new Set(Object.keys(table).map(projectName));
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
