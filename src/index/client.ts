/**
 * A project's releases, files and metadata, from PyPI and the configured sources: what `resolver` and `installer` ask.
 *
 * Each question goes to the network once; answers are kept on disk. A list of releases is used unasked for as long as its
 * index allows (ten minutes where it does not say), then confirmed or read anew; metadata of a file never change.
 */

import { type Bucket, noBucket } from '../cache/bucket.ts';
import { createOnce } from '../cache/once.ts';
import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import { withoutCredentials } from '../ground/redact.ts';
import type { RemoteCache } from '../http/remote-cache.ts';
import { lostTransfer, type Transport } from '../http/transport.ts';
import type { LockedFile } from '../lock/lock.ts';
import type { Source } from '../manifest/manifest.ts';
import type { ProjectName } from '../names/name.ts';
import { tryParseMetadataRequirement } from '../requirements/pep508.ts';
import type { Origin, Requirement } from '../requirements/requirement.ts';
import type { Release, ReleaseMetadata, Unavailable } from '../resolver/question.ts';
import type { Version } from '../versions/version.ts';
import type { BuildMetadata } from './build-metadata.ts';
import { type INDEX_BUCKETS, indexBucket } from './cached-sources.ts';
import { chooseFile, wheelsByUpload } from './choose-file.ts';
import { type ConsultedPage, createConsultedPages } from './consulted-pages.ts';
import { createFileMetadata, type FileMetadata, type NoMetadata } from './file-metadata.ts';
import { fileOnPage } from './file-on-page.ts';
import type { GitLogin } from './git-origin.ts';
import { type IndexFile, isYanked } from './index-file.ts';
import { mergeMetadata } from './merge-metadata.ts';
import { nearNames } from './near-names.ts';
import { readOrigin } from './origin.ts';
import {
  confirmRecord,
  type Freshness,
  glanceAtRecord,
  type HashedFile,
  keepRecord,
  openRecord,
  type ProjectRecord,
} from './project-record.ts';
import { PYPI_SIMPLE } from './pypi.ts';
import type { RawMetadata } from './raw-metadata.ts';
import { createReleaseRecords, type ReleaseRecord } from './release-records.ts';
import { ACCEPT, isJsonPage, readSimplePage, SIMPLE_JSON } from './simple-page.ts';
import { type IndexSource, indexSources } from './sources.ts';
import { WELL_KNOWN } from './well-known.ts';

export interface IndexClientOptions {
  readonly transport: Transport;
  /** Where the cache is; made where missing. */
  readonly cacheDir: string;
  /** `[[tool.poetry.source]]`. */
  readonly sources: readonly Source[];
  readonly emit: Emit;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Read PyPI's projects from this simple API instead; locks do not tell. Default: PyPI. */
  readonly pypiUrl?: string;
  /** The folder that relative paths of direct origins start from. Default: the working directory. */
  readonly projectDir?: string;
  /** Credentials for git repositories. Default: none but those that git knows. */
  readonly gitLogin?: GitLogin;
  /** Use what is in the cache, however old, and nothing else. Default: what the transport says. */
  readonly offline?: boolean;
  /** Neither read nor write the cache. Default: false. */
  readonly noCache?: boolean;
  /** Called with the `Date` of every page that is fetched; may throw. Default: nobody. */
  readonly onDate?: ((date: string | null) => void) | undefined;
  /** `solver.lazy-wheel`: read parts of wheels. Default: true. */
  readonly lazyWheel?: boolean;
  /** Where a team's machines leave each other the metadata that cost them something. Default: nowhere. */
  readonly remoteCache?: RemoteCache;
  /** Builds what does not state its requirements. Default: nothing is built, such releases are unavailable. */
  readonly build?: BuildMetadata;
}

/** All rejections are `TercetError`s that end the command. */
export interface IndexClient {
  /**
   * All releases of a project in the order of its page. `source` undefined: PyPI where it is searched, else all primary sources
   * together.
   */
  versions(project: ProjectName, source: string | undefined): Promise<readonly Release[] | Unavailable>;
  /** The same over all searched sources: the primary ones together, then each supplemental one while there is nothing. */
  allVersions(project: ProjectName): Promise<readonly Release[] | Unavailable>;
  metadata(project: ProjectName, version: Version, source: string | undefined): Promise<ReleaseMetadata | Unavailable>;
  /** A release's files as a lock lists them. */
  lockedFiles(
    project: ProjectName,
    version: Version,
    source: string | undefined,
  ): Promise<readonly LockedFile[] | Unavailable>;
  /** What the cache says, where nobody has to be asked; undefined: ask. */
  readonly atHand: {
    versions(project: ProjectName, source: string | undefined): readonly Release[] | Unavailable | undefined;
    metadata(
      project: ProjectName,
      version: Version,
      source: string | undefined,
    ): ReleaseMetadata | Unavailable | undefined;
    lockedFiles(
      project: ProjectName,
      version: Version,
      source: string | undefined,
    ): readonly LockedFile[] | Unavailable | undefined;
  };
  /**
   * Every file of a release, yanked ones too; none where there is no such release. `anew`: ask the index even where the cache
   * has an answer that is not old yet.
   */
  files(
    project: ProjectName,
    version: Version,
    source: string | undefined,
    anew?: 'anew',
  ): Promise<readonly IndexFile[]>;
  /**
   * One file of a project that a lock names, where that can be told without reading a list of releases; else undefined, and `files`
   * knows.
   */
  offered(project: ProjectName, file: string, source: string | undefined): Promise<IndexFile | undefined>;
  /** The one distribution of a direct origin; relative paths start from the project's folder. */
  origin(project: ProjectName, origin: Origin): Promise<ReleaseMetadata | Unavailable>;
  /** The pages that all answers so far came from; undefined where something else was read too, or could not be had. */
  consulted(): readonly ConsultedPage[] | undefined;
  /** Whether pages say what they said. Those that are old are asked about first. */
  areUnchanged(pages: readonly ConsultedPage[]): Promise<boolean>;
  /** Starts reading the releases of projects that will be asked for. */
  prefetch(projects: readonly ProjectName[], source?: string): void;
  /** The project of that name, where it exists, then known ones with similar names. */
  search(name: ProjectName): Promise<readonly ProjectName[]>;
}

/** Seconds for which a list of releases is used unasked where the index does not say, and at most. */
const DEFAULT_AGE = 600;
const LONGEST_AGE = 86_400;
/** The same for "no such project": somebody may be about to publish it. */
const ABSENT_AGE = 120;

/** A project's page and where it came from. */
interface Listing {
  /** The key of its releases' records in the cache. */
  readonly key: string;
  readonly record: ProjectRecord;
  readonly source: IndexSource;
  /** The name that its releases are told with. */
  readonly sourceName: string | undefined;
  readonly releases: readonly Release[];
}

/** A release in a listing. */
interface Place {
  readonly listing: Listing;
  /** Its index in the listing's releases. */
  readonly number: number;
  readonly release: Release;
}

export function createIndexClient(options: IndexClientOptions): IndexClient {
  const { transport, emit, now, cacheDir, noCache = false } = options;
  const offline = options.offline ?? transport.offline;
  const { byName, searched } = indexSources(options.sources, options.pypiUrl ?? PYPI_SIMPLE);
  const bucket = (name: keyof typeof INDEX_BUCKETS): Bucket => (noCache ? noBucket : indexBucket(cacheDir, name));
  const projects = bucket('projects');
  const sourceNames = bucket('sources');
  const fileMetadata = createFileMetadata({
    transport,
    hashes: bucket('hashes'),
    emit,
    build: options.build,
    remoteCache: options.remoteCache,
    ...(options.lazyWheel === undefined ? {} : { lazyWheel: options.lazyWheel }),
  });
  const records = createReleaseRecords(bucket('releases'));
  const listings = createOnce<Listing | Unavailable>();
  const settled = new Map<string, Listing | Unavailable>();
  const pages = createOnce<Page | undefined>();
  const described = createOnce<ReleaseMetadata | Unavailable>();
  const origins = createOnce<ReleaseMetadata | Unavailable>();
  const places = new Map<IndexSource, string>();
  const consulted = createConsultedPages();

  /** A folder of the cache for each index: what one says about a file is not told about another's. */
  const placeOf = (source: IndexSource): string => {
    let place = places.get(source);
    if (place === undefined) {
      const digest = new Bun.CryptoHasher('sha256').update(withoutCredentials(source.url)).digest('hex');
      place = digest.slice(0, 16);
      places.set(source, place);
      if (sourceNames.read(place)?.toString('utf8') !== source.name) sourceNames.write(place, source.name);
    }
    return place;
  };

  /** One source, or several whose releases are pooled. */
  const sourcesFor = (name: string | undefined): readonly IndexSource[] => {
    if (name !== undefined) {
      const source = byName.get(name.toLowerCase());
      if (source === undefined)
        throw new TercetError('source-unknown', `Repository "${name.toLowerCase()}" does not exist.`);
      return [source];
    }
    const pypi = searched.find(({ kind }) => kind === 'pypi');
    return pypi !== undefined ? [pypi] : searched.filter(({ priority }) => priority === 'primary');
  };

  const fetchPage = async (
    source: IndexSource,
    project: ProjectName,
    old: Freshness | undefined,
  ): Promise<Page | undefined> => {
    const url = source.kind === 'page' ? source.url : `${source.url}${project}/`;
    const reply = await transport.fetch(url, {
      headers: {
        accept: source.kind === 'page' ? 'text/html, */*;q=0.1' : ACCEPT,
        ...(old?.etag === undefined ? {} : { 'if-none-match': old.etag }),
        ...(old?.lastModified === undefined ? {} : { 'if-modified-since': old.lastModified }),
      },
    });
    options.onDate?.(reply.headers.get('date'));
    const freshness = freshnessOf(reply.headers, now());
    if (reply.status === 304 && old !== undefined) return { kind: 'same', freshness };
    if (reply.status === 403) {
      if (!isMissingInBucket(reply.body)) throw forbidden(source, url);
      emit({ kind: 'warning', text: `Authorization error accessing ${withoutCredentials(url)}` });
      return undefined;
    }
    if (reply.status === 404 || reply.status === 410) return undefined;
    if (reply.status !== 200) throw unexpected(source, url, reply.status);
    const contentType = reply.headers.get('content-type') ?? '';
    return { kind: 'page', freshness, files: await readSimplePage(reply.body, contentType || SIMPLE_JSON, reply.url) };
  };

  const keyOf = (source: IndexSource, project: ProjectName): string => `${placeOf(source)}/${project}`;

  /** The listing that is known, or that the cache has and that need not be confirmed. */
  const known = (source: IndexSource, project: ProjectName): Listing | Unavailable | undefined => {
    const asked = `${source.name}\n${project}`;
    let found = settled.get(asked);
    if (found !== undefined) return found;
    const key = keyOf(source, project);
    const kept = openRecord({ bucket: projects, key });
    if (kept !== undefined && (offline || isFresh(kept.freshness, now()))) {
      emit({ kind: 'notice', level: 3, text: `[cache] ${project} of ${source.name}: fresh` });
      consulted.note(source.name, project, kept.whole);
      found = listing(source, key, kept);
    } else if (offline) {
      found = { kind: 'offline' };
      consulted.spoil();
    }
    if (found !== undefined) settled.set(asked, found);
    return found;
  };

  const load = async (source: IndexSource, project: ProjectName): Promise<Listing | Unavailable> => {
    const key = keyOf(source, project);
    const place = { bucket: projects, key };
    const kept = openRecord(place);
    const fetched =
      source.kind === 'page'
        ? await pages(source.url, () => fetchPage(source, project, undefined))
        : await fetchPage(source, project, kept?.freshness);
    const record = recordOf(fetched);
    consulted.note(source.name, project, record.whole);
    const found = listing(source, key, record);
    settled.set(`${source.name}\n${project}`, found);
    return found;

    function recordOf(page: Page | undefined): ProjectRecord {
      if (page?.kind === 'same' && kept !== undefined) return confirmRecord(place, kept, now(), page.freshness.maxAge);
      if (page?.kind === 'page') return keepRecord(place, project, page.files, page.freshness);
      return keepRecord(place, project, undefined, { checkedAt: now(), maxAge: ABSENT_AGE });
    }
  };

  const isUnchanged = async ({ source: name, project, print }: ConsultedPage): Promise<boolean> => {
    const source = byName.get(name.toLowerCase());
    if (source === undefined) return false;
    await listed(source, project);
    return glanceAtRecord({ bucket: projects, key: keyOf(source, project) })?.whole === print;
  };

  /** Whether a page says what it said; undefined where it is old, so that the index has to be asked. */
  const isUnchangedAtHand = ({ source: name, project, print }: ConsultedPage): boolean | undefined => {
    const source = byName.get(name.toLowerCase());
    const kept = source && glanceAtRecord({ bucket: projects, key: keyOf(source, project) });
    if (kept?.whole !== print) return false;
    return offline || isFresh(kept, now()) ? true : undefined;
  };

  /** Whether the cache says that a source has a project; it also remembers those that were not there. */
  const isKnown = (source: IndexSource, project: ProjectName): boolean =>
    openRecord({ bucket: projects, key: keyOf(source, project) })?.exists === true;

  const listed = async (source: IndexSource, project: ProjectName): Promise<Listing | Unavailable> =>
    known(source, project) ?? listings(`${source.name}\n${project}`, () => load(source, project));

  /** Releases of several sources after each other. */
  const pooled = async (
    from: readonly IndexSource[],
    project: ProjectName,
  ): Promise<readonly Release[] | Unavailable> =>
    pool(await Promise.all(from.map((source) => listed(source, project))));

  /** The first source that has a release, and its files. */
  const located = async (
    project: ProjectName,
    version: Version,
    name: string | undefined,
  ): Promise<Located | Unavailable> => {
    const from = sourcesFor(name);
    const listings = await Promise.all(from.map((source) => listed(source, project)));
    const place = placeIn(listings, version);
    if ('kind' in place) return place;
    const { listing: at, number, release } = place;
    const files = at.record.files(number) ?? (await reread(at.source, project, version));
    return files === undefined ? { kind: 'not-found' } : { source: at.source, release, files };
  };

  /** The files of a release whose record is damaged, was replaced by another process, or is older than the lock. */
  const reread = async (
    source: IndexSource,
    project: ProjectName,
    version: Version,
  ): Promise<readonly IndexFile[] | undefined> => {
    if (offline) return undefined;
    const page = await fetchPage(source, project, undefined);
    if (page?.kind !== 'page') return undefined;
    const place = { bucket: projects, key: keyOf(source, project) };
    const record = keepRecord(place, project, page.files, page.freshness);
    const at = record.numberOf(version);
    return at < 0 ? undefined : record.files(at);
  };

  /**
   * One file, where a page that was never asked for tells it at once. Such a page is not kept: reading thousands of other files costs
   * more than asking for it again.
   */
  const offered = async (
    project: ProjectName,
    file: string,
    name: string | undefined,
  ): Promise<IndexFile | undefined> => {
    const [source, ...others] = sourcesFor(name);
    if (source === undefined || others.length > 0 || source.kind === 'page' || offline) return undefined;
    const isAsked = listings.peek(`${source.name}\n${project}`) !== undefined;
    if (isAsked || openRecord({ bucket: projects, key: keyOf(source, project) }) !== undefined) return undefined;
    const reply = await transport.stream(`${source.url}${project}/`, { headers: { accept: ACCEPT } });
    options.onDate?.(reply.headers.get('date'));
    if (reply.status !== 200 || !isJsonPage(reply.headers.get('content-type') ?? '')) {
      reply.cancel();
      return undefined;
    }
    try {
      return await fileOnPage(reply.chunks, reply.url, file, announcedLength(reply.headers));
    } catch (error) {
      // It is asked for as a whole, which is tried again.
      if (lostTransfer(error) !== undefined) return undefined;
      throw error;
    }
  };

  const describe = async (
    project: ProjectName,
    version: Version,
    name: string | undefined,
  ): Promise<ReleaseMetadata | Unavailable> => {
    const from = sourcesFor(name);
    const place = placeIn(await Promise.all(from.map((source) => listed(source, project))), version);
    if ('kind' in place) return place;
    const kept = recordAt(place);
    if (kept !== undefined) return releaseMetadata(project, place, kept);
    const found = await located(project, version, name);
    if ('kind' in found) return found;
    const { source, release, files } = found;
    const raw = await rawMetadata(fileMetadata, {
      project,
      files,
      isPypi: source.kind === 'pypi',
    });
    if ('kind' in raw) {
      consulted.spoil();
      return raw;
    }
    const record: ReleaseRecord = {
      name: raw.name,
      summary: raw.summary,
      requiresPython: asListed(files, raw.requiresPython) || '*',
      requiresDist: raw.requiresDist ?? [],
      yankedReason: reasonOf(release, files),
    };
    records.keep(place.listing.key, place.release.version.text, place.listing.record.print(place.number), record);
    return releaseMetadata(project, place, record);
  };

  const listingsAtHand = (
    project: ProjectName,
    name: string | undefined,
  ): readonly (Listing | Unavailable)[] | undefined => {
    const found = sourcesFor(name).map((from) => known(from, project));
    return found.every((one) => one !== undefined) ? found : undefined;
  };

  const placeAtHand = (
    project: ProjectName,
    version: Version,
    name: string | undefined,
  ): Place | Unavailable | undefined => {
    const found = listingsAtHand(project, name);
    return found && placeIn(found, version);
  };

  const recordAt = ({ listing, number, release }: Place): ReleaseRecord | undefined =>
    records.read(listing.key, release.version.text, listing.record.print(number));

  const releaseMetadata = (
    project: ProjectName,
    { listing: { source }, release }: Place,
    { name, summary, requiresPython, requiresDist, yankedReason }: ReleaseRecord,
  ): ReleaseMetadata => {
    let requirements: readonly Requirement[] | undefined;
    return {
      prettyName: name,
      version: release.version,
      summary,
      requiresPython,
      get requirements() {
        requirements ??= understood(requiresDist, `${project}-${release.version.text}`, emit);
        return requirements;
      },
      requiresDist,
      yanked: release.yanked,
      ...(yankedReason === '' ? {} : { yankedReason }),
      ...(source.lockedUrl === undefined
        ? {}
        : { lockedSource: { type: 'legacy', url: source.lockedUrl, reference: source.name } }),
    };
  };

  return {
    async versions(project, source) {
      return pooled(sourcesFor(source), project);
    },
    atHand: {
      versions(project, source) {
        const found = listingsAtHand(project, source);
        return found && pool(found);
      },
      metadata(project, version, source) {
        const place = placeAtHand(project, version, source);
        if (place === undefined || 'kind' in place) return place;
        const record = recordAt(place);
        return record === undefined ? undefined : releaseMetadata(project, place, record);
      },
      lockedFiles(project, version, source) {
        const place = placeAtHand(project, version, source);
        if (place === undefined || 'kind' in place) return place;
        const { listing, number, release } = place;
        const files = listing.record.hashes(number);
        return files && hashedFiles({ files, release, isPypi: listing.source.kind === 'pypi' });
      },
    },
    async lockedFiles(project, version, name) {
      const found = await located(project, version, name);
      if ('kind' in found) return found;
      const { source, release, files } = found;
      return lockedFiles(fileMetadata, { files, place: placeOf(source), release, isPypi: source.kind === 'pypi' });
    },
    async allVersions(project) {
      const primary = searched.filter(({ priority }) => priority === 'primary');
      let found = await pooled(primary, project);
      for (const source of searched) {
        if (source.priority !== 'supplemental' || (!('kind' in found) && found.length > 0)) continue;
        found = await pooled([source], project);
      }
      return found;
    },
    metadata: (project, version, source) =>
      described(`${source ?? ''}\n${project}\n${version.text}`, () => describe(project, version, source)),
    async files(project, version, source, anew) {
      if (anew !== undefined && !offline) {
        for (const from of sourcesFor(source)) {
          const files = await reread(from, project, version);
          if (files !== undefined) return files;
        }
        return [];
      }
      const found = await located(project, version, source);
      if (!('kind' in found)) return found.files;
      if (found.kind === 'offline') {
        throw new TercetError(
          'offline',
          `The files of ${project} are not in the cache, and the network may not be used`,
          {
            hints: ['Run the command once without `--offline` (or TERCET_OFFLINE).'],
          },
        );
      }
      return [];
    },
    offered,
    origin(project, origin) {
      consulted.spoil();
      return origins(JSON.stringify([project, origin]), () =>
        readOrigin(origin, {
          project,
          transport,
          emit,
          projectDir: options.projectDir ?? '.',
          gitLogin: options.gitLogin,
          build: options.build,
          understand: understood,
        }),
      );
    },
    consulted: () => consulted.all(),
    async areUnchanged(pages) {
      const old: ConsultedPage[] = [];
      for (const page of pages) {
        const unchanged = isUnchangedAtHand(page);
        if (unchanged === false) return false;
        if (unchanged === undefined) old.push(page);
      }
      return (await Promise.all(old.map(isUnchanged))).every(Boolean);
    },
    prefetch(names, source) {
      for (const from of sourcesFor(source)) for (const project of names) void listed(from, project);
    },
    async search(name) {
      const found = await this.allVersions(name);
      const exact = Array.isArray(found) && found.length > 0 ? [name] : [];
      const known = searched.flatMap((source) => projects.keys(placeOf(source)));
      const exists = (one: ProjectName): boolean =>
        WELL_KNOWN.includes(one) || searched.some((source) => isKnown(source, one));
      return [...exact, ...nearNames(name, [...known, ...WELL_KNOWN]).filter(exists)];
    },
  };
}

type Page =
  | { readonly kind: 'page'; readonly freshness: Freshness; readonly files: readonly IndexFile[] }
  | { readonly kind: 'same'; readonly freshness: Freshness };

interface Located {
  readonly source: IndexSource;
  readonly release: Release;
  readonly files: readonly IndexFile[];
}

function listing(source: IndexSource, key: string, record: ProjectRecord): Listing | Unavailable {
  if (!record.exists) return { kind: 'not-found' };
  const sourceName = source.kind === 'pypi' ? undefined : source.name;
  let releases: readonly Release[] | undefined;
  return {
    source,
    key: recordsKey(source, key),
    record,
    sourceName,
    get releases() {
      releases ??= record.releases.map(({ version, yanked }) => ({ version, yanked, source: sourceName }));
      return releases;
    },
  };
}

/** Stores of files (S3 and its likes) say 403, not 404, for what they do not hold. */
function isMissingInBucket(body: Uint8Array): boolean {
  return body.length < 4096 && new TextDecoder().decode(body).includes('<Code>AccessDenied</Code>');
}

/** Going on to the next source would be an invitation: somebody may have published the same name there. */
function forbidden({ name }: IndexSource, url: string): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('forbidden', `Authorization error accessing ${shown} (403)`, {
    hints: [`Check the credentials of the source "${name}": \`poetry config http-basic.${name} USERNAME\` sets them.`],
    detail: { url: shown, status: 403 },
  });
}

function unexpected({ name }: IndexSource, url: string, status: number): TercetError {
  const shown = withoutCredentials(url);
  return new TercetError('index-error', `${shown} answered ${status}`, {
    hints: [
      status === 407
        ? 'The proxy wants credentials: put them into the address in HTTPS_PROXY or HTTP_PROXY.'
        : `Check the address of the source "${name}".`,
    ],
    detail: { url: shown, status },
  });
}

/** What stands in for PyPI is read by PyPI's rules; the same index may also be a source of its own. */
function recordsKey({ kind }: IndexSource, key: string): string {
  return kind === 'pypi' ? key : key.replace('/', '-own/');
}

/** Releases of several sources after each other. */
function pool(found: readonly (Listing | Unavailable)[]): readonly Release[] | Unavailable {
  const [only] = found;
  if (only !== undefined && found.length === 1) return 'kind' in only ? only : only.releases;
  const releases = found.flatMap((one) => ('kind' in one ? [] : one.releases));
  return releases.length > 0 ? releases : reasonIn(found);
}

/** The first listing that has a release. */
function placeIn(found: readonly (Listing | Unavailable)[], version: Version): Place | Unavailable {
  for (const listing of found) {
    if ('kind' in listing) continue;
    const { record, sourceName } = listing;
    const number = record.numberOf(version);
    if (number >= 0) return { listing, number, release: { ...record.release(number), source: sourceName } };
  }
  return reasonIn(found);
}

/** Why none of several sources has something: that which may be mended first. */
function reasonIn(found: readonly (Listing | Unavailable)[]): Unavailable {
  for (const one of found) if ('kind' in one && one.kind !== 'not-found') return one;
  return { kind: 'not-found' };
}

/** Requires-Python with the blanks it has on the page: metadata lose those at its ends, release documents and locks do not. */
function asListed(files: readonly IndexFile[], requiresPython: string): string {
  const bare = requiresPython.trim();
  return files.find((file) => file.requiresPython?.trim() === bare)?.requiresPython ?? requiresPython;
}

function isFresh({ checkedAt, maxAge }: Pick<Freshness, 'checkedAt' | 'maxAge'>, now: number): boolean {
  // A clock that was set back does not make records eternal.
  const age = (now - checkedAt) / 1000;
  return age >= 0 && age < maxAge;
}

/** The bytes of a page; undefined where it comes compressed, or in pieces of which nobody knows how many there are. */
function announcedLength(headers: Headers): number | undefined {
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  return length === null ? undefined : Number(length);
}

/** `Cache-Control` where the index sends one (RFC 9111), else ten minutes. */
function freshnessOf(headers: Headers, now: number): Freshness {
  const control = headers.get('cache-control')?.toLowerCase() ?? '';
  const age = /(?:^|[\s,])max-age\s*=\s*"?([0-9]+)/.exec(control)?.[1];
  const never = /(?:^|[\s,])no-(?:cache|store)/.test(control);
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return {
    checkedAt: now,
    maxAge: never ? 0 : Math.min(age === undefined ? DEFAULT_AGE : Number(age), LONGEST_AGE),
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
}

interface Choosing {
  readonly project: ProjectName;
  readonly files: readonly IndexFile[];
  readonly isPypi: boolean;
}

/** The metadata that speak for a release. */
async function rawMetadata(
  reader: FileMetadata,
  { project, files, isPypi }: Choosing,
): Promise<RawMetadata | NoMetadata> {
  if (isPypi) {
    for (const file of wheelsByUpload(files).slice(0, 3)) {
      const found = await reader.read(project, file);
      if (!('kind' in found) || found.kind === 'offline') return found;
    }
  }
  const choice = chooseFile(files);
  if (choice === undefined) return { kind: 'no-metadata', detail: `no file of ${project} can be read` };
  if (choice.kind === 'one') return reader.read(project, choice.file);
  const [py2, py3] = await Promise.all([reader.read(project, choice.py2), reader.read(project, choice.py3)]);
  if ('kind' in py3) return py3;
  return 'kind' in py2 ? py2 : mergeMetadata(py2, py3);
}

/** A release's files as they are listed. */
interface Listed<File extends HashedFile> {
  readonly files: readonly File[];
  readonly release: Release;
  readonly isPypi: boolean;
}

/**
 * The files as a lock lists them. PyPI: all, by SHA-256. Other indexes: none that was yanked alone, by the best hash
 * that the index gives; where it gives none, the file is read once.
 */
async function lockedFiles(
  reader: FileMetadata,
  { place, ...listed }: Listed<IndexFile> & { readonly place: string },
): Promise<readonly LockedFile[]> {
  const hashed = hashedFiles(listed);
  if (hashed !== undefined) return hashed;
  return Promise.all(
    lockable(listed).map(async (file) => {
      const hash = lockedHash(file, listed.isPypi) ?? `sha256:${await reader.sha256(file, place)}`;
      return { file: file.file, hash };
    }),
  );
}

/** The same where the index gives a hash for each of them; else undefined. */
function hashedFiles(listed: Listed<HashedFile>): readonly LockedFile[] | undefined {
  const locked: LockedFile[] = [];
  for (const file of lockable(listed)) {
    const hash = lockedHash(file, listed.isPypi);
    if (hash === undefined) return undefined;
    locked.push({ file: file.file, hash });
  }
  return locked;
}

function lockable<File extends HashedFile>({ files, release, isPypi }: Listed<File>): readonly File[] {
  return isPypi || release.yanked ? files : files.filter((file) => !isYanked(file));
}

function lockedHash({ hashes }: HashedFile, isPypi: boolean): string | undefined {
  for (const algorithm of isPypi ? (['sha256'] as const) : (['sha512', 'sha384', 'sha256'] as const)) {
    const digest = hashes[algorithm];
    if (digest !== undefined) return `${algorithm}:${digest}`;
  }
  return undefined;
}

/** Why a release was yanked: all reasons, sorted, a line each, as Poetry shows them; empty where there is none. */
function reasonOf(release: Release, files: readonly IndexFile[]): string {
  if (!release.yanked) return '';
  const reasons = new Set(files.flatMap(({ yanked }) => (typeof yanked === 'string' && yanked !== '' ? [yanked] : [])));
  return [...reasons].sort().join('\n');
}

/**
 * Parsed `Requires-Dist` lines; those that cannot be read are left out. Poetry warns of each; here releases are read that nobody chooses in
 * the end, so it is told at `-v` only.
 */
function understood(lines: readonly string[], release: string, emit: Emit): readonly Requirement[] {
  const requirements: Requirement[] = [];
  for (const line of lines) {
    const read = tryParseMetadataRequirement(line);
    if ('requirement' in read) requirements.push(read.requirement);
    else
      emit({
        kind: 'notice',
        level: 1,
        text: `Invalid requirement (${line}) found in ${release} dependencies, skipping`,
      });
  }
  return requirements;
}
