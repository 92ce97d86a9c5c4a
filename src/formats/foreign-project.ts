/** A project as another tool's files describe it: what every reader of this room returns, and what an import writes down. */

import type { SourcePriority } from '../manifest/manifest.ts';

/** Reads a text file beside or below the project, `/` between folders; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/** One requirement as it will stand in `pyproject.toml`. */
export interface ForeignRequirement {
  /** As written; undefined where only the distribution at its place can tell. */
  readonly name: string | undefined;
  /** Poetry's table of it, without the name. `version` is absent for "any". */
  readonly wish: Readonly<Record<string, unknown>>;
  /** `main`, or the group's name. */
  readonly group: string;
  /** The project's extra that it belongs to; main group only. */
  readonly extra?: string;
  /** A standard table of `pyproject.toml` holds the requirement already; this only adds to it (source, path, …). Default: false. */
  readonly beside?: boolean;
  /** `file, line N`, for messages. */
  readonly place: string;
}

/** A version that the other tool had settled on. */
export interface Pin {
  readonly name: string;
  /** PEP 440, without operator. */
  readonly version: string;
  /** `sha256:…`; empty where the file says none. */
  readonly hashes: readonly string[];
  readonly place: string;
}

export interface ForeignSource {
  readonly name: string;
  readonly url: string;
  readonly priority: SourcePriority;
}

/** Something that could not be carried over, and what can be done about it. */
export interface Leftover {
  readonly place: string;
  readonly text: string;
}

/** What a project says of itself. */
export interface ForeignMetadata {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  /** `Name <mail>`. */
  readonly author?: string;
  readonly license?: string;
  readonly readme?: string;
  readonly requiresPython?: string;
  readonly keywords?: readonly string[];
  readonly classifiers?: readonly string[];
  readonly urls?: ReadonlyMap<string, string>;
  /** Entry points: group → name → reference. */
  readonly entryPoints?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface ForeignProject {
  readonly metadata: ForeignMetadata;
  readonly requirements: readonly ForeignRequirement[];
  readonly pins: readonly Pin[];
  readonly sources: readonly ForeignSource[];
  readonly leftovers: readonly Leftover[];
  /** False where the file says that there is nothing to install but the requirements. Undefined: it says nothing. */
  readonly packageMode?: boolean;
}

/** What a file says that says nothing. */
export const nothingForeign: ForeignProject = {
  metadata: {},
  requirements: [],
  pins: [],
  sources: [],
  leftovers: [],
};

/**
 * Several files' statements as one. What the first one says of the project counts; a requirement that was there before (same name, group,
 * extra and condition) is not repeated, but an exact version in a later one is kept as a pin.
 */
export function joinForeign(projects: readonly ForeignProject[]): ForeignProject {
  const requirements = new Map<string, ForeignRequirement>();
  const pins: Pin[] = projects.flatMap((one) => one.pins);
  for (const requirement of projects.flatMap((one) => one.requirements)) {
    const key = keyOf(requirement);
    const before = requirements.get(key);
    if (before === undefined) requirements.set(key, requirement);
    else if (before.wish.version === undefined && requirement.wish.version !== undefined) {
      requirements.set(key, { ...before, wish: { ...requirement.wish, ...before.wish } });
    }
  }
  const sources = new Map(projects.flatMap((one) => one.sources).map((one) => [one.url.replace(/\/+$/, ''), one]));
  const packageMode = projects.map((one) => one.packageMode).find((one) => one !== undefined);
  return {
    metadata: Object.assign({}, ...projects.map((one) => one.metadata).toReversed()),
    requirements: [...requirements.values()],
    pins,
    sources: [...sources.values()],
    leftovers: projects.flatMap((one) => one.leftovers),
    ...(packageMode === undefined ? {} : { packageMode }),
  };
}

function keyOf(requirement: ForeignRequirement): string {
  const { name, wish, group, extra } = requirement;
  const place = wish.git ?? wish.url ?? wish.path ?? '';
  const plain = (name ?? '').replace(/[-_.]+/g, '-').toLowerCase();
  return [
    plain || String(place),
    group,
    extra ?? '',
    String(wish.markers ?? ''),
    String(requirement.beside ?? false),
  ].join('\n');
}

/** A name for an index that has none: its host's, `files.example.org` without what all hosts have. */
export function sourceNameOf(url: string, taken: ReadonlySet<string>): string {
  const host = /^[a-z]+:\/\/(?:[^@/]*@)?([^/:]+)/i.exec(url)?.[1] ?? 'index';
  const plain = /^[\d.]+$/.test(host)
    ? 'local'
    : host
        .replace(/^(?:www|pypi|index|download)\./, '')
        .replace(/\.[a-z]+$/i, '')
        .replace(/[^A-Za-z0-9]+/g, '-')
        .toLowerCase();
  const base = plain === '' || plain === 'pypi' ? 'index' : plain;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}
