/**
 * Bounds of stretches, compared. A missing bound is infinite.
 */

import type { Version } from './version.ts';
import { compareVersions, sameVersion } from './version.ts';
import type { Stretch } from './version-range.ts';

/** Whether two bounds are the same, or both missing. */
export function sameBound(a: Version | undefined, b: Version | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameVersion(a, b);
}

/** Whether no version lies between the bounds; `inclusive`: both belong to the range. */
export function boundsExclude(min: Version | undefined, max: Version | undefined, inclusive: boolean): boolean {
  if (min === undefined || max === undefined) return false;
  const order = compareVersions(min, max);
  return order > 0 || (order === 0 && !inclusive);
}

/** Whether `a` begins before `b` does. */
export function allowsLower(a: Stretch, b: Stretch): boolean {
  if (a.min === undefined) return b.min !== undefined;
  if (b.min === undefined) return false;
  const order = compareVersions(a.min, b.min);
  return order < 0 || (order === 0 && a.includeMin && !b.includeMin);
}

/** Whether `a` ends after `b` does. */
export function allowsHigher(a: Stretch, b: Stretch): boolean {
  if (a.max === undefined) return b.max !== undefined;
  if (b.max === undefined) return false;
  const order = compareVersions(a.max, b.max);
  return order > 0 || (order === 0 && a.includeMax && !b.includeMax);
}

/** Whether `a` ends before `b` begins. */
export function isStrictlyLower(a: Stretch, b: Stretch): boolean {
  if (a.max === undefined || b.min === undefined) return false;
  const order = compareVersions(a.max, b.min);
  return order < 0 || (order === 0 && !(a.includeMax && b.includeMin));
}

/** Whether `b` begins exactly where `a` ends. */
export function isAdjacent(a: Stretch, b: Stretch): boolean {
  return a.includeMax !== b.includeMin && a.max !== undefined && sameBound(a.max, b.min);
}

/** By lower bound, an inclusive one first, then by upper bound. */
export function compareStretches(a: Stretch, b: Stretch): number {
  if (a.min === undefined || b.min === undefined) {
    return a.min === b.min ? compareEnds(a, b) : a.min === undefined ? -1 : 1;
  }
  const order = compareVersions(a.min, b.min);
  if (order !== 0) return order;
  if (a.includeMin !== b.includeMin) return a.includeMin ? -1 : 1;
  return compareEnds(a, b);
}

function compareEnds(a: Stretch, b: Stretch): number {
  if (a.max === undefined || b.max === undefined) return a.max === b.max ? 0 : a.max === undefined ? 1 : -1;
  const order = compareVersions(a.max, b.max);
  if (order !== 0 || a.includeMax === b.includeMax) return order;
  return a.includeMax ? 1 : -1;
}
