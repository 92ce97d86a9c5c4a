/**
 * Versions made from versions: what comes after one, and one without some of its parts. Poetry's constraints
 * (`^`, `~`, `~=`, `.*`) and `version` rules are built of these.
 *
 * All of them keep the epoch and the number of components, and drop the local part unless they say otherwise.
 */

import type { Version } from './version.ts';
import { isUnstable, versionOfParts, versionParts, ZERO_PARTS } from './version.ts';

/** The next major release: `1.2.3` → `2.0.0`, `2.0.0a1` → `2.0.0`. */
export function nextMajor(version: Version): Version {
  return nextRelease(version, 0);
}

/** The next minor release: `1.2.3` → `1.3.0`, `1` → `1.1`, `1.3.0a1` → `1.3.0`. */
export function nextMinor(version: Version): Version {
  return nextRelease(version, 1);
}

/** The next patch release: `1.2.3` → `1.2.4`, `1.2` → `1.2.1`, `1.2.4a1` → `1.2.4`. */
export function nextPatch(version: Version): Version {
  return nextRelease(version, 2);
}

/** Where `^` ends: the next major release, for `0.x` the next minor one, for `0.0.x` the next patch. */
export function nextBreaking(version: Version): Version {
  const [major = 0, minor, patch] = version.release;
  const stable = stableOf(version);
  if (major > 0 || minor === undefined) return nextMajor(stable);
  return minor > 0 || patch === undefined ? nextMinor(stable) : nextPatch(stable);
}

/** The version itself where it is stable (local part kept), else the release that it leads to: `1.0.post1.dev2` → `1.0.post1`. */
export function stableOf(version: Version): Version {
  if (!isUnstable(version)) return version;
  const parts = versionParts(version);
  return versionOfParts({ ...parts, pre: '', post: version.pre === undefined ? parts.post : '', dev: '', local: '' });
}

/** The release with the last component one higher, or the one that an unstable version leads to. Keeps the local part. */
export function nextStable(version: Version): Version {
  const parts = versionParts(version);
  const words = parts.release.split('.');
  const last = words.length - 1;
  const release = isUnstable(version) ? parts.release : words.with(last, oneMore(words[last])).join('.');
  return versionOfParts({ ...parts, release, pre: '', post: '', dev: '' });
}

/** `~=`'s end: the last component but one raised by one, the last set to zero; a single component is raised. */
export function nextCompatible(version: Version): Version {
  const parts = versionParts(stableOf(version));
  const words = parts.release.split('.');
  const raised = words.length - 2;
  if (raised < 0) return nextMajor(stableOf(version));
  const release = words
    .with(raised, oneMore(words[raised]))
    .with(raised + 1, '0')
    .join('.');
  return versionOfParts({ ...ZERO_PARTS, epoch: parts.epoch, release });
}

/**
 * The next pre-release: `1.0a1` → `1.0a2`, `1.0a2.dev1` → `1.0a2`, `1.0` → `1.0a0`. With `nextPhase`,
 * an alpha becomes the first beta and a beta the first candidate.
 */
export function nextPrerelease(version: Version, options: { readonly nextPhase?: boolean } = {}): Version {
  const parts = versionParts(version);
  let pre = 'a0';
  if (version.pre !== undefined) {
    pre = parts.pre;
    if (version.dev === undefined || version.post !== undefined) {
      const [phase] = version.pre;
      if (!options.nextPhase) pre = numberRaised(parts.pre);
      else pre = phase === 'a' ? 'b0' : phase === 'b' ? 'rc0' : '';
    }
  }
  return versionOfParts({ ...parts, pre, post: '', dev: '', local: '' });
}

/** The next post-release: `1.0` → `1.0.post0`, `1.0.post1` → `1.0.post2`, `1.0.post1.dev3` → `1.0.post1`. Keeps the pre-release part. */
export function nextPostrelease(version: Version): Version {
  const parts = versionParts(version);
  let post = '.post0';
  if (version.post !== undefined) post = version.dev === undefined ? numberRaised(parts.post) : parts.post;
  return versionOfParts({ ...parts, post, dev: '', local: '' });
}

/** The next dev-release of the same version: `1.0.dev1` → `1.0.dev2`; `1.0` → `1.0.dev0`. */
export function nextDevrelease(version: Version): Version {
  const parts = versionParts(version);
  const dev = version.dev === undefined ? '.dev0' : numberRaised(parts.dev);
  return versionOfParts({ ...parts, dev, local: '' });
}

/** The release's first alpha: `1.0` → `1.0a0`. */
export function firstPrerelease(version: Version): Version {
  const { epoch, release } = versionParts(version);
  return versionOfParts({ ...ZERO_PARTS, epoch, release, pre: 'a0' });
}

/** The very first of all versions that lead to this one: `1.0` → `1.0.dev0`, `1.0rc1` → `1.0rc1.dev0`. */
export function firstDevrelease(version: Version): Version {
  return versionOfParts({ ...versionParts(version), dev: '.dev0', local: '' });
}

/** The version without its local part. */
export function withoutLocal(version: Version): Version {
  if (version.local === undefined) return version;
  return versionOfParts({ ...versionParts(version), local: '' });
}

/** A post-release without `.postN` and what stands before a local part after it; any other version itself. */
export function withoutPostrelease(version: Version): Version {
  if (version.post === undefined) return version;
  return versionOfParts({ ...versionParts(version), post: '', dev: '' });
}

/** The version without `.devN`; keeps the local part. */
export function withoutDevrelease(version: Version): Version {
  if (version.dev === undefined) return version;
  return versionOfParts({ ...versionParts(version), dev: '' });
}

/** The next release at component `at`: raised, unless the version only leads to a release that ends there. */
function nextRelease(version: Version, at: 0 | 1 | 2): Version {
  const { epoch, release } = versionParts(version);
  const leadsToRelease = isUnstable(version) && (version.pre !== undefined || version.post === undefined);
  if (leadsToRelease && version.release.slice(at + 1).every((component) => component === 0)) {
    return versionOfParts({ ...ZERO_PARTS, epoch, release });
  }
  const words = release.split('.');
  while (words.length <= at) words.push('0');
  const raised = words.map((word, index) => (index < at ? word : index === at ? oneMore(word) : '0'));
  return versionOfParts({ ...ZERO_PARTS, epoch, release: raised.join('.') });
}

/** `rc1` → `rc2`, `.post9` → `.post10`. */
function numberRaised(part: string): string {
  return part.replace(/[0-9]+$/, oneMore);
}

/** The number after `digits`, exact at any length. */
function oneMore(digits = '0'): string {
  return digits.length > 15 ? String(BigInt(digits) + 1n) : String(Number(digits) + 1);
}
