/**
 * Advisories in the Open Source Vulnerability format, and whether one is about a release. https://ossf.github.io/osv-schema/
 */

import { type ProjectName, projectName } from '../names/name.ts';
import { asArray, asString, asStrings, asTable, type TomlTable } from '../toml/read.ts';
import { compareVersions, sameVersion, tryParseVersion, type Version } from '../versions/version.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical' | 'unknown';

/** An interval of versions: from `introduced` (undefined: from the first on) to before `fixed`, or to `lastAffected` itself. */
interface AffectedRange {
  readonly introduced: Version | undefined;
  readonly fixed: Version | undefined;
  readonly lastAffected: Version | undefined;
}

interface Affected {
  readonly name: ProjectName;
  readonly ranges: readonly AffectedRange[];
  /** Listed one by one. */
  readonly versions: readonly Version[];
}

export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  /** One line. */
  readonly summary: string;
  readonly severity: Severity;
  /** CVSS 3 base score, 0 to 10. */
  readonly score: number | undefined;
  readonly references: readonly string[];
  readonly affected: readonly Affected[];
}

/** The advisory in a JSON value; undefined for what is none, was withdrawn, or is about no project of PyPI. */
export function readAdvisory(value: unknown): Advisory | undefined {
  const table = asTable(value);
  const id = asString(table?.id);
  if (table === undefined || id === undefined || asString(table.withdrawn) !== undefined) return undefined;
  const affected = asArray(table.affected).flatMap((one) => affectedOf(asTable(one) ?? {}) ?? []);
  if (affected.length === 0) return undefined;
  const summary =
    asString(table.summary) ??
    asString(table.details)
      ?.split('\n')
      .find((line) => line.trim() !== '') ??
    '';
  const vector = asArray(table.severity)
    .map((one) => asString(asTable(one)?.score) ?? '')
    .find((one) => one.startsWith('CVSS:3'));
  const score = vector === undefined ? undefined : cvss3(vector);
  return {
    id,
    aliases: asStrings(table.aliases),
    summary: summary
      .replace(/^#+\s*/, '')
      .replace(/\s+/g, ' ')
      .trim(),
    severity: severityOf(asString(asTable(table.database_specific)?.severity), score),
    score,
    references: asArray(table.references).flatMap((one) => asString(asTable(one)?.url) ?? []),
    affected,
  };
}

/** Whether a release is affected, and the versions that are not any more, lowest first; undefined where it is not. */
export function affects(
  advisory: Advisory,
  name: ProjectName,
  version: Version,
): { readonly fixed: readonly string[] } | undefined {
  const own = advisory.affected.filter((one) => one.name === name);
  const hit = own.some(
    ({ versions, ranges }) =>
      versions.some((one) => sameVersion(one, version)) || ranges.some((one) => inRange(one, version)),
  );
  if (!hit) return undefined;
  const fixed = own
    .flatMap(({ ranges }) => ranges.flatMap((one) => one.fixed ?? []))
    .filter((one) => compareVersions(one, version) > 0)
    .sort(compareVersions);
  return { fixed: [...new Set(fixed.map((one) => one.text))] };
}

function inRange({ introduced, fixed, lastAffected }: AffectedRange, version: Version): boolean {
  if (introduced !== undefined && compareVersions(version, introduced) < 0) return false;
  if (fixed !== undefined) return compareVersions(version, fixed) < 0;
  return lastAffected === undefined || compareVersions(version, lastAffected) <= 0;
}

function affectedOf(table: TomlTable): Affected | undefined {
  const pack = asTable(table.package);
  const name = asString(pack?.name);
  if (name === undefined || !/^PyPI(?::|$)/i.test(asString(pack?.ecosystem) ?? '')) return undefined;
  const ranges = asArray(table.ranges).flatMap((one) => rangesOf(asTable(one) ?? {}));
  return {
    name: projectName(name),
    ranges,
    versions: asStrings(table.versions).flatMap((one) => tryParseVersion(one) ?? []),
  };
}

/** The intervals of a list of events; commits of a repository say nothing about releases. */
function rangesOf(table: TomlTable): AffectedRange[] {
  if (table.type === 'GIT') return [];
  const found: AffectedRange[] = [];
  let open: { introduced: Version | undefined } | undefined;
  for (const event of asArray(table.events).map((one) => asTable(one) ?? {})) {
    const introduced = asString(event.introduced);
    const fixed = asString(event.fixed);
    const last = asString(event.last_affected);
    if (introduced !== undefined) {
      if (open !== undefined) found.push({ ...open, fixed: undefined, lastAffected: undefined });
      open = { introduced: introduced === '0' ? undefined : tryParseVersion(introduced) };
    } else if (open !== undefined && (fixed !== undefined || last !== undefined)) {
      const end = tryParseVersion(fixed ?? last ?? '');
      found.push({
        ...open,
        fixed: fixed === undefined ? undefined : end,
        lastAffected: fixed === undefined ? end : undefined,
      });
      open = undefined;
    }
  }
  if (open !== undefined) found.push({ ...open, fixed: undefined, lastAffected: undefined });
  return found;
}

function severityOf(stated: string | undefined, score: number | undefined): Severity {
  switch (stated?.toUpperCase()) {
    case 'LOW':
      return 'low';
    case 'MODERATE':
    case 'MEDIUM':
      return 'medium';
    case 'HIGH':
      return 'high';
    case 'CRITICAL':
      return 'critical';
  }
  if (score === undefined || score === 0) return 'unknown';
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

const WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};

/** The base score of a CVSS 3 vector (https://www.first.org/cvss/v3.1/specification-document, 7.1); undefined where it is none. */
export function cvss3(vector: string): number | undefined {
  const parts = new Map(vector.split('/').map((part) => part.split(':') as [string, string]));
  const weight = (key: string): number => WEIGHTS[key]?.[parts.get(key) ?? ''] ?? Number.NaN;
  const changed = parts.get('S') === 'C';
  const privileges =
    { N: 0.85, L: changed ? 0.68 : 0.62, H: changed ? 0.5 : 0.27 }[parts.get('PR') ?? ''] ?? Number.NaN;
  const base = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  if (Number.isNaN(impact + exploitability)) return undefined;
  if (impact <= 0) return 0;
  const total = Math.min((changed ? 1.08 : 1) * (impact + exploitability), 10);
  return Math.ceil(Math.round(total * 100_000) / 10_000) / 10;
}
