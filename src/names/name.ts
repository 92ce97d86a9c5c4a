/**
 * Names in their normalised form: projects (PEP 503), extras (PEP 685) and dependency groups (PEP 735)
 * all lower-case, with each run of `-`, `_` and `.` written as one `-`.
 */

import type { Brand } from '../ground/brand.ts';
import { compareCodePoints } from '../ground/code-points.ts';

/** A project's name in normalised form, such as `zope-interface`. */
export type ProjectName = Brand<string, 'ProjectName'>;
/** An extra's name in normalised form. */
export type ExtraName = Brand<string, 'ExtraName'>;
/** A dependency group's name in normalised form; the main dependencies are the group `main`. */
export type GroupName = Brand<string, 'GroupName'>;

/** The normalised form of a project's name (PEP 503, "Normalized Names"); any text is taken. */
export function projectName(text: string): ProjectName {
  return normalized(text) as ProjectName;
}

/** The normalised form of an extra's name (PEP 685). */
export function extraName(text: string): ExtraName {
  return normalized(text) as ExtraName;
}

/** The normalised form of a dependency group's name (PEP 735). */
export function groupName(text: string): GroupName {
  return normalized(text) as GroupName;
}

/** The group of a project's own dependencies. */
export const MAIN_GROUP = 'main' as GroupName;

/** `main` first, then by name. */
export function compareGroups(a: GroupName, b: GroupName): number {
  if (a === b) return 0;
  if (a === MAIN_GROUP) return -1;
  return b === MAIN_GROUP ? 1 : compareCodePoints(a, b);
}

/** The name as file names have it, and the module that is looked for where none is named: with `_` for `-` (PEP 427, "Escaping and Unicode"). */
export function moduleName(name: ProjectName): string {
  return name.replaceAll('-', '_');
}

const SEPARATORS = /[-_.]+/g;
/** What most names are already. */
const NORMAL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function normalized(text: string): string {
  return NORMAL.test(text) ? text : text.replace(SEPARATORS, '-').toLowerCase();
}
