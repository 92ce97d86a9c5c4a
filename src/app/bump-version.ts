/** The rules of `version`: from one version of a project to the next. */

import { ParseError, TercetError } from '../ground/error.ts';
import {
  firstPrerelease,
  nextMajor,
  nextMinor,
  nextPatch,
  nextPrerelease,
  withoutDevrelease,
} from '../versions/next-version.ts';
import { isUnstable, parseVersion, tryParseVersion, type Version } from '../versions/version.ts';

/**
 * The version that `rule` makes of `current`: `major`, `minor`, `patch`, their `pre…` forms, `prerelease`, or a version itself.
 * `nextPhase` turns an alpha into a beta, a beta into a candidate and that into the release. Throws `version-invalid`.
 */
export function bumpVersion(current: string, rule: string, nextPhase: boolean): Version {
  const version = tryParseVersion(current);
  if (!version) throw new TercetError('version-invalid', "The project's version doesn't seem to follow semver");
  switch (rule) {
    case 'major':
      return nextMajor(version);
    case 'minor':
      return nextMinor(version);
    case 'patch':
      return nextPatch(version);
    case 'premajor':
      return firstPrerelease(nextMajor(version));
    case 'preminor':
      return firstPrerelease(nextMinor(version));
    case 'prepatch':
      return firstPrerelease(nextPatch(version));
    case 'prerelease': {
      if (!isUnstable(version)) return firstPrerelease(nextPatch(version));
      return nextPrerelease(version.pre ? withoutDevrelease(version) : version, { nextPhase });
    }
    default:
      try {
        return parseVersion(rule);
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        throw new TercetError('version-invalid', error.message, {
          hints: ['the rules are patch, minor, major, prepatch, preminor, premajor and prerelease'],
        });
      }
  }
}
