/**
 * What a source distribution or a folder says without being built: `PKG-INFO`, a static `pyproject.toml`, an `egg-info` folder.
 * Nothing in it is executed.
 */

import { openTar } from '../archive/decompress.ts';
import { readTarFiles } from '../archive/read-tar.ts';
import { openZip } from '../archive/read-zip.ts';
import { ParseError, TercetError } from '../ground/error.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read.ts';
import { fileText } from '../metadata/core-metadata.ts';
import { MAIN_GROUP } from '../names/name.ts';
import { formatRequirement } from '../requirements/pep508.ts';
import { asTable, readToml, tableAt } from '../toml/read.ts';
import { type RawMetadata, sdistRawMetadata } from './raw-metadata.ts';

/** Text files by their path below the project's folder. */
export type ProjectFiles = ReadonlyMap<string, string>;

const INTERESTING =
  /^(?:[^/]+\/)(?:PKG-INFO|pyproject\.toml|setup\.py|setup\.cfg|(?:[^/]+\/){0,2}[^/]+\.egg-info\/(?:PKG-INFO|requires\.txt|SOURCES\.txt))$/;

/**
 * The files that may tell something, out of the archive at `path`, whose published name is `file`. Throws `archive-damaged` (zip files:
 * `archive-unsafe`, too), or the file system's error.
 */
export async function sdistFiles(file: string, path: string): Promise<ProjectFiles> {
  const found = file.endsWith('.zip')
    ? zipFiles(file, path)
    : await readTarFiles((await openTar(path, file))(), file, (path) => INTERESTING.test(path));
  const texts = new Map<string, string>();
  for (const [path, contents] of found)
    texts.set(
      path.slice(path.indexOf('/') + 1),
      path.endsWith('/PKG-INFO') ? fileText(contents) : new TextDecoder().decode(contents),
    );
  return texts;
}

function zipFiles(file: string, path: string): ReadonlyMap<string, Uint8Array> {
  using archive = openZip(path, file);
  const files = new Map<string, Uint8Array>();
  for (const entry of archive.entries)
    if (INTERESTING.test(entry.path)) files.set(entry.path, archive.read(entry).slice());
  return files;
}

/**
 * The metadata of a source distribution; `requiresDist` undefined where only a build could tell. Undefined where nothing is known.
 *
 * @param first whose summary and Requires-Python count where `PKG-INFO` and the project's folder both have them: an index shows
 *   those of `PKG-INFO`, while what is read from a path or an address shows the folder's
 */
export function staticMetadata(files: ProjectFiles, first: 'info' | 'folder'): RawMetadata | undefined {
  const info = files.get('PKG-INFO');
  const root = info === undefined ? undefined : sdistRawMetadata(info);
  if (root?.requiresDist !== undefined) return root;
  const fromFolder = folderMetadata(files);
  if (root === undefined || fromFolder === undefined) return fromFolder ?? root;
  return overlaid(root, fromFolder, first);
}

/** What `PKG-INFO` and a project's folder (or its build) say together; `first` as above. */
export function overlaid(info: RawMetadata, folder: RawMetadata, first: 'info' | 'folder'): RawMetadata {
  const [one, other] = first === 'info' ? [info, folder] : [folder, info];
  return {
    name: folder.name || info.name,
    version: folder.version || info.version,
    summary: one.summary || other.summary,
    requiresPython: one.requiresPython || other.requiresPython,
    requiresDist: folder.requiresDist,
  };
}

function folderMetadata(files: ProjectFiles): RawMetadata | undefined {
  const manifest = staticManifest(files.get('pyproject.toml'));
  if (manifest?.prettyName !== undefined && manifest.version !== undefined) {
    const requirements = manifest.groups.find(({ name }) => name === MAIN_GROUP)?.requirements ?? [];
    return {
      name: manifest.prettyName,
      version: manifest.version,
      summary: manifest.description,
      requiresPython: manifest.pythonVersions === '*' ? '' : manifest.pythonVersions,
      requiresDist: requirements.map((requirement) => formatRequirement(requirement)),
    };
  }
  return eggInfo(files);
}

/** The manifest where it says everything: `[tool.poetry]`, or `[project]` with name and version and nothing dynamic. */
export function staticManifest(pyproject: string | undefined): Manifest | undefined {
  if (pyproject === undefined) return undefined;
  try {
    const toml = readToml(pyproject, 'pyproject.toml');
    const project = asTable(toml.project);
    const isStatic = project?.name !== undefined && project.version !== undefined && project.dynamic === undefined;
    if (tableAt(toml, 'tool', 'poetry') === undefined && !isStatic) return undefined;
    return readManifest(pyproject);
  } catch (error) {
    if (error instanceof ParseError || error instanceof TercetError) return undefined;
    throw error;
  }
}

/** What setuptools left behind: `requires.txt` is written only where something is required. */
function eggInfo(files: ProjectFiles): RawMetadata | undefined {
  const [path] = [...files.keys()].filter((name) => name.endsWith('.egg-info/PKG-INFO')).sort();
  if (path === undefined) return undefined;
  const metadata = sdistRawMetadata(files.get(path) ?? '');
  if (metadata === undefined || metadata.requiresDist !== undefined) return metadata;
  const requires = files.get(path.replace(/PKG-INFO$/, 'requires.txt'));
  return { ...metadata, requiresDist: requires === undefined ? [] : parseRequiresTxt(requires) };
}

/** The requirements of a `requires.txt`: plain lines, then sections `[extra]`, `[:marker]` and `[extra:marker]`. */
function parseRequiresTxt(text: string): readonly string[] {
  const requirements: string[] = [];
  let condition = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    if (!line.startsWith('[')) {
      requirements.push(condition === '' ? line : `${line} ; ${condition}`);
      continue;
    }
    const inner = line.replace(/^\[/, '').replace(/]$/, '');
    const colon = inner.indexOf(':');
    const extra = colon < 0 ? inner : inner.slice(0, colon);
    const marker = colon < 0 ? '' : inner.slice(colon + 1);
    const membership = extra === '' ? '' : `extra == "${extra}"`;
    condition = [marker, membership].filter((part) => part !== '').join(' and ');
  }
  return requirements;
}
