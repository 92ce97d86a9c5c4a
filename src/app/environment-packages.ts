/** Which locked packages the project's environment needs, and which distributions it has. */

import { readInstalled } from '../environments/installed.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { selectPackages } from '../lock/select.ts';
import type { GroupName, ProjectName } from '../names/name.ts';
import type { Context } from './context.ts';

/** Those of `packages` that the groups need in the project's environment, with all of the project's extras. */
export async function requiredPackages(
  context: Context,
  packages: readonly LockedPackage[],
  groups: readonly GroupName[],
): Promise<ReadonlySet<LockedPackage>> {
  const [{ markers }, { manifest }] = await Promise.all([
    context.environment().then((environment) => environment.facts()),
    context.project(),
  ]);
  const extras = [...manifest.extras.keys()];
  const known = packages.some((one) => one.groups.length > 0);
  return new Set(known ? selectPackages({ packages }, { groups, extras }, markers) : packages);
}

/** The names of all distributions in the environment. */
export async function installedNames(context: Context): Promise<ReadonlySet<ProjectName>> {
  return new Set(readInstalled(await context.environment()).map((one) => one.name));
}
