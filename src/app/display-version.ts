/** A locked package's version as Poetry shows it: with the place it comes from, where that is no index. */

import type { LockedPackage } from '../lock/lock.ts';

/** `1.0`, `1.0 path` (path and url), `1.0 abc1234` (git: seven digits of the commit). */
export function displayVersion({ version, source }: Pick<LockedPackage, 'version' | 'source'>): string {
  switch (source?.type) {
    case 'file':
    case 'directory':
    case 'url':
      return `${version.text} ${source.url}`;
    case 'git': {
      const reference = source.resolvedReference ?? source.reference ?? '';
      return `${version.text} ${reference.length === 40 ? reference.slice(0, 7) : reference}`;
    }
    default:
      return version.text;
  }
}
