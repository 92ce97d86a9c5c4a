/** `[tool.poetry.build-constraints]`: what the build requirements of one package may be. */

import { projectName } from '../names/name.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { asTable, tableAt } from '../toml/read.ts';
import type { Context } from './context.ts';

/** The limits that the project at hand sets for builds of `project`; none outside of projects. */
export async function buildConstraints(context: Context, project: string): Promise<readonly Requirement[]> {
  if (context.projectDirectory() === undefined) return [];
  const { manifest } = await context.project();
  const written = tableAt(manifest.toml, 'tool', 'poetry', 'build-constraints') ?? {};
  const own = Object.entries(written).find(([name]) => projectName(name) === projectName(project));
  return Object.entries(asTable(own?.[1]) ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => {
      if (typeof one === 'string') return [requirementFromTable(name, one)];
      const table = asTable(one);
      return table === undefined ? [] : [requirementFromTable(name, table)];
    }),
  );
}
