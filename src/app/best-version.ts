/** Which version `add` and `init` write down where the user named none: the newest stable one that fits. */

import { TercetError } from '../ground/error.ts';
import type { IndexClient } from '../index/client.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import type { Release } from '../resolver/question.ts';
import { withoutLocal } from '../versions/next-version.ts';
import { parseConstraint, pythonsOf } from '../versions/poetry-constraint.ts';
import { compareVersions, isUnstable, type Version } from '../versions/version.ts';
import { allows, allowsAll, anyVersion, type VersionRange } from '../versions/version-range.ts';

export interface BestOptions {
  /** Poetry's grammar; undefined: any version. */
  readonly constraint?: string | undefined;
  /** Default: pre-releases only where there is nothing else. */
  readonly allowPrereleases?: boolean | undefined;
  /** Default: every source that is not explicit. */
  readonly source?: string | undefined;
  /**
   * The project's Python range: releases that do not support all of it are passed over as long as one does. Default: not looked at. (Poetry
   * takes the newest and then fails to solve.)
   */
  readonly python?: VersionRange | undefined;
}

/** How many releases are asked for their Python range before the newest is taken as it is. */
const MOST_ASKED = 60;

/** The newest version of `name` that fits. Throws `no-version` with Poetry's words where there is none. */
export async function bestVersion(index: IndexClient, name: string, options: BestOptions = {}): Promise<Version> {
  const project = projectName(name);
  const found = await candidates(index, project, options);
  const [newest] = found;
  if (!newest) throw await noVersion(index, name, options);
  if (options.python === undefined) return newest.version;
  for (const release of found.slice(0, MOST_ASKED)) {
    const answer = await index.metadata(project, release.version, release.source);
    if (!('requiresPython' in answer)) continue;
    if (answer.requiresPython === '*' || allowsAll(pythonsOf(answer.requiresPython), options.python))
      return release.version;
  }
  return newest.version;
}

/** `^X.Y.Z`, the constraint that is written for a version. */
export function caret(version: Version): string {
  return `^${withoutLocal(version).text}`;
}

/** The releases that fit, newest first. */
async function candidates(index: IndexClient, project: ProjectName, options: BestOptions): Promise<Release[]> {
  const range = options.constraint === undefined ? anyVersion : parseConstraint(options.constraint);
  const answer = await (options.source === undefined
    ? index.allVersions(project)
    : index.versions(project, options.source));
  if ('kind' in answer) return [];
  const allowed = answer.filter((one) => allows(range, one.version) && (!one.yanked || range.kind === 'version'));
  const stable = allowed.filter((one) => !isUnstable(one.version));
  const chosen = options.allowPrereleases || stable.length === 0 ? allowed : stable;
  return chosen.toSorted((a, b) => compareVersions(b.version, a.version));
}

/** The error for a name or constraint without candidates, with a hint: what there is instead. */
async function noVersion(index: IndexClient, name: string, options: BestOptions): Promise<TercetError> {
  const [newest] = await candidates(index, projectName(name), { source: options.source, allowPrereleases: true });
  const hints =
    newest === undefined
      ? await nearNames(index, name)
      : [
          `the newest version is ${newest.version.text}; \`${options.constraint ?? '*'}\` allows none that can be taken`,
        ];
  return new TercetError('no-version', `Could not find a matching version of package ${name}`, { hints });
}

/** A hint with near names that are known here; the index is not asked for guesses. */
async function nearNames(index: IndexClient, name: string): Promise<string[]> {
  const project = projectName(name);
  const near = await index.search(project);
  if (near.length === 0 || near.includes(project)) return [];
  const shown = near.slice(0, 5).map((one) => `\`${one}\``);
  return [`did you mean ${shown.join(' or ')}?`];
}
