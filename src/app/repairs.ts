/**
 * Edits that make a project lock which does not: each is tried, with the conflict alone and then with the whole project, before it
 * is said to help. See docs/resolver.md, "Explanations".
 */

import type { Amended, Amendment } from '../manifest/amend.ts';
import { type Entry, entriesOf, entryKey } from '../manifest/entries.ts';
import { readManifest } from '../manifest/read.ts';
import { MAIN_GROUP } from '../names/name.ts';
import type { Derivation, Resolution } from '../resolver/search.ts';
import { constraintsFor, narrowerPythons, nearestAbove, passedOver, unknownProjects } from '../resolver/suggest.ts';
import { placeOf } from '../toml/place.ts';
import { readToml } from '../toml/read.ts';
import { compareVersions, isUnstable, type Version } from '../versions/version.ts';
import { formatRange } from '../versions/version-range.ts';
import { attempt, type Conflict, conflictOf, type Failed, lineOf, manifestWith } from './conflict.ts';
import type { Trials } from './trials.ts';

/** How many proposals are shown. */
const MOST_PROPOSALS = 4;
/** How many conflicts that have nothing to do with each other are gone into. */
const MOST_CONFLICTS = 3;

/** One edit or command that was found to help. */
export interface Step {
  readonly text: string;
  readonly shown: Shown;
}

/** How it is shown. */
export interface Shown {
  readonly kind: 'edit' | 'command';
  /** Of the file on disk, from 1; undefined for a command, and for what the file does not have yet. */
  readonly line: number | undefined;
  /** What to write there, or the command to run; '' where the line goes. */
  readonly text: string;
  /** What comes of it. */
  readonly note: string;
}

/** Edits that each make the project lock; where several conflicts have to be mended, one row of edits. */
export async function repairsOf(
  failed: Failed,
  conflict: Conflict,
  trials: Trials,
  depth = MOST_CONFLICTS,
): Promise<readonly (readonly Step[])[]> {
  const found: (readonly Step[])[] = [];
  let next: { readonly step: Step; readonly derivation: Derivation } | undefined;
  for await (const step of steps(failed, conflict, trials)) {
    const result = await trials.run(readManifest(step.text));
    if (result?.kind === 'resolution') {
      found.push([withVersions(step, result)]);
      trials.noteFound();
    } else if (result !== undefined) next ??= { step, derivation: result };
    if (found.length === MOST_PROPOSALS) break;
  }
  if (found.length > 0 || next === undefined || depth === 1) return found;
  const other = await conflictOf(next.step.text, next.derivation, trials);
  const [rest] = await repairsOf(failed, other, trials, depth - 1);
  return rest === undefined ? [] : [[next.step, ...rest]];
}

/** A step that the conflict alone would lock with. */
export interface Tried extends Step {
  readonly entry?: Entry;
}

/** Tries an edit with the conflict alone; undefined where it does not help. */
type Try = (amendment: Amendment) => Promise<Tried | undefined>;

/** Edits that mend this one conflict, the likeliest first. */
async function* steps(failed: Failed, conflict: Conflict, trials: Trials): AsyncGenerator<Tried> {
  const { derivation, entries } = conflict;
  const { python } = conflict.manifest;
  const alone = async (text: string): Promise<Resolution | undefined> => {
    const manifest = manifestWith(text, new Set([...conflict.keys, ...addedKeys(conflict, text)]));
    const result = manifest === undefined ? undefined : await trials.run(manifest);
    return result?.kind === 'resolution' ? result : undefined;
  };
  const tried: Try = async (amendment) => {
    const amended = attempt(conflict.text, amendment);
    if (amended === undefined || (await alone(amended.text)) === undefined) return undefined;
    return stepOf(failed, amendment, amended);
  };

  const unknown = unknownProjects(derivation);
  for (const entry of entries) {
    if (unknown.has(entry.name)) yield* helpful(await otherNames(failed, entry), tried);
  }
  const lower: Tried[] = [];
  const unstable: Tried[] = [];
  const stuck: Entry[] = [];
  for (const entry of entries) {
    yield* helpful(sparing(conflict, entry), tried);
    const isNew = lineOf(failed, entry) === undefined;
    const relaxed = await relaxation(conflict, { entry, isNew }, alone, tried);
    if (relaxed === undefined) stuck.push(entry);
    else if (relaxed.isUnstable) unstable.push(relaxed.step);
    else if (relaxed.isLower) lower.push(relaxed.step);
    else yield relaxed.step;
  }
  const pythons = narrowerPythons(derivation, python).map(formatRange);
  yield* firstHelpful(
    pythons.map((one) => ({ kind: 'python', python: one })),
    tried,
  );
  // An entry whose releases leave Pythons out may be needed on the others only.
  for (const entry of entries) {
    const others = narrowerPythons(derivation, python, entry.name).map(formatRange);
    yield* firstHelpful(
      others.map((one) => ({ kind: 'marker', entry, python: one })),
      tried,
    );
  }
  yield* lower;
  if (lower.length === 0) yield* unstable;
  for (const entry of stuck) yield* firstHelpful(lastResorts(failed, conflict, entry), tried);
}

/** Those edits that help, each tried when it is asked for. */
async function* helpful(amendments: readonly Amendment[], tried: Try): AsyncGenerator<Tried> {
  for (const amendment of amendments) {
    const step = await tried(amendment);
    if (step !== undefined) yield step;
  }
}

/** The first edit that helps, where one does. */
async function* firstHelpful(amendments: readonly Amendment[], tried: Try): AsyncGenerator<Tried> {
  for await (const step of helpful(amendments, tried)) {
    yield step;
    return;
  }
}

/** Names of projects that are there, for one that is not. */
async function otherNames({ index }: Failed, entry: Entry): Promise<readonly Amendment[]> {
  const near = ((await index.search?.(entry.name)) ?? []).slice(0, 3);
  return near.filter((name) => name !== entry.name).map((name) => ({ kind: 'name', entry, name }));
}

/** Edits that leave the range of an entry as it is, or nearly so. */
function sparing({ derivation }: Conflict, entry: Entry): readonly Amendment[] {
  const [requirement] = entry.requirements;
  if (requirement === undefined) return [];
  const { constraint, allowPrereleases } = requirement;
  if (allowPrereleases === false && passedOver(derivation, entry.name, constraint).unstable !== undefined) {
    return [{ kind: 'prereleases', entry }];
  }
  const pin = /^==?\s*(?=\d)/.exec(constraintOf(entry) ?? '')?.[0];
  const next = constraint.kind === 'version' ? nearestAbove(derivation, entry.name, constraint.version) : undefined;
  return pin === undefined || next === undefined
    ? []
    : [{ kind: 'constraint', entry, constraint: `${pin}${next.text}` }];
}

/** What another constraint comes to. */
export interface Relaxed {
  readonly step: Tried;
  /** True where older releases are asked for than before. */
  readonly isLower: boolean;
  /** True where only a pre-release was found, and none was asked for. */
  readonly isUnstable: boolean;
}

/** Another constraint for one requirement, from the version that is found where it has none. */
export async function relaxation(
  conflict: Pick<Conflict, 'text'>,
  { entry, isNew }: { readonly entry: Entry; readonly isNew: boolean },
  alone: (text: string) => Promise<Resolution | undefined>,
  tried: Try,
): Promise<Relaxed | undefined> {
  const written = constraintOf(entry);
  const free = attempt(conflict.text, { kind: 'constraint', entry, constraint: '' });
  const result = written === undefined || free === undefined ? undefined : await alone(free.text);
  const version = result?.packages.findLast(({ name }) => name === entry.name)?.version;
  if (written === undefined || version === undefined) return undefined;
  for (const constraint of constraintsFor(isNew ? '' : written, version, entry.style)) {
    const step = await tried({ kind: 'constraint', entry, constraint });
    if (step !== undefined) return { step, isLower: isBelow(entry, version), isUnstable: isUnstable(version) };
  }
  return undefined;
}

function isBelow({ requirements }: Entry, version: Version): boolean {
  const [requirement] = requirements;
  const min = requirement === undefined || !('min' in requirement.constraint) ? undefined : requirement.constraint.min;
  return min !== undefined && compareVersions(version, min) < 0;
}

/** The constraint as written; undefined where the entry asks for a direct origin, or for any version. */
function constraintOf({ requirements, written, style }: Entry): string | undefined {
  const [requirement, ...others] = requirements;
  if (requirement === undefined || others.length > 0 || requirement.origin.kind !== 'index') return undefined;
  if (requirement.prettyConstraint === '*') return undefined;
  if (style === 'poetry') return requirement.prettyConstraint;
  return /[<>=~!][^;]*/.exec(String(written))?.[0].replace(/[)\s]+$/, '') ?? requirement.prettyConstraint;
}

/** What is tried where no other constraint helps. */
function lastResorts(failed: Failed, { derivation, manifest, entries }: Conflict, entry: Entry): readonly Amendment[] {
  const [requirement] = entry.requirements;
  if (requirement === undefined) return [];
  const ideas: Amendment[] = [];
  const { unstable, yanked } = passedOver(derivation, entry.name, requirement.constraint);
  if (unstable !== undefined && requirement.allowPrereleases === undefined) ideas.push({ kind: 'prereleases', entry });
  if (yanked !== undefined) ideas.push({ kind: 'constraint', entry, constraint: `==${yanked.text}` });
  if (requirement.source !== undefined) ideas.push({ kind: 'source', entry, source: undefined });
  const isDetailed = entries.some(
    (other) => other.style === 'poetry' && other !== entry && entryKey(other) === entryKey(entry),
  );
  for (const { name } of isDetailed ? [] : manifest.sources) {
    if (name.toLowerCase() !== requirement.source?.toLowerCase()) ideas.push({ kind: 'source', entry, source: name });
  }
  for (const extra of requirement.extras) {
    ideas.push({ kind: 'extras', entry, extras: requirement.extras.filter((other) => other !== extra) });
  }
  if (lineOf(failed, entry) !== undefined) ideas.push({ kind: 'remove', entry });
  return ideas;
}

/** Keys of requirements that an edit has brought. */
function addedKeys({ text }: Conflict, edited: string): readonly string[] {
  const known = new Set(entriesOf(readToml(text, 'pyproject.toml')).map(entryKey));
  return entriesOf(readToml(edited, 'pyproject.toml'))
    .map(entryKey)
    .filter((key) => !known.has(key));
}

/** How an edit is shown. */
export function stepOf(failed: Pick<Failed, 'writtenText'>, amendment: Amendment, { text, path }: Amended): Tried {
  const place = path === undefined ? undefined : placeOf(text, path);
  if (amendment.kind === 'python') {
    const line = placeOf(failed.writtenText, path ?? [])?.line;
    return { text, shown: { kind: 'edit', line, text: place?.text ?? '', note: '' } };
  }
  const { entry } = amendment;
  const line = lineOf(failed, entry)?.line;
  if (line === undefined && amendment.kind === 'constraint') {
    const shown: Shown = { kind: 'command', line, text: addCommand(entry, amendment.constraint), note: '' };
    return { text, entry, shown };
  }
  const isBeside = path !== undefined && path.join('\n') !== entry.path.join('\n') && path[0] !== entry.path[0];
  const shown: Shown = {
    kind: 'edit',
    line: isBeside ? undefined : line,
    text: place?.text ?? '',
    note: isBeside ? `in [${path.slice(0, -1).join('.')}]` : '',
  };
  return { text, entry, shown };
}

/** The `add` that asks for another version of what could not be added. */
function addCommand({ name, group, requirements }: Entry, constraint: string): string {
  const extras = requirements[0]?.extras ?? [];
  const wish = `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`}`;
  const exact = /^==?([^,]*)$/.exec(constraint)?.[1];
  const least = /^(?:\^|>=)([^,]*)/.exec(constraint)?.[1] ?? constraint;
  const place = group === MAIN_GROUP ? '' : ` --group ${group}`;
  const version = exact === undefined ? `@^${least}` : `==${exact}`;
  return `tercet add${place} ${wish.includes('[') ? `"${wish}${version}"` : `${wish}${version}`}`;
}

/** The step with the versions that it leads to. */
export function withVersions(step: Tried, { packages }: Resolution): Step {
  const versions = packages.filter(({ name }) => name === step.entry?.name).map(({ version }) => version.text);
  const note =
    versions.length === 0 || step.shown.note !== '' ? step.shown.note : `${step.entry?.name} ${versions.join(' and ')}`;
  return { text: step.text, shown: { ...step.shown, note } };
}
