/** `update`: resolves anew, for all packages or for those named, and installs the result. */

import { projectName } from '../names/name.ts';
import { applyChange } from './change.ts';
import type { Context } from './context.ts';
import { readMergedLockFile } from './lock-file.ts';
import { type GroupOptions, selectGroups } from './selection.ts';

export interface UpdateOptions {
  /** Bare names; none: all. */
  readonly names: readonly string[];
  readonly groups: GroupOptions;
  readonly sync: boolean;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
}

export async function updatePackages(context: Context, options: UpdateOptions): Promise<number> {
  const { manifest } = await context.project();
  const refusal = await refusedNames(context, options.names);
  if (refusal !== undefined) {
    context.emit({ kind: 'notice', text: refusal });
    return 1;
  }
  const { groups, warnings } = selectGroups(manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  return applyChange(context, {
    update: options.names.length === 0 ? 'all' : new Set(options.names.map(projectName)),
    groups,
    sync: options.sync,
    dryRun: options.dryRun,
    lockOnly: options.lockOnly,
  });
}

/** Names with a constraint, and names that nothing in the project requires. */
async function refusedNames(context: Context, names: readonly string[]): Promise<string | undefined> {
  const constrained = names.filter((name) => /[><=!~]/.test(name));
  if (constrained.length > 0) {
    return [
      'Version specifiers are not allowed in poetry update.',
      ...constrained.map((name) => `  - ${name}`),
      'Use poetry add to change version constraints.',
    ].join('\n');
  }
  if (names.length === 0) return undefined;
  const { manifest, lockPath } = await context.project();
  const lock = await readMergedLockFile(lockPath);
  const known = new Set([
    ...manifest.groups.flatMap((group) => group.requirements.map((one) => one.name)),
    ...(lock?.packages ?? []).map((one) => one.name),
  ]);
  const unknown = names.filter((name) => !known.has(projectName(name)));
  return unknown.length === 0
    ? undefined
    : `The following packages are not dependencies of this project: ${unknown.join(', ')}`;
}
