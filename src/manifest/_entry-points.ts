/** Scripts and other entry points of a project, from `[project]` and `[tool.poetry]`. */

import { asString, asStrings, asTable, type TomlTable } from '../toml/read.ts';
import type { Script } from './manifest.ts';
import { ManifestError } from './manifest-error.ts';

/** `[tool.poetry.scripts]`; `callable` is the old word for `reference`. */
export function readScripts(written: unknown): ReadonlyMap<string, Script> {
  const scripts = new Map<string, Script>();
  for (const [name, value] of Object.entries(asTable(written) ?? {})) {
    const table = asTable(value);
    const reference = asString(value) ?? asString(table?.reference) ?? asString(table?.callable);
    if (reference === undefined) continue;
    if (table?.type === 'file') scripts.set(name, { kind: 'file', path: reference });
    else scripts.set(name, { kind: 'console', reference, extras: asStrings(table?.extras) });
  }
  return scripts;
}

/**
 * Entry points by group as they are installed: `console_scripts`, `gui_scripts`, then the others by name. The standard
 * tables win over those of `[tool.poetry]`, group by group; a group of either's scripts in `plugins` takes their place.
 */
export function readEntryPoints(
  project: TomlTable,
  poetry: TomlTable,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const points = new Map<string, ReadonlyMap<string, string>>();
  const consoleScripts = filled(project.scripts) ?? poetryConsoleScripts(poetry.scripts);
  if (consoleScripts.size > 0) points.set('console_scripts', consoleScripts);
  const guiScripts = filled(project['gui-scripts']);
  if (guiScripts !== undefined) points.set('gui_scripts', guiScripts);
  for (const [group, table] of Object.entries(otherGroups(project, poetry)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    points.set(group.replace(/^(console|gui)-scripts$/, '$1_scripts'), references(table));
  }
  return points;
}

function otherGroups(project: TomlTable, poetry: TomlTable): TomlTable {
  const standard = asTable(project['entry-points']) ?? {};
  for (const reserved of ['console-scripts', 'gui-scripts']) {
    if (Object.hasOwn(standard, reserved)) {
      throw new ManifestError(`Group '${reserved}' is reserved and cannot be used as a custom entry-point group.`);
    }
  }
  return Object.keys(standard).length > 0 ? standard : (asTable(poetry.plugins) ?? {});
}

/** Only strings and tables of `type = "console"` are installed; the old `callable` form never was. */
function poetryConsoleScripts(written: unknown): ReadonlyMap<string, string> {
  const scripts = new Map<string, string>();
  for (const [name, value] of Object.entries(asTable(written) ?? {})) {
    const table = asTable(value);
    const reference = asString(value) ?? (table?.type === 'console' ? asString(table.reference) : undefined);
    if (reference) scripts.set(name, reference);
  }
  return scripts;
}

function filled(written: unknown): ReadonlyMap<string, string> | undefined {
  const table = references(written);
  return table.size > 0 ? table : undefined;
}

function references(written: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(asTable(written) ?? {})) {
    if (typeof value === 'string') found.set(name, value);
  }
  return found;
}
