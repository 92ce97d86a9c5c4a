/**
 * Edits of `pyproject.toml`, text → text: requirements come and go where `poetry add` and `poetry remove` would put
 * and find them, everything else stays as it is.
 */

import { TercetError } from '../ground/error.ts';
import { type GroupName, groupName, MAIN_GROUP, type ProjectName, projectName } from '../names/name.ts';
import { formatRequirement, parseRequirement } from '../requirements/pep508.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import { addTable, type Laid, pushItem, replaceItem, setKey } from '../toml/edit.ts';
import { asArray, asTable, readToml, type TomlTable, tableAt } from '../toml/read.ts';
import { tomlValue } from '../toml/write.ts';
import { spelled, valueAt } from './_sections.ts';

export { type Removal, removeRequirements } from './_remove-requirements.ts';

/** A requirement to be written. */
export interface Addition {
  /** As it shall stand in the file. */
  readonly name: string;
  /** As in `[tool.poetry.dependencies]`; the keys are written in this order. A table of `version` alone becomes a text. */
  readonly wish: string | Readonly<Record<string, unknown>>;
}

/** Where requirements go. */
export interface AdditionTarget {
  /** Default: `main`. */
  readonly group?: string;
  /** The extra of `[project.optional-dependencies]`; main group only. Default: none. */
  readonly extra?: string;
  /** Absolute folder of the file: paths become `file:` addresses in standard sections. Default: they stay as written. */
  readonly base?: string;
}

/** Keys that a PEP 508 string cannot hold, and so go to `[tool.poetry]` as well. */
const BESIDE_PEP_508 = ['allow-prereleases', 'develop', 'source'];
const CONDITIONS = ['python', 'platform'];

/**
 * The text with the requirements in it; one of the same name is replaced where it stands. Throws `ParseError` for a wish that cannot be read.
 */
export function addRequirements(text: string, additions: readonly Addition[], target: AdditionTarget = {}): string {
  const places = placesOf(readToml(text, 'pyproject.toml'), target);
  const standard: { readonly index: number; readonly line: string }[] = [];
  const poetry: { readonly key: string; readonly wish: unknown }[] = [];
  for (const { name, wish: written } of additions) {
    const wish = simplified(written);
    const requirement = requirementFromTable(name, wish, { groups: [places.group] });
    if (places.standard === undefined) {
      poetry.push({ key: places.poetryKey(name), wish });
      continue;
    }
    const line = formatRequirement(requirement, target.base === undefined ? {} : { base: target.base });
    standard.push({ index: places.names.indexOf(projectName(name)), line });
    const beside = besideStandard(wish);
    if (beside !== undefined) poetry.push({ key: places.poetryKey(name), wish: beside });
  }
  const withStandard = (now: string) =>
    places.standard === undefined ? now : writeStandard(now, places.standard, standard);
  const withPoetry = (now: string) => writePoetry(now, places, poetry);
  return places.group === MAIN_GROUP ? withPoetry(withStandard(text)) : withStandard(withPoetry(text));
}

/** The names among `names` that the target section has already; an extra and a group count as their own sections. */
export function presentRequirements(text: string, names: readonly string[], target: AdditionTarget = {}): string[] {
  const places = placesOf(readToml(text, 'pyproject.toml'), target);
  return names.filter((name) => places.names.includes(projectName(name)) || places.poetryNames.has(projectName(name)));
}

/** True where an extra cannot be filled, because the project does not use `[project]` for its dependencies. */
export function isLegacyMain(text: string): boolean {
  return placesOf(readToml(text, 'pyproject.toml'), {}).standard === undefined;
}

// --- where to write --------------------------------------------------------------------------------------------------

interface StandardSection {
  readonly path: readonly string[];
  readonly exists: boolean;
  /** How a new array is laid out. */
  readonly multiline: boolean;
}

interface Places {
  readonly group: GroupName;
  /** Undefined: everything goes to `[tool.poetry]`. */
  readonly standard: StandardSection | undefined;
  /** The projects of the standard section's items, '' for what is no requirement. */
  readonly names: readonly (ProjectName | '')[];
  readonly poetryPath: readonly string[];
  readonly poetryNames: ReadonlySet<ProjectName>;
  /** The key that the table of `[tool.poetry]` has for a name. */
  readonly poetryKey: (name: string) => string;
}

function placesOf(toml: TomlTable, { group: written = MAIN_GROUP, extra }: AdditionTarget): Places {
  const group = groupName(written);
  if (extra !== undefined && group !== MAIN_GROUP) {
    throw new TercetError('usage', 'You can only add optional dependencies to the main group');
  }
  const project = asTable(toml.project) ?? {};
  const poetry = tableAt(toml, 'tool', 'poetry') ?? {};
  const groupKey = spelled(asTable(poetry.group), written, groupName);
  const poetryPath = ['tool', 'poetry', ...(group === MAIN_GROUP ? [] : ['group', groupKey]), 'dependencies'];
  const table = tableAt(toml, ...poetryPath) ?? {};
  const old = group === groupName('dev') ? asTable(poetry['dev-dependencies']) : undefined;
  const isOfPoetry = Object.keys(table).length > 0 || Object.keys(old ?? {}).length > 0;
  const standard = group === MAIN_GROUP ? mainSection(project, extra) : groupSection(toml, poetry, written, isOfPoetry);
  const items = standard === undefined ? [] : asArray(valueAt(toml, standard.path));
  return {
    group,
    standard,
    names: items.map((item) => (typeof item === 'string' ? parseRequirement(item).name : '')),
    poetryPath,
    poetryNames: new Set(Object.keys(table).map(projectName)),
    poetryKey: (name) => spelled(table, name, projectName),
  };
}

/** `[project]`, if it has dependencies or extras at all. */
function mainSection(project: TomlTable, extra: string | undefined): StandardSection | undefined {
  const optional = asTable(project['optional-dependencies']);
  if (project.dependencies === undefined && optional === undefined) return undefined;
  if (extra === undefined) {
    return { path: ['project', 'dependencies'], exists: project.dependencies !== undefined, multiline: false };
  }
  const key = spelled(optional, extra, groupName);
  return {
    path: ['project', 'optional-dependencies', key],
    exists: optional !== undefined && Object.hasOwn(optional, key),
    multiline: false,
  };
}

/**
 * `[dependency-groups]`, unless the project has groups of `[tool.poetry]` only, or this group has its requirements there:
 * an entry in `[dependency-groups]` would take their place.
 */
function groupSection(
  toml: TomlTable,
  poetry: TomlTable,
  written: string,
  isOfPoetry: boolean,
): StandardSection | undefined {
  const groups = asTable(toml['dependency-groups']) ?? {};
  if (Object.keys(groups).length === 0 && poetry.group !== undefined) return undefined;
  const key = spelled(groups, written, groupName);
  if (!Object.hasOwn(groups, key) && isOfPoetry) return undefined;
  return { path: ['dependency-groups', key], exists: Object.hasOwn(groups, key), multiline: true };
}

// --- what to write ---------------------------------------------------------------------------------------------------

function simplified(wish: Addition['wish']): Addition['wish'] {
  return typeof wish === 'object' && Object.keys(wish).length === 1 && typeof wish.version === 'string'
    ? wish.version
    : wish;
}

/** The companion entry of a standard requirement; the conditions are repeated so that it is clear what it belongs to. */
function besideStandard(wish: Addition['wish']): Readonly<Record<string, unknown>> | undefined {
  if (typeof wish === 'string') return undefined;
  const keys = BESIDE_PEP_508.filter((key) => wish[key]);
  if (keys.length === 0) return undefined;
  return Object.fromEntries([...keys, ...CONDITIONS.filter((key) => wish[key])].map((key) => [key, wish[key]]));
}

function writeStandard(
  text: string,
  section: StandardSection,
  lines: readonly { readonly index: number; readonly line: string }[],
): string {
  const replaced = lines.filter(({ index }) => index >= 0);
  const added = lines.filter(({ index }) => index < 0).map(({ line }) => line);
  const now = replaced.reduce((edited, { index, line }) => replaceItem(edited, section.path, index, line), text);
  if (section.exists) return added.reduce((edited, line) => pushItem(edited, section.path, line), now);
  if (added.length === 0) return now;
  return withNewKey(
    now,
    section.path,
    section.multiline ? multilineArray(added) : { value: added, text: tomlValue(added) },
  );
}

function multilineArray(lines: readonly string[]): Laid {
  return { value: lines, text: `[\n${lines.map((line) => `    ${tomlValue(line)}`).join(',\n')}\n]` };
}

/** Sets a key, making its table with a header of its own. */
function withNewKey(text: string, path: readonly string[], laid: Laid): string {
  const parent = path.slice(0, -1);
  if (tableAt(readToml(text, 'pyproject.toml'), ...parent) !== undefined) return setKey(text, path, laid);
  return addTable(text, parent, { [path.at(-1) ?? '']: laid });
}

function writePoetry(
  text: string,
  places: Places,
  entries: readonly { readonly key: string; readonly wish: unknown }[],
): string {
  if (entries.length === 0) return text;
  const toml = readToml(text, 'pyproject.toml');
  if (tableAt(toml, ...places.poetryPath) !== undefined) {
    return entries.reduce((edited, { key, wish }) => setKey(edited, [...places.poetryPath, key], wish), text);
  }
  const isNewGroup = places.group !== MAIN_GROUP && tableAt(toml, ...places.poetryPath.slice(0, -1)) === undefined;
  const table = Object.fromEntries(entries.map(({ key, wish }) => [key, wish]));
  return addTable(text, places.poetryPath, table, { blankAfter: isNewGroup });
}

// --- version -----------------------------------------------------------------------------------------------------------

/** The text with another version, in `[project]` and `[tool.poetry]`, wherever there is one. */
export function setVersion(text: string, version: string): string {
  const toml = readToml(text, 'pyproject.toml');
  return [['project'], ['tool', 'poetry']]
    .filter((path) => tableAt(toml, ...path)?.version !== undefined)
    .reduce((edited, path) => setKey(edited, [...path, 'version'], version), text);
}
