/** `search`: releases in all sources of the project. */

import { compareCodePoints } from '../ground/code-points.ts';
import { ParseError } from '../ground/error.ts';
import { withoutCredentials } from '../ground/redact.ts';
import { isPypi } from '../index/pypi.ts';
import { readRootPage } from '../index/root-page.ts';
import { ACCEPT } from '../index/simple-page.ts';
import type { Source } from '../manifest/manifest.ts';
import { type ProjectName, projectName } from '../names/name.ts';
import { parseRequirement } from '../requirements/pep508.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { Release } from '../resolver/question.ts';
import { compareVersions, isUnstable, type Version } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import type { Context } from './context.ts';

export interface SearchResult {
  readonly name: ProjectName;
  readonly version: Version;
  /** Name of the source. */
  readonly source: string;
}

/**
 * What the tokens find, by name, version and source. PyPI has no search for programs: there a token is a project's name, which a
 * constraint may follow. Other sources are asked for all their projects, and a token is a part of a name.
 */
export async function searchPackages(context: Context, tokens: readonly string[]): Promise<readonly SearchResult[]> {
  const { manifest } = await context.project();
  const found: SearchResult[] = [];
  for (const source of manifest.sources.filter(({ priority }) => priority !== 'explicit')) {
    found.push(...(await (isPypi(source.name) ? byName : byPart)(context, source, tokens)));
  }
  return found.toSorted(
    (a, b) =>
      compareCodePoints(a.name, b.name) ||
      compareVersions(a.version, b.version) ||
      compareCodePoints(a.source, b.source),
  );
}

async function byName(context: Context, source: Source, tokens: readonly string[]): Promise<readonly SearchResult[]> {
  const wanted = tokens.flatMap((token) => requirementOf(token) ?? []);
  const unique = [...new Map(wanted.map((one) => [`${one.name} ${one.prettyConstraint}`, one])).values()];
  const results = await Promise.all(
    unique.map(async (one) => {
      const releases = await releasesOf(context, source, one.name);
      const allowed = releases.filter(
        ({ version, yanked }) => allows(one.constraint, version) && (!yanked || one.constraint.kind === 'version'),
      );
      const stable = allowed.filter(({ version }) => !isUnstable(version));
      const chosen = stable.length > 0 ? stable : allowed;
      return chosen.map(({ version }) => ({ name: one.name, version, source: source.name }));
    }),
  );
  return results.flat();
}

function requirementOf(token: string): Requirement | undefined {
  try {
    return parseRequirement(token);
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

async function byPart(context: Context, source: Source, tokens: readonly string[]): Promise<readonly SearchResult[]> {
  const names = [...new Set((await namesIn(context, source)).map(projectName))];
  const parts = tokens.map(projectName);
  const matching = names.filter((name) => parts.some((part) => name.includes(part)));
  const results = await Promise.all(
    matching.map(async (name) =>
      (await releasesOf(context, source, name)).map(({ version }) => ({ name, version, source: source.name })),
    ),
  );
  return results.flat();
}

async function namesIn(context: Context, source: Source): Promise<readonly string[]> {
  const { manifest } = await context.project();
  const { transport } = await context.index(manifest.sources);
  const url = `${(source.url ?? '').replace(/\/+$/, '')}/`;
  const reply = await transport.fetch(url, { headers: { accept: ACCEPT } });
  if (reply.status === 200) return readRootPage(reply.body, reply.headers.get('content-type') ?? '', reply.url);
  context.emit({ kind: 'warning', text: `${withoutCredentials(url)} lists no projects: it answered ${reply.status}` });
  return [];
}

async function releasesOf(context: Context, source: Source, name: ProjectName): Promise<readonly Release[]> {
  const { manifest } = await context.project();
  const { client } = await context.index(manifest.sources);
  const answer = await client.versions(name, source.name);
  return 'kind' in answer ? [] : answer;
}
