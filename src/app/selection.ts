/** Which groups and extras a command works on: the options of Poetry's commands, checked against the project. */

import { TercetError } from '../ground/error.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ExtraName, extraName, type GroupName, groupName, MAIN_GROUP } from '../names/name.ts';

/** The options as given; each value may hold several names, separated by commas. */
export interface GroupOptions {
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly only: readonly string[];
  /** The groups that are meant where none is named: those that are not optional, every one, or `main`. Default: `not-optional`. */
  readonly defaults?: 'not-optional' | 'all' | 'main';
}

export interface GroupSelection {
  readonly groups: readonly GroupName[];
  readonly warnings: readonly string[];
}

/** The groups asked for. Throws `group-not-found`. */
export function selectGroups(manifest: Pick<Manifest, 'groups'>, options: GroupOptions): GroupSelection {
  const given = { with: split(options.with), without: split(options.without), only: split(options.only) };
  const known = new Set<GroupName>([MAIN_GROUP, ...manifest.groups.map((one) => one.name)]);
  checkGroups(given, known);
  const warnings: string[] = [];
  if (given.only.length > 0) {
    if (given.with.length + given.without.length > 0) {
      warnings.push('The `--with` and `--without` options are ignored when used along with the `--only` option.');
    }
    return { groups: unique(given.only), warnings };
  }
  const chosen = manifest.groups.filter(
    (one) => options.defaults === 'all' || (options.defaults !== 'main' && !one.optional),
  );
  const defaults = chosen.map((one) => one.name);
  const without = new Set(given.without.map(groupName));
  // Where main requires nothing it is no group, and "every group" does not name it.
  const always = options.defaults === 'all' ? [] : [MAIN_GROUP];
  const groups = unique([...always, ...defaults, ...given.with]).filter((one) => !without.has(one));
  return { groups, warnings };
}

/** The project's extras that `given` (values of `--extras`, separated by spaces) name. Throws `extra-not-found`. */
export function selectExtras(
  manifest: Pick<Manifest, 'extras'>,
  given: readonly string[],
  all: boolean,
): readonly ExtraName[] {
  if (all) return [...manifest.extras.keys()];
  const names = given.flatMap((value) => value.split(/\s+/)).filter((one) => one !== '');
  for (const name of names) {
    if (!manifest.extras.has(extraName(name))) {
      throw new TercetError('extra-not-found', `Extra [${extraName(name)}] is not specified.`);
    }
  }
  return [...new Set(names.map(extraName))];
}

function checkGroups(
  given: Readonly<Record<'with' | 'without' | 'only', readonly string[]>>,
  known: ReadonlySet<GroupName>,
): void {
  const missing = new Map<string, string[]>();
  for (const option of ['only', 'with', 'without'] as const) {
    for (const name of given[option]) {
      if (!known.has(groupName(name))) missing.set(name, [...(missing.get(name) ?? []), `--${option}`]);
    }
  }
  if (missing.size === 0) return;
  const names = [...missing.keys()].sort().map((name) => `${name} (via ${[...new Set(missing.get(name))].join(', ')})`);
  throw new TercetError('group-not-found', `Group(s) not found: ${names.join(', ')}`);
}

function split(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(',')).map((one) => one.trim());
}

function unique(names: readonly string[]): readonly GroupName[] {
  return [...new Set(names.map(groupName))];
}
