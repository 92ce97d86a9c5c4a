/**
 * What stands in a source distribution: the project's files, its legal files, scripts, manifest and readmes, `setup.py` where
 * one is wanted, and PKG-INFO.
 * https://packaging.python.org/en/latest/specifications/source-distribution-format/
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveEntry } from '../archive/entry.ts';
import { relativeTo, resolved } from './_paths.ts';
import { entryOfText } from './dist-info.ts';
import { type CoreFields, readmePaths } from './metadata.ts';
import type { FoundPackage } from './packages.ts';
import { scriptFiles } from './script-files.ts';
import { type IsExcluded, inOrder, type SelectedFile } from './select-files.ts';
import { setupFile } from './setup-file.ts';
import { type BuildSource, buildScript, distributionName, generatesSetup } from './source.ts';
import { readEntry } from './wheel.ts';

/** The name of the sdist's folder, and of its file without the ending. */
export function sdistName(source: BuildSource): string {
  return `${distributionName(source)}-${source.version}`;
}

export interface SdistParts {
  readonly metadata: CoreFields;
  readonly files: readonly SelectedFile[];
  readonly packages: readonly FoundPackage[];
  readonly isExcluded: IsExcluded;
}

/** Everything, each file read when it is its turn; paths begin with the sdist's folder. */
export function* sdistContents(source: BuildSource, parts: SdistParts): Generator<ArchiveEntry> {
  const folder = sdistName(source);
  const { metadata } = parts;
  for (const { path, target } of withProjectFiles(source, parts.files, metadata.licenseFiles)) {
    yield readEntry(`${folder}/${target}`, path);
  }
  if (generatesSetup(source.manifest)) {
    yield entryOfText(`${folder}/setup.py`, setupFile(source, parts));
  }
  yield entryOfText(`${folder}/PKG-INFO`, metadata.text);
}

/** The list with what belongs into every sdist, where it is there; each file once. */
function withProjectFiles(
  source: BuildSource,
  files: readonly SelectedFile[],
  licenses: readonly string[],
): readonly SelectedFile[] {
  const { manifest, projectDir } = source;
  const root = resolved(projectDir);
  const script = buildScript(manifest)?.script;
  const others = [
    ...(script === undefined ? [] : [script]),
    ...licenses,
    ...scriptFiles(source),
    'pyproject.toml',
    ...readmePaths(manifest),
  ];
  const all = new Map(files.map((file) => [file.path, file]));
  for (const other of others) {
    const path = resolved(join(projectDir, other));
    if ((other === script || existsSync(path)) && !all.has(path)) {
      all.set(path, { path, target: relativeTo(root, path) });
    }
  }
  return inOrder([...all.values()]);
}
