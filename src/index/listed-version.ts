/**
 * Which release a listed file belongs to, told by its name alone. This runs for every file of every project, so it looks at
 * characters; `distributions/filename.ts` says the rest about the few files that matter.
 */

import { type ProjectName, projectName } from '../names/name.ts';

/** Endings that count, as Poetry has them; `.egg`, `.exe` and others do not make a release. */
const SDIST = /(?:\.sdist)?\.(?:zip|tar(?:\.(?:gz|bz2|xz|Z))?)$/;
const LOOSE = /^([a-z0-9_\-.]+?)-(?=[0-9])([a-z0-9_.!+-]+)/i;

/** Answers with the text of the version in a file's name; undefined for files of other projects and for what is no distribution. */
export type VersionOf = (file: string) => string | undefined;

/** Made once for each project: the spellings of its name repeat. */
export function versionsOf(project: ProjectName): VersionOf {
  let known = '';
  const isProject = (name: string): boolean => {
    if (name === known) return true;
    if (projectName(name) !== project) return false;
    known = name;
    return true;
  };
  return (file) => {
    const wheel = file.endsWith('.whl');
    let end = file.length - 4;
    if (!wheel) {
      const ending = SDIST.exec(file);
      if (ending === null) return undefined;
      end = ending.index;
    }
    // The name ends before the first hyphen that a digit follows.
    for (let dash = file.indexOf('-', 1); dash > 0 && dash + 1 < end; dash = file.indexOf('-', dash + 1)) {
      const code = file.charCodeAt(dash + 1);
      if (code < 0x30 || code > 0x39) continue;
      const next = file.indexOf('-', dash + 1);
      if (wheel ? next > 0 && isWheelTail(file, next, end) : next < 0 || next >= end) {
        const version = file.slice(dash + 1, wheel ? next : end);
        return isProject(file.slice(0, dash)) ? version : undefined;
      }
      if (wheel) break;
    }
    const match = LOOSE.exec(file.slice(0, end));
    return match?.[1] !== undefined && isProject(match[1]) ? match[2] : undefined;
  };
}

/** `-build-py-abi-plat` or `-py-abi-plat` between two places. */
function isWheelTail(file: string, from: number, end: number): boolean {
  let dashes = 0;
  for (let at = from; at > 0 && at < end; at = file.indexOf('-', at + 1)) dashes += 1;
  if (dashes === 3) return true;
  const code = file.charCodeAt(from + 1);
  return dashes === 4 && code >= 0x30 && code <= 0x39;
}
