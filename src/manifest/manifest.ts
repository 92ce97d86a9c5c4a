/** `pyproject.toml` as data: `[project]`, `[dependency-groups]` and `[tool.poetry]` in one shape. */

import type { ExtraName, GroupName, ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import type { VersionRange } from '../versions/version-range.ts';

/** In the order in which sources are searched; explicit ones only where they are named. */
export const SOURCE_PRIORITIES = ['primary', 'supplemental', 'explicit'] as const;

export type SourcePriority = (typeof SOURCE_PRIORITIES)[number];

/** A package index as `[[tool.poetry.source]]` names it. `url` is undefined for PyPI. */
export interface Source {
  readonly name: string;
  readonly url: string | undefined;
  readonly priority: SourcePriority;
}

export interface ManifestGroup {
  readonly name: GroupName;
  /** Installed only when asked for. */
  readonly optional: boolean;
  /** The locking view: own requirements, then those of the groups it includes. */
  readonly requirements: readonly Requirement[];
  /** The view of metadata: what is built declares these, without the detail that `[tool.poetry]` adds for locking. */
  readonly declared: readonly Requirement[];
  /** Own requirements entry by entry, as `[project]` or `[dependency-groups]` and as `[tool.poetry]` write them. */
  readonly written: readonly Requirement[];
}

/** One entry of `packages`. */
export interface PackageInclude {
  readonly include: string;
  readonly from?: string;
  readonly to?: string;
  readonly formats: readonly ('sdist' | 'wheel')[];
}

/** One `[tool.poetry.scripts]` entry: `module:function`, or a file to copy. */
export type Script =
  | { readonly kind: 'console'; readonly reference: string; readonly extras: readonly string[] }
  | { readonly kind: 'file'; readonly path: string };

export interface Manifest {
  /** As written; undefined in a project that is no package. */
  readonly prettyName: string | undefined;
  readonly name: ProjectName | undefined;
  readonly version: string | undefined;
  readonly description: string;
  /** False: only dependencies are managed, the project itself is never installed. */
  readonly packageMode: boolean;
  /** The project's Python range verbatim; `*` where none is given. */
  readonly pythonVersions: string;
  /** The same parsed (marker mode); `~2.7 || >=3.4` where none is given. */
  readonly python: VersionRange;
  /** `requires-python` of `[project]`, if any (wider than or equal to `python`). */
  readonly requiresPython: string | undefined;
  /** Groups in Poetry's order, `main` first when there is one. */
  readonly groups: readonly ManifestGroup[];
  /** Extra → its requirements, as the lock's `[extras]` lists them. */
  readonly extras: ReadonlyMap<ExtraName, readonly Requirement[]>;
  readonly sources: readonly Source[];
  /** `[tool.poetry.scripts]`. */
  readonly poetryScripts: ReadonlyMap<string, Script>;
  /** Entry points as installed: group (`console_scripts`, …) → name → reference. */
  readonly entryPoints: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Undefined: found by Poetry's rules from the name. */
  readonly packages: readonly PackageInclude[] | undefined;
  readonly buildSystem: { readonly requires: readonly string[]; readonly backend: string | undefined } | undefined;
  /** The whole file as plain TOML values. */
  readonly toml: Readonly<Record<string, unknown>>;
}
