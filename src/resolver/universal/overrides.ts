/**
 * Overrides: what one run of the search assumes about packages whose requirements depend on the environment.
 * A run with overrides covers the environments in which all their markers hold. See docs/resolver.md, "Runs".
 */

import {
  anyMarker,
  intersectMarkers,
  invertMarker,
  isEmptyMarker,
  type Marker,
  pythonConstraintOf,
  withoutExtras,
} from '../../markers/marker.ts';
import type { ProjectName } from '../../names/name.ts';
import { intersect, isEmptyRange, type VersionRange } from '../../versions/version-range.ts';
import { externalIncompatibilities, type Incompatibility } from '../pubgrub/incompatibility.ts';
import { type Dependency, transitiveMarker } from './dependency.ts';
import type { Package } from './package.ts';
import { sourceKey } from './source.ts';

/** What replaces a requirement in a run; `constraint` empty: nothing does, under this marker. */
export interface Override {
  readonly marker: Marker;
  /** Undefined for a mere restriction of the run. */
  readonly dependency: Dependency | undefined;
}

/** Package → name of a requirement → its override, in the order they came up. */
export type Overrides = ReadonlyMap<string, ReadonlyMap<string, Override>>;

/** One run of the search. */
export interface Run {
  readonly overrides: Overrides;
  /** The environments it covers. */
  readonly marker: Marker;
  /** The project's Pythons among them. */
  readonly python: VersionRange;
}

export const noOverrides: Overrides = new Map();

/** The run that `overrides` call for in a project for the Pythons `python`. */
export function runOf(overrides: Overrides, python: VersionRange): Run {
  const marker = overridesMarker(overrides, (of) => of);
  return { overrides, marker, python: intersect(python, pythonConstraintOf(marker)) };
}

/** The environments that overrides cover, extras left out. */
export function markerWithoutExtras(overrides: Overrides): Marker {
  return overridesMarker(overrides, withoutExtras);
}

/** The same overrides with one more. */
export function withOverride(overrides: Overrides, key: string, dependency: Dependency): Overrides {
  return added(overrides, key, dependency.name, { marker: dependency.marker, dependency });
}

/** What a package's overrides are found by. */
export function overrideKey(pack: Package): string {
  return pack.isRoot ? '' : `${pack.completeName}\n${pack.version.text}${sourceKey(pack.source)}`;
}

/** The requirements of a package with the run's overrides in their places. */
export function overridden(run: Run, pack: Package, dependencies: readonly Dependency[]): readonly Dependency[] {
  const own = run.overrides.get(overrideKey(pack));
  if (own === undefined) return dependencies;
  const done = new Set<ProjectName>();
  const found: Dependency[] = [];
  for (const dependency of dependencies) {
    const override = own.get(dependency.name);
    if (override?.dependency === undefined) {
      found.push(dependency);
    } else if (!done.has(dependency.name)) {
      done.add(dependency.name);
      if (!isEmptyRange(override.dependency.constraint)) found.push(override.dependency);
    }
  }
  return found;
}

/**
 * Two runs that avoid a failure, or undefined: where two requirements behind the failure exclude each other
 * but are never needed together, each run covers the environments of one of them.
 */
export function splitByMarkers(run: Run, failure: Incompatibility): readonly Overrides[] | undefined {
  for (const dependencies of requirementsBehind(failure).values()) {
    for (const [index, first] of dependencies.entries()) {
      for (const second of dependencies.slice(index + 1)) {
        if (!isEmptyRange(intersect(first.constraint, second.constraint))) continue;
        const world = intersectMarkers(effectiveMarker(first), run.marker);
        const other = intersectMarkers(effectiveMarker(second), run.marker);
        if (isEmptyMarker(world) || isEmptyMarker(other)) continue;
        if (!isEmptyMarker(intersectMarkers(world, other))) continue;
        return [world, invertMarker(world)].map((side) => restricted(run.overrides, side));
      }
    }
  }
  return undefined;
}

/** The key of the restriction of a run: no package has it. */
const SPLIT = '|marker-split|';

function restricted(overrides: Overrides, side: Marker): Overrides {
  const present = overrides.get(SPLIT)?.get(SPLIT);
  const marker = present === undefined ? side : intersectMarkers(present.marker, side);
  return added(overrides, SPLIT, SPLIT, { marker, dependency: undefined });
}

function added(overrides: Overrides, key: string, name: string, override: Override): Overrides {
  return new Map(overrides).set(key, new Map(overrides.get(key) ?? []).set(name, override));
}

function overridesMarker(overrides: Overrides, view: (marker: Marker) => Marker): Marker {
  let marker: Marker = anyMarker;
  for (const own of overrides.values()) {
    for (const override of own.values()) {
      marker = intersectMarkers(marker, view(override.dependency?.marker ?? override.marker));
    }
  }
  return marker;
}

function requirementsBehind(failure: Incompatibility): ReadonlyMap<ProjectName, readonly Dependency[]> {
  const found = new Map<ProjectName, Dependency[]>();
  for (const { cause, terms } of externalIncompatibilities(failure)) {
    if (cause.kind !== 'requirement') continue;
    for (const { dependency, positive } of terms) {
      if (positive) continue;
      const list = found.get(dependency.name);
      if (list === undefined) found.set(dependency.name, [dependency]);
      else list.push(dependency);
    }
  }
  return found;
}

function effectiveMarker(dependency: Dependency): Marker {
  return intersectMarkers(withoutExtras(transitiveMarker(dependency)), withoutExtras(dependency.marker));
}
