/**
 * `solver.min-release-age`: releases with a file younger than so many days are not offered for choosing. What is locked already may
 * stay. Files of which the index does not say when they came do not count; but where it says so of none, and where the server's clock
 * contradicts this machine's, nothing is guessed.
 */

import { TercetError } from '../ground/error.ts';
import type { Emit } from '../ground/events.ts';
import type { ProjectName } from '../names/name.ts';
import type { Release, Unavailable } from '../resolver/question.ts';
import { compareVersions, type Version } from '../versions/version.ts';
import type { IndexClient } from './client.ts';
import { isPypi, PYPI, PYPI_SIMPLE } from './pypi.ts';

export interface ReleaseAge {
  /** More than 0. */
  readonly days: number;
  /** Projects to which this does not apply. */
  readonly excludedProjects: ReadonlySet<ProjectName>;
  /** Sources to which this does not apply: names in any case, or addresses with or without their final `/`. */
  readonly excludedSources: readonly string[];
  /** Names and addresses of the sources; PyPI needs none. */
  readonly sources: readonly { readonly name: string; readonly url: string | undefined }[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const DAY = 86_400_000;

/** A client that leaves young releases out, and remembers which. */
export interface AgedIndexClient extends IndexClient {
  /** Says which were left out, as Poetry does: warnings after a failure, else at `-v`. */
  tellIgnored(emit: Emit, failed: boolean): void;
}

export function withReleaseAge(client: IndexClient, age: ReleaseAge): AgedIndexClient {
  const cutoff = age.now - age.days * DAY;
  /** Source → project → versions. */
  const ignored = new Map<string, Map<ProjectName, Version[]>>();

  /** When a release's files came, as far as the index says. */
  const timesOf = async (project: ProjectName, { version }: Release, source: string | undefined): Promise<number[]> => {
    const files = await client.files(project, version, source);
    return files.flatMap(({ uploadTime }) => (uploadTime === undefined ? [] : [Date.parse(uploadTime)]));
  };

  const note = (source: string, project: ProjectName, version: Version): void => {
    const projects = ignored.get(source) ?? new Map<ProjectName, Version[]>();
    ignored.set(source, projects);
    const versions = projects.get(project) ?? [];
    projects.set(project, versions);
    if (!versions.some((one) => one.text === version.text)) versions.push(version);
  };

  const oldEnough = async (
    project: ProjectName,
    releases: readonly Release[] | Unavailable,
    asked: string | undefined,
  ): Promise<readonly Release[] | Unavailable> => {
    if ('kind' in releases || age.excludedProjects.has(project)) return releases;
    const times = await Promise.all(
      releases.map((release) => {
        const source = release.source ?? asked;
        return isExcluded(source ?? PYPI, age) ? undefined : timesOf(project, release, source);
      }),
    );
    const sources = new Map<string, boolean>();
    for (const [at, known] of times.entries()) {
      const source = releases[at]?.source ?? asked ?? PYPI;
      if (known !== undefined) sources.set(source, sources.get(source) === true || known.length > 0);
    }
    for (const [source, isTold] of sources) if (!isTold) throw timesMissing(source, project);
    const young = times.map((known) => known?.some((time) => time > cutoff) === true);
    return releases.filter((release, at) => {
      if (young[at] === true) note(release.source ?? asked ?? PYPI, project, release.version);
      return young[at] !== true;
    });
  };

  return {
    ...client,
    versions: async (project, source) => oldEnough(project, await client.versions(project, source), source),
    allVersions: async (project) => oldEnough(project, await client.allVersions(project), undefined),
    atHand: { ...client.atHand, versions: () => undefined },
    // What is offered changes with time, whatever the pages say.
    consulted: () => undefined,
    areUnchanged: () => Promise.resolve(false),
    search: (name) => client.search(name),
    tellIgnored(emit, failed) {
      for (const [source, projects] of ignored) {
        const say = (text: string): void =>
          emit(failed ? { kind: 'warning', text } : { kind: 'notice', level: 1, text });
        say(
          `Source (${isPypi(source) ? PYPI : source}): The following package versions were ignored due to solver.min-release-age=${age.days}`,
        );
        for (const [project, versions] of [...projects].sort(([a], [b]) => (a < b ? -1 : 1))) {
          const texts = versions.sort(compareVersions).map(({ text }) => text);
          say(`Source (${isPypi(source) ? PYPI : source}): ${project}: ${texts.join(', ')}`);
        }
      }
      ignored.clear();
    },
  };
}

/** Throws `clock-wrong` where a server's `Date` and this machine's clock are more than a day apart. */
export function checkClock(date: string | null, now: number): void {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs) || Math.abs(theirs - now) <= DAY) return;
  const [here, there] = [now, theirs].map((time) => new Date(time).toISOString().slice(0, 10));
  throw new TercetError(
    'clock-wrong',
    `The clock of this machine says ${here}, the server's ${there}: solver.min-release-age cannot be kept`,
    { hints: ['Set the clock, or run `poetry config solver.min-release-age 0`.'] },
  );
}

function timesMissing(source: string, project: ProjectName): TercetError {
  const name = isPypi(source) ? PYPI : source;
  return new TercetError(
    'upload-times-missing',
    `The source "${name}" does not say when the files of ${project} were uploaded, so solver.min-release-age cannot be kept`,
    {
      hints: [
        `Exempt the source: \`poetry config solver.min-release-age-exclude-source ${name}\``,
        `or the project: \`poetry config solver.min-release-age-exclude ${project}\`.`,
      ],
      detail: { source: name, project },
    },
  );
}

function isExcluded(source: string, { excludedSources, sources }: ReleaseAge): boolean {
  const name = source.toLowerCase();
  const url = isPypi(source) ? PYPI_SIMPLE : sources.find((one) => one.name.toLowerCase() === name)?.url;
  return excludedSources.some((one) => one.toLowerCase() === name || trimmed(one) === trimmed(url ?? source));
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
