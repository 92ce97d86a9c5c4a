/** What the previous lock prefers. See docs/resolver.md, "Preferences". */

import type { LockedPackage } from '../../lock/lock.ts';
import type { ProjectName } from '../../names/name.ts';
import { compareVersions } from '../../versions/version.ts';
import type { Dependency } from './dependency.ts';
import { type Package, packageOfLock, satisfies } from './package.ts';
import type { World } from './world.ts';

export class Locked {
  readonly #byName = new Map<ProjectName, Package[]>();
  readonly #world: World;
  /** The sources that the project's own requirements name. */
  readonly #sources = new Map<ProjectName, string>();
  /** Projects whose newest release is wanted, whatever is locked. */
  readonly updated: ReadonlySet<ProjectName>;

  constructor(packages: readonly LockedPackage[], updated: ReadonlySet<ProjectName>, world: World) {
    this.updated = updated;
    this.#world = world;
    for (const locked of packages) {
      const pack = packageOfLock(locked);
      const known = this.#byName.get(pack.name);
      if (known === undefined) this.#byName.set(pack.name, [pack]);
      else known.push(pack);
    }
    for (const packs of this.#byName.values()) packs.sort((a, b) => compareVersions(b.version, a.version));
  }

  /**
   * The newest locked package that meets a requirement; undefined where none does or the project is to be updated.
   * The requirement learns the source that the project itself names for it.
   */
  find(dependency: Dependency): Package | undefined {
    if (this.updated.has(dependency.name)) return undefined;
    for (const pack of this.#byName.get(dependency.name) ?? []) {
      if (!satisfies(pack, dependency)) continue;
      const source = this.#sources.get(dependency.name);
      if (source !== undefined) dependency.sourceName = source;
      else if (dependency.sourceName === undefined && this.#isForeign(pack)) continue;
      return pack;
    }
    return undefined;
  }

  /** True where requirements learn their source from those of the project. */
  get namesSources(): boolean {
    return this.#sources.size > 0;
  }

  /** Takes note of the sources that the project's requirements name in this run. */
  noteSources(requirements: readonly Dependency[]): void {
    if (this.#byName.size === 0) return;
    this.#sources.clear();
    for (const { name, sourceName } of requirements) {
      if (sourceName !== undefined) this.#sources.set(name, sourceName);
    }
  }

  /** True for a package of a source that must be named, or that is gone. */
  #isForeign({ source }: Package): boolean {
    if (source?.type !== 'legacy' || source.reference === undefined) return false;
    return !this.#world.hasSource(source.reference) || this.#world.isExplicit(source.reference);
  }
}
