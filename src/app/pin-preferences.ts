/** Pins of another tool as preferences of the resolver: releases that the index has, taken where they fit. */

import type { Pin } from '../formats/foreign-project.ts';
import type { IndexClient } from '../index/client.ts';
import type { LockedPackage } from '../lock/lock.ts';
import { MAIN_GROUP, projectName } from '../names/name.ts';
import { pythonsOf } from '../versions/poetry-constraint.ts';
import { tryParseVersion, type Version } from '../versions/version.ts';
import { formatRange, intersect, isEmptyRange, type VersionRange } from '../versions/version-range.ts';

export interface PinPreferences {
  readonly preferred: readonly LockedPackage[];
  /** Pins that no source has, with the reason in words. */
  readonly missing: readonly { readonly pin: Pin; readonly text: string }[];
}

/** Asks the index about every pin, many at a time. */
export async function pinPreferences(index: IndexClient, pins: readonly Pin[]): Promise<PinPreferences> {
  const unique = new Map<string, { readonly pin: Pin; readonly version: Version; readonly hashes: Set<string> }>();
  const missing: { pin: Pin; text: string }[] = [];
  for (const pin of pins) {
    const version = tryParseVersion(pin.version);
    if (version === undefined) {
      missing.push({ pin, text: `\`${pin.version}\` is no version` });
      continue;
    }
    const key = `${projectName(pin.name)} ${version.text}`;
    const known = unique.get(key) ?? { pin, version, hashes: new Set<string>() };
    for (const hash of pin.hashes) known.hashes.add(hash);
    unique.set(key, known);
  }
  const found = await Promise.all(
    [...unique.values()].map(async ({ pin, version, hashes }): Promise<LockedPackage | undefined> => {
      const name = projectName(pin.name);
      const answer = await sourceOf(index, name, version);
      if (answer === undefined) {
        missing.push({ pin, text: 'no source has this version' });
        return undefined;
      }
      const metadata = await index.metadata(name, version, answer.source);
      const files = await index.lockedFiles(name, version, answer.source);
      if ('kind' in metadata || 'kind' in files) {
        missing.push({ pin, text: 'its requirements cannot be read' });
        return undefined;
      }
      if (hashes.size > 0 && !files.some((file) => hashes.has(file.hash))) {
        missing.push({ pin, text: 'the index has other files of this version: none has a hash that was pinned' });
        return undefined;
      }
      return {
        name,
        prettyName: metadata.prettyName,
        version,
        description: metadata.summary,
        optional: false,
        pythonVersions: metadata.requiresPython,
        groups: [MAIN_GROUP],
        markers: new Map(),
        files,
        requirements: metadata.requirements,
        extras: new Map(),
        ...(metadata.lockedSource === undefined ? {} : { source: metadata.lockedSource }),
      };
    }),
  );
  return { preferred: found.filter((one) => one !== undefined), missing };
}

async function sourceOf(
  index: IndexClient,
  name: ReturnType<typeof projectName>,
  version: Version,
): Promise<{ readonly source: string | undefined } | undefined> {
  const releases = await index.allVersions(name);
  if ('kind' in releases) return undefined;
  return releases.find((one) => one.version.text === version.text);
}

/**
 * The Python range in which all of these releases work, not wider than `wanted`; undefined where there is none. Of a project with several
 * pinned versions none counts: they are for different Pythons.
 */
export function commonPython(wanted: string, packages: readonly LockedPackage[]): string | undefined {
  const times = new Map<string, number>();
  for (const { name } of packages) times.set(name, (times.get(name) ?? 0) + 1);
  let range: VersionRange = pythonsOf(wanted);
  for (const { name, pythonVersions } of packages) {
    if ((times.get(name) ?? 0) === 1) range = intersect(range, pythonsOf(pythonVersions));
  }
  return isEmptyRange(range) ? undefined : formatRange(range);
}
