/** Package indexes of a project: `[[tool.poetry.source]]`, and PyPI where it is implied. */

import { asArray, asString, asTable } from '../toml/read.ts';
import type { Source } from './manifest.ts';
import { SOURCE_PRIORITIES } from './manifest.ts';
import { ManifestError } from './manifest-error.ts';

/**
 * The sources in the order in which they are asked: by priority, then as written. PyPI comes in as a primary source
 * where it is not named and no other is primary.
 *
 * @throws ManifestError for a source without url, PyPI with one, a name given twice, or nothing but explicit sources
 */
export function readSources(written: unknown): readonly Source[] {
  const sources = asArray(written).map((entry) => readSource(modernSource(entry)));
  const names = sources.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ManifestError(`A repository with name ${twice} was already added.`);
  const named = names.includes('pypi');
  const primary = sources.some(({ priority }) => priority === 'primary');
  if (!named && !primary) sources.push({ name: 'PyPI', url: undefined, priority: 'primary' });
  if (sources.every(({ priority }) => priority === 'explicit')) {
    throw new ManifestError("At least one source must not be configured as 'explicit'.");
  }
  return SOURCE_PRIORITIES.flatMap((priority) => sources.filter((source) => source.priority === priority));
}

/**
 * A source as Poetry 2 wants it written: `default = true` and `priority = "default"` of Poetry 1 become primary,
 * `secondary` in either form becomes supplemental.
 */
export function modernSource(entry: unknown): unknown {
  const table = asTable(entry);
  if (table === undefined) return entry;
  const { default: isDefault, secondary, priority, ...rest } = table;
  if (!isFlag(isDefault) || !isFlag(secondary)) return entry;
  const modern =
    modernPriority(priority) ?? (secondary === true ? 'supplemental' : isDefault === true ? 'primary' : undefined);
  return modern === undefined ? rest : { ...rest, priority: modern };
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function modernPriority(priority: unknown): unknown {
  if (priority === 'default') return 'primary';
  return priority === 'secondary' ? 'supplemental' : priority;
}

function readSource(entry: unknown): Source {
  const table = asTable(entry);
  const name = asString(table?.name);
  if (table === undefined || name === undefined) throw new ManifestError('Missing [name] in source.');
  const url = asString(table.url);
  const priority = SOURCE_PRIORITIES.find((known) => known === table.priority) ?? 'primary';
  if (name.toLowerCase() === 'pypi') {
    if (url !== undefined) throw new ManifestError('The PyPI repository cannot be configured with a custom url.');
    return { name: 'PyPI', url: undefined, priority };
  }
  if (url === undefined) throw new ManifestError(`Missing [url] in source '${name}'.`);
  return { name, url, priority };
}
