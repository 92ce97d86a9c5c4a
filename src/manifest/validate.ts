/** The checks that every command makes before it uses a `pyproject.toml`, with Poetry's words. */

import { groupName, projectName } from '../names/name.ts';
import { asArray, asString, asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';
import { schemaOffence } from './_schema.ts';
import { dependencyGroupsSchema, poetryCoreSchema, poetrySchema, projectSchema } from './_schemas.ts';
import { modernSource } from './_sources.ts';

/** What is wrong (the project cannot be used) and what is only advised against. */
export interface Findings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** What every command refuses, in Poetry's order. */
export function validateManifest(toml: TomlTable): Findings {
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const warnings: string[] = [];
  if ('dev-dependencies' in poetry) {
    warnings.push(
      'The "poetry.dev-dependencies" section is deprecated and will be removed in a future version.' +
        ' Use "poetry.group.dev.dependencies" instead.',
    );
  }
  const errors = [
    ...coreSchemaErrors(toml),
    ...missingErrors(toml, poetry),
    ...groupErrors(toml, poetry),
    ...poetrySchemaErrors(poetry),
    ...selfDependencyErrors(toml, poetry),
  ];
  return { errors, warnings };
}

function coreSchemaErrors(toml: TomlTable): string[] {
  const errors: (string | undefined)[] = [];
  if (toml.project !== undefined) errors.push(schemaOffence(projectSchema, toml.project, 'project'));
  const poetry = asTable(toml.tool)?.poetry ?? {};
  errors.push(toolPoetry(schemaOffence(poetryCoreSchema, poetry, 'data')));
  if (toml['dependency-groups'] !== undefined) {
    errors.push(schemaOffence(dependencyGroupsSchema, toml['dependency-groups'], 'dependency-groups'));
  }
  return errors.filter((error) => error !== undefined);
}

/** The schemas call the table `data`. */
function toolPoetry(error: string | undefined): string | undefined {
  return error?.replaceAll('data.', 'tool.poetry.');
}

function missingErrors(toml: TomlTable, poetry: TomlTable): string[] {
  if (poetry['package-mode'] === false) return [];
  return ['name', 'version']
    .filter((key) => isBlank(asTable(toml.project)?.[key]) && isBlank(poetry[key]))
    .map((key) => `Either [project.${key}] or [tool.poetry.${key}] is required in package mode.`);
}

/** Missing, or empty, as Python sees it. */
function isBlank(value: unknown): boolean {
  return !value || (typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0);
}

/** Groups that differ in spelling only, and groups that include each other in a circle. */
function groupErrors(toml: TomlTable, poetry: TomlTable): string[] {
  const spellings = new Map<string, Set<string>>();
  const includes = new Map<string, string[]>();
  const note = (written: string, included: readonly string[]) => {
    const name = groupName(written);
    spellings.set(name, (spellings.get(name) ?? new Set()).add(written));
    if (included.length > 0) includes.set(name, [...(includes.get(name) ?? []), ...included.map(groupName)]);
  };
  for (const [written, items] of Object.entries(asTable(toml['dependency-groups']) ?? {})) {
    note(
      written,
      asArray(items).flatMap((item) => asString(asTable(item)?.['include-group']) ?? []),
    );
  }
  for (const [written, group] of Object.entries(asTable(poetry.group) ?? {})) {
    note(written, asStrings(asTable(group)?.['include-groups']));
  }
  const errors: string[] = [];
  for (const [name, written] of spellings) {
    if (written.size < 2) continue;
    errors.push(`Duplicate dependency group name after normalization: ${name} (${[...written].sort().join(', ')})`);
  }
  for (const root of includes.keys()) errors.push(...cycleErrors(root, includes));
  return errors;
}

/** A hostile file can hold exponentially many paths: no more than this many are looked at for each group. */
const MOST_PATHS = 10_000;

function cycleErrors(root: string, includes: ReadonlyMap<string, readonly string[]>): string[] {
  const errors: string[] = [];
  const stack: (readonly string[])[] = [[root]];
  for (let looked = 0; looked < MOST_PATHS; looked++) {
    const path = stack.pop();
    if (path === undefined) break;
    for (const include of includes.get(path[path.length - 1] ?? root) ?? []) {
      const longer = [...path, include];
      if (path.includes(include)) {
        errors.push(`Cyclic dependency group include in ${root}: ${longer.slice(1).join(' -> ')}`);
      } else {
        stack.push(longer);
      }
    }
  }
  return errors;
}

/** Sources may be written as before Poetry 2 (`default`, `secondary`), which Poetry now refuses. */
function poetrySchemaErrors(poetry: TomlTable): string[] {
  const sources = poetry.source;
  const modern = Array.isArray(sources) ? { ...poetry, source: sources.map(modernSource) } : poetry;
  const offence = toolPoetry(schemaOffence(poetrySchema, modern, 'data'));
  const known = { ...poetryCoreSchema.properties, ...poetrySchema.properties };
  return [
    ...(offence === undefined ? [] : [offence]),
    ...Object.keys(poetry)
      .filter((key) => !Object.hasOwn(known, key))
      .map((key) => `Additional properties are not allowed ('${key}' was unexpected)`),
  ];
}

function selfDependencyErrors(toml: TomlTable, poetry: TomlTable): string[] {
  const name = asString(asTable(toml.project)?.name) || asString(poetry.name);
  if (name === undefined) return [];
  const tables = [
    poetry.dependencies,
    poetry['dev-dependencies'],
    ...Object.values(asTable(poetry.group) ?? {}).map((group) => asTable(group)?.dependencies),
  ];
  const named = tables.flatMap((table) => Object.keys(asTable(table) ?? {}));
  return named.some((dependency) => projectName(dependency) === projectName(name))
    ? [`Project name (${name}) is same as one of its dependencies`]
    : [];
}
