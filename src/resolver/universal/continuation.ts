/**
 * A run that was split need not be made again from its beginning: where all that it did would be the same in the narrower
 * run, that one goes on from there. See docs/resolver.md, "Going on".
 */

import { anyMarker, isAnyMarker, type Marker, sameMarker, withoutExtras } from '../../markers/marker.ts';
import type { ProjectName } from '../../names/name.ts';
import { sameRange } from '../../versions/version-range.ts';
import { type Chosen, complete, isWithin, type Surroundings } from './completion.ts';
import { type Dependency, samePackage, transitiveMarker } from './dependency.ts';
import { overrideKey, type Run } from './overrides.ts';
import type { Package } from './package.ts';
import { isUsable } from './usable.ts';
import type { Asking } from './world.ts';

/** A package that a run has dealt with. */
export interface Step {
  readonly chosen: Chosen;
  /** The condition under which it was reached. */
  readonly reached: Marker;
  readonly completed: Package;
  /** False where its Pythons ruled it out. */
  readonly isUsed: boolean;
  /** The markers of its requirements; undefined where these hold always, and are reached always. */
  readonly markers: readonly Marker[] | undefined;
  /** The conditions under which these were reached. */
  readonly conditions: readonly Marker[] | undefined;
}

/** What a run has dealt with so far. */
export interface Done {
  readonly run: Run;
  readonly steps: readonly Step[];
  /** What it chose next, and the condition under which that was reached. */
  readonly next: { readonly chosen: Chosen; readonly reached: Marker };
}

/** A step at the moment at which it is made. */
export function stepOf(chosen: Chosen, completed: Package, isUsed: boolean): Step {
  const reached = transitiveMarker(chosen.dependency);
  const { requires } = completed;
  const isUnconditional = requires.every((one) => isAnyMarker(one.marker) && isAnyMarker(transitiveMarker(one)));
  const markers = isUnconditional ? undefined : requires.map(({ marker }) => marker);
  const conditions = isUnconditional ? undefined : requires.map(transitiveMarker);
  return { chosen, reached, completed, isUsed, markers, conditions };
}

/** True where no step speaks of environments that a narrower run does not cover, and what is ruled out is so there too. */
export function isCovered(narrower: Run, { run, steps }: Done): boolean {
  return steps.every((step) => {
    const { completed, isUsed } = step;
    if (isUsed !== wouldBeUsed(narrower, step)) return false;
    const key = overrideKey(completed);
    if (narrower.overrides.get(key) !== run.overrides.get(key)) return false;
    return !isUsed || completed.requires.every((requirement) => isWithin(narrower, requirement));
  });
}

/**
 * True where a narrower run, which covers all of it, would do the same step by step. Requirements change while runs last
 * (docs/resolver.md, "Shared requirements"): they are then as the narrower run would have left them. Where something would be
 * different they are left alone.
 */
export function* wouldBeSame(surroundings: Surroundings, narrower: Run, done: Done): Asking<boolean> {
  const { world, locked, anew } = surroundings;
  // Direct origins and sources that requirements learn are told to later runs from their beginning.
  if (anew || world.hasDirectOrigins || locked.namesSources) return false;
  const changes = new Changes();
  for (const step of done.steps) {
    if (yield* isSame(surroundings, { narrower, changes }, step)) continue;
    changes.takeBack();
    return false;
  }
  const { chosen, reached } = done.next;
  changes.reach(chosen.dependency, reached);
  return true;
}

interface Comparing {
  readonly narrower: Run;
  readonly changes: Changes;
}

function* isSame(surroundings: Surroundings, { narrower, changes }: Comparing, step: Step): Asking<boolean> {
  const { chosen, reached, completed, isUsed, markers, conditions } = step;
  changes.reach(chosen.dependency, reached);
  if (isUsed !== wouldBeUsed(narrower, step)) return false;
  const isTold = !isAnyMarker(withoutExtras(reached));
  for (const [at, requirement] of completed.requires.entries()) {
    const condition = conditions?.[at] ?? anyMarker;
    if (!sameMarker(requirement.marker, markers?.[at] ?? anyMarker)) return false;
    if (isTold) changes.reach(requirement, condition);
    else if (isUsed && !sameMarker(transitiveMarker(requirement), condition)) return false;
  }
  if (requiresEachOnce(step)) return true;
  const again = yield* complete(surroundings, narrower, chosen);
  return again.kind === 'completed' && (!isUsed || areAlike(step, again.chosen.pack));
}

function wouldBeUsed(narrower: Run, { chosen: { dependency }, completed }: Step): boolean {
  return completed.isRoot || isUsable(narrower, { dependency, pack: completed });
}

/** Conditions that requirements were told, to be taken back. */
class Changes {
  readonly #before: { readonly dependency: Dependency; readonly transitive: Marker | undefined }[] = [];

  /** Tells a requirement the condition under which it is reached. */
  reach(dependency: Dependency, condition: Marker): void {
    const { transitive } = dependency;
    if (transitive === condition) return;
    this.#before.push({ dependency, transitive });
    dependency.transitive = condition;
  }

  takeBack(): void {
    for (const { dependency, transitive } of this.#before.reverse()) dependency.transitive = transitive;
  }
}

/** True where each project is required once, so that nothing but relevance decides what is left of the requirements. */
function requiresEachOnce({ completed }: Step): boolean {
  if (completed.isRoot) return false;
  const names = new Set<ProjectName>();
  for (const { name } of completed.declared) names.add(name);
  return names.size === completed.declared.length;
}

function areAlike({ completed, conditions }: Step, again: Package): boolean {
  if (completed.requires.length !== again.requires.length) return false;
  return again.requires.every((one, at) => {
    const before = completed.requires[at];
    const condition = conditions?.[at] ?? anyMarker;
    return before !== undefined && areSame(before, one) && sameMarker(transitiveMarker(one), condition);
  });
}

function areSame(a: Dependency, b: Dependency): boolean {
  if (a === b) return true;
  return (
    samePackage(a, b) &&
    a.written === b.written &&
    a.optional === b.optional &&
    a.sourceName === b.sourceName &&
    a.inExtras.join() === b.inExtras.join() &&
    a.groups.join() === b.groups.join() &&
    sameRange(a.constraint, b.constraint) &&
    sameMarker(a.marker, b.marker)
  );
}
