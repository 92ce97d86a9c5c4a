/**
 * Why a search failed, for people: the true cause first, then the proof, which ends as Poetry's does with
 * `So, because …, version solving failed.` See docs/resolver.md, "Explanations".
 */

import type { ProjectName } from '../names/name.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { compareVersions, isUnstable } from '../versions/version.ts';
import {
  allows,
  difference,
  formatRange,
  intersect,
  isAnyRange,
  isEmptyRange,
  union,
  type VersionRange,
} from '../versions/version-range.ts';
import { proof, wish } from './proof.ts';
import { externalIncompatibilities, type Incompatibility } from './pubgrub/incompatibility.ts';
import type { Release, Unavailable } from './question.ts';
import type { Derivation } from './search.ts';
import type { Dependency } from './universal/dependency.ts';

export interface Explanation {
  /** Cause and proof; several lines. */
  readonly message: string;
  /** What to do about it. */
  readonly hints: readonly string[];
  /** What the project itself asks for and the failure speaks of. */
  readonly wishes: readonly { readonly name: ProjectName; readonly text: string }[];
  /** Projects that no index knows. */
  readonly unknown: readonly ProjectName[];
  /** The whole proof. */
  readonly proof: readonly string[];
}

/** A proof longer than this is cut to its conclusion: the causes say what matters. In lines. */
const LONGEST_PROOF = 16;

export function explain(derivation: Derivation): Explanation {
  const { incompatibility, releases } = derivation;
  const facts = [...new Set(externalIncompatibilities(incompatibility))];
  const lines = proof(incompatibility);
  const shown = lines.length > LONGEST_PROOF ? lines.slice(-1) : lines;
  const python = pythonCauses(facts);
  const causes = [...conflicts(facts), ...nothingFits(facts, derivation)];
  const parts = [causes.join('\n'), python.join('\n'), shown.join('\n')].filter((part) => part !== '');
  return {
    message: parts.join('\n\n'),
    hints: [...pythonHints(facts), ...releaseHints(facts, releases)],
    wishes: wishesOf(facts),
    unknown: unknownOf(facts, derivation),
    proof: lines,
  };
}

function wishesOf(facts: readonly Incompatibility[]): Explanation['wishes'] {
  const found = new Map<string, Explanation['wishes'][number]>();
  for (const { cause, terms } of facts) {
    const [by, required] = terms;
    if (cause.kind !== 'requirement' || by?.dependency.isRoot !== true || required === undefined) continue;
    const text = wish(required.dependency);
    found.set(text, { name: required.dependency.name, text });
  }
  return [...found.values()];
}

function unknownOf(facts: readonly Incompatibility[], { unavailable }: Derivation): readonly ProjectName[] {
  const found = new Set<ProjectName>();
  for (const { cause, terms } of facts) {
    const name = terms[0]?.dependency.name;
    if (cause.kind === 'no-versions' && name !== undefined && unavailable.get(name)?.kind === 'not-found')
      found.add(name);
  }
  return [...found];
}

/** Packages whose Requires-Python leaves some of the project's Pythons out, in Poetry's words. */
function pythonCauses(facts: readonly Incompatibility[]): readonly string[] {
  const lines: string[] = [];
  for (const { cause, terms } of facts) {
    const name = terms[0]?.dependency.name;
    if (cause.kind !== 'python' || name === undefined) continue;
    const missing = difference(parseMarkerConstraint(cause.projectPython), parseMarkerConstraint(cause.pythonVersions));
    if (lines.length === 0) {
      lines.push(
        `The current project's supported Python range (${cause.projectPython}) is not compatible with some of the ` +
          'required packages Python requirement:',
      );
    }
    const line =
      `  - ${name} requires Python ${cause.pythonVersions}, so it will not be installable for Python ` +
      formatRange(missing);
    if (!lines.includes(line)) lines.push(line);
  }
  return lines;
}

function pythonHints(facts: readonly Incompatibility[]): readonly string[] {
  const ranges = new Map<ProjectName, VersionRange>();
  for (const { cause, terms } of facts) {
    const name = terms[0]?.dependency.name;
    if (cause.kind !== 'python' || name === undefined) continue;
    const common = intersect(parseMarkerConstraint(cause.projectPython), parseMarkerConstraint(cause.pythonVersions));
    if (!isEmptyRange(common)) ranges.set(name, union(ranges.get(name) ?? common, common));
  }
  return [...ranges].map(
    ([name, range]) =>
      `For ${name}, a possible solution would be to set the \`python\` property to "${formatRange(range)}", ` +
      'or to narrow `requires-python` of the project.',
  );
}

/** What one project, in some of its versions, requires of another. */
interface Demand {
  readonly by: Dependency;
  readonly wishes: readonly Dependency[];
}

/** Requirements of two projects that no one release can meet together. */
function conflicts(facts: readonly Incompatibility[]): readonly string[] {
  for (const [name, demands] of demandsOf(facts)) {
    for (const [index, first] of demands.entries()) {
      const second = demands.slice(index + 1).find((other) => areDisjoint(first, other));
      if (second !== undefined) {
        return [`No release of ${name} meets all requirements:`, demandText(first), demandText(second)];
      }
    }
  }
  return [];
}

/** Required project → who requires it. */
function demandsOf(facts: readonly Incompatibility[]): ReadonlyMap<ProjectName, readonly Demand[]> {
  const found = new Map<ProjectName, Map<string, { readonly by: Dependency; readonly wishes: Dependency[] }>>();
  for (const { cause, terms } of facts) {
    const [by, required] = terms;
    if (cause.kind !== 'requirement' || by === undefined || required === undefined) continue;
    const { name } = required.dependency;
    const demands = found.get(name) ?? new Map();
    found.set(name, demands);
    const demand = demands.get(by.dependency.completeName) ?? { by: by.dependency, wishes: [] };
    demands.set(by.dependency.completeName, demand);
    demand.wishes.push(required.dependency);
  }
  return new Map([...found].map(([name, demands]) => [name, [...demands.values()]]));
}

/** True where no version of the one can stand beside any version of the other. */
function areDisjoint(a: Demand, b: Demand): boolean {
  return a.wishes.every((ours) => b.wishes.every((theirs) => isDisjoint(ours, theirs)));
}

function demandText({ by, wishes }: Demand): string {
  const [first] = wishes;
  if (first === undefined) return '';
  if (wishes.length === 1) return `  - ${wish(by)} requires ${wish(first)}`;
  const texts = [...new Set(wishes.map(wish))];
  const more = texts.length > 2 ? `, … (${texts.length} different requirements)` : '';
  return `  - ${by.name} requires ${texts.slice(0, 2).join(' or ')}${more}, depending on its version`;
}

function isDisjoint(a: Dependency, b: Dependency): boolean {
  return isEmptyRange(intersect(a.constraint, b.constraint));
}

/** Projects of which nothing fits, with what there is instead. */
function nothingFits(facts: readonly Incompatibility[], { releases, unavailable }: Derivation): readonly string[] {
  const lines = new Set<string>();
  for (const { cause, terms } of facts) {
    const dependency = terms[0]?.dependency;
    if (cause.kind !== 'no-versions' || dependency === undefined) continue;
    const reason = unavailable.get(dependency.name);
    if (reason !== undefined) lines.add(unavailableText(dependency.name, reason));
    else if (isOwnWish(facts, dependency)) lines.add(noneFitsText(dependency, releases.get(dependency.name) ?? []));
  }
  return [...lines];
}

function unavailableText(name: ProjectName, reason: Unavailable): string {
  switch (reason.kind) {
    case 'not-found':
      return `The index knows no project named ${name}.`;
    case 'offline':
      return `The network is switched off, and the cache does not know ${name}.`;
    case 'no-metadata':
      return `The releases of ${name} cannot be read: ${reason.detail}.`;
  }
}

function noneFitsText({ name, constraint }: Dependency, known: readonly Release[]): string {
  const newest = newestOf(known);
  const what = isAnyRange(constraint) ? 'can be used' : `fits ${formatRange(constraint)}`;
  return `No release of ${name} ${what}${newest === undefined ? '' : `; the newest is ${newest.version.text}`}.`;
}

/** True where a requirement asks for just this range: then the search did not narrow it. */
function isOwnWish(facts: readonly Incompatibility[], dependency: Dependency): boolean {
  const text = formatRange(dependency.constraint);
  return facts.some(
    ({ cause, terms }) =>
      cause.kind === 'requirement' &&
      terms[1]?.dependency.name === dependency.name &&
      formatRange(terms[1].dependency.constraint) === text,
  );
}

function releaseHints(
  facts: readonly Incompatibility[],
  releases: ReadonlyMap<ProjectName, readonly Release[]>,
): readonly string[] {
  const hints = new Set<string>();
  for (const { cause, terms } of facts) {
    const dependency = terms[0]?.dependency;
    if (cause.kind !== 'no-versions' || dependency === undefined) continue;
    const { name, constraint, allowPrereleases } = dependency;
    const fitting = (releases.get(name) ?? []).filter(({ version }) => allows(constraint, version));
    const unstable = newestOf(fitting.filter(({ version, yanked }) => isUnstable(version) && !yanked));
    if (allowPrereleases === false && unstable !== undefined) {
      hints.add(
        `${name} ${unstable.version.text} fits, but is a pre-release: allow it with \`allow-prereleases = true\`.`,
      );
    }
    const yanked = newestOf(fitting.filter((release) => release.yanked));
    if (unstable === undefined && yanked !== undefined && fitting.every((release) => release.yanked)) {
      hints.add(
        `${name} ${yanked.version.text} fits, but is yanked: ask for it with \`==${yanked.version.text}\` to use it.`,
      );
    }
  }
  return [...hints];
}

function newestOf(releases: readonly Release[]): Release | undefined {
  let newest: Release | undefined;
  for (const release of releases) {
    if (newest === undefined || compareVersions(release.version, newest.version) > 0) newest = release;
  }
  return newest;
}
