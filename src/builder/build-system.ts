/** `[build-system]` of a source tree: what it is built with, and by whom (PEP 517, PEP 518). */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ParseError, TercetError } from '../ground/error.ts';
import { asString, asTable, readToml, type TomlTable } from '../toml/read.ts';

export interface BuildSystem {
  /** PEP 508 texts. */
  readonly requires: readonly string[];
  /** `module.path:object.path`. */
  readonly backend: string;
  /** Absolute folders inside the tree that the backend is imported from; empty: from what is installed. */
  readonly backendPath: readonly string[];
}

/** For trees that name no backend: setuptools, in a way that puts the tree on `sys.path` as `setup.py` always had it. */
const LEGACY_BACKEND = 'setuptools.build_meta:__legacy__';
const LEGACY_REQUIRES = ['setuptools >= 40.8.0'];

/** Reads a tree's build system. Throws `build-system-invalid`, with `label` for what is to be built. */
export function readBuildSystem(folder: string, label: string): BuildSystem {
  const pyproject = join(folder, 'pyproject.toml');
  if (!existsSync(pyproject)) {
    if (existsSync(join(folder, 'setup.py'))) return legacy(LEGACY_REQUIRES);
    throw invalid(label, 'there is neither a pyproject.toml nor a setup.py in it');
  }
  const table = tableOf(pyproject, label);
  if (table === undefined) return legacy(LEGACY_REQUIRES);
  const { requires } = table;
  if (!isTexts(requires)) throw invalid(label, '`build-system.requires` is not a list of strings');
  const backend = asString(table['build-backend']);
  const paths = table['backend-path'] ?? [];
  if (!isTexts(paths)) throw invalid(label, '`build-system.backend-path` is not a list of strings');
  if (backend === undefined) return legacy(requires);
  if (!/^[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*)?$/.test(backend))
    throw invalid(label, `\`build-system.build-backend\` is not the name of an object: ${JSON.stringify(backend)}`);
  return { requires, backend, backendPath: paths.map((path) => insideTree(path, folder, label)) };
}

function tableOf(pyproject: string, label: string): TomlTable | undefined {
  try {
    return asTable(readToml(readFileSync(pyproject, 'utf8'), 'pyproject.toml')['build-system']);
  } catch (error) {
    if (error instanceof ParseError) throw invalid(label, error.message);
    throw error;
  }
}

function legacy(requires: readonly string[]): BuildSystem {
  return { requires, backend: LEGACY_BACKEND, backendPath: [] };
}

/** PEP 517: folders of `backend-path` are relative, and neither they nor where their links lead are outside of the tree. */
function insideTree(path: string, folder: string, label: string): string {
  const place = resolve(folder, path);
  const escaped = `\`build-system.backend-path\` leaves the tree: ${JSON.stringify(path)}`;
  if (isAbsolute(path) || !isWithin(folder, place)) throw invalid(label, escaped);
  if (!existsSync(place))
    throw invalid(label, `\`build-system.backend-path\` names no folder: ${JSON.stringify(path)}`);
  if (!isWithin(realpathSync(folder), realpathSync(place))) throw invalid(label, escaped);
  return place;
}

function isWithin(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner === '' || !(inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function invalid(label: string, why: string): TercetError {
  return new TercetError('build-system-invalid', `${label} cannot be built: ${why}`);
}
