/**
 * What makes two distributions "the same source": the identity of direct origins and of configured
 * indexes, with Poetry's leniency about git references. See docs/resolver.md, "Identity".
 */

import { type LockedSource, withSubdirectory } from '../../lock/lock.ts';
import { parseGitUrl } from '../../requirements/git-url.ts';
import type { Origin } from '../../requirements/requirement.ts';
import { joinPath } from './paths.ts';

/** True for everything that is named by an address of its own instead of by an index. */
export function isDirectOrigin(source: LockedSource | undefined): boolean {
  return source !== undefined && source.type !== 'legacy';
}

/**
 * The identity a requirement's origin stands for; undefined for an index. `base` is the folder that
 * relative paths start from, itself relative to the project (`''`) or absolute.
 */
export function sourceOfOrigin(origin: Origin, base: string): LockedSource | undefined {
  switch (origin.kind) {
    case 'index':
      return undefined;
    case 'url':
      return withSubdirectory({ type: 'url', url: origin.url }, origin.subdirectory);
    case 'file':
      return withSubdirectory({ type: 'file', url: joinPath(base, origin.path) }, origin.subdirectory);
    case 'directory':
      return { type: 'directory', url: directoryPath(origin.path, origin.subdirectory, base) };
    case 'git':
      return withSubdirectory(
        { type: 'git', url: parseGitUrl(origin.url).url, reference: origin.reference?.name ?? 'HEAD' },
        origin.subdirectory,
      );
  }
}

/** The origin with its path made relative to the project, as the world is asked for it. */
export function rebasedOrigin(origin: Origin, base: string): Origin {
  switch (origin.kind) {
    case 'file':
      return { ...origin, path: joinPath(base, origin.path) };
    case 'directory':
      return {
        kind: 'directory',
        develop: origin.develop,
        path: directoryPath(origin.path, origin.subdirectory, base),
      };
    default:
      return origin;
  }
}

/** Poetry's "same source": equal addresses, and references that are equal or one the other's beginning. */
export function sameSource(a: LockedSource | undefined, b: LockedSource | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.type !== b.type || a.url !== b.url) return false;
  if ((a.subdirectory ?? '') !== (b.subdirectory ?? '')) return false;
  const aResolved = a.resolvedReference ?? '';
  const bResolved = b.resolvedReference ?? '';
  if (aResolved !== '' && aResolved === bResolved) return true;
  const aReference = a.reference ?? '';
  const bReference = b.reference ?? '';
  if (aReference === '' && bReference === '') return true;
  if (aReference === '' || bReference === '') return false;
  if (!aReference.startsWith(bReference) && !bReference.startsWith(aReference)) return false;
  return aResolved === '' || bResolved === '' || aResolved === bResolved;
}

/** A text equal for sources that may be the same (references, which are compared leniently, left out). */
export function sourceKey(source: LockedSource | undefined): string {
  return source === undefined ? '' : `\n${source.type}\n${source.url}\n${source.subdirectory ?? ''}`;
}

function directoryPath(path: string, subdirectory: string | undefined, base: string): string {
  return joinPath(base, subdirectory === undefined ? path : `${path}/${subdirectory}`);
}
