/** What of a project an installer puts into an environment so that changes of its sources show at once. */

import type { ArchiveEntry } from '../archive/entry.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { distInfoFiles, pureTag } from './dist-info.ts';
import { coreMetadata } from './metadata.ts';
import { importFolders } from './packages.ts';
import { buildSource, ownModule } from './source.ts';

export interface EditableProject {
  /** The name of the `.pth` file without its ending. */
  readonly moduleName: string;
  /** Absolute folders for the `.pth` file. */
  readonly folders: readonly string[];
  /** Files of `dist-info` without RECORD and what only an installer knows, sorted by path. */
  readonly distInfo: readonly ArchiveEntry[];
}

/** Throws `root-not-found` where a package, readme or licence is missing, and as `coreMetadata`. */
export function editableProject(manifest: Manifest, projectDir: string): EditableProject {
  const source = buildSource(manifest, projectDir);
  return {
    moduleName: ownModule(manifest),
    folders: importFolders(manifest, projectDir),
    distInfo: distInfoFiles(source, coreMetadata(source), pureTag(source)),
  };
}
