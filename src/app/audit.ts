/** `audit`: the lock against advisories. What is found, and what of it is ignored with a reason. */

import { resolve } from 'node:path';
import { type Advisory, affects, type Severity } from '../formats/osv.ts';
import { TercetError } from '../ground/error.ts';
import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';
import { asArray, asString, asStrings, asTable, tableAt } from '../toml/read.ts';
import { parseVersion } from '../versions/version.ts';
import { allows } from '../versions/version-range.ts';
import { OSV_SERVICE, readAdvisories } from './advisories.ts';
import type { Context, Project } from './context.ts';
import { lockedSelection } from './locked-selection.ts';
import type { GroupOptions } from './selection.ts';
import { whyPaths } from './why-paths.ts';

export interface AuditOptions {
  readonly groups: GroupOptions;
  /** Paths and addresses, relative to the working directory. Default: the project's setting, `TERCET_ADVISORIES`, the public service. */
  readonly advisories: readonly string[];
  /** Identifiers that do not count this time. */
  readonly ignore: readonly string[];
}

export interface Finding {
  readonly package: LockedPackage;
  readonly id: string;
  /** Other names of the same. */
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly severity: Severity;
  readonly score: number | undefined;
  /** Versions that are not affected any more, lowest first. */
  readonly fixed: readonly string[];
  /** Whether the project's own constraint on the package takes the first of them; undefined where it has none. */
  readonly fixAllowed: boolean | undefined;
  readonly references: readonly string[];
  /** From a direct requirement to the package. */
  readonly path: readonly string[];
  /** Why it does not count. */
  readonly ignored?: string;
}

export interface Audit {
  /** How many packages were looked at. */
  readonly packages: number;
  /** By package, the worst first. */
  readonly findings: readonly Finding[];
  /** Entries of the ignore list that meet nothing, or whose day has come. */
  readonly notes: readonly string[];
}

const ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'unknown'];

/** Whether a severity is at least that of a level; what is unknown counts as the worst. */
export function isAtLeast(severity: Severity, level: Severity): boolean {
  return severity === 'unknown' || ORDER.indexOf(severity) <= ORDER.indexOf(level);
}

/** Throws `lock-missing`, `advisories` (exit code 2), `audit-setting`. */
export async function auditLock(context: Context, options: AuditOptions): Promise<Audit> {
  const project = await context.project();
  const setting = tableAt(project.manifest.toml, 'tool', 'tercet', 'audit') ?? {};
  const { packages: selected, direct } = await lockedSelection(context, options.groups);
  const packages = selected.filter(({ source }) => source === undefined || source.type === 'legacy');
  const { transport } = await context.index(project.manifest.sources);
  const places = placesOf(context, project, setting.advisories, options.advisories);
  const advisories = await readAdvisories(places, packages, transport);
  const paths = whyPaths(selected, direct);
  const ignores = ignoresOf(setting.ignore, options.ignore);
  const findings: Finding[] = [];
  const met = new Set<string>();
  for (const one of packages) {
    for (const group of grouped(
      advisories.filter((advisory) => affects(advisory, one.name, one.version) !== undefined),
    )) {
      const finding = findingOf(group, one, { project, path: paths.get(one.name) ?? [] });
      const ignore = ignores.find(({ id }) => id === finding.id || finding.aliases.includes(id));
      if (ignore !== undefined) met.add(ignore.id);
      const isOver = ignore?.until !== undefined && ignore.until < new Date().toISOString().slice(0, 10);
      findings.push(ignore === undefined || isOver ? finding : { ...finding, ignored: ignore.reason });
    }
  }
  findings.sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      (a.package.name < b.package.name ? -1 : a.package.name > b.package.name ? 1 : a.id < b.id ? -1 : 1),
  );
  const notes = ignores
    .filter(({ id }) => !met.has(id))
    .map(({ id }) => `${id} is ignored, but nothing that is locked is affected by it any more`);
  return { packages: packages.length, findings, notes };
}

function placesOf(context: Context, project: Project, setting: unknown, given: readonly string[]): string[] {
  const rooted = (base: string, place: string): string => (/^https?:\/\//.test(place) ? place : resolve(base, place));
  if (given.length > 0) return given.map((one) => rooted(context.cwd, one));
  const own = typeof setting === 'string' ? [setting] : asStrings(setting);
  if (own.length > 0) return own.map((one) => rooted(project.directory, one));
  const variable = context.env.TERCET_ADVISORIES;
  return [variable ? rooted(context.cwd, variable) : OSV_SERVICE];
}

interface Ignore {
  readonly id: string;
  readonly reason: string;
  /** `YYYY-MM-DD`: from the day after it counts again. */
  readonly until: string | undefined;
}

function ignoresOf(setting: unknown, given: readonly string[]): Ignore[] {
  const own = asArray(setting).map((entry): Ignore => {
    const table = asTable(entry);
    const id = asString(table?.id);
    const reason = asString(table?.reason)?.trim();
    if (id === undefined || !reason) {
      throw new TercetError(
        'audit-setting',
        '[tool.tercet.audit] ignore: each entry must be a table with an `id` and a `reason`.',
        {
          hints: ['ignore = [{id = "GHSA-…", reason = "we do not call it", until = "2027-01-31"}]'],
        },
      );
    }
    const until = table?.until instanceof Date ? table.until.toISOString() : asString(table?.until);
    return { id, reason, until: until?.slice(0, 10) };
  });
  return [...given.map((id) => ({ id, reason: 'on the command line', until: undefined })), ...own];
}

/** Advisories of several databases about the same thing: those that share a name. */
function grouped(advisories: readonly Advisory[]): Advisory[][] {
  const groups: { readonly names: Set<string>; readonly members: Advisory[] }[] = [];
  for (const advisory of advisories) {
    const names = [advisory.id, ...advisory.aliases];
    const near = groups.filter((group) => names.some((name) => group.names.has(name)));
    const [first, ...others] = near;
    if (first === undefined) {
      groups.push({ names: new Set(names), members: [advisory] });
      continue;
    }
    first.members.push(advisory);
    for (const name of names) first.names.add(name);
    for (const other of others) {
      first.members.push(...other.members);
      for (const name of other.names) first.names.add(name);
      groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups.map((group) => group.members);
}

function findingOf(
  group: readonly Advisory[],
  one: LockedPackage,
  { project, path }: { readonly project: Project; readonly path: readonly ProjectName[] },
): Finding {
  // GitHub's records have a severity and a summary; the others fill in.
  const ranked = group.toSorted((a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1));
  const [main] = ranked;
  const id = main?.id ?? '';
  const severity =
    ORDER.find((level) => level !== 'unknown' && ranked.some((advisory) => advisory.severity === level)) ?? 'unknown';
  const fixed =
    ranked.map((advisory) => affects(advisory, one.name, one.version)?.fixed ?? []).find((list) => list.length > 0) ??
    [];
  const names = new Set(ranked.flatMap((advisory) => [advisory.id, ...advisory.aliases]));
  names.delete(id);
  const requirement = project.manifest.groups
    .flatMap((each) => each.requirements)
    .find((each) => each.name === one.name);
  const [first] = fixed;
  return {
    package: one,
    id,
    aliases: [...names].sort(),
    summary: ranked.map((advisory) => advisory.summary).find((text) => text !== '') ?? '',
    severity,
    score: ranked.map((advisory) => advisory.score).find((score) => score !== undefined),
    fixed,
    fixAllowed:
      requirement === undefined || first === undefined
        ? undefined
        : allows(requirement.constraint, parseVersion(first)),
    references: [...new Set(ranked.flatMap((advisory) => advisory.references))],
    path,
  };
}

function rank(id: string): number {
  return id.startsWith('MAL-') ? 0 : id.startsWith('GHSA-') ? 1 : id.startsWith('PYSEC-') ? 2 : 3;
}
