/** What `poetry check` says about a project, in Poetry's words: errors first, then what is advised against. */

import { listRepr, textRepr } from '../ground/python-repr.ts';
import { extraName, projectName } from '../names/name.ts';
import { asArray, asString, asStrings, asTable, type TomlTable, tableAt } from '../toml/read.ts';
import { classifiers, deprecatedClassifiers } from './_classifiers.ts';
import { legacyWarnings } from './_legacy-warnings.ts';
import { licenseExpression } from './license-expression.ts';
import type { Source } from './manifest.ts';
import { type Findings, validateManifest } from './validate.ts';

/** What the check needs to know beside the file. */
export interface CheckFacts {
  /** Whether a path relative to the project is there. */
  readonly exists: (path: string) => boolean;
  /** The project's sources, PyPI among them where it is implied. */
  readonly sources: readonly Source[];
  /** `undefined`: there is no lock. */
  readonly lock: 'fresh' | 'stale' | undefined;
  /** A missing lock is an error. Default: false */
  readonly requireLock?: boolean;
}

const LICENSE_CLASSIFIERS = 'License classifiers are deprecated. Use [project.license] instead.';

/** Everything there is to say about a project. @param toml the whole file as plain values */
export function checkManifest(toml: TomlTable, facts: CheckFacts): Findings {
  const valid = validateManifest(toml);
  const project = asTable(toml.project) ?? {};
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const classified = checkClassifiers(project, poetry);
  const strict = checkPoetry(poetry);
  return {
    errors: [
      ...valid.errors,
      ...strict.errors,
      ...classified.errors,
      ...readmeErrors(project, poetry, facts.exists),
      ...sourceErrors(poetry, facts.sources),
      ...lockErrors(facts),
    ],
    warnings: [
      ...valid.warnings,
      ...projectWarnings(project),
      ...legacyWarnings(toml),
      ...strict.warnings,
      ...classified.warnings,
    ],
  };
}

function projectWarnings(project: TomlTable): string[] {
  const warnings: string[] = [];
  if (typeof project.license === 'string') {
    if (licenseExpression(project.license) === undefined) {
      warnings.push(
        '[project.license] is not a valid SPDX expression. This is deprecated and will raise an error in the future.',
      );
    }
  } else if (project.license !== undefined) {
    warnings.push(
      'Defining [project.license] as a table is deprecated. [project.license] should be a valid SPDX license expression.' +
        ' License files can be referenced in [project.license-files].',
    );
  }
  return [...warnings, ...licenseClassifiers(project)];
}

function licenseClassifiers(table: TomlTable): string[] {
  return asStrings(table.classifiers).flatMap((each) => (each.startsWith('License :: ') ? [LICENSE_CLASSIFIERS] : []));
}

function checkPoetry(poetry: TomlTable): Findings {
  const warnings = licenseClassifiers(poetry);
  const errors: string[] = [];
  const dependencies = asTable(poetry.dependencies) ?? {};
  if (dependencies.python === '*') {
    warnings.push('A wildcard Python dependency is ambiguous. Consider specifying a more explicit one.');
  }
  for (const [name, wish] of Object.entries(dependencies)) {
    if (asTable(wish)?.['allows-prereleases'] === undefined) continue;
    warnings.push(
      `The "${name}" dependency specifies the "allows-prereleases" property, which is deprecated.` +
        ' Use "allow-prereleases" instead.',
    );
  }
  const extras = asTable(poetry.extras) ?? {};
  const named = new Set(Object.keys(dependencies).map(projectName));
  for (const [extra, projects] of Object.entries(extras)) {
    for (const project of asStrings(projects)) {
      if (named.has(projectName(project))) continue;
      errors.push(`Cannot find dependency "${project}" for extra "${extraName(extra)}" in main dependencies.`);
    }
  }
  for (const [name, script] of Object.entries(asTable(poetry.scripts) ?? {})) {
    const wanted = asStrings(asTable(script)?.extras);
    if (wanted.length > 0) {
      warnings.push(
        `The script "${name}" depends on an extra. Scripts depending on extras are deprecated and support for them will` +
          ' be removed in a future version of poetry/poetry-core. See' +
          ' https://packaging.python.org/en/latest/specifications/entry-points/#data-model for details.',
      );
    }
    for (const extra of wanted) {
      if (Object.hasOwn(extras, extra)) continue;
      errors.push(`The script "${name}" requires extra "${extra}" which is not defined.`);
    }
  }
  const types = new Set(asStrings(poetry.readme).map(readmeType));
  if (types.size > 1) errors.push(`Declared README files must be of same type: found ${[...types].sort().join(', ')}`);
  return { errors, warnings };
}

function readmeType(path: string): string {
  if (path.endsWith('.rst')) return 'text/x-rst';
  return /\.(?:md|markdown)$/.test(path) ? 'text/markdown' : 'text/plain';
}

function checkClassifiers(project: TomlTable, poetry: TomlTable): Findings {
  const standard = asStrings(project.classifiers);
  const given = [...new Set(standard.length > 0 ? standard : asStrings(poetry.classifiers))].sort();
  const unknown = given.filter(
    (each) => !classifiers.has(each) && !deprecatedClassifiers.has(each) && !each.startsWith('Private ::'),
  );
  const warnings = given.flatMap((each) => {
    const successors = deprecatedClassifiers.get(each);
    if (successors === undefined) return [];
    const advice = successors.length > 0 ? `Must be replaced by ${listRepr(successors)}.` : 'Must be removed.';
    return [`Deprecated classifier ${textRepr(each)}. ${advice}`];
  });
  return { errors: unknown.length > 0 ? [`Unrecognized classifiers: ${listRepr(unknown)}.`] : [], warnings };
}

function readmeErrors(project: TomlTable, poetry: TomlTable, exists: CheckFacts['exists']): string[] {
  const standard = asString(project.readme) ?? asString(asTable(project.readme)?.file);
  const legacy = asString(poetry.readme);
  const named = [
    ...(legacy === undefined ? asStrings(poetry.readme) : [legacy]),
    ...(standard === undefined ? [] : [standard]),
  ];
  return named.flatMap((path) => {
    if (path === '') return ['Declared README file is an empty string.'];
    return exists(path) ? [] : [`Declared README file does not exist: ${path}`];
  });
}

/** Sources that dependencies of `[tool.poetry]` name, but the project does not have. */
function sourceErrors(poetry: TomlTable, sources: readonly Source[]): string[] {
  const known = new Set(sources.map(({ name }) => name));
  const tables = [
    poetry.dependencies,
    ...Object.values(asTable(poetry.group) ?? {}).map((group) => asTable(group)?.dependencies),
  ];
  const named = tables.flatMap((table) =>
    Object.values(asTable(table) ?? {}).flatMap((wish) =>
      (Array.isArray(wish) ? asArray(wish) : [wish]).flatMap((each) => asString(asTable(each)?.source) ?? []),
    ),
  );
  return [...new Set(named)]
    .filter((name) => !known.has(name))
    .sort()
    .map((name) => `Invalid source "${name}" referenced in dependencies.`);
}

function lockErrors({ lock, requireLock = false }: CheckFacts): string[] {
  if (lock === undefined) return requireLock ? ['poetry.lock was not found.'] : [];
  if (lock === 'fresh') return [];
  return [
    'pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.',
  ];
}
