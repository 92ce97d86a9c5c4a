/** Which locked packages the project's environment needs, and which distributions it has. */

import { readInstalled } from '../environments/installed.ts';
import type { Lock, LockedPackage } from '../lock/lock.ts';
import { knowsGroups } from '../lock/poetry-lock.ts';
import { selectPackages } from '../lock/select.ts';
import type { GroupName, ProjectName } from '../names/name.ts';
import type { Context } from './context.ts';

/** Those of the lock's packages that the groups need in the project's environment, with all of the project's extras. */
export async function requiredPackages(
  context: Context,
  lock: Lock,
  groups: readonly GroupName[],
): Promise<ReadonlySet<LockedPackage>> {
  const [{ markers }, { manifest }] = await Promise.all([
    context.environment().then((environment) => environment.facts()),
    context.project(),
  ]);
  const extras = [...manifest.extras.keys()];
  if (knowsGroups(lock)) return new Set(selectPackages(lock, { groups, extras }, markers));
  const { resolveForInstallation } = await import('./resolve-within.ts');
  const { packages } = await resolveForInstallation(lock, manifest, { groups, markers });
  const identities = new Set(packages.map(identityOf));
  return new Set(lock.packages.filter((one) => identities.has(identityOf(one))));
}

/** The names of all distributions in the environment. */
export async function installedNames(context: Context): Promise<ReadonlySet<ProjectName>> {
  return new Set(readInstalled(await context.environment()).map((one) => one.name));
}

function identityOf({ name, version, source }: LockedPackage): string {
  return JSON.stringify([name, version.text, source?.url, source?.subdirectory]);
}
