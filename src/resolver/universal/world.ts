/**
 * What the search knows of the world: releases, packages and direct origins, each asked for once. Packages are
 * memoised for the whole search, all runs included, because runs share their requirement cells
 * (docs/resolver.md, "Shared requirements").
 */

import { ParseError, TercetError } from '../../ground/error.ts';
import type { LockedFile } from '../../lock/lock.ts';
import type { Source } from '../../manifest/manifest.ts';
import { type ProjectName, projectName } from '../../names/name.ts';
import { plainRequirement } from '../../requirements/requirement.ts';
import type { Version } from '../../versions/version.ts';
import { exactly, formatRange } from '../../versions/version-range.ts';
import type { Answer, Question, Release, ReleaseMetadata, Unavailable } from '../question.ts';
import { bestFirst, type Candidate, type Candidates, selectable } from './candidates.ts';
import { type Dependency, isDirect, sameDependency } from './dependency.ts';
import { type Package, packageOfRelease, satisfies } from './package.ts';
import { rebasedOrigin } from './source.ts';

/** A conversation that ends with a `Result`. */
export type Asking<Result> = Generator<Question, Result, Answer>;

/** A source that is searched without being named; `name` undefined is the only, default index. */
export interface Searched {
  readonly name: string | undefined;
  readonly supplemental: boolean;
}

/** Why a package could not be had. */
export interface Missing {
  readonly kind: 'missing';
  readonly reason: Unavailable;
}

type Wish = Pick<Dependency, 'constraint' | 'allowPrereleases' | 'sourceName'>;

/** What a wish for a project was answered with. */
interface Selected {
  readonly wish: Wish;
  readonly list: readonly Candidate[];
}

/** How many wishes for a project are known by their very range; the search makes new ranges without end. */
const MOST_BEFORE = 32;

/** How many releases of a project are announced at most. */
const MOST_AHEAD = 32;

export class World {
  readonly #searched: readonly Searched[];
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #releases = new Map<string, readonly Release[] | Missing>();
  readonly #ordered = new Map<string, readonly Candidate[]>();
  readonly #selected = new Map<string, readonly Candidate[]>();
  /** The same by the project and the very range that was asked for: most wishes are the cells of a release, in each run again. */
  readonly #selectedBefore = new Map<ProjectName, Selected[]>();
  readonly #metadata = new Map<string, ReleaseMetadata | Missing>();
  readonly #files = new Map<string, readonly LockedFile[]>();
  readonly #packages = new Map<string, Package | Missing>();
  /** Releases by the other spelling of a lock. */
  readonly #spelled = new WeakMap<Package, Package>();
  readonly #outdated = new Set<string>();
  /** The files that a lock knows of a release, where they are those that the index lists. */
  readonly #current = new Map<string, readonly LockedFile[]>();
  readonly #direct = new Map<string, { readonly dependency: Dependency; readonly pack: Package }[]>();
  readonly #directByName = new Map<ProjectName, Package>();
  readonly #withLocal = new Set<ProjectName>();
  /** Per project how many releases were looked at, and up to how many were announced. */
  readonly #trails = new Map<string, { tried: number; ahead: number }>();

  /** Told with every question. */
  decided = 0;

  #rounds = 0;
  readonly #patience: number;

  /** `patience`: how many times something may be decided before the search is given up. Default: no limit. */
  constructor(sources: readonly Source[], patience = Number.POSITIVE_INFINITY) {
    this.#patience = patience;
    this.#sources = new Map(sources.map((source) => [source.name.toLowerCase(), source]));
    this.#searched = searchedSources(sources);
  }

  /** Counts a decision. Throws `search-too-long` where there were more than the search has patience for. */
  noteRound(): void {
    this.#rounds += 1;
    if (this.#rounds > this.#patience) throw new TercetError('search-too-long', 'The search takes too long.');
  }

  /** True where releases of this configured source are only taken for requirements that name it. */
  isExplicit(source: string): boolean {
    return this.#sources.get(source.toLowerCase())?.priority === 'explicit';
  }

  /** True where there is such a source. */
  hasSource(source: string): boolean {
    const name = source.toLowerCase();
    return (
      this.#sources.has(name) || this.#searched.some((searched) => (searched.name ?? 'pypi').toLowerCase() === name)
    );
  }

  /** What may meet a requirement, best first. Unknown projects have no candidates. */
  *search(dependency: Dependency): Asking<Candidates> {
    if (isDirect(dependency)) {
      const pack = yield* this.direct(dependency);
      this.#directByName.set(dependency.name, pack);
      return { dependency, list: [candidateOf(pack)] };
    }
    const known = this.selected(dependency);
    if (known !== undefined) return known;
    const list = yield* this.#find(dependency);
    this.#selected.set(selectionKey(dependency), list);
    return this.#noteSelected(dependency, list);
  }

  /** The same, where an equal wish was searched for before: runs repeat them. Undefined: search. */
  selected(dependency: Dependency): Candidates | undefined {
    if (isDirect(dependency)) return undefined;
    const direct = this.#directByName.get(dependency.name);
    if (direct !== undefined && satisfies(direct, dependency)) return { dependency, list: [candidateOf(direct)] };
    for (const before of this.#selectedBefore.get(dependency.name) ?? []) {
      if (isSameWish(before.wish, dependency)) return { dependency, list: before.list };
    }
    const list = this.#selected.get(selectionKey(dependency));
    return list === undefined ? undefined : this.#noteSelected(dependency, list);
  }

  #noteSelected(dependency: Dependency, list: readonly Candidate[]): Candidates {
    const { name, constraint, allowPrereleases, sourceName } = dependency;
    const before = this.#selectedBefore.get(name);
    const selected = { wish: { constraint, allowPrereleases, sourceName }, list };
    if (before === undefined) this.#selectedBefore.set(name, [selected]);
    else if (before.length < MOST_BEFORE) before.push(selected);
    return { dependency, list };
  }

  /** Why no index gave a list of a project's releases; undefined where one did, or none was asked. */
  unavailable(project: ProjectName): Unavailable | undefined {
    const answers = this.#answersAbout(project);
    if (answers.some((answer) => !isMissing(answer))) return undefined;
    const reasons = answers.filter(isMissing).map(({ reason }) => reason);
    return reasons.find(({ kind }) => kind !== 'not-found') ?? reasons[0];
  }

  /** True where a requirement names its distribution itself. */
  get hasDirectOrigins(): boolean {
    return this.#direct.size > 0;
  }

  /** True where a project is known to have releases with a local part: `1.0+cpu`. */
  hasLocalVersions(project: ProjectName): boolean {
    return this.#withLocal.has(project);
  }

  /** All releases known so far of a project, in the order listed. */
  releases(project: ProjectName): readonly Release[] {
    return this.#answersAbout(project).flatMap((answer) => (isMissing(answer) ? [] : answer));
  }

  #answersAbout(project: ProjectName): readonly (readonly Release[] | Missing)[] {
    return [...this.#releases].filter(([key]) => key.startsWith(`${project}\n`)).map(([, answer]) => answer);
  }

  /** A release's package where it was asked for before; else undefined. */
  known(name: ProjectName, version: Version, source: string | undefined): Package | Missing | undefined {
    return this.#packages.get(releaseKey(name, version, source));
  }

  /** A release's package, always the same object. */
  *release(name: ProjectName, version: Version, source: string | undefined): Asking<Package | Missing> {
    const key = releaseKey(name, version, source);
    let pack = this.#packages.get(key);
    if (pack === undefined) {
      pack = yield* this.#fresh(name, version, source);
      this.#packages.set(key, pack);
    }
    return pack;
  }

  /**
   * The release of a package, perhaps one of a lock, whose spelling it keeps. Where the index lists other files than the lock, it is
   * a new object each time and spelled as in a new lock, as in Poetry, which reads the release again then.
   */
  *current({ name, prettyName, version, files = [] }: Package, source: string | undefined): Asking<Package | Missing> {
    const key = releaseKey(name, version, source);
    const pack = this.#outdated.has(key)
      ? yield* this.#fresh(name, version, source)
      : yield* this.release(name, version, source);
    if (isMissing(pack)) return pack;
    if (files.length === 0) return this.#spelledAs(prettyName, pack);
    const [listed = []] = yield* this.files([pack]);
    if (sameFiles(files, listed)) {
      this.#current.set(key, files);
      return this.#spelledAs(prettyName, pack);
    }
    this.#outdated.add(key);
    return yield* this.#fresh(name, version, source);
  }

  /** The same where the package is known and files, if there are any, have been compared; else undefined. */
  currentAtHand(
    { name, prettyName, version, files = [] }: Package,
    source: string | undefined,
  ): Package | Missing | undefined {
    const key = releaseKey(name, version, source);
    if (this.#outdated.has(key) || (files.length > 0 && this.#current.get(key) !== files)) return undefined;
    const pack = this.#packages.get(key);
    return pack === undefined || isMissing(pack) ? pack : this.#spelledAs(prettyName, pack);
  }

  /** The release by the name that its lock has for it, `Jinja2` in old ones; always the same object. */
  #spelledAs(prettyName: string, pack: Package): Package {
    if (pack.prettyName === prettyName) return pack;
    const known = this.#spelled.get(pack);
    if (known?.prettyName === prettyName) return known;
    const spelled = { ...pack, prettyName };
    this.#spelled.set(pack, spelled);
    return spelled;
  }

  /** The files of packages, a list for each. Throws a TercetError where an index no longer has one. */
  *files(packs: readonly Package[]): Asking<readonly (readonly LockedFile[])[]> {
    const unknown = packs.filter((pack) => pack.files === undefined && !this.#files.has(fileKey(pack)));
    if (unknown.length > 0) {
      const releases = unknown.map(({ name, version, listedAt }) => ({ project: name, version, source: listedAt }));
      const answer = yield { kind: 'files', releases };
      if (answer.kind !== 'files') {
        const names = unknown.map(({ prettyName, version }) => `${prettyName} (${version.text})`).join(', ');
        throw new TercetError('package-not-found', `The files of ${names} could not be listed.`);
      }
      for (const [at, pack] of unknown.entries()) this.#files.set(fileKey(pack), answer.files[at] ?? []);
    }
    return packs.map((pack) => pack.files ?? this.#files.get(fileKey(pack)) ?? []);
  }

  /**
   * The package of a direct origin. The requirement learns its version and, for git, its commit.
   * Throws a TercetError where it cannot be had or has another name.
   */
  *direct(dependency: Dependency): Asking<Package> {
    const known = this.#direct.get(dependency.completeName) ?? [];
    let pack = known.find((entry) => sameDependency(entry.dependency, dependency))?.pack;
    const isNew = pack === undefined;
    if (pack === undefined) pack = yield* this.#resolveDirect(dependency);
    if (pack.source !== undefined) dependency.source = pack.source;
    dependency.constraint = exactly(pack.version);
    dependency.written = pack.version.text;
    if (isNew) this.#direct.set(dependency.completeName, [...known, { dependency, pack }]);
    return pack;
  }

  *#find(dependency: Dependency): Asking<readonly Candidate[]> {
    const { name, constraint, allowPrereleases, sourceName } = dependency;
    const selection = { constraint, allowPrereleases };
    if (sourceName !== undefined) {
      return selectable(yield* this.#orderedReleases(name, this.#named(sourceName), allowPrereleases), selection);
    }
    const [only, ...others] = this.#searched;
    if (only !== undefined && others.length === 0) {
      return selectable(yield* this.#orderedReleases(name, only.name, allowPrereleases), selection);
    }
    const found: Candidate[] = [];
    for (const source of this.#searched) {
      if (source.supplemental && found.length > 0) break;
      const releases = yield* this.#listed(name, source.name);
      if (!isMissing(releases)) found.push(...selectable(releases, selection));
    }
    return bestFirst(found, allowPrereleases);
  }

  /** The name that a source is asked by. */
  #named(source: string): string | undefined {
    const wanted = source.toLowerCase();
    const searched = this.#searched.find(({ name }) => (name ?? 'pypi').toLowerCase() === wanted);
    if (searched !== undefined) return searched.name;
    const configured = this.#sources.get(wanted);
    if (configured === undefined) throw new TercetError('unknown-source', `Repository "${wanted}" does not exist.`);
    return configured.name;
  }

  *#orderedReleases(
    project: ProjectName,
    source: string | undefined,
    allowPrereleases: boolean | undefined,
  ): Asking<readonly Candidate[]> {
    const key = `${releasesKey(project, source)}\n${allowPrereleases === true}`;
    let ordered = this.#ordered.get(key);
    if (ordered === undefined) {
      const releases = yield* this.#listed(project, source);
      ordered = isMissing(releases) ? [] : bestFirst(releases, allowPrereleases);
      this.#ordered.set(key, ordered);
    }
    return ordered;
  }

  *#listed(project: ProjectName, source: string | undefined): Asking<readonly Release[] | Missing> {
    const key = releasesKey(project, source);
    const known = this.#releases.get(key);
    if (known !== undefined) return known;
    const answer = yield { kind: 'versions', project, source, decided: this.decided };
    const releases = answer.kind === 'versions' ? answer.releases : missing(answer);
    this.#releases.set(key, releases);
    if (!isMissing(releases) && releases.some(({ version }) => version.local !== undefined))
      this.#withLocal.add(project);
    return releases;
  }

  *#fresh(name: ProjectName, version: Version, source: string | undefined): Asking<Package | Missing> {
    let found: Missing = { kind: 'missing', reason: { kind: 'not-found' } };
    const places = source === undefined ? this.#searched.map((searched) => searched.name) : [this.#named(source)];
    for (const place of places) {
      const described = yield* this.#described(name, version, place);
      if (!isMissing(described)) return packageFrom(name, described, place);
      found = described;
      if (found.reason.kind !== 'not-found') break;
    }
    return found;
  }

  *#described(project: ProjectName, version: Version, source: string | undefined): Asking<ReleaseMetadata | Missing> {
    const key = releaseKey(project, version, source);
    const known = this.#metadata.get(key);
    if (known !== undefined) return known;
    yield* this.#announceOlder(project, version, source);
    const answer = yield { kind: 'metadata', project, version, source, decided: this.decided };
    const metadata = answer.kind === 'metadata' ? answer.metadata : missing(answer);
    this.#metadata.set(key, metadata);
    return metadata;
  }

  /**
   * Where the search goes from release to release, each time for the next older one, it is told of more and more
   * of them in advance.
   */
  *#announceOlder(project: ProjectName, version: Version, source: string | undefined): Asking<void> {
    const place = releasesKey(project, source);
    const trail = this.#trails.get(place) ?? { tried: 0, ahead: 0 };
    this.#trails.set(place, trail);
    trail.tried += 1;
    if (trail.tried < 3 || trail.tried <= trail.ahead) return;
    const ordered = this.#ordered.get(`${place}\nfalse`) ?? this.#ordered.get(`${place}\ntrue`) ?? [];
    const at = ordered.findIndex((release) => release.version === version);
    const older = at < 0 ? [] : ordered.slice(at + 1, at + 1 + Math.min(2 * trail.tried, MOST_AHEAD));
    trail.ahead = trail.tried + older.length;
    const wishes = older.map((release) => ({
      ...plainRequirement(project),
      constraint: exactly(release.version),
      prettyConstraint: release.version.text,
      source,
    }));
    if (wishes.length > 0) yield { kind: 'prefetch', wishes };
  }

  *#resolveDirect(dependency: Dependency): Asking<Package> {
    const { origin } = dependency;
    const answer = yield {
      kind: 'origin',
      project: dependency.name,
      origin: rebasedOrigin(origin, dependency.base),
      decided: this.decided,
    };
    if (answer.kind !== 'metadata') {
      const { reason } = missing(answer);
      const detail = reason.kind === 'no-metadata' ? reason.detail : undefined;
      throw new TercetError(
        'origin-unavailable',
        detail ?? `Unable to determine package info for ${dependency.prettyName} from ${originText(dependency)}`,
        reason.kind === 'offline'
          ? { hints: ['The network is switched off. Run again without `--offline` (or TERCET_OFFLINE).'] }
          : {},
      );
    }
    const pack = packageOfRelease(dependency.name, answer.metadata);
    const actual = projectName(answer.metadata.prettyName);
    if (actual !== dependency.name) {
      throw new TercetError(
        'name-mismatch',
        `The dependency name for ${dependency.name} does not match the actual package's name: ${actual}`,
      );
    }
    const develop = origin.kind === 'directory' || origin.kind === 'git' ? origin.develop : undefined;
    return { ...pack, develop, requires: origin.kind === 'url' ? withExtrasAgain(pack, dependency) : pack.requires };
  }
}

function packageFrom(name: ProjectName, metadata: ReleaseMetadata, place: string | undefined): Package | Missing {
  try {
    return packageOfRelease(name, metadata, place);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { kind: 'missing', reason: { kind: 'no-metadata', detail: error.message } };
  }
}

export function isMissing(of: object): of is Missing {
  return 'kind' in of && of.kind === 'missing';
}

/** For packages at a URL Poetry lists the requirements of the extras asked for a second time. */
function withExtrasAgain(pack: Package, dependency: Dependency): Dependency[] {
  return [...pack.requires, ...dependency.extras.flatMap((extra) => pack.requiredByExtra.get(extra) ?? [])];
}

function candidateOf(pack: Package): Candidate {
  return { version: pack.version, source: undefined, yanked: pack.yanked, pack };
}

/** The names of those that are searched first: supplemental ones are only asked where these have nothing. */
export function searchedFirst(sources: readonly Source[]): readonly (string | undefined)[] {
  return searchedSources(sources)
    .filter(({ supplemental }) => !supplemental)
    .map(({ name }) => name);
}

/**
 * The sources that are searched without being named: primary ones in file order, PyPI where there is none, then
 * the supplemental ones. PyPI alone goes by no name.
 */
function searchedSources(sources: readonly Source[]): readonly Searched[] {
  const primary = sources.filter(({ priority }) => priority === 'primary');
  const supplemental = sources.filter(({ priority }) => priority === 'supplemental');
  const hasPypi = sources.some(isPypi);
  const fallback: readonly Searched[] = primary.length === 0 && !hasPypi ? [{ name: 'PyPI', supplemental: false }] : [];
  const searched = [
    ...primary.map(({ name }) => ({ name, supplemental: false })),
    ...fallback,
    ...supplemental.map(({ name }) => ({ name, supplemental: true })),
  ];
  const [only] = searched;
  const isPypiAlone = only !== undefined && searched.length === 1 && isPypi(only);
  return isPypiAlone ? [{ name: undefined, supplemental: false }] : searched;
}

function isPypi({ name }: { readonly name: string | undefined }): boolean {
  return name === undefined || name.toLowerCase() === 'pypi';
}

function missing(answer: Answer): Missing {
  return { kind: 'missing', reason: answer.kind === 'unavailable' ? answer.reason : { kind: 'not-found' } };
}

function releaseKey(project: ProjectName, version: Version, source: string | undefined): string {
  return `${project}\n${version.text}\n${source ?? ''}`;
}

/** True only for the very same range; a range that is equal has an equal `selectionKey`. */
function isSameWish(a: Wish, b: Wish): boolean {
  return a.constraint === b.constraint && a.allowPrereleases === b.allowPrereleases && a.sourceName === b.sourceName;
}

/** The same for equal wishes. */
function selectionKey({ name, constraint, allowPrereleases, sourceName }: Dependency): string {
  return `${releasesKey(name, sourceName)}\n${allowPrereleases}\n${formatRange(constraint)}`;
}

function fileKey({ name, version, listedAt }: Package): string {
  return releaseKey(name, version, listedAt);
}

function releasesKey(project: ProjectName, source: string | undefined): string {
  return `${project}\n${source ?? ''}`;
}

function sameFiles(a: readonly LockedFile[], b: readonly LockedFile[]): boolean {
  if (a.length !== b.length) return false;
  const texts = new Set(a.map(({ file, hash }) => file + hash));
  return b.every(({ file, hash }) => texts.has(file + hash));
}

function originText({ origin, base }: Dependency): string {
  const place = rebasedOrigin(origin, base);
  switch (place.kind) {
    case 'index':
      return 'the index';
    case 'file':
    case 'directory':
      return place.path;
    default:
      return place.url;
  }
}
