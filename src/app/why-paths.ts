/** How the project comes to a package: shortest chains of requirements in a lock. */

import type { LockedPackage } from '../lock/lock.ts';
import type { ProjectName } from '../names/name.ts';

/**
 * For each package the shortest chain of names from a direct requirement (which is first) to it (which is last); a package that nothing
 * leads to has none.
 */
export function whyPaths(
  packages: readonly LockedPackage[],
  direct: ReadonlySet<ProjectName>,
): ReadonlyMap<ProjectName, readonly ProjectName[]> {
  const requires = new Map<ProjectName, Set<ProjectName>>();
  for (const { name, requirements } of packages) {
    const names = requires.get(name) ?? new Set();
    for (const one of requirements) names.add(one.name);
    requires.set(name, names);
  }
  const paths = new Map<ProjectName, readonly ProjectName[]>();
  let level = [...direct].filter((name) => requires.has(name)).sort();
  for (const name of level) paths.set(name, [name]);
  while (level.length > 0) {
    const next: ProjectName[] = [];
    for (const name of level) {
      const path = paths.get(name) ?? [];
      for (const other of [...(requires.get(name) ?? [])].sort()) {
        if (paths.has(other) || !requires.has(other)) continue;
        paths.set(other, [...path, other]);
        next.push(other);
      }
    }
    level = next;
  }
  return paths;
}
