/**
 * The error of a failed search: which requirements of the project conflict, where they stand, and what would help. Whatever is
 * proposed was tried before. Loaded only when a search has failed. See docs/resolver.md, "Explanations".
 */

import { TercetError } from '../ground/error.ts';
import { type Entry, entriesOf } from '../manifest/entries.ts';
import { explain } from '../resolver/explain.ts';
import { unknownProjects } from '../resolver/suggest.ts';
import { placeOf } from '../toml/place.ts';
import { readToml } from '../toml/read.ts';
import { type Conflict, conflictOf, type Failed, lineOf, wouldOtherPythonsDo } from './conflict.ts';
import { repairsOf, type Step } from './repairs.ts';
import { createTrials } from './trials.ts';

/** `unsolvable`, with the whole proof in its detail. */
export async function unsolvable(failed: Failed): Promise<TercetError> {
  const trials = createTrials(failed);
  const conflict = await conflictOf(failed.manifestText, failed.derivation, trials);
  const repairs = await repairsOf(failed, conflict, trials);
  const isPython = await wouldOtherPythonsDo(conflict, trials);
  const {
    causes,
    conclusion,
    hints: facts,
    proof,
  } = explain(conflict.derivation, isPython === undefined ? {} : { python: isPython });
  const places = placesOf(failed, conflict.entries);
  const message = [causes, places, conclusion]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  const hints = [
    ...(repairs.length > 0 ? [] : facts),
    ...(await nearNames(failed, conflict)),
    ...proposalText(repairs),
  ];
  const whole = explain(failed.derivation).proof;
  if (whole.length > conclusion.length || proof.length > conclusion.length) hints.push('`-v` shows the whole proof.');
  return new TercetError('unsolvable', message, {
    hints,
    detail: {
      proof: whole,
      requirements: conflict.entries.map(({ name, group }) => ({ name, group, ...lineOf(failed, { name, group }) })),
      proposals: repairs.map((steps) => steps.map(({ shown }) => shown)),
    },
  });
}

/** The lines of the file that conflict. */
export function placesOf(
  failed: Pick<Failed, 'manifestText' | 'writtenText'>,
  entries: readonly Entry[],
): readonly string[] {
  const written = new Map(
    entriesOf(readToml(failed.writtenText, 'pyproject.toml')).map((entry) => [entry.path.join('\n'), entry]),
  );
  const rows = entries.map((entry) => {
    const known = written.get(entry.path.join('\n'));
    const place = known?.name === entry.name ? placeOf(failed.writtenText, entry.path) : undefined;
    const text = place?.text ?? placeOf(failed.manifestText, entry.path)?.text ?? entry.name;
    return { number: place === undefined ? '+' : String(place.line), text: oneLine(text), section: sectionOf(entry) };
  });
  const width = Math.max(...rows.map(({ number }) => number.length));
  const column = Math.max(...rows.map(({ text }) => text.length));
  return rows.length === 0
    ? []
    : [
        'In pyproject.toml:',
        ...rows.map(
          ({ number, text, section }) => `  ${number.padStart(width)} | ${text.padEnd(column)}  [${section}]`,
        ),
      ];
}

function sectionOf({ path }: Entry): string {
  return path.slice(0, -1).join('.');
}

/** Longer texts are cut. In characters. */
const WIDEST = 90;

function oneLine(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, ' ');
  return flat.length > WIDEST ? `${flat.slice(0, WIDEST - 1)}…` : flat;
}

/** The edits that help, in words; none: nothing. */
export function proposalText(repairs: readonly (readonly Step[])[]): readonly string[] {
  const [first] = repairs;
  if (first === undefined) return [];
  const rows = first.length > 1 ? first : repairs.flat();
  const head =
    first.length > 1
      ? 'More than one thing is in the way. With all of these edits together it locks:'
      : rows.length > 1
        ? 'Each of these was tried, and makes it lock:'
        : 'This was tried, and makes it lock:';
  const numbers = rows.map(({ shown: { line } }) => (line === undefined ? '+' : String(line)));
  const width = Math.max(...numbers.map((number) => number.length));
  const lines = rows.map(({ shown: { kind, text, note } }, index) => {
    if (kind === 'command') return `  \`${text}\`${note === '' ? '' : `  (${note})`}`;
    const number = numbers[index] ?? '';
    const what = text === '' ? '(without this line)' : oneLine(text);
    return `  ${number.padStart(width)} | ${what}${note === '' ? '' : `  (${note})`}`;
  });
  return [[head, ...lines].join('\n')];
}

async function nearNames({ index }: Failed, { derivation }: Conflict): Promise<readonly string[]> {
  const hints: string[] = [];
  for (const name of unknownProjects(derivation)) {
    const near = ((await index.search?.(name)) ?? []).filter((other) => other !== name);
    if (near.length > 0)
      hints.push(`Did you mean ${near.map((other) => `\`${other}\``).join(' or ')} instead of \`${name}\`?`);
  }
  return hints;
}
