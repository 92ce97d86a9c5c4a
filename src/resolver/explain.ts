/**
 * Why a search failed, for people: the true cause first, then the proof, which ends as Poetry's does with
 * `So, because …, version solving failed.` See docs/resolver.md, "Explanations".
 */

import type { ProjectName } from '../names/name.ts';
import { parseMarkerConstraint } from '../versions/poetry-constraint.ts';
import { compareVersions, isUnstable } from '../versions/version.ts';
import {
  allows,
  allowsAll,
  difference,
  formatRange,
  intersect,
  isAnyRange,
  isEmptyRange,
  sameRange,
  union,
  type VersionRange,
} from '../versions/version-range.ts';
import { chainTo, conflictText } from './causes.ts';
import { proof, wish } from './proof.ts';
import { externalIncompatibilities, type Incompatibility } from './pubgrub/incompatibility.ts';
import type { Release, Unavailable } from './question.ts';
import type { Derivation } from './search.ts';
import { passedOver, unknownProjects } from './suggest.ts';
import type { Dependency } from './universal/dependency.ts';

export interface Explanation {
  /** Cause and proof; several lines. */
  readonly message: string;
  /** The true cause, in lines; none where it cannot be told from the facts. */
  readonly causes: readonly string[];
  /** The proof, or its last line where it is long; ends with `version solving failed.` */
  readonly conclusion: readonly string[];
  /** What to do about it. */
  readonly hints: readonly string[];
  /** What the project itself asks for and the failure speaks of. */
  readonly wishes: readonly { readonly name: ProjectName; readonly text: string }[];
  /** Projects that no index knows. */
  readonly unknown: readonly ProjectName[];
  /** The whole proof. */
  readonly proof: readonly string[];
}

/** A proof longer than this is cut to its conclusion: the causes say what matters. In lines, and characters in all. */
const LONGEST_PROOF = 4;
const WIDEST_PROOF = 600;

/** `python`: whether other Pythons would help: then nothing else is the cause, or Requires-Python is none. Default: not known. */
export function explain(derivation: Derivation, options: { readonly python?: boolean } = {}): Explanation {
  const { incompatibility, releases } = derivation;
  const facts = [...new Set(externalIncompatibilities(incompatibility))];
  const lines = proof(incompatibility);
  const isShort = lines.length <= LONGEST_PROOF && lines.join().length <= WIDEST_PROOF;
  const conclusion = isShort ? lines : lines.slice(-1).map((line) => line.trimStart());
  const python = options.python === false ? [] : pythonCauses(facts);
  const none = [...circular(facts), ...nothingFits(facts, derivation)];
  // What the project asks for and does not exist is the whole cause; what others ask for may be one of several.
  const isWhole =
    none.length > 0 &&
    facts.some(
      ({ cause, terms: [term] }) =>
        cause.kind === 'no-versions' && term !== undefined && isAskedFor(facts, term.dependency),
    );
  const conflict = isWhole || options.python === true ? [] : conflictText(facts, releases);
  const causes = joined([none, conflict, python]);
  return {
    message: [causes.join('\n'), conclusion.join('\n')].filter((part) => part !== '').join('\n\n'),
    causes,
    conclusion,
    hints: [...(python.length > 0 ? pythonHints(facts) : []), ...releaseHints(facts, releases)],
    wishes: wishesOf(facts),
    unknown: [...unknownProjects(derivation)],
    proof: lines,
  };
}

/** Paragraphs with empty lines between them. */
function joined(paragraphs: readonly (readonly string[])[]): readonly string[] {
  return paragraphs
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function wishesOf(facts: readonly Incompatibility[]): Explanation['wishes'] {
  const found = new Map<string, Explanation['wishes'][number]>();
  for (const { cause, terms } of facts) {
    const [by, required] = terms;
    if (cause.kind !== 'requirement' || by?.dependency.isRoot !== true) continue;
    if (required === undefined) {
      const { name } = by.dependency;
      found.set(name, { name, text: name });
      continue;
    }
    const text = wish(required.dependency);
    found.set(text, { name: required.dependency.name, text });
  }
  return [...found.values()];
}

/** So many packages that leave Pythons out are shown. */
const MOST_PYTHONS = 4;

/** Packages whose Requires-Python leaves some of the project's Pythons out, in Poetry's words, the narrowest range last. */
function pythonCauses(facts: readonly Incompatibility[]): readonly string[] {
  const missing = new Map<string, VersionRange>();
  let project = '';
  for (const { cause, terms } of facts) {
    const name = terms[0]?.dependency.name;
    if (cause.kind !== 'python' || name === undefined) continue;
    project = cause.projectPython;
    const left = difference(parseMarkerConstraint(cause.projectPython), parseMarkerConstraint(cause.pythonVersions));
    missing.set(
      `  - ${name} requires Python ${cause.pythonVersions}, so it will not be installable for Python ${formatRange(left)}`,
      left,
    );
  }
  if (missing.size === 0) return [];
  const lines = [...missing].sort(([, a], [, b]) => widest(b, a)).map(([line]) => line);
  const more = lines.length > MOST_PYTHONS ? [`  - and ${lines.length - MOST_PYTHONS} more`] : [];
  return [
    `The current project's supported Python range (${project}) is not compatible with some of the ` +
      'required packages Python requirement:',
    ...lines.slice(0, MOST_PYTHONS),
    ...more,
  ];
}

function widest(a: VersionRange, b: VersionRange): number {
  if (sameRange(a, b)) return 0;
  return allowsAll(a, b) ? -1 : allowsAll(b, a) ? 1 : 0;
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

/** A project that requires one of its own name. */
function circular(facts: readonly Incompatibility[]): readonly string[] {
  const self = facts.find(({ cause, terms }) => cause.kind === 'requirement' && terms.length === 1);
  const name = self?.terms[0]?.dependency.name;
  return name === undefined
    ? []
    : [`The project is named ${name}, and requires another version of ${name}: one of the two has to go.`];
}

/** Projects of which nothing fits, with what there is instead. */
function nothingFits(facts: readonly Incompatibility[], derivation: Derivation): readonly string[] {
  const lines = new Set<string>();
  for (const { cause, terms } of facts) {
    const dependency = terms[0]?.dependency;
    if (cause.kind !== 'no-versions' || dependency === undefined) continue;
    const reason = derivation.unavailable.get(dependency.name);
    if (reason !== undefined) {
      lines.add(unavailableText(dependency.name, reason));
      const chain = chainTo(facts, dependency.name);
      if (chain !== undefined && !isOfProject(facts, dependency.name)) lines.add(`  - ${chain}`);
    } else if (isOwnWish(facts, dependency)) lines.add(noneFitsText(dependency, derivation));
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

function noneFitsText({ name, constraint, allowPrereleases }: Dependency, derivation: Derivation): string {
  const newest = newestOf(derivation.releases.get(name) ?? []);
  const what = isAnyRange(constraint) ? 'can be used' : `fits ${formatRange(constraint)}`;
  const { unstable, yanked } = passedOver(derivation, name, constraint);
  const others = [
    ...(unstable === undefined || allowPrereleases !== false ? [] : [`${unstable.text} is a pre-release`]),
    ...(yanked === undefined ? [] : [`${yanked.text} is yanked`]),
    ...(newest === undefined ? [] : [`the newest is ${newest.version.text}`]),
  ];
  return `No release of ${name} ${what}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`;
}

/** True where the project itself requires this. */
function isOfProject(facts: readonly Incompatibility[], name: ProjectName): boolean {
  return facts.some(
    ({ cause, terms: [by, required] }) =>
      cause.kind === 'requirement' && by?.dependency.isRoot === true && required?.dependency.name === name,
  );
}

/** True where the project asks for just this range. */
function isAskedFor(facts: readonly Incompatibility[], dependency: Dependency): boolean {
  return isOfProject(facts, dependency.name) && isOwnWish(facts, dependency);
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
