/** Which sources the cache knows: the folder of each in the buckets of the index, and its name. */

import { join } from 'node:path';
import { type Bucket, createBucket } from '../cache/bucket.ts';
import { projectName } from '../names/name.ts';
import { tryParseVersion } from '../versions/version.ts';
import { hashKey } from './file-metadata.ts';
import { openRecord, PAGE_READING } from './project-record.ts';
import { METADATA_READING } from './raw-metadata.ts';

/** A source with something in the cache. */
export interface CachedSource {
  readonly name: string;
  /** Its folder in each bucket. */
  readonly place: string;
}

/** Buckets of the index, each with a folder for every source. */
export const INDEX_BUCKETS: Readonly<Record<'projects' | 'releases' | 'hashes' | 'sources', number>> = {
  projects: PAGE_READING,
  releases: METADATA_READING,
  hashes: 1,
  sources: 1,
};

export function indexBucket(cacheDir: string, name: keyof typeof INDEX_BUCKETS): Bucket {
  return createBucket({ root: cacheDir, name, version: INDEX_BUCKETS[name] });
}

/** The sources, by name. */
export function cachedSources(cacheDir: string): readonly CachedSource[] {
  const sources = indexBucket(cacheDir, 'sources');
  return sources
    .keys('.')
    .flatMap((place) => {
      const name = sources.read(place)?.toString('utf8');
      return name === undefined || name === '' ? [] : [{ name, place }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The folders that hold what is known of a source. */
export function foldersOf({ place }: CachedSource, cacheDir: string): readonly string[] {
  return (['projects', 'releases', 'hashes'] as const).map((name) =>
    join(cacheDir, `${name}-v${INDEX_BUCKETS[name]}`, place),
  );
}

/** What the cache has of one release. */
export interface CachedRelease {
  /** Files of the cache: the project's page, what its releases came to, and hashes of the release's files. */
  readonly paths: readonly string[];
  /** SHA-256 of the release's files, as far as the index gives them. */
  readonly hashes: readonly string[];
}

/** The release in the cache; undefined where the page of its project is not there, or does not list it. */
export function cachedRelease(
  source: CachedSource,
  project: string,
  version: string,
  cacheDir: string,
): CachedRelease | undefined {
  const wanted = tryParseVersion(version);
  const key = `${source.place}/${projectName(project)}`;
  const record = openRecord({ bucket: indexBucket(cacheDir, 'projects'), key });
  const at = wanted === undefined ? undefined : record?.numberOf(wanted);
  if (record === undefined || at === undefined || at < 0) return undefined;
  const files = record.files(at) ?? [];
  const [pages = '', releases = '', hashes = ''] = foldersOf(source, cacheDir);
  return {
    paths: [
      join(pages, projectName(project)),
      join(releases, projectName(project)),
      ...files.map((file) => join(hashes, hashKey(file))),
    ],
    hashes: files.flatMap(({ hashes }) => (hashes.sha256 === undefined ? [] : [hashes.sha256])),
  };
}
