/**
 * Requirements of the project itself that exclude each other where both are needed: where they stand, and which edit helps. The search
 * ends at once then, without a proof. Loaded only where that happens. See docs/resolver.md, "Explanations".
 */

import { TercetError } from '../ground/error.ts';
import type { Amendment } from '../manifest/amend.ts';
import { entriesOf } from '../manifest/entries.ts';
import { readManifest } from '../manifest/read.ts';
import type { Resolution } from '../resolver/search.ts';
import { readToml } from '../toml/read.ts';
import { attempt, type Failed, lineOf } from './conflict.ts';
import { relaxation, type Step, stepOf, type Tried, withVersions } from './repairs.ts';
import { createTrials } from './trials.ts';
import { placesOf, proposalText } from './unsolvable.ts';

/** The error with places and edits; the same error where a release, not the project, contradicts itself. */
export async function withEdits(error: TercetError, failed: Omit<Failed, 'derivation'>): Promise<TercetError> {
  const text = failed.manifestText;
  const entries = entriesOf(readToml(text, 'pyproject.toml')).filter(({ name }) => name === error.detail.name);
  if (error.detail.isProject !== true || entries.length === 0) return error;
  const trials = createTrials(failed);
  const locking = async (edited: string): Promise<Resolution | undefined> => {
    const result = await trials.run(readManifest(edited));
    return result?.kind === 'resolution' ? result : undefined;
  };
  const proposals: (readonly Step[])[] = [];
  for (const entry of entries) {
    let resolution: Resolution | undefined;
    const tried = async (amendment: Amendment): Promise<Tried | undefined> => {
      const amended = attempt(text, amendment);
      resolution = amended === undefined ? undefined : await locking(amended.text);
      return amended === undefined || resolution === undefined ? undefined : stepOf(failed, amendment, amended);
    };
    const isNew = lineOf(failed, entry) === undefined;
    const relaxed = await relaxation({ text }, { entry, isNew }, locking, tried);
    if (relaxed !== undefined && resolution !== undefined) proposals.push([withVersions(relaxed.step, resolution)]);
  }
  return new TercetError(error.code, [error.message, placesOf(failed, entries).join('\n')].join('\n\n'), {
    hints: [...error.hints, ...proposalText(proposals)],
    exitCode: error.exitCode,
    detail: { ...error.detail, proposals: proposals.map((steps) => steps.map(({ shown }) => shown)) },
  });
}
