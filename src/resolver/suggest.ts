/**
 * What could make a failed search succeed: ideas from the failure's own facts, none of them tried yet. Who shows one has to try it
 * first. See docs/resolver.md, "Explanations".
 */

import type { ProjectName } from '../names/name.ts';
import { nextBreaking, nextMajor, nextMinor } from '../versions/next-version.ts';
import { parseConstraint, parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { compareVersions, isUnstable, type Version } from '../versions/version.ts';
import {
  allows,
  allowsAll,
  formatRange,
  intersect,
  isEmptyRange,
  stretchesOf,
  type VersionRange,
} from '../versions/version-range.ts';
import { externalIncompatibilities } from './pubgrub/incompatibility.ts';
import type { Derivation } from './search.ts';

/**
 * Ranges of Pythons that the facts of a failure suggest, the widest first, none of them empty or as wide as the project's.
 * `only`: what the releases of this one project support.
 */
export function narrowerPythons(
  derivation: Derivation,
  project: VersionRange,
  only?: ProjectName,
): readonly VersionRange[] {
  const found = new Map<string, VersionRange>();
  for (const { cause, terms } of externalIncompatibilities(derivation.incompatibility)) {
    if (cause.kind !== 'python' || (only !== undefined && terms[0]?.dependency.name !== only)) continue;
    const range = intersect(project, parseMarkerConstraint(cause.pythonVersions));
    if (isEmptyRange(range) || allowsAll(range, project) || stretchesOf(range).length > 2) continue;
    found.set(formatRange(range), range);
  }
  return [...found.values()].sort((a, b) => (allowsAll(a, b) ? -1 : allowsAll(b, a) ? 1 : compareFirst(a, b)));
}

/** Projects of a failure that no index knows. */
export function unknownProjects({ incompatibility, unavailable }: Derivation): ReadonlySet<ProjectName> {
  const found = new Set<ProjectName>();
  for (const { cause, terms } of externalIncompatibilities(incompatibility)) {
    const name = terms[0]?.dependency.name;
    if (cause.kind === 'no-versions' && name !== undefined && unavailable.get(name)?.kind === 'not-found')
      found.add(name);
  }
  return found;
}

/** The newest pre-release and the newest yanked release that a range allows, where it allows nothing better. */
export function passedOver(
  { releases }: Derivation,
  name: ProjectName,
  range: VersionRange,
): { readonly unstable: Version | undefined; readonly yanked: Version | undefined } {
  const fitting = (releases.get(name) ?? []).filter(({ version }) => allows(range, version));
  const unstable = fitting.filter(({ version, yanked }) => isUnstable(version) && !yanked);
  const yanked = fitting.every((release) => release.yanked) ? fitting : [];
  return {
    unstable: newest(unstable.map(({ version }) => version)),
    yanked: newest(yanked.map(({ version }) => version)),
  };
}

/** The first stable release after a version that does not exist; undefined where it does, or nothing comes after it. */
export function nearestAbove({ releases }: Derivation, name: ProjectName, version: Version): Version | undefined {
  const known = (releases.get(name) ?? []).filter(({ yanked }) => !yanked).map((release) => release.version);
  if (known.some((other) => compareVersions(other, version) === 0)) return undefined;
  return known
    .filter((other) => compareVersions(other, version) > 0 && !isUnstable(other))
    .toSorted(compareVersions)[0];
}

function newest(versions: readonly Version[]): Version | undefined {
  return versions.toSorted(compareVersions).at(-1);
}

/**
 * Constraints in the manner of `written` that allow `version`, which `written` does not; the closest to it first. `style`
 * says which grammar they are for.
 */
export function constraintsFor(written: string, version: Version, style: 'pep-508' | 'poetry'): readonly string[] {
  const clauses = written
    .replace(/^\(|\)$/g, '')
    .split(',')
    .map((clause) => clause.trim());
  const found = new Set<string>();
  const [only] = clauses;
  const text = withoutLocal(version);
  if (clauses.length === 1 && only !== undefined) {
    const operator = /^(\^|~=|~|==|=|>=)?/.exec(only)?.[0] ?? '';
    if (operator === '^' || operator === '~') found.add(`${operator}${short(version, only)}`);
    else if (operator === '~=') found.add(`~=${short(version, only, 2)}`);
    else if (operator === '==' || operator === '=') found.add(`${operator}${text}`);
    else if (operator === '>=') found.add(`>=${short(version, only)}`);
    else if (/^[\d]/.test(only) && style === 'poetry') found.add(text);
  }
  const range = parsed(written);
  if (range !== undefined) {
    const isAbove = stretchesOf(range).every(({ max }) => max !== undefined && compareVersions(version, max) >= 0);
    const isBelow = stretchesOf(range).every(({ min }) => min !== undefined && compareVersions(version, min) <= 0);
    if (isAbove) found.add(replaced(clauses, /^(<=|<)/, (clause) => `<${above(version, clause)}`).join(','));
    if (isBelow) found.add(replaced(clauses, /^(>=|>)/, (clause) => `>=${short(version, clause)}`).join(','));
  }
  found.add(style === 'poetry' ? `^${text}` : `>=${short(version, '')},<${trimmed(nextBreaking(version).text)}`);
  found.add(`==${text}`);
  return [...found].filter((constraint) => {
    const candidate = parsed(constraint);
    return candidate !== undefined && allows(candidate, version) && constraint !== written;
  });
}

function parsed(text: string): VersionRange | undefined {
  try {
    return parseConstraint(text === '' ? '*' : text);
  } catch {
    return undefined;
  }
}

function replaced(clauses: readonly string[], which: RegExp, by: (clause: string) => string): readonly string[] {
  return clauses.map((clause) => (which.test(clause) ? by(clause) : clause));
}

/** An upper bound behind `version` with as many numbers as the present one has. */
function above(version: Version, clause: string): string {
  const numbers = clause.replace(/^[<=\s]+/, '').split('.').length;
  if (numbers === 1) return trimmed(nextMajor(version).text);
  const isMajor = /^<=?\s*\d+(\.0)+$/.test(clause);
  const next = isMajor ? nextMajor(version) : nextMinor(version);
  return next.text
    .split('.')
    .slice(0, isMajor ? numbers : 2)
    .join('.');
}

/** The version with as many numbers as the text has, not fewer than `least`; all of them where that would allow less. */
function short(version: Version, like: string, least = 1): string {
  const text = withoutLocal(version);
  if (isUnstable(version) || !/^[\d.]+$/.test(text)) return text;
  const wanted = Math.max(/\d[\d.]*/.exec(like)?.[0].split('.').length ?? 2, least);
  return text.split('.').slice(0, wanted).join('.');
}

function trimmed(text: string): string {
  return text.replace(/(\.0)+$/, '');
}

function withoutLocal({ text }: Version): string {
  return text.split('+')[0] ?? text;
}

function compareFirst(a: VersionRange, b: VersionRange): number {
  const [left, right] = [a, b].map((range) => stretchesOf(range)[0]?.min);
  if (left === undefined || right === undefined) return 0;
  return compareVersions(left, right);
}
