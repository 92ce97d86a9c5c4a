/** Warnings about what stands in `[tool.poetry]` though `[project]` (PEP 621) has a place for it. */

import { asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';

/** Field of `[tool.poetry]` → field of `[project]`; the second column says whether it is deprecated unless dynamic. */
const FIELDS: readonly (readonly [string, boolean, string])[] = [
  ['name', true, 'name'],
  ['version', false, 'version'],
  ['description', true, 'description'],
  ['readme', false, 'readme'],
  ['license', true, 'license'],
  ['authors', true, 'authors'],
  ['maintainers', true, 'maintainers'],
  ['keywords', true, 'keywords'],
  ['classifiers', false, 'classifiers'],
  ['homepage', true, 'urls'],
  ['repository', true, 'urls'],
  ['documentation', true, 'urls'],
  ['urls', true, 'urls'],
  ['plugins', true, 'entry-points'],
  ['extras', true, 'optional-dependencies'],
];

/** Why one may want these in `[tool.poetry]` all the same. */
const ADVICE: Readonly<Record<string, string>> = {
  version:
    'If you want to set the version dynamically via `poetry build --local-version` or you are using a plugin, which sets' +
    " the version dynamically, you should define the version in [tool.poetry] and add 'version' to [project.dynamic].",
  readme:
    "If you want to define multiple readmes, you should define them in [tool.poetry] and add 'readme' to [project.dynamic].",
  classifiers:
    'ATTENTION: Per default Poetry determines classifiers for supported Python versions and license automatically. If you' +
    ' define classifiers in [project], you disable the automatic enrichment. In other words, you have to define all' +
    " classifiers manually. If you want to use Poetry's automatic enrichment of classifiers, you should define them in" +
    " [tool.poetry] and add 'classifiers' to [project.dynamic].",
};

/** In the order in which Poetry says them. */
export function legacyWarnings(toml: TomlTable): string[] {
  const project = asTable(toml.project) ?? {};
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const dynamic = new Set(asStrings(project.dynamic));
  return [
    ...FIELDS.flatMap((field) => fieldWarning(field, project, poetry, dynamic)),
    ...scriptWarnings(project, poetry),
    ...(toml.project === undefined ? [] : dependencyWarnings(project, poetry, dynamic)),
  ];
}

function fieldWarning(
  [name, deprecated, standard]: (typeof FIELDS)[number],
  project: TomlTable,
  poetry: TomlTable,
  dynamic: ReadonlySet<string>,
): string[] {
  if (!Object.hasOwn(poetry, name)) return [];
  const advice = ADVICE[name] === undefined ? '' : `\n${ADVICE[name]}`;
  if (Object.hasOwn(project, standard)) {
    return [`[project.${standard}] and [tool.poetry.${name}] are both set. The latter will be ignored.${advice}`];
  }
  if (deprecated) return [`[tool.poetry.${name}] is deprecated. Use [project.${standard}] instead.${advice}`];
  if (dynamic.has(standard)) return [];
  return [
    `[tool.poetry.${name}] is set but '${standard}' is not in [project.dynamic]. If it is static use` +
      ` [project.${standard}]. If it is dynamic, add '${standard}' to [project.dynamic].${advice}`,
  ];
}

/** Scripts of type `file` have no place in `[project]`. */
function scriptWarnings(project: TomlTable, poetry: TomlTable): string[] {
  const isConsole = (script: unknown) => asTable(script)?.type !== 'file';
  if (!Object.values(asTable(poetry.scripts) ?? {}).some(isConsole)) return [];
  return [
    Object.hasOwn(project, 'scripts')
      ? '[project.scripts] is set and there are console scripts in [tool.poetry.scripts]. The latter will be ignored.'
      : 'Defining console scripts in [tool.poetry.scripts] is deprecated. Use [project.scripts] instead.' +
        " ([tool.poetry.scripts] should only be used for scripts of type 'file').",
  ];
}

function dependencyWarnings(project: TomlTable, poetry: TomlTable, dynamic: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  const isMissing = (key: string) => !Object.hasOwn(project, key) && !dynamic.has(key);
  if (Object.hasOwn(poetry, 'dependencies') && isMissing('dependencies')) {
    warnings.push(
      "[tool.poetry.dependencies] is set but [project.dependencies] is not and 'dependencies' is not in [project.dynamic]." +
        ' You should either migrate [tool.poetry.dependencies] to [project.dependencies] (if you do not need' +
        ' Poetry-specific features) or add [project.dependencies] in addition to [tool.poetry.dependencies] or add' +
        " 'dependencies' to [project.dynamic].",
    );
  }
  if (Object.hasOwn(asTable(poetry.dependencies) ?? {}, 'python') && isMissing('requires-python')) {
    warnings.push(
      '[tool.poetry.dependencies.python] is set but [project.requires-python] is not set and' +
        " 'requires-python' is not in [project.dynamic].",
    );
  }
  return warnings;
}
