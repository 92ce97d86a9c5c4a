/** The `pyproject.toml` that `new` and `init` write, byte for byte as Poetry 2.5.1 writes it. */

import { TercetError } from '../ground/error.ts';
import { moduleName, projectName } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { requirementFromTable } from '../requirements/poetry-table.ts';
import { asTable, readToml } from '../toml/read.ts';
import { tomlString, tomlValue } from '../toml/write.ts';
import type { Addition } from './edit.ts';

/** What a new project says of itself. */
export interface NewProject {
  /** As given; dots make a namespace package of it: `acme.tool`. */
  readonly name: string;
  /** Default: `0.1.0`. */
  readonly version?: string;
  readonly description?: string;
  /** `Name <mail>` or a name alone. Default: a placeholder. */
  readonly author?: string;
  readonly license?: string;
  /** The name of the readme file, if there is one. */
  readonly readme?: string;
  readonly requiresPython?: string;
  readonly dependencies?: readonly Addition[];
  /** Go to the group `dev`. */
  readonly devDependencies?: readonly Addition[];
  /** `src`: the package is in `src/`; `flat`: beside the file. */
  readonly layout: 'src' | 'flat';
  /** Absolute folder that relative paths of dependencies start from: they become `file:` addresses. Default: they stay as written. */
  readonly base?: string;
}

const PLACEHOLDER_AUTHOR = 'Your Name <you@example.com>';
/** What builds the project: the present major of poetry-core. */
const BUILD_REQUIREMENT = 'poetry-core>=2.0.0,<3.0.0';

/** The folders of the package, from the outermost on: `acme.tool` is `['acme', 'tool']`. */
export function packagePath(name: string): string[] {
  return name.split('.').map((part) => moduleName(projectName(part)));
}

/**
 * The text, behind what the file holds already.
 *
 * @param existing the present text of the file, with tables of other tools only. Default: none
 * @throws TercetError `usage` for an author who is no author; `manifest-exists` where a table is there already
 */
export function createManifest(project: NewProject, existing = ''): string {
  const toml = readToml(existing, 'pyproject.toml');
  const dev = requirementLines(project.devDependencies, project);
  const include = packageInclude(project);
  for (const key of ['project', 'build-system', ...(dev.length > 0 ? ['dependency-groups'] : [])]) {
    if (Object.hasOwn(toml, key)) throw alreadyThere(key);
  }
  if (include !== undefined && asTable(toml.tool)?.poetry !== undefined) throw alreadyThere('poetry');

  const lines = projectLines(project);
  if (dev.length > 0) lines.push('', '[dependency-groups]', ...array('dev', dev));
  if (include === undefined) lines.push('');
  else lines.push('', '[tool.poetry]', `packages = [${tomlValue(include)}]`);
  lines.push('', '[build-system]', `requires = ${tomlValue([BUILD_REQUIREMENT])}`);
  lines.push('build-backend = "poetry.core.masonry.api"', '');

  const newline = existing.includes('\r\n') && !/(?<!\r)\n/.test(existing) ? '\r\n' : '\n';
  return existing + lead(existing, newline) + lines.join(newline);
}

function projectLines(project: NewProject): string[] {
  const lines = [
    '[project]',
    `name = ${tomlString(projectName(project.name))}`,
    `version = ${tomlString(project.version ?? '0.1.0')}`,
    `description = ${tomlString(project.description ?? '')}`,
    ...array('authors', [], authorTable(project.author || PLACEHOLDER_AUTHOR)),
  ];
  if (project.license) lines.push(`license = ${tomlString(project.license)}`);
  if (project.readme) lines.push(`readme = ${tomlString(project.readme)}`);
  if (project.requiresPython) lines.push(`requires-python = ${tomlString(project.requiresPython)}`);
  return [...lines, ...array('dependencies', requirementLines(project.dependencies, project))];
}

/** Poetry leaves no space behind the comma. */
function authorTable(author: string): string {
  const match = /^([^<>]+?)(?: <(.+?)>)?$/.exec(author);
  if (match?.[1] === undefined) throw new TercetError('usage', `Invalid author: ${author}`);
  const email = match[2] === undefined ? '' : `,email = ${tomlString(match[2])}`;
  return `{name = ${tomlString(match[1])}${email}}`;
}

function requirementLines(additions: readonly Addition[] = [], { base }: NewProject): string[] {
  const options = base === undefined ? {} : { base };
  return additions.map(({ name, wish }) => formatRequirement(requirementFromTable(name, wish), options));
}

/** An array with one item a line. */
function array(key: string, texts: readonly string[], ...tables: readonly string[]): string[] {
  const items = [...texts.map(tomlString), ...tables];
  return [`${key} = [`, ...items.map((item, index) => `    ${item}${index < items.length - 1 ? ',' : ''}`), ']'];
}

/** Where the package is, unless it is where everyone looks. */
function packageInclude({ name, layout }: NewProject): Readonly<Record<string, string>> | undefined {
  const include = packagePath(name)[0];
  if (include === undefined || include === '') return undefined;
  if (layout === 'src') return { include, from: 'src' };
  return moduleName(projectName(name)) === include ? undefined : { include };
}

/** What separates the new tables from the text before. */
function lead(existing: string, newline: string): string {
  if (existing === '' || /(?:^|\n)\r?\n$/.test(existing)) return '';
  return newline;
}

function alreadyThere(key: string): TercetError {
  return new TercetError('manifest-exists', `Key "${key}" already exists.`);
}
