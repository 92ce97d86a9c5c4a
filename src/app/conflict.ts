/**
 * What a failed search comes down to: the fewest of the project's own requirements that fail by themselves, and where they stand.
 * See docs/resolver.md, "Explanations".
 */

import { TercetError } from '../ground/error.ts';
import type { Lock } from '../lock/lock.ts';
import { type Amendment, amend } from '../manifest/amend.ts';
import { type Entry, entriesOf, entryKey, withEntries } from '../manifest/entries.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestOf, readManifest } from '../manifest/read.ts';
import type { ProjectName } from '../names/name.ts';
import { explain } from '../resolver/explain.ts';
import type { Derivation } from '../resolver/search.ts';
import { narrowerPythons } from '../resolver/suggest.ts';
import { type Place, placeOf } from '../toml/place.ts';
import { readToml } from '../toml/read.ts';
import { formatRange, intersect } from '../versions/version-range.ts';
import type { Answers } from './answer.ts';
import type { Trials } from './trials.ts';

/** A search that failed, and what it was about. */
export interface Failed {
  readonly derivation: Derivation;
  /** The manifest that failed. */
  readonly manifestText: string;
  /** The manifest as it is on disk: lines are those of this text. */
  readonly writtenText: string;
  readonly previous: Lock | undefined;
  readonly update: 'all' | ReadonlySet<ProjectName> | undefined;
  readonly index: Answers & { search?(name: ProjectName): Promise<readonly ProjectName[]> };
}

export interface Conflict {
  readonly text: string;
  readonly manifest: Manifest;
  /** The entries of the file without any of which there would be no failure, or as few as could be told. */
  readonly entries: readonly Entry[];
  readonly keys: ReadonlySet<string>;
  /** The failure of these alone. */
  readonly derivation: Derivation;
}

/** More of them are not tried one by one. */
const MOST_ENTRIES = 24;

/** The smallest set of the project's own requirements that fails by itself. */
export async function conflictOf(text: string, derivation: Derivation, trials: Trials): Promise<Conflict> {
  const toml = readToml(text, 'pyproject.toml');
  const entries = entriesOf(toml);
  const names = new Set(explain(derivation).wishes.map(({ name }) => name));
  let keys = new Set(entries.filter(({ name }) => names.has(name)).map(entryKey));
  let failure = derivation;
  const only = async (kept: ReadonlySet<string>): Promise<Derivation | undefined> => {
    const manifest = manifestWith(text, kept);
    const result = manifest === undefined ? undefined : await trials.run(manifest);
    return result?.kind === 'derivation' ? result : undefined;
  };
  const alone = keys.size > 0 && keys.size <= MOST_ENTRIES ? await only(keys) : undefined;
  if (alone !== undefined) {
    failure = alone;
    for (const key of [...keys].reverse()) {
      if (keys.size === 1) break;
      const fewer = new Set([...keys].filter((other) => other !== key));
      const result = await only(fewer);
      if (result === undefined) continue;
      keys = fewer;
      failure = result;
    }
  }
  return {
    text,
    manifest: readManifest(text),
    keys,
    entries: entries.filter((entry) => keys.has(entryKey(entry))),
    derivation: failure,
  };
}

/** The manifest with those of its requirements only; undefined where that is none. */
export function manifestWith(text: string, kept: ReadonlySet<string>): Manifest | undefined {
  try {
    return manifestOf(withEntries(readToml(text, 'pyproject.toml'), kept));
  } catch (error) {
    if (error instanceof TercetError) return undefined;
    throw error;
  }
}

/** The amended text; undefined where the amendment cannot be made. */
export function attempt(text: string, amendment: Amendment): ReturnType<typeof amend> {
  try {
    return amend(text, amendment);
  } catch (error) {
    if (error instanceof TercetError) return undefined;
    throw error;
  }
}

/** Whether the project would lock for fewer Pythons; undefined where its Pythons are not spoken of. */
export async function wouldOtherPythonsDo(
  { text, keys, derivation, manifest }: Conflict,
  trials: Trials,
): Promise<boolean | undefined> {
  const ranges = narrowerPythons(derivation, manifest.python);
  if (ranges.length === 0) return undefined;
  for (const range of [...ranges, ranges.reduce(intersect)]) {
    const edited = attempt(text, { kind: 'python', python: formatRange(range) });
    const narrowed = edited === undefined ? undefined : manifestWith(edited.text, keys);
    if (narrowed !== undefined && (await trials.run(narrowed))?.kind === 'resolution') return true;
  }
  return false;
}

/** Where a wish stands in the file on disk; undefined where it is about to be added. */
export function lineOf(
  { writtenText }: Pick<Failed, 'writtenText'>,
  wish: Pick<Entry, 'name' | 'group'> & Partial<Pick<Entry, 'path'>>,
): Place | undefined {
  const alike = entriesOf(readToml(writtenText, 'pyproject.toml')).filter((one) => entryKey(one) === entryKey(wish));
  const entry = alike.find(({ path }) => path.join('\n') === wish.path?.join('\n')) ?? alike[0];
  return entry === undefined ? undefined : placeOf(writtenText, entry.path);
}
