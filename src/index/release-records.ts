/**
 * What was understood of a project's releases: one file for each project, a line for each release, JSON, appended when a release is
 * first asked about. So a search that goes down a hundred releases of a project reads one file. A line is good for as long as the
 * index lists the very files that it was made from (`print`); a later line replaces an earlier one; one that is torn is no line.
 */

import type { Bucket } from '../cache/bucket.ts';

/** A release without its files. */
export interface ReleaseRecord {
  /** The name as published. */
  readonly name: string;
  readonly summary: string;
  /** As the index or the metadata have it; `*` where there is none. */
  readonly requiresPython: string;
  /** `Requires-Dist` values in order. */
  readonly requiresDist: readonly string[];
  /** Empty where the release is not yanked, or for no reason. */
  readonly yankedReason: string;
}

export interface ReleaseRecords {
  /** The record of a version of the project at `key`, made from the files with that print. */
  read(key: string, version: string, print: string): ReleaseRecord | undefined;
  keep(key: string, version: string, print: string, record: ReleaseRecord): void;
}

type Line = readonly [
  version: string,
  print: string,
  name: string,
  summary: string,
  requiresPython: string,
  requiresDist: readonly string[],
  yankedReason: string,
];

/** Records in a bucket. Keys are those of the projects' pages. */
export function createReleaseRecords(bucket: Bucket): ReleaseRecords {
  const projects = new Map<string, Map<string, string>>();
  const linesOf = (key: string): Map<string, string> => {
    let lines = projects.get(key);
    if (lines === undefined) {
      lines = linesByVersion(bucket.read(key)?.toString('utf8') ?? '');
      projects.set(key, lines);
    }
    return lines;
  };
  return {
    read(key, version, print) {
      const line = linesOf(key).get(version);
      return line === undefined ? undefined : understood(line, version, print);
    },
    keep(key, version, print, { name, summary, requiresPython, requiresDist, yankedReason }) {
      const line = JSON.stringify([version, print, name, summary, requiresPython, requiresDist, yankedReason]);
      linesOf(key).set(version, line);
      bucket.append(key, `${line}\n`);
    },
  };
}

/** Lines by the version that they begin with; nothing is parsed yet. */
function linesByVersion(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const comma = text.indexOf('",', start);
    if (comma > start && comma < end) lines.set(text.slice(start + 2, comma), text.slice(start, end));
    start = end + 1;
  }
  return lines;
}

function understood(line: string, version: string, print: string): ReleaseRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isLine(value) || value[0] !== version || value[1] !== print) return undefined;
  const [, , name, summary, requiresPython, requiresDist, yankedReason] = value;
  return { name, summary, requiresPython, requiresDist, yankedReason };
}

function isLine(value: unknown): value is Line {
  if (!Array.isArray(value) || value.length !== 7) return false;
  const [version, print, name, summary, requiresPython, requiresDist, yankedReason] = value as readonly unknown[];
  return (
    [version, print, name, summary, requiresPython, yankedReason].every((part) => typeof part === 'string') &&
    Array.isArray(requiresDist) &&
    requiresDist.every((part) => typeof part === 'string')
  );
}
