/** Which files of a folder are to be published: those of the project's highest version there. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareCodePoints } from '../ground/code-points.ts';
import { compareVersions, tryParseVersion } from '../versions/version.ts';

export interface ReadyFiles {
  /** As the file names have it. */
  readonly version: string;
  /** Absolute paths: the sdist, then the wheels. */
  readonly files: readonly string[];
}

/**
 * The files ready in `folder`; undefined where there are none.
 *
 * @param distributionName normalised, with `_` for `-`
 */
export function readyFiles(folder: string, distributionName: string): ReadyFiles | undefined {
  const byVersion = Map.groupBy(
    namesIn(folder).flatMap((name) => {
      const version = versionOf(name, distributionName);
      return version === undefined ? [] : [{ name, version }];
    }),
    ({ version }) => version,
  );
  const [highest] = [...byVersion.keys()].sort((a, b) => compareTexts(b, a));
  if (highest === undefined) return undefined;
  const names = (byVersion.get(highest) ?? []).map(({ name }) => name);
  names.sort((a, b) => Number(isWheel(a)) - Number(isWheel(b)) || compareCodePoints(a, b));
  return { version: highest, files: names.map((name) => join(folder, name)) };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** What stands behind the project's name; undefined for what is none of its distributions. */
function versionOf(name: string, distributionName: string): string | undefined {
  if (!name.startsWith(`${distributionName}-`)) return undefined;
  const rest = name.slice(distributionName.length + 1);
  if (name.endsWith('.tar.gz')) return rest.slice(0, -'.tar.gz'.length).split('-', 1)[0];
  return isWheel(name) && rest.includes('-') ? rest.split('-', 1)[0] : undefined;
}

/** What is no version is below all that are. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [tryParseVersion(a), tryParseVersion(b)];
  if (left !== undefined && right !== undefined) return compareVersions(left, right);
  return Number(left !== undefined) - Number(right !== undefined);
}

function isWheel(name: string): boolean {
  return name.endsWith('.whl');
}
