/**
 * A small index written down in a test, and a search answered from it: nothing is fetched, nothing waits.
 */

import type { Lock, LockedPackage } from '../lock/lock.ts';
import { readManifest } from '../manifest/read.ts';
import { formatMarker, isAnyMarker } from '../markers/marker.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import { tryParseMetadataRequirement } from '../requirements/pep508.ts';
import { parseVersion, sameVersion } from '../versions/version.ts';
import { explain } from './explain.ts';
import type { Answer, Question, ReleaseMetadata } from './question.ts';
import { type Derivation, type Problem, type Resolution, search } from './search.ts';

/** A release: its Requires-Dist lines, or these with more. */
export type WrittenRelease =
  | readonly string[]
  | {
      readonly requires?: readonly string[];
      readonly python?: string;
      readonly yanked?: boolean;
      readonly source?: string;
    };

/** Project → version → release, in the order in which the index lists them. */
export type Universe = Readonly<Record<string, Readonly<Record<string, WrittenRelease>>>>;

export interface SearchOptions {
  readonly locked?: Pick<Lock, 'packages'>;
  readonly update?: 'all' | readonly string[];
  /** See `Problem`. */
  readonly mend?: Problem['mend'];
  readonly anew?: Problem['anew'];
  readonly patience?: Problem['patience'];
  /** Direct origins by the address or path that is asked for. */
  readonly origins?: Readonly<Record<string, ReleaseMetadata>>;
  /** Sees every question. */
  readonly onQuestion?: (question: Question) => void;
}

/** The answer of a universe. */
export function answerFrom(universe: Universe, question: Question, origins: SearchOptions['origins'] = {}): Answer {
  if (question.kind === 'prefetch') return { kind: 'noted' };
  if (question.kind === 'files') return { kind: 'files', files: question.releases.map(() => []) };
  if (question.kind === 'origin') {
    const { origin } = question;
    const place =
      origin.kind === 'file' || origin.kind === 'directory' ? origin.path : origin.kind === 'index' ? '' : origin.url;
    const metadata = origins[place];
    return metadata === undefined ? notFound : { kind: 'metadata', metadata };
  }
  const releases = Object.entries(universe[question.project] ?? {})
    .map(([text, release]) => ({ version: parseVersion(text), ...full(release) }))
    .filter(({ source }) => source === question.source);
  if (releases.length === 0) return notFound;
  if (question.kind === 'versions') return { kind: 'versions', releases };
  const found = releases.find(({ version }) => sameVersion(version, question.version));
  if (found === undefined) return notFound;
  return { kind: 'metadata', metadata: described(question.project, found) };
}

/** What a search over a universe comes to. `manifest` is the text of a `pyproject.toml`. */
export function searched(manifest: string, universe: Universe, options: SearchOptions = {}): Resolution | Derivation {
  const asking = search(problemOf(manifest, options));
  let step = asking.next();
  while (step.done !== true) {
    options.onQuestion?.(step.value);
    step = asking.next(answerFrom(universe, step.value, options.origins));
  }
  return step.value;
}

/** The resolution of a search that must succeed. */
export function resolved(manifest: string, universe: Universe, options: SearchOptions = {}): Resolution {
  const result = searched(manifest, universe, options);
  if (result.kind !== 'resolution') throw new Error(explain(result).message);
  return result;
}

/** `name version`, then ` ; marker` or ` ; {group = marker}`, as the lock has them, sorted. */
export function summary({ packages }: Pick<Resolution, 'packages'>): readonly string[] {
  return packages.map((locked) => `${locked.name} ${locked.version.text}${markersText(locked)}`).sort();
}

/** A `pyproject.toml` whose `[project]` has these requirements. */
export function project(dependencies: readonly string[], rest = '', python = '>=3.9'): string {
  const list = dependencies.map((one) => `  ${JSON.stringify(one)},`).join('\n');
  return `[project]\nname = "root"\nversion = "1"\nrequires-python = "${python}"\ndependencies = [\n${list}\n]\n${rest}`;
}

function problemOf(text: string, { locked, update = [], mend, anew, patience }: SearchOptions = {}): Problem {
  const manifest = readManifest(text);
  return {
    root: {
      name: manifest.name ?? projectName('non-package-mode'),
      version: parseVersion(manifest.version ?? '0'),
      pythonVersions: manifest.pythonVersions,
      python: manifest.python,
    },
    groups: manifest.groups,
    toml: manifest.toml,
    locked: locked?.packages ?? [],
    update: update === 'all' ? 'all' : new Set(update.map(projectName)),
    sources: manifest.sources,
    ...(mend === undefined ? {} : { mend }),
    ...(anew === undefined ? {} : { anew }),
    ...(patience === undefined ? {} : { patience }),
  };
}

const notFound: Answer = { kind: 'unavailable', reason: { kind: 'not-found' } };

function full(release: WrittenRelease): {
  readonly requires: readonly string[];
  readonly python: string;
  readonly yanked: boolean;
  readonly source: string | undefined;
} {
  const written = isList(release) ? { requires: release } : release;
  const { requires = [], python = '*', yanked = false, source } = written;
  return { requires, python, yanked, source };
}

function described(
  name: ProjectName,
  release: ReturnType<typeof full> & { readonly version: ReturnType<typeof parseVersion> },
): ReleaseMetadata {
  const { version, requires, python, yanked, source } = release;
  let requirements: ReleaseMetadata['requirements'] | undefined;
  return {
    prettyName: name,
    version,
    summary: '',
    requiresPython: python,
    get requirements() {
      requirements ??= requires.flatMap((text) => {
        const parsed = tryParseMetadataRequirement(text);
        return 'requirement' in parsed ? [parsed.requirement] : [];
      });
      return requirements;
    },
    requiresDist: requires,
    files: [],
    yanked,
    ...(source === undefined
      ? {}
      : { lockedSource: { type: 'legacy', url: 'https://index.example/simple', reference: source } as const }),
  };
}

function isList(release: WrittenRelease): release is readonly string[] {
  return Array.isArray(release);
}

function markersText({ groups, markers }: LockedPackage): string {
  const texts = groups.map((group) => {
    const marker = markers.get(group);
    return { group, text: marker === undefined || isAnyMarker(marker) ? '' : formatMarker(marker) };
  });
  const [first] = texts;
  if (first === undefined) return '';
  if (texts.every(({ text }) => text === first.text)) return first.text === '' ? '' : ` ; ${first.text}`;
  const entries = texts.filter(({ text }) => text !== '').map(({ group, text }) => `${group} = ${text}`);
  return ` ; {${entries.join(', ')}}`;
}
