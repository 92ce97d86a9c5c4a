/**
 * What the name of a wheel says (PEP 427). Names are read as leniently as Poetry reads them, since old files on indexes follow no rule; a file whose
 * name says no version is undefined. What those of source distributions say is read with an index's page: `index/listed-version.ts`.
 */

import type { ProjectName } from '../names/name.ts';
import { projectName } from '../names/name.ts';
import type { Version } from '../versions/version.ts';
import { tryParseVersion } from '../versions/version.ts';

/** A wheel's name in its parts. */
export interface WheelFilename {
  readonly project: ProjectName;
  /** The project's name as it is written in the file's name. */
  readonly distribution: string;
  readonly version: Version;
  /** The build number: its digits as a number, and what follows them. It decides between wheels that are equal otherwise. */
  readonly build: readonly [number, string] | undefined;
  /** Every tag that the wheel supports, `py2-none-any` and `py3-none-any` for `py2.py3-none-any`. */
  readonly tags: readonly string[];
}

/** The expanded tags of each compressed tag set met so far: a few dozen serve all of an index. */
const expansions = new Map<string, readonly string[]>();

/** The projects of the names met so far, as written: an index's page repeats one thousands of times. */
const projects = new Map<string, ProjectName>();

/** The tags of a wheel's file name, without a look at the rest of it; undefined where it has none. */
export function wheelTags(file: string): readonly string[] | undefined {
  const at = tagsPlace(file);
  return at === undefined ? undefined : expanded(file.slice(at + 1, -WHEEL_ENDING.length));
}

/** Where the hyphen before a wheel's tags is. */
function tagsPlace(file: string): number | undefined {
  if (!file.endsWith(WHEEL_ENDING)) return undefined;
  let place = file.length - WHEEL_ENDING.length;
  for (let count = 0; count < 3; count++) {
    const dash = file.lastIndexOf('-', place - 1);
    if (dash < 1 || dash === place - 1) return undefined;
    place = dash;
  }
  return place;
}

const WHEEL_ENDING = '.whl';

/** The parts of a wheel's file name, or undefined where it is none. */
export function parseWheelFilename(file: string): WheelFilename | undefined {
  const tagsAt = tagsPlace(file);
  if (tagsAt === undefined) return undefined;

  // A name may hold hyphens, though it must not: the version is the last word, or the last but one before a build number.
  const last = file.lastIndexOf('-', tagsAt - 1);
  if (last < 1 || !isDigit(file, last + 1)) return undefined;
  const before = file.lastIndexOf('-', last - 1);
  const hasBuild = before > 0 && isDigit(file, before + 1);
  const nameEnd = hasBuild ? before : last;
  const version = tryParseVersion(file.slice(nameEnd + 1, hasBuild ? last : tagsAt));
  if (version === undefined) return undefined;
  const distribution = file.slice(0, nameEnd);
  return {
    project: projectOf(distribution),
    distribution,
    version,
    build: hasBuild ? buildNumber(file.slice(last + 1, tagsAt)) : undefined,
    tags: expanded(file.slice(tagsAt + 1, -WHEEL_ENDING.length)),
  };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function projectOf(distribution: string): ProjectName {
  let project = projects.get(distribution);
  if (project === undefined) {
    project = projectName(distribution);
    projects.set(distribution, project);
  }
  return project;
}

function buildNumber(word: string): readonly [number, string] {
  const digits = /^[0-9]+/.exec(word)?.[0] ?? '';
  return [Number(digits), word.slice(digits.length)];
}

function expanded(compressed: string): readonly string[] {
  const known = expansions.get(compressed);
  if (known !== undefined) return known;
  const [pythons = [], abis = [], platforms = []] = compressed
    .toLowerCase()
    .split('-')
    .map((part) => part.split('.'));
  const tags = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
  expansions.set(compressed, tags);
  return tags;
}
