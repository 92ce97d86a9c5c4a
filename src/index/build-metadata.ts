/** What the index asks for where only a build can tell what a source requires. Whoever opens the index hands in the answer. */

import type { ProjectName } from '../names/name.ts';
import type { NoMetadata } from './file-metadata.ts';
import type { RawMetadata } from './raw-metadata.ts';

export type SourceToDescribe =
  | {
      readonly kind: 'sdist';
      /** The archive, and its published name. */
      readonly path: string;
      readonly file: string;
      readonly project: ProjectName | undefined;
      /** Where it is known. */
      readonly version: string | undefined;
    }
  | {
      readonly kind: 'folder';
      readonly path: string;
      /** The address for messages. */
      readonly name: string;
      /** The same for the same contents, for ever; undefined where they may change. */
      readonly identity: string | undefined;
    };

/** The metadata of a source by building it. Throws `build-failed` and what else makes a build fail. */
export type BuildMetadata = (source: SourceToDescribe) => Promise<RawMetadata | NoMetadata>;
