/**
 * `pyproject.toml` → Manifest. `[project]` (PEP 621) and `[dependency-groups]` (PEP 735) come first, `[tool.poetry]`
 * fills in and adds detail; a project may also be written in `[tool.poetry]` alone, as in 2019.
 */

import { ParseError } from '../ground/error.ts';
import { type ExtraName, extraName, MAIN_GROUP, projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { asArray, asString, asStrings, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import { parseConstraint, parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { parseVersion, tryParseVersion } from '../versions/version.ts';
import { allows, allowsAll, formatRange, type VersionRange } from '../versions/version-range.ts';
import { readEntryPoints, readScripts } from './_entry-points.ts';
import { addGroups, addPoetryTable, draftOf, type GroupDraft, type GroupDrafts, lockingGroups } from './_groups.ts';
import { readSources } from './_sources.ts';
import type { Manifest, PackageInclude } from './manifest.ts';
import { ManifestError } from './manifest-error.ts';
import { validateManifest } from './validate.ts';

/** The Poetry whose behaviour `requires-poetry` is compared with. */
const POETRY_VERSION = '2.5.1';
/** What a project without any Python range is taken to support. */
const ANY_PYTHON = '~2.7 || >=3.4';

/**
 * Reads and checks a `pyproject.toml`.
 *
 * @throws ParseError with the place, where the text is no TOML
 * @throws ManifestError in Poetry's words, where it is no valid project
 */
export function readManifest(text: string): Manifest {
  return manifestOf(readToml(text, 'pyproject.toml'));
}

/** The same for a text that is parsed already. @throws ManifestError */
export function manifestOf(toml: TomlTable): Manifest {
  try {
    return readChecked(toml);
  } catch (error) {
    if (error instanceof ParseError) throw new ManifestError(pointedAt(error), { cause: error });
    throw error;
  }
}

/** The message, with a mark under the place where it ends with the text it speaks of. */
function pointedAt({ message, source, span }: ParseError): string {
  const isShown = span !== undefined && !source.includes('\n') && message.endsWith(`\n${source}`);
  return isShown ? `${message}\n${' '.repeat(span.start)}^\n` : message;
}

function readChecked(toml: TomlTable): Manifest {
  const project = asTable(toml.project) ?? {};
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  checkPoetryVersion(asString(poetry['requires-poetry']));
  const { errors } = validateManifest(toml);
  if (errors.length > 0) {
    const list = errors.map((error) => `  - ${error}\n`).join('');
    throw new ManifestError(`The Poetry configuration is invalid:\n${list}`, { detail: { errors } });
  }
  const prettyName = asString(project.name) || asString(poetry.name) || undefined;
  const version = readVersion(asString(project.version) || asString(poetry.version) || undefined, prettyName);
  checkLicense(project);
  const outerPython = parseMarkerConstraint(asString(project['requires-python']) ?? '*');
  const entryPoints = readEntryPoints(project, poetry);
  const { groups, extras, python } = readDependencies(toml, project, poetry, outerPython);
  const packages = asArray(poetry.packages).map(readPackageInclude);
  const name = prettyName === undefined ? undefined : projectName(prettyName);
  return {
    prettyName,
    name,
    version,
    description: asString(project.description) || asString(poetry.description) || '',
    packageMode: poetry['package-mode'] !== false,
    ...python,
    groups: lockingGroups(groups, name, extras),
    extras,
    sources: readSources(poetry.source),
    poetryScripts: readScripts(poetry.scripts),
    entryPoints,
    packages: packages.length === 0 ? undefined : packages,
    buildSystem: readBuildSystem(toml['build-system']),
    toml,
  };
}

function checkPoetryVersion(required: string | undefined): void {
  if (!required) return;
  const range = parseConstraint(required);
  if (allows(range, parseVersion(POETRY_VERSION))) return;
  throw new ManifestError(
    `This project requires Poetry ${formatRange(range)}, but you are using Poetry ${POETRY_VERSION}`,
  );
}

function readVersion(written: string | undefined, name = 'non-package-mode'): string | undefined {
  if (written === undefined) return undefined;
  const version = tryParseVersion(written);
  if (version === undefined) throw new ManifestError(`Invalid version '${written}' on package ${projectName(name)}`);
  return version.text;
}

/** PEP 639: a licence table excludes licence files, and these are globs with forward slashes that stay in the project. */
function checkLicense(project: TomlTable): void {
  if (project['license-files'] === undefined) return;
  if (asTable(project.license) !== undefined) {
    throw new ManifestError('[project.license] must be of type string if [project.license-files] is defined.');
  }
  for (const glob of asStrings(project['license-files'])) {
    const invalid = `Invalid entry in [project.license-files]: '${glob}'`;
    if (glob.includes('\\')) throw new ManifestError(`${invalid} (Path delimiters must be forward slashes.)`);
    if (glob.split('/').includes('..')) throw new ManifestError(`${invalid} ('..' must not be used.)`);
  }
}

// --- dependencies and Python -----------------------------------------------------------------------------------------

type Extras = ReadonlyMap<ExtraName, readonly Requirement[]>;

interface Dependencies {
  readonly groups: GroupDrafts;
  readonly extras: Extras;
  readonly python: Pick<Manifest, 'pythonVersions' | 'python' | 'requiresPython'>;
}

function readDependencies(
  toml: TomlTable,
  project: TomlTable,
  poetry: TomlTable,
  outerPython: VersionRange,
): Dependencies {
  const groups: GroupDrafts = new Map();
  const standardExtras = addProject(groups, project);
  const requiresPython = asString(project['requires-python']);
  let pythonVersions = requiresPython ?? '*';
  const table = asTable(poetry.dependencies);
  if (table !== undefined) {
    addPoetryTable(draftOf(groups, MAIN_GROUP), table, (written) => {
      checkNarrower(written, requiresPython, outerPython);
      pythonVersions = written;
    });
  }
  addGroups(groups, asTable(toml['dependency-groups']) ?? {}, asTable(poetry.group) ?? {});
  const dev = asTable(poetry['dev-dependencies']);
  if (dev !== undefined) addPoetryTable(draftOf(groups, 'dev'), dev);
  const main = groups.get(MAIN_GROUP);
  const isStandard = main !== undefined && main.standard.length > 0;
  const usesPoetryExtras = !isStandard && Object.keys(asTable(project['optional-dependencies']) ?? {}).length === 0;
  return {
    groups,
    extras: usesPoetryExtras ? fillPoetryExtras(main, asTable(poetry.extras) ?? {}) : standardExtras,
    python: {
      pythonVersions,
      python: parseMarkerConstraint(pythonVersions === '*' ? ANY_PYTHON : pythonVersions),
      requiresPython,
    },
  };
}

/** `[project]`'s dependencies, then its extras', into the main group. */
function addProject(groups: GroupDrafts, project: TomlTable): Extras {
  const extras = new Map<ExtraName, Requirement[]>();
  const optional = asTable(project['optional-dependencies']) ?? {};
  if (project.dependencies === undefined && Object.keys(optional).length === 0) return extras;
  const dynamic = asStrings(project.dynamic);
  const mixedDynamic = dynamic.includes('dependencies') || dynamic.includes('optional-dependencies');
  const main = draftOf(groups, MAIN_GROUP, { mixedDynamic });
  for (const text of asStrings(project.dependencies)) main.standard.push(parseRequirement(text));
  for (const [written, texts] of Object.entries(optional)) {
    const extra = extraName(written);
    const requirements = asStrings(texts).map((text) => ({
      ...parseRequirement(text),
      optional: true,
      inExtras: [extra],
    }));
    extras.set(extra, requirements);
    main.standard.push(...requirements);
  }
  return extras;
}

/** `[tool.poetry.extras]`: each names dependencies of the main group, which thereby belong to it. */
function fillPoetryExtras(main: GroupDraft | undefined, written: TomlTable): Extras {
  const members = new Map<ExtraName, number[]>();
  for (const [name, projects] of Object.entries(written)) {
    const extra = extraName(name);
    const indexes: number[] = [];
    members.set(extra, indexes);
    for (const project of asStrings(projects)) {
      main?.poetry.forEach(({ requirement, develop }, index) => {
        if (requirement.name !== projectName(project)) return;
        const inExtras = [...requirement.inExtras, extra];
        main.poetry[index] = { requirement: { ...requirement, inExtras }, develop };
        indexes.push(index);
      });
    }
  }
  const extras = new Map<ExtraName, readonly Requirement[]>();
  for (const [extra, indexes] of members) {
    extras.set(
      extra,
      indexes.flatMap((index) => main?.poetry[index]?.requirement ?? []),
    );
  }
  return extras;
}

/**
 * Each `python` of `[tool.poetry.dependencies]` narrows `requires-python`, and must be a subset of it; the last one counts.
 *
 * @param outer `requires-python` parsed, any where there is none
 */
function checkNarrower(written: string, requiresPython: string | undefined, outer: VersionRange): void {
  const isWider = written === '*' && requiresPython !== undefined && requiresPython !== '*';
  if (!isWider && allowsAll(outer, parseMarkerConstraint(written))) return;
  throw new ManifestError(
    `The Python constraint in [tool.poetry.dependencies] "${written}" is not a subset of "requires-python"` +
      ` in [project] "${requiresPython ?? '*'}"`,
  );
}

// --- the rest ----------------------------------------------------------------------------------------------------------

function readPackageInclude(written: unknown): PackageInclude {
  const table = asTable(written) ?? {};
  const from = asString(table.from);
  const to = asString(table.to);
  const format = asString(table.format) === undefined ? asStrings(table.format) : [table.format];
  const formats = (['sdist', 'wheel'] as const).filter((each) => table.format === undefined || format.includes(each));
  return {
    include: asString(table.include) ?? '',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    formats,
  };
}

function readBuildSystem(written: unknown): Manifest['buildSystem'] {
  const table = asTable(written);
  if (table === undefined) return undefined;
  return { requires: asStrings(table.requires), backend: asString(table['build-backend']) };
}
