/** `update`: resolves anew, for all packages or for those named, and installs the result. */

import { TercetError } from '../ground/error.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { projectName } from '../names/name.ts';
import { applyChange } from './change.ts';
import type { Context } from './context.ts';
import { readMergedLockFile } from './lock-file.ts';
import { type GroupOptions, selectGroups } from './selection.ts';

export interface UpdateOptions {
  /** Names, or `name@version` for exactly that one; none: all. */
  readonly names: readonly string[];
  readonly groups: GroupOptions;
  readonly sync: boolean;
  readonly dryRun: boolean;
  readonly lockOnly: boolean;
}

/**
 * Locks packages anew, each at its newest release that fits, and installs what that changes. Answers with the exit code; 1: a constraint in place of a
 * name, or a name that neither the project nor its lock has. Throws what `applyChange` throws.
 */
export async function updatePackages(context: Context, options: UpdateOptions): Promise<number> {
  const { manifest } = await context.project();
  const wishes = options.names.map(exactly);
  const names = wishes.map(({ name }) => name);
  const refusal = await refusedNames(context, names);
  if (refusal !== undefined) {
    context.emit({ kind: 'notice', text: refusal });
    return 1;
  }
  const { groups, warnings } = selectGroups(manifest, options.groups);
  for (const text of warnings) context.emit({ kind: 'warning', text });
  const demanded = await releases(context, wishes);
  return applyChange(context, {
    update: names.length === 0 ? 'all' : new Set(names.map(projectName)),
    ...(demanded.length === 0 ? {} : { demanded }),
    groups,
    sync: options.sync,
    dryRun: options.dryRun,
    lockOnly: options.lockOnly,
  });
}

/** The name, and the version where the text is `name@1.2.3`. */
function exactly(text: string): { readonly name: string; readonly version?: string } {
  const [, name, version] = /^([^@]+)@(\d\S*)$/.exec(text) ?? [];
  return name === undefined || version === undefined ? { name: text } : { name, version };
}

/** What the index has for the wishes with a version. Throws `no-version` where it lacks one. */
async function releases(
  context: Context,
  wishes: readonly { readonly name: string; readonly version?: string }[],
): Promise<readonly LockedPackage[]> {
  const pins = wishes.flatMap(({ name, version }) =>
    version === undefined ? [] : [{ name, version, hashes: [], place: '' }],
  );
  if (pins.length === 0) return [];
  const { pinPreferences } = await import('./pin-preferences.ts');
  const { client: index } = await context.index((await context.project()).manifest.sources);
  const { preferred, missing } = await pinPreferences(index, pins);
  const [first] = missing;
  if (first !== undefined) {
    throw new TercetError('no-version', `${first.pin.name} ${first.pin.version} cannot be locked: ${first.text}`);
  }
  return preferred;
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
