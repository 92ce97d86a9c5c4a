/** Metadata that were built, kept for the next search: by what they were built of, and offered to the team. */

import { createBucket, noBucket } from '../cache/bucket.ts';
import { sha256 } from '../files/sha256.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import { packMetadata, type RawMetadata, unpackMetadata } from '../index/raw-metadata.ts';

export interface BuiltMetadata {
  /** What was built of a source before, here or by the team; undefined where that is nothing. */
  find(source: DescribedSource): Promise<RawMetadata | undefined>;
  /** Keeps what was built of a source, and offers it to the team. */
  keep(source: DescribedSource, metadata: RawMetadata): Promise<void>;
}

/** A source whose contents never change: the SHA-256 of an sdist, or the identity of a checkout. */
export interface DescribedSource {
  readonly kind: string;
  readonly identity: string;
}

export interface BuiltMetadataOptions {
  readonly cacheDir: string;
  /** Keep nothing here. */
  readonly noCache: boolean;
  readonly remoteCache: RemoteCache | undefined;
}

const KIND = 'built-metadata';

export function builtMetadata({ cacheDir, noCache, remoteCache }: BuiltMetadataOptions): BuiltMetadata {
  const bucket = noCache ? noBucket : createBucket({ root: cacheDir, name: KIND, version: 1 });
  const digestOf = ({ kind, identity }: DescribedSource): string => sha256(JSON.stringify([kind, identity]));
  return {
    async find(source) {
      const digest = digestOf(source);
      const kept = bucket.read(`${digest}.json`);
      const known = kept === undefined ? undefined : unpackMetadata(kept.toString('utf8'));
      if (known !== undefined) return known;
      const left = await remoteCache?.record(KIND, digest);
      const shared = left === undefined ? undefined : unpackMetadata(left);
      if (shared !== undefined) bucket.write(`${digest}.json`, packMetadata(shared));
      return shared;
    },
    async keep(source, metadata) {
      const digest = digestOf(source);
      bucket.write(`${digest}.json`, packMetadata(metadata));
      await remoteCache?.offerRecord(KIND, digest, packMetadata(metadata));
    },
  };
}
