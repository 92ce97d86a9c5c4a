/**
 * The requirements of a `pyproject.toml` one by one, each with the place where it is written. What a lock is made of is
 * `Manifest.groups`; this is for whoever wants to speak of a line of the file, or to leave some of them out.
 */

import { ParseError } from '../ground/error.ts';
import { type GroupName, groupName, MAIN_GROUP, type ProjectName, projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { TomlPath } from '../toml/edit.ts';
import { asArray, asString, asTable, type TomlTable, tableAt } from '../toml/read.ts';

/** One requirement as it is written: an item of a standard array, or a key of a table of `[tool.poetry]`. */
export interface Entry {
  readonly name: ProjectName;
  readonly group: GroupName;
  readonly path: TomlPath;
  /** A PEP 508 string, or what a Poetry table holds: a constraint, a table, a list of tables. */
  readonly written: unknown;
  readonly style: 'pep-508' | 'poetry';
  /** What it says; of a list of tables each. */
  readonly requirements: readonly Requirement[];
}

/** What two entries have in common that speak of the same wish: `[tool.poetry]` may add detail to a standard one. */
export function entryKey({ group, name }: Pick<Entry, 'group' | 'name'>): string {
  return `${group} ${name}`;
}

/** All requirements of a file in its order; `python` is none. */
export function entriesOf(toml: TomlTable): readonly Entry[] {
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const optional = tableAt(toml, 'project', 'optional-dependencies') ?? {};
  const standard = tableAt(toml, 'dependency-groups') ?? {};
  return [
    ...items(tableAt(toml, 'project')?.dependencies, ['project', 'dependencies'], MAIN_GROUP),
    ...Object.entries(optional).flatMap(([extra, list]) =>
      items(list, ['project', 'optional-dependencies', extra], MAIN_GROUP),
    ),
    ...Object.entries(standard).flatMap(([group, list]) => items(list, ['dependency-groups', group], groupName(group))),
    ...keys(asTable(poetry.dependencies), ['tool', 'poetry', 'dependencies'], MAIN_GROUP),
    ...keys(asTable(poetry['dev-dependencies']), ['tool', 'poetry', 'dev-dependencies'], groupName('dev')),
    ...Object.entries(asTable(poetry.group) ?? {}).flatMap(([group, table]) =>
      keys(asTable(asTable(table)?.dependencies), ['tool', 'poetry', 'group', group, 'dependencies'], groupName(group)),
    ),
  ];
}

/** The file with those requirements only whose key is in `kept`; everything else stays. */
export function withEntries(toml: TomlTable, kept: ReadonlySet<string>): TomlTable {
  const copy: TomlTable = structuredClone(toml);
  const dropped = entriesOf(toml).filter((entry) => !kept.has(entryKey(entry)));
  // From the end, so that the places of what is left stay as they are.
  for (const { path } of dropped.toReversed()) {
    const last = path.at(-1);
    const parent = path.slice(0, -1).reduce<unknown>((value, key) => asTable(value)?.[key], copy);
    if (Array.isArray(parent) && typeof last === 'number') parent.splice(last, 1);
    else if (typeof last === 'string') Reflect.deleteProperty(asTable(parent) ?? {}, last);
  }
  return copy;
}

function items(list: unknown, path: TomlPath, group: GroupName): readonly Entry[] {
  return asArray(list).flatMap((item, index): readonly Entry[] => {
    const written = asString(item);
    if (written === undefined) return [];
    const requirement = parseRequirement(written, { groups: [group] });
    const { name } = requirement;
    return [{ name, group, path: [...path, index], written, style: 'pep-508', requirements: [requirement] }];
  });
}

function keys(table: TomlTable | undefined, path: TomlPath, group: GroupName): readonly Entry[] {
  return Object.entries(table ?? {})
    .filter(([key]) => key.toLowerCase() !== 'python')
    .map(([key, written]): Entry => {
      const requirements = (Array.isArray(written) ? written : [written]).flatMap((one) => {
        const value = asString(one) ?? asTable(one);
        return value === undefined ? [] : requirementOrNone(key, value, group);
      });
      return { name: projectName(key), group, path: [...path, key], written, style: 'poetry', requirements };
    });
}

function requirementOrNone(key: string, value: string | TomlTable, group: GroupName): readonly Requirement[] {
  try {
    return [requirementFromTable(key, value, { groups: [group] })];
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}
