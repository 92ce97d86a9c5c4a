/**
 * Requirements of a project on itself: `all = ["demo[a,b]"]` among its extras, `test = ["demo[a]"]` among its groups. For locking they stand
 * for what these extras require; metadata keep them as they are written, and an installer goes on from there.
 */

import { intersectMarkers } from '../markers/marker.ts';
import type { ExtraName, ProjectName } from '../names/name.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { ManifestError } from './manifest-error.ts';

/** What the extras of a project require, as far as they are its. */
export interface OwnExtras {
  /** Undefined where the project has no name, so that nothing can require it. */
  readonly project: ProjectName | undefined;
  /** The requirements of an extra; undefined where there is no such extra. */
  readonly membersOf: (extra: ExtraName) => readonly Requirement[] | undefined;
}

/**
 * The requirements, those on extras of the project itself replaced by what they stand for: needed where both the requirement and
 * the member are, and by whom the requirement is. Throws ManifestError where there is no such extra.
 */
export function spelledOut(requirements: readonly Requirement[], own: OwnExtras): readonly Requirement[] {
  if (!requirements.some((one) => isOnItself(one, own))) return requirements;
  return requirements.flatMap((one) => standsFor(one, own, new Set(one.inExtras)));
}

function standsFor(requirement: Requirement, own: OwnExtras, seen: ReadonlySet<ExtraName>): readonly Requirement[] {
  if (!isOnItself(requirement, own)) return [requirement];
  return requirement.extras
    .filter((extra) => !seen.has(extra))
    .flatMap((extra) => {
      const members = own.membersOf(extra);
      if (members === undefined) {
        throw new ManifestError(`${own.project}[${extra}] is required, but there is no extra ${extra}.`);
      }
      return members.flatMap((member) => standsFor(member, own, new Set([...seen, extra])));
    })
    .map((member) => ({
      ...member,
      marker: intersectMarkers(member.marker, requirement.marker),
      groups: requirement.groups,
      optional: requirement.optional,
      inExtras: requirement.inExtras,
    }));
}

function isOnItself({ name, extras, origin }: Requirement, { project }: OwnExtras): boolean {
  return name === project && extras.length > 0 && origin.kind === 'index';
}
