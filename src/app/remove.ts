/** `remove`: takes packages out of the manifest, resolves, uninstalls what nothing needs any more, and writes both files. */

import { removeRequirements } from '../manifest/edit.ts';
import { projectName } from '../names/name.ts';
import { applyChange } from './change.ts';
import type { Context } from './context.ts';

export interface RemoveOptions {
  readonly names: readonly string[];
  /** Undefined: all groups. */
  readonly group: string | undefined;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
}

/** Throws `not-found` where a name stands in none of the groups. */
export async function removePackages(context: Context, options: RemoveOptions): Promise<number> {
  const { text } = await context.project();
  const { text: manifestText, removed } = removeRequirements(text, options.names, options.group);
  return applyChange(context, {
    manifestText,
    update: new Set(removed.map(projectName)),
    dryRun: options.dryRun,
    lockOnly: options.lockOnly,
  });
}
