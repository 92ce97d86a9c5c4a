/** Takes requirements out of a `pyproject.toml`, as `poetry remove` does. */

import { TercetError } from '../ground/error.ts';
import { type GroupName, groupName, MAIN_GROUP, type ProjectName, projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import { removeItem, removeKey } from '../toml/edit.ts';
import { asArray, asString, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import { spelled, valueAt } from './_sections.ts';

export interface Removal {
  readonly text: string;
  /** The names, as they were given, that were found. */
  readonly removed: readonly string[];
}

/**
 * The text without the requirements. A group that is empty then is dropped, with every include of it.
 *
 * @param group only there. Default: everywhere
 * @throws TercetError `not-found` where a name is nowhere
 */
export function removeRequirements(text: string, names: readonly string[], group?: string): Removal {
  const edit = removing(text, names);
  if (group === undefined) edit.everywhere();
  else edit.from(group);
  const { left, removed } = edit.result();
  const missing = names.filter((name) => !removed.has(name));
  if (missing.length > 0) {
    throw new TercetError(
      'not-found',
      `The following packages were not found: ${[...new Set(missing)].sort().join(', ')}`,
    );
  }
  return { text: left, removed: [...new Set(names)] };
}

/** Takes requirements out of a text, section by section. */
function removing(text: string, names: readonly string[]) {
  let left = text;
  const removed = new Set<string>();
  return { everywhere, from, result: () => ({ left, removed }) };

  function everywhere(): void {
    fromArray(['project', 'dependencies']);
    fromTable(['tool', 'poetry', 'dependencies']);
    const standard = Object.keys(table('dependency-groups') ?? {});
    const poetry = Object.keys(table('tool', 'poetry', 'group') ?? {});
    for (const group of new Set([...standard, ...poetry.filter((name) => name !== MAIN_GROUP)]))
      fromGroup(group, group);
    fromDevDependencies();
    dropEmptyTables();
  }

  function from(group: string): void {
    if (groupName(group) === MAIN_GROUP) {
      fromArray(['project', 'dependencies']);
      fromTable(['tool', 'poetry', 'dependencies']);
      return;
    }
    if (groupName(group) === 'dev' && table('tool', 'poetry', 'dev-dependencies') !== undefined) {
      fromDevDependencies();
    }
    const standard = spelled(table('dependency-groups'), group, groupName);
    fromGroup(standard, spelled(table('tool', 'poetry', 'group'), group, groupName));
    dropEmptyTables();
  }

  function fromDevDependencies(): void {
    const path = ['tool', 'poetry', 'dev-dependencies'];
    const wasEmpty = isEmpty(table(...path));
    fromTable(path);
    if (!wasEmpty && isEmpty(table(...path))) left = removeKey(left, path);
  }

  /** The group under its standard name and under the one that `[tool.poetry]` spells. */
  function fromGroup(standard: string, poetry: string): void {
    const standardPath = ['dependency-groups', standard];
    const poetryPath = ['tool', 'poetry', 'group', poetry];
    const dependencies = [...poetryPath, 'dependencies'];
    const hadDependencies = table(...dependencies) !== undefined;
    fromArray(standardPath);
    fromTable(dependencies);
    // A table of dotted keys is gone with the last of them.
    if (hadDependencies && isEmpty(table(...dependencies) ?? {})) {
      left = removeKey(left, dependencies);
      if (isEmpty(table(...poetryPath) ?? {})) left = removeKey(left, poetryPath);
    }
    if (Array.isArray(value(standardPath)) && asArray(value(standardPath)).length === 0) {
      left = removeKey(left, standardPath);
    }
    const isGone = value(standardPath) === undefined && table(...poetryPath) === undefined;
    if (isGone) dropIncludes(groupName(standard));
  }

  function fromArray(path: readonly string[]): void {
    const items = asArray(value(path));
    for (const [index, item] of [...items.entries()].reverse()) {
      if (typeof item === 'string' && matches(parseRequirement(item).name)) {
        left = removeItem(left, path, index);
      }
    }
  }

  function fromTable(path: readonly string[]): void {
    for (const key of Object.keys(table(...path) ?? {})) {
      if (matches(projectName(key))) left = removeKey(left, [...path, key]);
    }
  }

  function matches(project: ProjectName): boolean {
    const found = names.filter((name) => projectName(name) === project);
    for (const name of found) removed.add(name);
    return found.length > 0;
  }

  /** Takes a group that is gone out of the groups that include it; those that hold nothing else go as well. */
  function dropIncludes(group: GroupName): void {
    for (const [name, items] of Object.entries(table('dependency-groups') ?? {})) {
      const path = ['dependency-groups', name];
      const included = asArray(items).map((item) => asString(asTable(item)?.['include-group']));
      const indexes = included.flatMap((each, index) =>
        each !== undefined && groupName(each) === group ? [index] : [],
      );
      for (const index of indexes.reverse()) left = removeItem(left, path, index);
      if (indexes.length > 0 && asArray(value(path)).length === 0) left = removeKey(left, path);
    }
    for (const name of Object.keys(table('tool', 'poetry', 'group') ?? {})) {
      const path = ['tool', 'poetry', 'group', name, 'include-groups'];
      const included = asArray(value(path));
      const indexes = included.flatMap((each, index) =>
        typeof each === 'string' && groupName(each) === group ? [index] : [],
      );
      for (const index of indexes.reverse()) left = removeItem(left, path, index);
      if (indexes.length === 0 || asArray(value(path)).length > 0) continue;
      left = removeKey(left, path);
      if (isEmpty(table('tool', 'poetry', 'group', name) ?? {})) left = removeKey(left, path.slice(0, -1));
    }
  }

  function dropEmptyTables(): void {
    for (const path of [['tool', 'poetry', 'group'], ['dependency-groups']]) {
      if (isEmpty(table(...path))) left = removeKey(left, path);
    }
  }

  function table(...path: readonly string[]): TomlTable | undefined {
    return tableAt(readToml(left, 'pyproject.toml'), ...path);
  }

  function value(path: readonly string[]): unknown {
    return valueAt(readToml(left, 'pyproject.toml'), path);
  }
}

function isEmpty(table: TomlTable | undefined): boolean {
  return table !== undefined && Object.keys(table).length === 0;
}
